// The page of the behaviours: one always sees which column and which row one is in.
import { expect, test } from "vitest";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { inBrowser } from "./window.ts";

test("every behaviour has an address of its own", () => {
  const anchors = BEHAVIOURS.map(({ id }) => id);
  expect(new Set(anchors).size).toBe(BEHAVIOURS.length);
  for (const anchor of anchors) expect(anchor).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
});

inBrowser("the page of the behaviours", ({ open }) => {
  const last = BEHAVIOURS.at(-1)?.id ?? "";

  test.each([360, 768, 1440])(
    "keeps its head and first column, %i wide",
    async (width) => {
      const page = await open(`behaviours.html#${last}`, {
        viewport: { width, height: 740 },
      });
      const place = (selector: string) => page.locator(selector).first().boundingBox();
      const head = await place(".matrix thead th:last-child");
      expect(head?.y).toBeGreaterThanOrEqual(0);
      const row = await place(`[id="${last}"] th`);
      expect(row?.y).toBeGreaterThan((head?.y ?? 0) + (head?.height ?? 0) - 1);
      expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThan(740);
      await page.evaluate(`document.querySelector(".scroll").scrollLeft = 9999`);
      expect((await place(`[id="${last}"] th`))?.x).toBe(row?.x);
    },
  );

  test("has its legend on one line", async () => {
    const page = await open("behaviours.html");
    const tops = await page.evaluate<number[]>(
      `[...document.querySelectorAll(".legend li")].map((one) => one.getBoundingClientRect().top)`,
    );
    expect(tops.length).toBe(3);
    expect(new Set(tops).size).toBe(1);
  });
});
