// A journey through the real workbench: `node journey.mjs JOURNEY.json`. What it sees is printed as one JSON
// object a step; it ends with 1, and says what it waited for in vain, where something does not come.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

const journey = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { chromium } = createRequire(path.join(journey.playwright, "package.json"))("playwright-core");

const browser = await chromium.launch({
  executablePath: journey.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(journey.patience);

const ITEM = '.statusbar-item[id*="autoEnforcer.status"]';
const ROWS = ".quick-input-widget .monaco-list-row";

const steps = {
  async open({ file }) {
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: file }).first().dblclick();
    await page.locator(".tab.active", { hasText: file }).waitFor();
  },
  async squiggle({ kind }) {
    await page.locator(`.monaco-editor .squiggly-${kind}`).first().waitFor({ state: "attached" });
  },
  /** Wait until the Problems view has some texts, and has others no more; tell its rows. */
  async problems({ has, lacks }) {
    if (!(await page.locator(".markers-panel").isVisible())) {
      await page.keyboard.press("Control+Shift+M");
    }
    const rows = page.locator(".markers-panel .monaco-list-row");
    for (const text of has ?? []) {
      await rows.filter({ hasText: text }).first().waitFor();
    }
    for (const text of lacks ?? []) {
      await rows.filter({ hasText: text }).first().waitFor({ state: "detached" });
    }
    return rows.allInnerTexts();
  },
  async status({ text }) {
    await page.locator(ITEM, { hasText: text }).waitFor();
    return page.locator(ITEM).innerText();
  },
  async line({ number }) {
    await page.keyboard.press("Control+G");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.type(number);
    await page.keyboard.press("Enter");
    await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  },
  async fix({ title }) {
    const row = page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
    // Keys that come before the editor has the focus again are lost: it is asked a few times.
    for (let asked = 1; ; asked += 1) {
      await page.keyboard.press("Control+.");
      try {
        await row.waitFor({ timeout: journey.patience / 5 });
        break;
      } catch (error) {
        if (asked === 5) {
          throw error;
        }
        await page.keyboard.press("Escape");
      }
    }
    const rows = await page.locator(".action-widget .monaco-list-row").allInnerTexts();
    await row.click();
    await row.waitFor({ state: "detached" });
    return rows;
  },
  async command({ title, pick }) {
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.type(title);
    await page.locator(ROWS, { hasText: title }).first().waitFor();
    await page.keyboard.press("Enter");
    if (pick !== undefined) {
      await page.locator(ROWS, { hasText: pick }).first().click();
    }
  },
  async type({ text }) {
    await page.keyboard.type(text);
  },
  async save() {
    await page.keyboard.press("Control+S");
    await page.locator(".tab.active:not(.dirty)").waitFor();
  },
  /** Wait until a file on the disk has exactly this text. */
  async disk({ file, text }) {
    const until = Date.now() + journey.patience;
    while (readFileSync(file, "utf8") !== text) {
      if (Date.now() > until) {
        throw new Error(`${file} is ${JSON.stringify(readFileSync(file, "utf8"))}`);
      }
      await page.waitForTimeout(50);
    }
  },
  async write({ file, text }) {
    writeFileSync(file, text);
  },
  async message({ text }) {
    const toast = page.locator(".notification-toast", { hasText: text }).first();
    await toast.waitFor();
    return toast.innerText();
  },
  /** Cancel what a notification shows the progress of, and wait until it is gone. */
  async cancel({ text }) {
    const toast = page.locator(".notification-toast", { hasText: text }).first();
    await toast.getByRole("button", { name: "Cancel" }).click();
    await toast.waitFor({ state: "detached" });
  },
  async webview({ text }) {
    const until = Date.now() + journey.patience;
    while (Date.now() < until) {
      for (const frame of page.frames()) {
        if (await frame.getByText(text).first().isVisible().catch(() => false)) {
          return frame.locator("body").innerText();
        }
      }
      await page.waitForTimeout(100);
    }
    throw new Error("no webview has the text");
  },
};

let code = 0;
try {
  await page.goto(journey.url);
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
  for (const [index, step] of journey.steps.entries()) {
    const began = Date.now();
    let saw;
    try {
      saw = await steps[step.do](step);
    } catch (error) {
      console.log(JSON.stringify({ failed: step, said: error.message.split("\n")[0] }));
      code = 1;
    }
    if (journey.shots && (code || step.shot)) {
      await page.screenshot({ path: path.join(journey.shots, `${step.shot ?? `failed-${index}`}.png`) });
    }
    if (code) {
      break;
    }
    console.log(JSON.stringify({ did: step.do, ms: Date.now() - began, ...(saw === undefined ? {} : { saw }) }));
  }
} catch (error) {
  console.log(JSON.stringify({ failed: "the workbench", said: error.message.split("\n")[0] }));
  code = 1;
}
await browser.close();
process.exit(code);
