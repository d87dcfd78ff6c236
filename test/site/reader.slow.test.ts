// What the site remembers of its reader, and what helps them on.
import { expect, test } from "vitest";
import { inBrowser } from "./window.ts";

inBrowser("a reader of the site", ({ open, site }) => {
  test.each(["http", "file"] as const)(
    "goes on where they were, over %s",
    async (way) => {
      const page = await open(`${site()[way]}index.html`);
      expect(await page.locator(".resume").count()).toBe(0);
      await page.goto(`${site()[way]}08-chat.html#what-changed`);
      await page.goto(`${site()[way]}index.html`);
      const resume = page.locator(".resume");
      expect(await resume.innerText()).toMatch(/^Continue with 08 · Chat, What changed$/);
      await resume.click();
      expect(page.url()).toMatch(/08-chat\.html#what-changed$/);
    },
  );

  test("sees in the path what they have read to its end", async () => {
    const page = await open("asides/select.html");
    const link = page.locator("#path a", { hasText: "Lines" }).first();
    expect(await link.getAttribute("class")).toBe(null);
    await page.goto(`${site().http}04-lines.html`);
    await page.locator(".foot").scrollIntoViewIfNeeded();
    await expect.poll(() => link.getAttribute("class")).toBe("read");
    await page.goto(`${site().http}asides/select.html`);
    expect(await link.getAttribute("class")).toBe("read");
    expect(await page.locator("#path a.read").count()).toBe(1);
  });

  test.each(["http", "file"] as const)(
    "has commands as they type them, over %s",
    async (way) => {
      const page = await open(`${site()[way]}01-echo.html`, {
        permissions: ["clipboard-read", "clipboard-write"],
      });
      const command = page.locator("code.command").first();
      expect(await command.innerText()).toBe("just example 1");
      await page.locator("#path .via label", { hasText: "npx" }).click();
      expect(await command.innerText()).toBe("npx -y rust-just example 1");
      await page.goto(`${site()[way]}08-chat.html`);
      expect(await command.innerText()).toBe("npx -y rust-just example 8");
      const left = await page.evaluate<string[]>(
        `[...document.querySelectorAll("main code")].map((code) => code.textContent).filter((text) => /^just [a-z]/m.test(text))`,
      );
      expect(left).toEqual([]);
      await page.goto(`${site()[way]}index.html`);
      await page.locator(".start .via label", { hasText: "just" }).click();
      expect(await page.locator(".start code.command").innerText()).toBe(
        "just example 1",
      );
      await page.goto(`${site()[way]}01-echo.html`);
      expect(await page.locator(".fence pre").nth(0).innerText()).toMatch(
        /^just example 1\njust telnet/,
      );
    },
  );

  test("goes on and back by keys, and is told of them", async () => {
    const page = await open("08-chat.html");
    await page.keyboard.press("n");
    await page.waitForURL(/09-names\.html$/);
    await page.keyboard.press("p");
    await page.waitForURL(/08-chat\.html$/);
    await page.keyboard.press("?");
    const keys = page.locator("dialog.keys");
    expect(await keys.innerText()).toContain("next page");
    // Not while one is in a dialog.
    await page.keyboard.press("n");
    await page.keyboard.press("Escape");
    expect(await keys.isVisible()).toBe(false);
    expect(page.url()).toMatch(/08-chat\.html$/);
    await page.getByRole("link", { name: "On to 09 · Names" }).click();
    await page.waitForURL(/09-names\.html$/);
  });

  /** The page for an address that is none, as the site's host would answer. */
  async function lostAt(address: string) {
    const page = await open("404.html");
    const body = site().files.get("404.html") ?? "";
    await page.route(`**/${address}`, (route) =>
      route.fulfill({ status: 404, contentType: "text/html", body }),
    );
    await page.goto(site().http + address);
    return page;
  }

  test.each([
    ["8", "08 Chat"],
    ["08", "08 Chat"],
    ["08-chat.md", "08 Chat"],
    ["step-8", "08 Chat"],
    ["r3", "r3 Epoll"],
    ["kernel", "What the kernel does meanwhile"],
  ])("is helped when lost at /%s", async (address, name) => {
    const page = await lostAt(address);
    const meant = page.locator(".lost ul a");
    expect(await meant.first().innerText()).toBe(name);
    await meant.first().click();
    expect(page.url()).toMatch(/\.html$/);
    expect(await page.locator("h1").innerText()).toContain(name.replace(/^\w\d /, ""));
  });

  test("may search when lost", async () => {
    const page = await lostAt("nowhere-at-all");
    expect(await page.locator(".lost ul").count()).toBe(0);
    await page.locator(".lost").getByRole("button", { name: "search" }).click();
    await page.getByRole("combobox").waitFor();
  });
});
