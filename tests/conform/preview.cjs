// node preview.cjs ADDRESS FOLDER CHROMIUM: use a preview as a reader does while its text is being written, and print what happened.
"use strict";

const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [address, folder, executablePath] = process.argv.slice(2);
const text = path.join(folder, "01-text.md");
const configuration = path.join(folder, "pubkit.yaml");
const told = { alerts: 0, errors: [] };

// What the front frame shows, read from the window, whose script the page's policy does not touch.
const inFront = (page, read, argument) =>
  page.evaluate(([code, given]) => new Function("page", "given", `return (${code})(page, given)`)(
    document.querySelector("#frames .front").contentDocument, given), [read.toString(), argument]);

async function settled(page, shown) {
  await page.waitForFunction((before) => document.body.dataset.shown && document.body.dataset.shown !== before
    && !document.body.classList.contains("renewing") && !document.body.classList.contains("busy"), shown, { timeout: 60_000 });
  return page.evaluate(() => document.body.dataset.shown);
}

const topOf = (page, words) => inFront(page, (inner, given) =>
  [...inner.querySelectorAll("p")].find((one) => one.textContent.includes(given)).getBoundingClientRect().top, words);

async function run(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on("dialog", (dialog) => { told.alerts += 1; dialog.dismiss(); });
  page.on("pageerror", (error) => told.errors.push(error.message));
  await page.goto(address);
  let shown = await settled(page, "");

  await page.keyboard.press("F8");
  await page.keyboard.press("j");
  told.walked = await page.textContent("#count");
  told.focused = await inFront(page, (inner) => inner.activeElement.className);
  await page.keyboard.press("Shift+F8");
  told.back = await page.textContent("#count");

  // The place is kept: a paragraph far down, an opened explanation, a box that was ticked.
  await inFront(page, (inner) => {
    inner.getElementById("pk-show-note").click();
    inner.querySelectorAll(".text .pk-slip details")[0].open = true;
    [...inner.querySelectorAll("p")].find((one) => one.textContent.includes("Paragraph 40 ")).scrollIntoView({ block: "center", behavior: "instant" });
  });
  const before = await topOf(page, "Paragraph 40 ");
  const source = fs.readFileSync(text, "utf8");
  const saved = Date.now();
  fs.writeFileSync(text, source.replace("Paragraph 2 ", "A new paragraph.\n\nAnd another one, which is longer than the first.\n\nParagraph 2 "));
  shown = await settled(page, shown);
  told.seconds = (Date.now() - saved) / 1000;
  told.moved = Math.abs(before - await topOf(page, "Paragraph 40 "));
  told.open = await inFront(page, (inner) => inner.querySelectorAll(".text .pk-slip details[open]").length);
  told.ticked = await inFront(page, (inner) => inner.getElementById("pk-show-note").checked);
  told.renewed = await inFront(page, (inner) => inner.body.textContent.includes("A new paragraph."));

  // Pointing at a citation shows what is known of its source.
  const citation = page.frameLocator("#frames .front").locator(".citation").first();
  await citation.hover();
  told.pointed = await citation.locator(".pk-pointed").isVisible();

  fs.writeFileSync(text, `${source}\n<script>alert(1)</script> <img src="x" onerror="alert(2)"> [x](javascript:alert(3))\n`);
  shown = await settled(page, shown);
  fs.writeFileSync(text, source);
  shown = await settled(page, shown);

  const said = fs.readFileSync(configuration, "utf8");
  fs.writeFileSync(configuration, `${said}topics: [sleep\n`);
  shown = await settled(page, shown);
  told.trouble = await page.isVisible("#trouble");
  told.stayed = await inFront(page, (inner) => inner.body.textContent.includes("Paragraph 40 "));
  fs.writeFileSync(configuration, said);
  shown = await settled(page, shown);
  told.mended = !(await page.isVisible("#trouble"));

  await page.keyboard.press("2");
  shown = await settled(page, shown);
  told.parts = await inFront(page, (inner) => inner.querySelectorAll(".part").length);
  await page.keyboard.press("3");
  shown = await settled(page, shown);
  await page.waitForFunction(() => document.querySelector("#frames .front").contentDocument.querySelector(".sheet")?.naturalWidth > 0, null, { timeout: 60_000 });
  told.sheets = await inFront(page, (inner) => inner.querySelectorAll(".sheet").length);
  await page.keyboard.press("1");
  await settled(page, shown);
  await page.close();
}

async function judged(browser) {
  const found = [];
  for (const width of [1280, 360]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      await page.goto(address);
      await settled(page, "");
      if (width > 400) await page.click("#help-open");
      await page.evaluate(AXE);
      const result = await page.evaluate(() => axe.run(document, { iframes: false }));
      for (const rule of result.violations) found.push(`${rule.id} at ${width} ${colorScheme}: ${rule.nodes.map((node) => node.target).join(" ")}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (wide) found.push(`the window scrolls sideways at ${width}`);
      await page.close();
    }
  }
  return found;
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await run(browser);
    told.axe = await judged(browser);
  } finally {
    await browser.close();
  }
  process.stdout.write(JSON.stringify(told));
})().catch((error) => { process.stderr.write(`${error.stack}\n${JSON.stringify(told)}\n`); process.exit(1); });
