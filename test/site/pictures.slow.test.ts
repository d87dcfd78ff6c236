// Pictures on a phone: their words can be read, and what is cut off can be reached.
import { expect, test } from "vitest";
import { inBrowser, PHONE } from "./window.ts";

const PAGES = [
  "01-echo.html",
  "08-chat.html",
  "10-rename.html",
  "15-empty-rooms.html",
  "r1-blocking.html",
  "r3-epoll.html",
  "r4-poll.html",
  "asides/kernel.html",
  "asides/one-port.html",
  "asides/readiness.html",
  "asides/tcp.html",
  "asides/whose-loop.html",
];

inBrowser("pictures on a phone", ({ open }) => {
  test.each(PAGES)("have words of 12 px and more: %s", async (path) => {
    const page = await open(path, PHONE);
    const sizes = await page.evaluate<number[]>(
      `[...document.querySelectorAll("main svg text")].map((text) =>
        Number.parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)`,
    );
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.min(...sizes)).toBeGreaterThan(11.95);
  });

  test.each(PAGES)("are whole, or scroll for a keyboard too: %s", async (path) => {
    const page = await open(path, PHONE);
    const cut = await page.evaluate<string[]>(
      `[...document.querySelectorAll("main svg:not(.growth)")].flatMap((svg) => {
        const around = svg.parentElement;
        if (svg.getBoundingClientRect().width <= around.clientWidth + 1) return [];
        const reached = around.tabIndex === 0 && around.scrollWidth > around.clientWidth;
        return reached ? [] : [around.className];
      })`,
    );
    expect(cut).toEqual([]);
  });
});
