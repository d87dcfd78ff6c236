// Space-time diagrams as a browser draws them: with its letters, nothing covers a text.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, startBrowser } from "../../scripts/docs/site/browser.ts";
import { drawDiagram } from "../../scripts/docs/trace/diagram.ts";
import { layOut } from "../../scripts/docs/trace/layout.ts";
import type { Trace } from "../../scripts/docs/trace/trace-event.ts";
import { needs } from "../requirements.ts";
import { KEPT, traceOf, WAITING } from "./traces.ts";

const chromium = findChromium();
const here = needs(chromium, "the diagrams in a browser", "Chromium");

interface Drawn {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines of one label stand close: the box of a font is higher than its letters. */
function touch(a: Drawn, b: Drawn): boolean {
  const across = a.x < b.x + b.width && b.x < a.x + a.width;
  return across && a.y + 4 < b.y + b.height && b.y + 4 < a.y + a.height;
}

describe.skipIf(!here)("a diagram in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser(chromium);
  });
  afterAll(() => browser?.close());

  /** Pairs of texts that touch, and texts that leave the picture, as they are really drawn. */
  async function faultsOf(trace: Trace): Promise<string[]> {
    const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
    try {
      await page.setContent(`<body style="margin:0">${drawDiagram(trace)}</body>`);
      // Without what is drawn around the letters, so not by playwright's own measure.
      const [frame, ...texts] = (await page.evaluate(`
        Array.from(document.querySelectorAll("svg, svg text"), (node) => ({
          text: node.textContent,
          box: node.getBoundingClientRect().toJSON(),
        }))
      `)) as { text: string; box: Drawn }[];
      return texts.flatMap((one, index) => {
        const { x, width } = one.box;
        const within = frame?.box ?? { x: 0, width: 0 };
        const outside = x < within.x || x + width > within.x + within.width;
        const touched = texts.slice(index + 1).filter(({ box }) => touch(one.box, box));
        return [
          ...(outside ? [`${one.text} leaves the picture`] : []),
          ...touched.map(({ text }) => `${one.text} touches ${text}`),
        ];
      });
    } finally {
      await page.close();
    }
  }

  for (const { name, trace } of [...KEPT, { name: "waiting", trace: WAITING }]) {
    test(`no text of ${name} touches another, or leaves the picture`, async () => {
      expect(await faultsOf(trace)).toEqual([]);
      // What the text of a page has on a phone of 360.
      if (trace.clients.length < 4) expect(layOut(trace).width).toBeLessThanOrEqual(328);
    });
  }

  test("the check finds a text that is drawn over another", async () => {
    // Two of one name have their heads at one place.
    const twice = traceOf(["ann", "ann"], WAITING.events.slice(0, 2));
    expect(await faultsOf(twice)).not.toEqual([]);
  });
});
