// A browser with the site for the tests of one file: built once, a window for each test.
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { findChromium } from "../../scripts/docs/site/browser.ts";
import { needs } from "../requirements.ts";
import { type OpenSite, openSite } from "./site.ts";

export interface Window {
  /** The site, from the first test on. */
  site(): OpenSite;
  /** A page of the site, or of a full address, in a window of its own: 1440 × 900, still. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
}

export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true } as const;

/** Tests that need a browser; skipped, with a word about it, where there is none. */
export function inBrowser(title: string, tests: (window: Window) => void): void {
  const chromium = findChromium();
  describe.skipIf(!needs(chromium, title, "Chromium"))(title, () => {
    let built: OpenSite;
    let page: Page | undefined;
    beforeAll(async () => {
      built = await openSite(chromium);
      // A loaded machine may need minutes for what takes seconds.
    }, 600_000);
    afterAll(() => built?.close());
    afterEach(() => page?.context().close());
    tests({
      site: () => built,
      open: async (path, options = {}) => {
        const context = await built.browser.newContext({
          viewport: { width: 1440, height: 900 },
          reducedMotion: "reduce",
          ...options,
        });
        context.setDefaultTimeout(10_000);
        page = await context.newPage();
        await page.goto(path.includes("://") ? path : built.http + path);
        return page;
      },
    });
  });
}
