// What some tests need beside Node: a terminal multiplexer, a browser, wine. Where there is
// none they say so, loudly, and do not run; with REQUIRE_ALL they fail instead.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Is it here? If not, it says what is not run for that.
 *
 * @param there What has been looked for and found; undefined when it is not here.
 * @param what What is not run then: `the chat in a terminal`.
 * @param name What is missing: `tmux`.
 * @throws {Error} When it is not here and REQUIRE_ALL is set, as in our CI.
 */
export function needs(
  there: string | undefined,
  what: string,
  name: string,
): there is string {
  if (there !== undefined) return true;
  if (process.env.REQUIRE_ALL)
    throw new Error(`Cannot test ${what}: there is no ${name}`);
  console.warn(`\n*** NOT RUN here: ${what}, as there is no ${name} ***\n`);
  return false;
}

/** A command that is on the path. */
export function commandNamed(name: string, versionFlag = "--version") {
  return spawnSync(name, [versionFlag]).status === 0 ? name : undefined;
}

/** Where a Chromium or Chrome is; CHROMIUM in the environment names another place. */
export function findChromium(): string | undefined {
  return [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ].find((path) => path !== undefined && existsSync(path));
}
