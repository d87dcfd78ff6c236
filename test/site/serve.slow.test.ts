// A page that is open while the site is written, in a real browser.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium, startBrowser } from "../../scripts/docs/site/browser.ts";
import { type SiteServer, serveSite } from "../../scripts/docs/site/serve.ts";
import { needs } from "../requirements.ts";

const chromium = findChromium();
const here = needs(chromium, "pages that load each new build", "Chromium");

describe.skipIf(!here)("an open page", () => {
  let browser: Browser;
  let server: SiteServer;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser(chromium);
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await page.close();
    await server.close();
  });

  async function open(files?: ReadonlyMap<string, string>) {
    server = await serveSite({ port: 0, folders: [] });
    if (files) server.show(files);
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`http://127.0.0.1:${server.port}/`);
  }

  const site = (body: string) =>
    new Map([["index.html", `<html><head><title>x</title></head>${body}</html>`]]);
  /** Where Vite shows what stopped a build. */
  const problem = () => page.locator("vite-error-overlay .message");

  test("loads the first site, the next one, and shows why there is none", async () => {
    await open();
    server.show(site("one"));
    await page.getByText("one").waitFor();
    server.showProblem("docs/08-chat.md:12: there is no Roms <b>");
    expect(await problem().innerText()).toBe("docs/08-chat.md:12: there is no Roms <b>");
    server.show(site("two"));
    await page.getByText("two").waitFor();
    expect(await problem().count()).toBe(0);
  });

  test("that is opened after the problem shows it too", async () => {
    await open(site("one"));
    server.showProblem("docs/08-chat.md:12: no");
    await page.reload();
    expect(await problem().innerText()).toBe("docs/08-chat.md:12: no");
  });

  test("gets the site that was built before it was connected", async () => {
    await open(site("one"));
    await page.route(
      "**/@vite/client",
      async (route) => {
        server.show(site("two"));
        await route.continue();
      },
      { times: 1 },
    );
    await page.reload();
    await page.getByText("two").waitFor();
  });
});
