// Drives the real workbench: `node journey.mjs SETUP`, SETUP being JSON. Standard input has a journey a line; of
// each, every step prints what it saw as a JSON object, and then `{"ended": CODE}`: 1 where something did not
// come, after what was waited for in vain. It ends with its input, and so does all that it started.

import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { networkInterfaces } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { stepsOf } from "./steps.mjs";

const setup = JSON.parse(process.argv[2]);
const { chromium } = createRequire(path.join(setup.playwright, "package.json"))("playwright-core");

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** The workbench, once it says where it listens. */
async function serve() {
  const [program, ...args] = setup.command;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", openSync(setup.log, "a")] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /listening on (http:\S+?)\/?$/.exec(line.trim());
    if (found) {
      child.stdout.resume();
      return { child, ended, address: found[1] };
    }
  }
  throw new Error(`the workbench ended: ${readFileSync(setup.log, "utf8")}`);
}

/** Milliseconds that the browser has to start in: a busy machine is no failure. */
const LONGEST = 300_000;

/** How often the workbench is opened anew until it shows files: on a busy machine it now and then loses the folders
 * of a workspace file that it reads before it has its connection. */
const OPENED = 3;

async function come(page, url, patience) {
  for (let tried = 1; ; tried += 1) {
    await page.goto(url);
    try {
      await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: patience / OPENED });
      return;
    } catch (error) {
      if (tried === OPENED) {
        throw error;
      }
    }
  }
}

async function travel(browser, address, journey) {
  const page = await browser.newPage();
  page.setDefaultTimeout(journey.patience);
  page.on("dialog", (dialog) => dialog.accept());
  const steps = stepsOf(page, journey);
  const shoot = (name, clip) => page.screenshot({ path: path.join(journey.shots, `${name}.png`), ...(clip && { clip }) });
  let last = "the workbench";
  let began = Date.now();
  let seen = 0;
  try {
    await come(page, `${address}/?${journey.what}=${encodeURIComponent(journey.path)}`, journey.patience);
    say({ did: "come", ms: Date.now() - began });
    for (const step of journey.steps) {
      last = step;
      seen += 1;
      began = Date.now();
      const saw = await steps[step.do](step);
      if (journey.shots && step.shot) {
        await shoot(step.shot, step.clip);
      }
      say({ did: step.do, ms: Date.now() - began, ...(saw === undefined ? {} : { saw }) });
    }
    return 0;
  } catch (error) {
    say({ failed: last, said: error.message.split("\n")[0], ms: Date.now() - began });
    if (journey.shots) {
      await shoot(`failed-${path.basename(journey.path)}-${seen}`).catch((error) => console.error(error.message));
    }
    return 1;
  } finally {
    // Left in order, so that the extension's host ends now and not when it has waited for us to come back.
    await page.goto("about:blank").catch((error) => console.error(error.message));
    await page.close();
  }
}

const { child, ended, address } = await serve();
try {
  const browser = await chromium.launchPersistentContext(setup.browser, {
    executablePath: setup.chromium,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    viewport: { width: 1000, height: 640 },
    timeout: LONGEST,
  });
  say({ networks: Object.keys(networkInterfaces()) });
  for await (const line of createInterface({ input: process.stdin })) {
    say({ ended: await travel(browser, address, JSON.parse(line)) });
  }
  await browser.close();
} finally {
  child.kill("SIGTERM");
  await ended;
}
