// node axe.cjs URL CHROMIUM: look at a page with axe in four views, and write what it says as JSON.
// The page's own policy forbids scripts; axe is put in by the browser's debugger, which the policy does not bind.
"use strict";

const fs = require("fs");
const { chromium } = require("playwright-core");

const SOURCE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = [1280, 360].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ width, colorScheme })));

function shortened(rules) {
  return rules.map((rule) => ({
    id: rule.id,
    help: rule.help,
    helpUrl: rule.helpUrl,
    nodes: rule.nodes.slice(0, 10).map((node) => ({
      target: node.target,
      why: [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ").slice(0, 200),
    })),
  }));
}

// Where axe cannot judge a contrast, it is helped to: what its scroll area cuts off is brought into sight, and signs that are
// no letters ("=", "☐") are exchanged for one in their own face and colours; then that element is judged again, alone.
async function judgedAgain(page, said) {
  const rule = said.incomplete.find((one) => one.id === "color-contrast");
  if (!rule) return;
  const left = [];
  for (const node of rule.nodes) {
    const again = await page.evaluate(async (selector) => {
      const element = document.querySelector(selector);
      element.scrollIntoView({ block: "center", inline: "center" });
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const kept = [];
      while (!/[\p{L}\p{N}]/u.test(element.textContent) && walker.nextNode()) {
        if (!walker.currentNode.data.trim()) continue;
        kept.push([walker.currentNode, walker.currentNode.data]);
        walker.currentNode.data = "x";
      }
      const result = await window.axe.run(element, { runOnly: ["color-contrast"] });
      for (const [text, data] of kept) text.data = data;
      return result;
    }, node.target[0]);
    said.violations.push(...again.violations);
    if (again.incomplete.length || !(again.passes.length + again.violations.length)) left.push(node);
  }
  rule.nodes = left;
  if (!left.length) said.incomplete = said.incomplete.filter((one) => one !== rule);
}

async function look(browser, url, view) {
  const context = await browser.newContext({
    bypassCSP: true,
    colorScheme: view.colorScheme,
    offline: true,
    viewport: { width: view.width, height: 900 },
  });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "load", timeout: 120000 });
  await page.evaluate(SOURCE);
  const said = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations", "incomplete"] }));
  await judgedAgain(page, said);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 1) {
    const widest = await page.evaluate(() => {
      const right = (element) => element.getBoundingClientRect().right + window.scrollX;
      const cut = (element) => element.closest(".table-scroll, [role=region]") !== null;
      const wide = [...document.body.querySelectorAll("*")].filter((one) => !cut(one));
      const found = wide.reduce((best, one) => (right(one) >= right(best) ? one : best), document.body);
      return `${found.tagName.toLowerCase()}${found.id ? `#${found.id}` : ""}${found.className ? `.${found.className}` : ""}`;
    });
    said.violations.push({
      id: "reflow",
      help: "The page scrolls sideways (WCAG 2.2, 1.4.10)",
      helpUrl: "https://www.w3.org/WAI/WCAG22/Understanding/reflow",
      nodes: [{ target: [widest], any: [{ message: `${overflow} pixels too wide` }], all: [], none: [] }],
    });
  }
  await context.close();
  if (said.passes.length === 0) throw new Error("axe has checked nothing");
  return {
    name: `${view.width} px, ${view.colorScheme}`,
    violations: shortened(said.violations),
    incomplete: shortened(said.incomplete),
  };
}

async function main() {
  const [url, executablePath] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const views = [];
    for (const view of VIEWS) views.push(await look(browser, url, view));
    process.stdout.write(JSON.stringify(views));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message || error}\n`);
  process.exit(1);
});
