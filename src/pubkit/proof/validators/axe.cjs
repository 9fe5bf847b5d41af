// node axe.cjs URL CHROMIUM: check a page with axe in four views, and write the results as JSON.
// The page's own policy forbids scripts; the browser's debugger, to which the policy does not apply, inserts axe.
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

// If axe cannot judge a contrast, it gets help: what a scroll area cuts off is scrolled into view, and signs that are not
// letters ("=", "☐") are replaced by a letter in the same font and colours; then that element alone is judged again.
// Runs in the page. What axe leaves open (a cell over two rows) is computed if it is clear: opaque ink on an opaque background
// without pictures, the element on top at its first word (WCAG 2.2, 1.4.3). Returns the ratio, and the ratio required.
function workedOut(selector) {
  const element = document.querySelector(selector);
  element.scrollIntoView({ behavior: "instant", block: "center", inline: "start" });
  const range = document.createRange();
  range.selectNodeContents(element);
  const box = range.getClientRects()[0];
  if (!box) return null;
  const top = document.elementFromPoint(box.left + Math.min(6, box.width / 2), box.top + box.height / 2);
  if (!top || (top !== element && !element.contains(top))) return null;
  const channels = (colour) => (colour.match(/^rgb\((\d+), (\d+), (\d+)\)$/) || []).slice(1).map(Number);
  const style = getComputedStyle(element);
  const ink = channels(style.color);
  let ground = [];
  for (let one = element; one && !ground.length; one = one.parentElement) {
    const seen = getComputedStyle(one);
    if (seen.backgroundImage !== "none" || seen.opacity !== "1" || seen.mixBlendMode !== "normal") return null;
    if (seen.backgroundColor !== "rgba(0, 0, 0, 0)") {
      ground = channels(seen.backgroundColor);
      if (!ground.length) return null;
    }
  }
  if (!ink.length || !ground.length) return null;
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const [dark, light] = [luminance(ink), luminance(ground)].sort((one, other) => one - other);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  return { ratio: (light + 0.05) / (dark + 0.05), wanted: large ? 3 : 4.5 };
}

async function judgedAgain(page, said) {
  const rule = said.incomplete.find((one) => one.id === "color-contrast");
  if (!rule) return;
  const left = [];
  for (const node of rule.nodes) {
    const again = await page.evaluate(async (selector) => {
      const element = document.querySelector(selector);
      element.scrollIntoView({ behavior: "instant", block: "center", inline: "center" });
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
    if (again.passes.length + again.violations.length && !again.incomplete.length) continue;
    const contrast = await page.evaluate(workedOut, node.target[0]);
    if (!contrast) left.push(node);
    else if (contrast.ratio < contrast.wanted) {
      const message = `the contrast is ${contrast.ratio.toFixed(2)}:1, ${contrast.wanted}:1 is asked for`;
      said.violations.push({ ...rule, nodes: [{ ...node, any: [{ message }], all: [], none: [] }] });
    }
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
