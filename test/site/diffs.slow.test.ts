// Diffs in a page: what is folded opens, and how they are shown is remembered.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inBrowser } from "./window.ts";

const left = async (page: Page, selector: string) =>
  (await page.locator(selector).first().boundingBox())?.x ?? Number.NaN;

inBrowser("a diff in a page", ({ open, site }) => {
  test.each([true, false])("opens what is folded, script: %s", async (script) => {
    const page = await open("compare/07-08.html", { javaScriptEnabled: script });
    const fold = page.locator(".fold", { hasText: "lines unchanged" }).first();
    const lines = fold.locator(".l");
    expect(await lines.first().isVisible()).toBe(false);
    const count = Number.parseInt(await fold.innerText(), 10);
    await fold.locator("summary").click();
    expect(await lines.first().isVisible()).toBe(true);
    expect(await lines.count()).toBe(count);
  });

  test("begins with code: the file's heading is folded", async () => {
    const page = await open("08-chat.html");
    const first = page.locator(".diff .rows > *").first();
    expect(await first.innerText()).toContain("The file's header comment");
    expect(await page.locator(".diff del.l:visible").first().innerText()).not.toMatch(
      /^\/\//,
    );
  });

  test("hides what is only indented otherwise, until it is wanted", async () => {
    const page = await open("compare/10-11.html");
    const removed = page.locator(".diff del.l:visible");
    expect(await page.locator(".diff .counts").innerText()).toBe("+11 −0");
    expect(await removed.count()).toBe(0);
    await page.getByText("indentation", { exact: true }).click();
    expect(await removed.count()).toBeGreaterThan(5);
    await page.goto(`${site().http}11-free-names.html`);
    expect(await removed.count()).toBeGreaterThan(5);
  });

  test.each(["http", "file"] as const)(
    "is shown in the next page as in this, over %s",
    async (way) => {
      const page = await open(`${site()[way]}compare/07-08.html`);
      expect(await left(page, "del.l:visible")).toBe(await left(page, "ins.l:visible"));
      await page.getByText("side by side").first().click();
      await page.goto(`${site()[way]}08-chat.html`);
      expect(await left(page, "del.l:visible")).toBeLessThan(
        (await left(page, "ins.l:visible")) - 300,
      );
      await page.getByText("unified").first().click();
      await page.goto(`${site()[way]}compare/07-08.html`);
      expect(await left(page, "del.l:visible")).toBe(await left(page, "ins.l:visible"));
    },
  );
});
