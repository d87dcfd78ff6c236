// bots/report: what is shown of the bots.
import { describe, expect, test } from "vitest";
import { progressLine, type Totals, totalsText } from "../../scripts/bots/report.ts";

const TOTALS: Totals = {
  connected: 106,
  here: 106,
  lost: 0,
  seconds: 30,
  sent: 912,
  echoes: 912,
  received: 96_672,
  dropped: 0,
  moves: 4,
  bytes: 6_543_210,
};

describe("the line of counts", () => {
  test("says how many bots, what they sent and received, and how fast", () => {
    expect(progressLine(TOTALS, 106)).toBe(
      "106 bots   sent 912, 30/s   received 96,672, 3,222/s",
    );
  });

  test("says how many of the bots are there", () => {
    expect(progressLine({ ...TOTALS, here: 98 }, 106)).toMatch(/^98\/106 bots /);
    const before = { ...TOTALS, here: 0, seconds: 0, sent: 0, received: 0 };
    expect(progressLine(before, 106)).toBe("0/106 bots");
  });
});

describe("the totals", () => {
  test("say what came of it, and that all came back", () => {
    expect(totalsText(TOTALS).split("\n")).toEqual([
      "In 30.0 s of talk:",
      "connected            106",
      "lost                   0",
      "sent                 912  30/s",
      "echoed               912  all came back",
      "received          96,672  3,222/s",
      "dropped                0",
      "room changes           4",
      "bytes received 6,543,210",
      "",
    ]);
  });

  test("say how many did not come back", () => {
    expect(totalsText({ ...TOTALS, echoes: 900 })).toMatch(
      /^echoed +900 {2}12 missing$/m,
    );
  });

  test("have no pace when nobody talked", () => {
    const text = totalsText({ ...TOTALS, seconds: 0, sent: 0, echoes: 0, received: 0 });
    expect(text).not.toMatch(/\/s|all came back/);
    expect(text).not.toMatch(/NaN|Infinity/);
  });
});
