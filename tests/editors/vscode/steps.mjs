// What a journey can do and see in the workbench: each step is a function of its own JSON object.

import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";

const ITEM = '.statusbar-item[id*="autoEnforcer.status"]';
const INPUT = ".quick-input-widget input";
const ROWS = ".quick-input-widget .monaco-list-row";
const TOAST = ".notification-toast";

/** How often a key is pressed that may come before the workbench listens. */
const TRIES = 10;

export function stepsOf(page, { patience: usual, machine }) {
  let patience = usual;
  const toast = (text) => page.locator(TOAST, { hasText: text }).first();

  /** Press a key until something is seen: one that comes before the editor has the focus is lost. */
  async function summon(key, wanted, again = async () => {}) {
    for (let tried = 1; ; tried += 1) {
      await page.keyboard.press(key);
      try {
        await wanted.waitFor({ timeout: patience / TRIES });
        return;
      } catch (error) {
        if (tried === TRIES) {
          throw error;
        }
        await again();
      }
    }
  }

  /** Look until something is so; it throws what it last saw where that does not come. */
  async function until(look, isSo) {
    const end = Date.now() + patience;
    for (;;) {
      const seen = await look();
      if (isSo(seen)) {
        return seen;
      }
      if (Date.now() > end) {
        throw new Error(`it is ${JSON.stringify(seen)}`);
      }
      await page.waitForTimeout(50);
    }
  }

  async function shorter(within, work) {
    patience = within;
    page.setDefaultTimeout(within);
    try {
      await work();
    } finally {
      patience = usual;
      page.setDefaultTimeout(usual);
    }
  }

  const steps = {
    async open({ file }) {
      await summon("Control+P", page.locator(INPUT));
      await page.locator(INPUT).fill(file);
      await page.locator(ROWS, { hasText: file.split("/").at(-1) }).first().click();
      await page.locator(".tab.active", { hasText: file.split("/").at(-1) }).waitFor();
      await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    },
    async squiggle({ kind, none }) {
      const state = none ? "detached" : "attached";
      await page.locator(`.monaco-editor .squiggly-${kind}`).first().waitFor({ state });
    },
    /** Wait until the Problems view has some texts, and has others no more; tell its rows. */
    async problems({ has, lacks }) {
      const panel = page.locator(".markers-panel");
      if (!(await panel.isVisible())) {
        await summon("Control+Shift+M", panel);
      }
      const rows = panel.locator(".monaco-list-row");
      for (const text of has ?? []) {
        await rows.filter({ hasText: text }).first().waitFor();
      }
      for (const text of lacks ?? []) {
        await rows.filter({ hasText: text }).first().waitFor({ state: "detached" });
      }
      return rows.allInnerTexts();
    },
    /** Wait until the status bar says exactly this: the mark, and what is written. */
    async status({ mark, text }) {
      const look = async () => ({
        mark: await page.locator(`${ITEM} .codicon`).first().getAttribute("class"),
        text: (await page.locator(ITEM).innerText()).replace(/\s+/g, " ").trim(),
      });
      const has = (seen) => seen.mark.includes(`codicon-${mark}`) && (text === undefined || seen.text === text);
      return until(() => look().catch(() => ({ mark: "", text: "" })), has);
    },
    async click({ status }) {
      await page.locator(`${ITEM} a`).first().click();
      await page.locator(status).first().waitFor();
    },
    async line({ number }) {
      await summon("Control+G", page.locator(INPUT));
      await page.locator(INPUT).fill(`:${number}`);
      await page.keyboard.press("Enter");
      await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    },
    /** What the light bulb offers; `apply` picks one, else they are only looked at. */
    async bulb({ has, apply }) {
      const rows = page.locator(".action-widget .monaco-list-row");
      await summon("Control+.", rows.filter({ hasText: has ?? apply }).first(), () => page.keyboard.press("Escape"));
      const titles = await rows.allInnerTexts();
      if (apply !== undefined) {
        await rows.filter({ hasText: apply }).first().click();
        await rows.first().waitFor({ state: "detached" });
      }
      return titles;
    },
    async hover({ text }) {
      const hover = page.locator(".monaco-editor .monaco-hover", { hasText: text }).first();
      await steps.command({ title: "Show or Focus Hover" });
      await hover.waitFor();
      await page.keyboard.press("Escape");
      await hover.waitFor({ state: "hidden" });
    },
    async window({ width, height }) {
      await page.setViewportSize({ width, height });
    },
    async key({ press }) {
      await page.keyboard.press(press);
    },
    /** A command of the palette; `pick` is the row that it is answered with. */
    async command({ title, pick }) {
      await summon("F1", page.locator(INPUT));
      await page.locator(INPUT).fill(`>${title}`);
      await page.locator(ROWS, { hasText: title }).first().click();
      if (pick !== undefined) {
        await page.locator(ROWS, { hasText: pick }).first().click();
      }
      await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    },
    async type({ text }) {
      await page.keyboard.type(text);
    },
    /** Ask for completions until one has a text, and take it. */
    async complete({ take }) {
      const row = page.locator(".suggest-widget .monaco-list-row", { hasText: take }).first();
      await summon("Control+Space", row, () => page.keyboard.press("Escape"));
      await row.click();
      await row.waitFor({ state: "detached" });
    },
    async save() {
      await page.keyboard.press("Control+S");
      await page.locator(".tab.active:not(.dirty)").waitFor();
    },
    /** Wait until a file on the disk has exactly this text. */
    async disk({ file, text }) {
      await until(async () => readFileSync(file, "utf8"), (seen) => seen === text);
    },
    async holds({ file, text }) {
      await until(async () => readFileSync(file, "utf8"), (seen) => seen.includes(text));
    },
    async write({ file, text }) {
      writeFileSync(file, text);
    },
    async remove({ folder }) {
      rmSync(folder, { recursive: true });
    },
    async settings({ settings }) {
      writeFileSync(machine, JSON.stringify(settings));
    },
    async absent({ file }) {
      if (existsSync(file)) {
        throw new Error(`${file} is there`);
      }
    },
    async exists({ file }) {
      await until(async () => existsSync(file), (seen) => seen);
    },
    async message({ text }) {
      await toast(text).waitFor();
      return toast(text).innerText();
    },
    /** Wait until a message says what a pattern matches. */
    async progress({ text, pattern }) {
      const row = page.locator(TOAST, { hasText: text }).filter({ hasText: new RegExp(pattern) }).first();
      await row.waitFor();
      return row.innerText();
    },
    async answer({ text, button }) {
      await toast(text).getByRole("button", { name: button }).click();
      await toast(text).waitFor({ state: "detached" });
    },
    /** Tick a file in the preview of an edit, and apply it. */
    async confirm({ file }) {
      const row = page.locator(".bulk-edit-panel .monaco-list-row", { hasText: file }).first();
      await row.locator(".edit-checkbox").click();
      await page.locator(".bulk-edit-panel").getByRole("button", { name: "Apply" }).click();
    },
    /** Grant what the workspace asks: trust. */
    async trust() {
      await steps.command({ title: "Workspaces: Manage Workspace Trust" });
      await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust" }).first().click();
    },
    /** Wait for a text on the page that is no part of a view of its own. */
    async see({ text, where }) {
      await page.locator(where ?? "body").getByText(text).first().waitFor();
    },
    async webview({ text }) {
      const look = async () => {
        for (const frame of page.frames()) {
          if (await frame.getByText(text).first().isVisible().catch(() => false)) {
            return true;
          }
        }
        return false;
      };
      await until(look, (seen) => seen);
    },
    /** The negative control: a step that must not come to pass, in the time that it is given. */
    async fails({ step, within }) {
      const passed = await shorter(within, () => steps[step.do](step)).then(() => true, () => false);
      if (passed) {
        throw new Error(`${JSON.stringify(step)} came to pass`);
      }
    },
    /** Kill the server, as a crash would. That of a page that was left may live on for hours, as the workbench waits
     * for the page to come back: it goes as well, and nobody looks at what becomes of it. */
    async kill({ named }) {
      for (const id of await until(() => servers(named), (seen) => seen.length > 0)) {
        try {
          process.kill(Number(id), "SIGKILL");
        } catch (error) {
          console.error(error.message); // it has ended by itself meanwhile
        }
      }
    },
  };
  return steps;
}

/** The numbers of the processes of this home whose command line names something, but for the children of another of
 * them: one that has not yet become its own program looks like its parent. */
function servers(named) {
  const found = readdirSync("/proc").flatMap((id) => {
    try {
      const line = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
      const here = `HOME=${process.env.HOME}\0`;
      if (!line.includes(named) || !readFileSync(`/proc/${id}/environ`, "utf8").includes(here)) {
        return [];
      }
      return [{ id, parent: /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))[1] }];
    } catch {
      return [];
    }
  });
  return found.filter((one) => !found.some((other) => other.id === one.parent)).map((one) => one.id);
}
