// The site in a real browser: what a reader does with it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { accessibilityFaults } from "../../scripts/docs/site/axe.ts";
import { findChromium } from "../../scripts/docs/site/browser.ts";
import { needs } from "../requirements.ts";
import { KINDS, type OpenSite, openSite } from "./site.ts";

const chromium = findChromium();
const here = needs(chromium, "the site in a browser", "Chromium");

describe.skipIf(!here)("the site in a browser", () => {
  let site: OpenSite;
  let page: Page;
  beforeAll(async () => {
    site = await openSite(chromium);
  });
  afterAll(() => site?.close());
  afterEach(() => page?.context().close());

  /** A page in a window of its own. */
  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await site.browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(10_000);
    page = await context.newPage();
    await page.goto(path.includes("://") ? path : site.http + path);
    return page;
  }

  const title = () => page.locator("h1").innerText();
  const theme = () => page.evaluate("getComputedStyle(document.body).colorScheme");
  const background = () =>
    page.evaluate("getComputedStyle(document.documentElement).backgroundColor");

  test("is walked along the path", async () => {
    await open("index.html");
    await page.locator(".steps a").first().click();
    expect(await title()).toContain("Echo");
    await page.getByRole("link", { name: "Next" }).click();
    expect(await title()).toContain("Serial");
    const current = page.locator('#path [aria-current="page"]');
    expect(await current.innerText()).toMatch(/02\s+Serial/);
    await page.getByRole("link", { name: "Previous" }).click();
    await page.locator("#path .contents a", { hasText: "The idea" }).click();
    expect(page.url()).toMatch(/01-echo\.html#the-idea$/);
  });

  test.each(["http", "file"] as const)("is searched, over %s", async (way) => {
    await open(`${site[way]}asides/select.html`);
    await page.keyboard.press("/");
    const box = page.getByRole("combobox");
    await box.fill("promise race leak");
    const options = page.getByRole("option");
    await options.first().waitFor();
    expect(await box.getAttribute("aria-expanded")).toBe("true");
    const marked = () => box.getAttribute("aria-activedescendant");
    expect(await marked()).toBe("search-result-0");
    await page.keyboard.press("ArrowUp");
    expect(await marked()).toBe(`search-result-${(await options.count()) - 1}`);
    await page.keyboard.press("ArrowDown");
    expect(await options.first().getAttribute("aria-selected")).toBe("true");
    const goal = await options.first().getAttribute("href");
    await page.keyboard.press("Enter");
    // The words to mark are gone from the address as soon as the page has them.
    const [path = "?", anchor = ""] = goal?.replace("../", "").split(/\?[^#]*/) ?? [];
    await page.waitForURL((url) => url.href.endsWith(path + anchor));
  });

  test("does not take the / from who types it, and lets Escape end the search", async () => {
    await open("08-chat.html");
    await page.locator(".search-open").click();
    const box = page.getByRole("combobox");
    await box.and(page.locator(":focus")).waitFor();
    await page.keyboard.type("/quit");
    expect(await box.inputValue()).toBe("/quit");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog.search").waitFor({ state: "hidden" });
    await page.locator(".search-open:focus").waitFor();
  });

  test("compares two steps that one chooses, in either order", async () => {
    await open("compare.html");
    await page.locator("form.pair select").first().selectOption("12");
    await page.locator("form.pair select").last().selectOption("06");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(/compare\/06-12\.html$/);
    expect(await title()).toMatch(/06\s+Concurrent\s+to\s+12\s+Main room/);
  });

  test.each([true, false])("shows a diff in two columns, script: %s", async (script) => {
    await open("compare/07-08.html", { javaScriptEnabled: script });
    const left = async (selector: string) =>
      (await page.locator(selector).first().boundingBox())?.x ?? Number.NaN;
    const [del, ins] = ["del.l:visible", "ins.l:visible"];
    expect(await left(del)).toBe(await left(ins));
    await page.getByText("side by side").first().click();
    expect(await left(del)).toBeLessThan((await left(ins)) - 300);
  });

  test("remembers the theme that one chose", async () => {
    await open("08-chat.html", { colorScheme: "light" });
    const light = await background();
    await page.getByRole("button", { name: "Dark theme" }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.goto(`${site.http}asides/select.html`);
    expect([await background(), await theme()]).toEqual([dark, "dark"]);
    const button = page.getByRole("button", { name: "Dark theme" });
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    await button.click();
    expect(await background()).toBe(light);
  });

  test("copies code as it stands in the file, and a command without its prompt", async () => {
    await open("08-chat.html", { permissions: ["clipboard-read", "clipboard-write"] });
    const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
    const listing = page.locator("figure.listing", { hasText: "handleUser" }).first();
    await listing.hover();
    await listing.getByRole("button", { name: "Copy the code" }).click();
    const source = readFileSync(join(ROOT, "examples/08-chat/server.ts"), "utf8");
    await expect.poll(copied).toContain("async function handleUser");
    expect(source).toContain(await copied());
    await page.getByRole("button", { name: "Copy the command" }).click();
    await expect.poll(copied).toBe("just example 8");
  });

  test.each(KINDS)("fits on a small phone: %s", async (path) => {
    await open(path, { viewport: { width: 360, height: 740 } });
    const width =
      "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)";
    expect(await page.evaluate(width)).toBe(360);
  });

  test("can be read and used without a script", async () => {
    await open("08-chat.html", {
      javaScriptEnabled: false,
      viewport: { width: 360, height: 740 },
    });
    expect(await page.getByRole("heading", { name: "The idea" }).isVisible()).toBe(true);
    expect(await page.locator(".search-open").isVisible()).toBe(false);
    expect(await page.locator(".copy").count()).toBe(0);
    await page.getByRole("button", { name: "Pages" }).click();
    await page
      .locator("#path")
      .getByRole("link", { name: "Names", exact: false })
      .first()
      .click();
    expect(await title()).toContain("ames");
    await page.goto(`${site.http}evolution.html`);
    const shown = page.locator(".weave .line:visible");
    const first = await shown.count();
    await page.locator("label", { hasText: "18" }).click();
    expect(await shown.count()).toBeGreaterThan(10 * first);
  });

  test("walks the file from step to step", async () => {
    await open("evolution.html#s06");
    const shown = page.locator(".weave .line:visible");
    const lines = (slug: string) =>
      readFileSync(join(ROOT, `examples/${slug}/server.ts`), "utf8").split("\n").length -
      1;
    expect(await shown.count()).toBe(lines("06-concurrent"));
    await page.getByRole("button", { name: "Next step" }).click();
    expect(await shown.count()).toBe(lines("07-kinda-chat"));
    expect(page.url()).toMatch(/#s07$/);
  });

  test("is reached by keyboard, from the skip link on", async () => {
    await open("08-chat.html");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the text" });
    expect(await skip.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("content");
  });

  test.each(KINDS)("stays where it is while it loads: %s", async (path) => {
    await open(path, { viewport: { width: 1440, height: 900 } });
    const shift = await page.evaluate(
      `new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      })`,
    );
    expect(shift).toBe(0);
  });

  test("opens what is folded when it is printed, and hides what is no text", async () => {
    await open("08-chat.html");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".bar").isVisible()).toBe(false);
    expect(await page.locator("#path").isVisible()).toBe(false);
    const folded = page
      .locator("article details", { hasText: "Solution" })
      .locator("p")
      .first();
    expect(await folded.isVisible()).toBe(true);
  });

  test("has no accessibility fault that axe knows, in both themes, and asks no other host", async () => {
    const addresses = KINDS.map((path) => site.http + path);
    expect(await accessibilityFaults(site.browser, addresses)).toEqual([]);
  }, 240_000);
});
