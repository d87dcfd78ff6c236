// Code in a page: its buttons, its long lines, and how much room it has.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inBrowser, PHONE } from "./window.ts";

const clipped = (page: Page) =>
  page.evaluate(
    `[...document.querySelectorAll("main pre, main .rows")].filter((e) => e.scrollWidth > e.clientWidth).length`,
  );

inBrowser("code in a page", ({ open, site }) => {
  test.each(["http", "file"] as const)(
    "wraps when the reader wants it, over %s",
    async (way) => {
      const page = await open(`${site()[way]}08-chat.html`, PHONE);
      expect(await clipped(page)).toBeGreaterThan(3);
      await page.getByRole("button", { name: "Wrap long lines" }).first().click();
      expect(await clipped(page)).toBe(0);
      for (const other of ["evolution.html", "source/examples/18-final/server.ts.html"]) {
        await page.goto(site()[way] + other);
        expect(await clipped(page), other).toBe(0);
      }
      const button = page.getByRole("button", { name: "Wrap long lines" }).first();
      expect(await button.getAttribute("aria-pressed")).toBe("true");
      await button.click();
      expect(await clipped(page)).toBe(1);
    },
  );

  test("offers to wrap only what is too long", async () => {
    const page = await open("08-chat.html");
    const offered = page.locator(".wrap:not([hidden])");
    expect(await offered.count()).toBe(await clipped(page));
  });

  test.each([true, false])("fades where it goes on, script: %s", async (script) => {
    const page = await open("08-chat.html", { ...PHONE, javaScriptEnabled: script });
    const block = `document.querySelector("figure.listing pre")`;
    const end = () =>
      page.evaluate(`getComputedStyle(${block}).getPropertyValue("--end")`);
    expect(await page.evaluate(`${block}.scrollWidth > ${block}.clientWidth`)).toBe(true);
    await expect.poll(end).toBe("32px");
    await page.evaluate(`${block}.scrollTo({ left: 9999, behavior: "instant" })`);
    await expect.poll(end).toBe("0px");
  });

  test("takes the whole width where there is no margin", async () => {
    const page = await open("08-chat.html", { viewport: { width: 768, height: 900 } });
    const width = async (selector: string) =>
      (await page.locator(selector).first().boundingBox())?.width ?? 0;
    expect(await width("figure.listing")).toBeGreaterThan(700);
    expect(await width("article > p")).toBeLessThan(600);
  });

  test("has its buttons at the block that they copy", async () => {
    const page = await open("01-echo.html");
    const far = await page.evaluate(
      `[...document.querySelectorAll("main .handles")].filter((e) => {
        const [a, b] = [e.getBoundingClientRect(), e.parentElement.getBoundingClientRect()];
        return a.top < b.top - 8 || a.bottom > b.bottom || a.right > b.right;
      }).length`,
    );
    expect(await page.locator(".handles").count()).toBeGreaterThan(5);
    expect(far).toBe(0);
  });

  test.each(["light", "dark"] as const)(
    "says the same in forced colours, %s",
    async (colorScheme) => {
      const page = await open("08-chat.html", { forcedColors: "active", colorScheme });
      const style = (selector: string, name: string) =>
        page.evaluate(
          `getComputedStyle(document.querySelector(${JSON.stringify(selector)}))["${name}"]`,
        );
      const paper = await style("html", "backgroundColor");
      expect(await style(".l.same", "borderLeftColor")).toBe(paper);
      expect(await style("ins.l", "borderLeftColor")).not.toBe(paper);
      expect(await style(".listing .line", "borderLeftColor")).toBe(paper);
      expect(await style(".listing .line.new", "borderLeftColor")).not.toBe(paper);
      expect(await style(".looks label:has(:checked)", "backgroundColor")).not.toBe(
        await style(".looks label:not(:has(:checked))", "backgroundColor"),
      );
    },
  );
});
