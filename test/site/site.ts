// The site as its tests open it: served below a sub-path, from its files, and in a browser.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { startBrowser } from "../../scripts/docs/site/browser.ts";
import { type Built, buildSite } from "../../scripts/docs/site/build.ts";
import { folderForSite, writeSite } from "../../scripts/docs/site/folder.ts";
import { serveSite } from "../../scripts/docs/site/serve.ts";

/** Whoever publishes the site may put it below any path. */
const SUB_PATH = "of/somebody/chat/";

export interface OpenSite {
  readonly files: Built;
  /** Where it is served, with a slash at its end. */
  readonly http: string;
  /** Where its files are, with a slash at its end. */
  readonly file: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * Builds the site, serves it and starts a browser. Takes some seconds.
 *
 * @param chromium Where the browser is.
 */
export async function openSite(chromium: string | undefined): Promise<OpenSite> {
  const folder = mkdtempSync(join(tmpdir(), "site-test-"));
  const [files, browser, server] = await Promise.all([
    buildSite(),
    startBrowser(chromium),
    serveSite({ port: 0 }),
  ]);
  writeSite(files, folderForSite(join(folder, "all", SUB_PATH)));
  server.show(new Map([...files].map(([path, text]) => [SUB_PATH + path, text])));
  return {
    files,
    http: `http://127.0.0.1:${server.port}/${SUB_PATH}`,
    file: `${pathToFileURL(join(folder, "all", SUB_PATH))}/`.replace(/\/+$/, "/"),
    browser,
    close: async () => {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A page of each kind. */
export const KINDS = [
  "index.html",
  "08-chat.html",
  "asides/select.html",
  "glossary.html",
  "protocol.html",
  "17-performance.html",
  "r4-poll.html",
  "compare.html",
  "compare/07-08.html",
  "evolution.html",
  "behaviours.html",
  "source/examples/08-chat/server.ts.html",
  "404.html",
];
