// What the site remembers of its reader, and what helps them on.
import { expect, test } from "vitest";
import { inBrowser, PHONE } from "./window.ts";

inBrowser("a reader of the site", ({ open, site }) => {
  test.each(["http", "file"] as const)(
    "goes on where they were, over %s",
    async (way) => {
      const page = await open(`${site()[way]}index.html`);
      expect(await page.locator(".resume").count()).toBe(0);
      await page.goto(`${site()[way]}08-chat.html#what-changed`);
      // On a busy machine the page may be loaded before it is at its section.
      await expect.poll(() => page.evaluate<number>("scrollY")).toBeGreaterThan(0);
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

  test.each([
    ["01-echo.html", "`npm i -g rust-just`, and these become `just example 1`"],
    ["01-echo.html", "and `npx -y rust-just` alone lists"],
    ["03-modify.html", "\\n' | npx -y rust-just telnet"],
    ["18-final.html", "$ npx -y rust-just server --port x"],
    ["asides/simulation.html", "again: npx -y rust-just simulate 10"],
    ["index.html", "then it is `just example 1`"],
    ["m2-many.html", ":4222 npx -y rust-just example m2"],
  ])("has no wrong command with npx on %s: %s", async (path, words) => {
    const page = await open("404.html");
    await page.locator("#path .via label", { hasText: "npx" }).click();
    await page.goto(site().http + path);
    const text = await page.evaluate<string>(`{
      for (const code of document.querySelectorAll("main :not(pre) > code")) {
        code.before("\`");
        code.after("\`");
      }
      document.querySelector("main").textContent.replace(/\\s+/g, " ");
    }`);
    expect(text).toContain(words);
    expect(text).not.toMatch(/[|$] just [a-z]|again: just /);
  });

  test("comes back to controls that agree with the page", async () => {
    const page = await open("06-concurrent.html");
    await page.goto(`${site().http}07-kinda-chat.html`);
    await page.locator("#path .via label", { hasText: "npx" }).click();
    await page.getByText("side by side").first().click();
    await page.goBack();
    expect(await page.locator("#path .via input:checked").inputValue()).toBe("npx");
    expect(await page.locator(".diff .as-split:checked").count()).toBeGreaterThan(0);

    await page.goto(`${site().http}duel.html?left=10&right=11`);
    const right = page.locator("form.duel-steps select").last();
    await right.selectOption("12");
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL(/right=12/);
    await page.goBack();
    await page.waitForURL(/right=11/);
    expect(await right.inputValue()).toBe("11");
  });

  test("comes back to a page that was kept, with choices made since", async () => {
    const page = await open("06-concurrent.html", { colorScheme: "light" });
    await page.evaluate(`{
      const choices = { theme: "dark", via: "npx", look: "split", wrap: "on" };
      for (const [key, value] of Object.entries(choices)) {
        localStorage.setItem("server-book:" + key, value);
      }
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }`);
    const dark = page.getByRole("button", { name: "Dark theme" });
    expect(await dark.getAttribute("aria-pressed")).toBe("true");
    expect(await page.evaluate("getComputedStyle(document.body).colorScheme")).toBe(
      "dark",
    );
    expect(await page.locator("code.command").first().innerText()).toBe(
      "npx -y rust-just example 6",
    );
    expect(await page.locator("#path .via input:checked").inputValue()).toBe("npx");
    expect(await page.locator(".diff .as-split").first().isChecked()).toBe(true);
    expect(await page.locator(".wrap").first().getAttribute("aria-pressed")).toBe("true");
  });

  test("sees on a phone what they chose among the pages, and can close them", async () => {
    const page = await open("06-concurrent.html", PHONE);
    const [pages, menu] = [
      page.locator("#path"),
      page.getByRole("button", { name: "Pages" }),
    ];
    await menu.tap();
    await pages.getByRole("link", { name: "Exercises" }).tap();
    await pages.waitFor({ state: "hidden" });
    expect(page.url()).toMatch(/#exercises$/);
    await menu.tap();
    await pages.getByRole("button", { name: "Close" }).tap();
    await pages.waitFor({ state: "hidden" });
  });

  test.each([
    ["index.html", "button"],
    ["compare/06-12.html", "button"],
    ["source/examples/08-chat/server.ts.html", "button"],
    ["06-concurrent.html", "list"],
  ])("can go to all pages from %s: by a %s", async (path, way) => {
    const page = await open(path);
    const menu = page.locator(".menu");
    expect(await menu.isVisible()).toBe(way === "button");
    expect(await page.locator("#path .close").isVisible()).toBe(false);
    if (way === "button") await menu.click();
    await page.locator("#path").getByRole("link", { name: "02 Serial" }).click();
    await page.waitForURL(/02-serial\.html$/);
  });

  test("sees the bars in forced colours", async () => {
    const page = await open("index.html", { forcedColors: "active" });
    const bar = await page.evaluate(
      `getComputedStyle(document.querySelector(".length")).forcedColorAdjust`,
    );
    expect(bar).toBe("none");
  });

  test.each(["06-concurrent.html", "behaviours.html", "compare/06-12.html"])(
    "gets no controls on paper: %s",
    async (path) => {
      const page = await open(path);
      await page.emulateMedia({ media: "print" });
      const controls = page.locator("button:visible, input:visible, select:visible");
      expect(await controls.count()).toBe(0);
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
