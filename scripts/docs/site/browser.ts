// The real browser that looks at the site, for the checks and the tests.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { Failure } from "../../cli.ts";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** What keeps it from asking other hosts by itself. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where a Chromium or Chrome is; CHROMIUM in the environment names another place. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, ...PLACES].find((path) => path && existsSync(path));
}

/**
 * Starts Chromium, or Chrome.
 *
 * @param executablePath Where it is, as `findChromium` says.
 * @throws {Failure} When there is none; `CHROMIUM` in the environment says where one is.
 */
export async function startBrowser(executablePath: string | undefined): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Failure("Cannot find a Chromium: install one, or say where in CHROMIUM");
  }
  return chromium.launch({ executablePath, args: QUIET });
}
