// The search: what it finds first, and how the page shows it.
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { type Built, buildSite } from "../../scripts/docs/site/build.ts";
import type { Found } from "../../scripts/docs/site/client/search-index.ts";
import { inBrowser } from "./window.ts";

describe("the search", () => {
  let site: Built;
  let search: (query: string) => Found;
  beforeAll(async () => {
    site = await buildSite();
    const run = new Function(`${site.get("search.js")}; return globalThis.siteSearch`);
    search = run();
  });
  const addresses = (query: string) => search(query).hits.map(({ address }) => address);

  test.each([
    ["telnet", "asides/armour.html#telnet"],
    ["how do I run it", "index.html#begin"],
    ["backpressure", "asides/backpressure.html"],
    ["hafl-close", "glossary.html#half-close"],
    ["backpresure", "asides/backpressure.html"],
    ["readLines", "source/examples/shared/socket.ts.html"],
    ["setNoDelay", "source/examples/shared/poll/net.ts.html"],
    ["rst", "glossary.html#reset-rst"],
    ["epoll", "glossary.html#epoll"],
  ])("finds first for %s: %s", (query, address) => {
    expect(addresses(query)[0]).toMatch(new RegExp(`^${address}(?:#L\\d+)?$`));
  });

  test.each([
    ["AsyncIterator", "08-chat.html#select"],
    ["EADDRINUSE", "asides/tcp.html"],
    ["promise race leak", "asides/select.html#race-in-a-loop-two-faults"],
  ])("finds in code and outputs: %s", (query, address) => {
    expect(addresses(query).join(" ")).toContain(address);
  });

  test("finds every behaviour by its title", () => {
    for (const { title } of BEHAVIOURS) {
      expect(search(title).hits.map(({ heading }) => heading)).toContain(title);
    }
  });

  test("says how many there are, and shows the best", () => {
    const { total, hits } = search("await");
    expect(total).toBeGreaterThan(100);
    expect(hits.length).toBe(25);
    expect(search("nagle").total).toBe(search("nagle").hits.length);
  });

  test("finds nothing for nothing, and nothing for what nobody wrote", () => {
    expect(search("  - ").total).toBe(0);
    expect(search("qqqxyzzy").total).toBe(0);
    expect(search("the").total).toBeGreaterThan(0);
  });

  test("leads only to what there is", () => {
    const all = ["await", "readLines", "epoll", "name", "socket", "poll"].flatMap(
      addresses,
    );
    for (const address of all) {
      const [path = "", anchor] = address.split("#");
      expect(site.has(path), address).toBe(true);
      if (anchor) expect(site.get(path), address).toContain(` id="${anchor}"`);
    }
  });

  test("weighs at most 340 kB, loaded on first use", () => {
    const bytes = gzipSync(site.get("search.js") ?? "").length;
    console.log(`search.js: ${bytes} bytes, gzipped`);
    expect(bytes).toBeLessThan(340_000);
    expect(site.get("08-chat.html")).not.toContain("search.js");
  });
});

inBrowser("the search in a browser", ({ open, site }) => {
  test.each(["http", "file"] as const)(
    "opens with Ctrl-K and marks what it found, over %s",
    async (way) => {
      const page = await open(`${site()[way]}01-echo.html`);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("nagle");
      await page.getByRole("option").first().waitFor();
      expect(await page.locator(".search-status").innerText()).toMatch(/^\d+ found$/);
      await page.keyboard.press("Enter");
      await page.waitForURL(/glossary\.html#nagles-algorithm$/);
      const marked = () => page.evaluate(`CSS.highlights.get("found")?.size ?? 0`);
      expect(await marked()).toBeGreaterThan(0);
      await page.keyboard.press("Escape");
      expect(await marked()).toBe(0);
    },
  );

  test("marks a single letter only as a word", async () => {
    const page = await open("r1-blocking.html?found=c#the-code");
    const marked = () =>
      page.evaluate<string[]>(
        `[...(CSS.highlights.get("found") ?? [])].map((range) => {
          const { startContainer: { data }, endOffset } = range;
          return range.toString() + data.slice(endOffset, endOffset + 1);
        })`,
      );
    await expect.poll(marked).not.toEqual([]);
    expect((await marked()).filter((text) => /^c[a-z]/i.test(text))).toEqual([]);
  });

  test("shows what was found within a long section", async () => {
    const page = await open("17-performance.html?found=setImmediate#the-code");
    const shown = () =>
      page.evaluate<boolean>(
        `[...CSS.highlights.get("found")].some((range) => {
          const { top, bottom, height } = range.getBoundingClientRect();
          return height > 0 && top > 0 && bottom < innerHeight;
        })`,
      );
    await expect.poll(shown).toBe(true);
    expect(page.url()).not.toContain("found=");
  });
});
