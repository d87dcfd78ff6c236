// The duel: two steps in a page that one keyboard drives, over http and from a file.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { accessibilityFaults } from "../../scripts/docs/site/axe.ts";
import { HAS_LIBRARY } from "../simulate/library.ts";
import { inBrowser, PHONE } from "./window.ts";

/** What a machine with much else to do may take, in milliseconds. */
const PATIENCE = 60_000;
/** Steps that show what they bring. 04 cannot: here a line comes in one piece. */
const BRINGING = [2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
const AT_FIRST = "They part for the first time at: ";

const status = (page: Page) => page.locator(".duel > [role=status]").innerText();
const says = (page: Page, text: string) =>
  expect.poll(() => status(page), { timeout: PATIENCE }).toContain(text);
const rounds = (page: Page) => page.locator(".duel-round");
/** Waits for a round, by what was done. */
async function round(page: Page, play: string) {
  const found = rounds(page).filter({ hasText: play });
  await found.waitFor({ timeout: PATIENCE });
  return found;
}
const sides = async (page: Page, play: string) =>
  (await round(page, play)).locator(".duel-sides > div").allInnerTexts();

inBrowser("the duel", ({ site, open }) => {
  const run = test.runIf(HAS_LIBRARY);
  const time = { timeout: 4 * PATIENCE };

  run.each(["http", "file"] as const)("runs two steps, over %s", time, async (way) => {
    const page = await open(`${site()[way]}duel.html?left=07&right=08`);
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await says(page, "alike so far");
    expect(await sides(page, "bob connects")).toEqual([
      expect.stringMatching(/^07 and 08\s+bob\s+connected\s+bob\s+Server commands/),
    ]);
    await page.keyboard.type("hello");
    await page.keyboard.press("Enter");
    const [left = "", right = ""] = await sides(page, "ann › hello");
    expect(left).toMatch(/^07\s+ann\s+hello ❤️$/);
    expect(right).toMatch(/^08\s+ann\s+hello ❤️\s+bob\s+hello ❤️\s+\(only here\)$/);
    await says(page, `${AT_FIRST}ann › hello`);
    expect(errors).toEqual([]);
  });

  run("finds no difference between a step and itself", time, async () => {
    const page = await open("duel.html?left=08&right=08&ann=hello&bob.reset=&ann=bye");
    await round(page, "ann › bye");
    expect(await status(page)).toContain("alike so far");
    expect(await page.locator(".duel .only").count()).toBe(0);
  });

  run.each(BRINGING)("shows what step %i brings", time, async (number) => {
    const page = await open("duel.html");
    const two = `${number}`.padStart(2, "0");
    await page.locator(`.duel-hops a[href*="right=${two}"]`).click();
    await says(page, AT_FIRST);
  });

  run("plays again what the reader did, by the address", time, async () => {
    const page = await open("duel.html?left=09&right=10");
    await round(page, "bob connects");
    await page.keyboard.type("/name Otter");
    await page.keyboard.press("Enter");
    const first = await sides(page, "/name Otter");
    expect(first).toHaveLength(2);
    await page.reload();
    expect(await sides(page, "/name Otter")).toEqual(first);
  });

  run("says that a client is not connected", time, async () => {
    const page = await open("duel.html?left=05&right=05&eve=hello");
    expect(await sides(page, "eve › hello")).toEqual([
      expect.stringContaining("not connected"),
    ]);
  });

  run("can be used by keyboard alone", time, async () => {
    const page = await open("duel.html");
    await page.locator("select[name=left]").focus();
    // A select takes the first letters of what is chosen.
    await page.keyboard.type("10");
    await page.keyboard.press("Tab");
    await page.keyboard.type("11");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await says(page, "alike so far");
    expect(page.url()).toContain("left=10&right=11");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.type("from bob");
    await page.keyboard.press("Enter");
    await round(page, "bob › from bob");
  });

  run("can be used on a phone: one server below the other", time, async () => {
    const page = await open("duel.html?left=07&right=08&ann=hello", PHONE);
    const parted = (await round(page, "ann › hello")).locator(".duel-sides > div");
    const [one, other] = await parted.all();
    const [above, below] = [await one?.boundingBox(), await other?.boundingBox()];
    expect(below?.x).toBe(above?.x);
    expect(below?.y).toBeGreaterThan(above?.y ?? Number.NaN);
    const wide = "document.documentElement.scrollWidth - innerWidth";
    expect(await page.evaluate(wide)).toBeLessThanOrEqual(0);
  });

  run("marks what only one side has in forced colours too", time, async () => {
    const page = await open("duel.html?left=07&right=08&ann=hello", {
      forcedColors: "active",
    });
    await round(page, "ann › hello");
    const last = ".duel-round:last-child .duel-sides > :last-child .sees";
    const widths = await page.evaluate(
      `[...document.querySelectorAll("${last}")].map((row) => getComputedStyle(row).borderLeftWidth)`,
    );
    expect(widths).toEqual(["0px", "3px"]);
  });

  run("has no faults of accessibility, light or dark", time, async () => {
    const { browser, http } = site();
    const address = `${http}duel.html?left=07&right=08&ann=hello`;
    const ready = (page: Page) => says(page, AT_FIRST);
    expect(await accessibilityFaults(browser, [address], ready)).toEqual([]);
  });
});
