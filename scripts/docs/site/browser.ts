// The real browser that the checks and the tests use to look at the site.
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

/** Flags that keep the browser from contacting other hosts on its own. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of a Chromium or Chrome. The environment variable CHROMIUM overrides it. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, ...PLACES].find((path) => path && existsSync(path));
}

/**
 * Starts Chromium or Chrome.
 *
 * @param executablePath Its path, from `findChromium`.
 * @throws {Failure} When there is none; the environment variable `CHROMIUM` can name one.
 */
export async function startBrowser(executablePath: string | undefined): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Failure("Cannot find a Chromium: install one, or say where in CHROMIUM");
  }
  return chromium.launch({ executablePath, args: QUIET });
}
