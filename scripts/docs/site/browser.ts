// The real browser that looks at the site, for the checks and the tests.
import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../../../test/needs.ts";
import { Failure } from "../../cli.ts";

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

/**
 * Starts Chromium, or Chrome.
 *
 * @throws {Failure} When there is none; `CHROMIUM` in the environment says where one is.
 */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Failure("Cannot find a Chromium: install one, or say where in CHROMIUM");
  }
  return chromium.launch({ executablePath, args: QUIET });
}
