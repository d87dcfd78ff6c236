// A result of just check that is dropped on the page of the behaviours.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { accessibilityFaults } from "../../scripts/docs/site/axe.ts";
import { inBrowser } from "./window.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "yours-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const verdicts = ["holds", "fails", "defect", "cured", "unclear", "not run"] as const;
/** Of each verdict some, and behaviours that are not in the file. */
const RESULT = {
  check: 1,
  server: "<b>mine</b>.py",
  behaviours: BEHAVIOURS.slice(0, -2).map(({ id }, at) => {
    return { id, verdict: verdicts[at % verdicts.length] };
  }),
};

inBrowser("the page of the behaviours, with a result", ({ site, open }) => {
  const choose = async (page: Page, text: string) => {
    const file = join(folder, "mine.json");
    writeFileSync(file, text);
    await page.locator(".yours input").setInputFiles(file);
  };
  const status = (page: Page) => page.locator(".yours output").innerText();
  const cells = (page: Page) => page.locator(".matrix tr[id] td.mine");

  test.each(["http", "file"] as const)("draws it as a column, over %s", async (way) => {
    const page = await open(`${site()[way]}behaviours.html`);
    expect(await cells(page).count()).toBe(0);
    await choose(page, JSON.stringify(RESULT));
    await page.locator(".matrix thead th.mine").waitFor();
    expect(await cells(page).count()).toBe(BEHAVIOURS.length);
    for (const [at, { id, verdict }] of RESULT.behaviours.slice(0, 6).entries()) {
      const cell = page.locator(`[id="${id}"] td.mine .unseen`);
      expect(await cell.innerText(), `${at}`).toContain(verdict);
    }
    const held = RESULT.behaviours.filter(({ verdict }) => verdict === "holds").length;
    expect(await status(page)).toContain(`<b>mine</b>.py: ${held} hold`);
    // Each row is as wide as the head.
    const widths = await page.evaluate<number[]>(
      `[...document.querySelectorAll(".matrix tr")].map((row) =>
        [...row.cells].reduce((sum, { colSpan }) => sum + colSpan, 0))`,
    );
    expect(new Set(widths).size).toBe(1);
    // The next takes its place.
    await choose(page, JSON.stringify({ ...RESULT, server: "other.py" }));
    await expect.poll(() => status(page)).toContain("other.py");
    expect(await cells(page).count()).toBe(BEHAVIOURS.length);
  });

  test("takes a file that is dropped anywhere", async () => {
    const page = await open("behaviours.html");
    await page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File([${JSON.stringify(JSON.stringify(RESULT))}], "mine.json"));
      for (const type of ["dragover", "drop"]) {
        const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector("h1").dispatchEvent(event);
      }
    }`);
    await page.locator(".matrix thead th.mine").waitFor();
  });

  test.each([
    "no JSON",
    "{}",
    '{"check":2,"server":"x","behaviours":[]}',
    "null",
    '{"check":1,"server":"x","behaviours":[null]}',
    '{"check":1,"server":"x","behaviours":[{"id":"y","verdict":"toString"}]}',
  ])("says that it cannot read %s", async (text) => {
    const page = await open("behaviours.html");
    await choose(page, text);
    await expect.poll(() => status(page)).toMatch(/^Cannot read mine\.json: /);
    expect(await cells(page).count()).toBe(0);
    await expect.poll(() => page.locator(".yours input").inputValue()).toBe("");
  });

  test.each([360, 1440])(
    "fits, %i wide, and puts up no accessibility fault",
    async (width) => {
      const page = await open("behaviours.html", { viewport: { width, height: 740 } });
      await choose(page, JSON.stringify(RESULT));
      await page.locator(".matrix thead th.mine").waitFor();
      const wide =
        "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)";
      expect(await page.evaluate(wide)).toBe(width);
      if (process.env["SHOTS"]) {
        await page.screenshot({ path: join(process.env["SHOTS"], `yours-${width}.png`) });
      }
    },
  );

  test("has no accessibility fault, and nothing of it without a script", async () => {
    expect(
      await accessibilityFaults(site().browser, [`${site().http}behaviours.html`]),
    ).toEqual([]);
    const page = await open("behaviours.html", { javaScriptEnabled: false });
    expect(await page.locator(".yours").isVisible()).toBe(false);
    expect(await page.locator(".matrix tbody tr[id]").count()).toBe(BEHAVIOURS.length);
  });
});
