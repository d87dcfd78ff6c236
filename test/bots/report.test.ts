// bots/report, bots/meter and bots/live: what is shown, where, and how fast it goes.
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { showLive } from "../../scripts/bots/live.ts";
import { Meter } from "../../scripts/bots/meter.ts";
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
  const progress = { totals: TOTALS, count: 106, sending: 30.2, receiving: 3_220.4 };

  test("says how many bots, what they sent and received, and how fast", () => {
    expect(progressLine(progress, 79)).toBe(
      "106 bots   sent 912, 30/s   received 96,672, 3,220/s",
    );
  });

  test("is shorter where there are fewer columns", () => {
    const at39 = "106 bots  sent 912  got 96,672, 3,220/s";
    expect(progressLine(progress, 39)).toBe(at39);
    expect(progressLine(progress, 38)).toBe("106 bots 912 out 96,672 in 3,220/s");
    expect(progressLine(progress, 33)).toBe("106 bots 912 out 97K in 3.2K/s");
    expect(progressLine(progress, 10)).toBe("106 bots 9");
  });

  test("says how many of the bots are there", () => {
    const totals = { ...TOTALS, here: 98 };
    expect(progressLine({ ...progress, totals }, 79)).toMatch(/^98\/106 bots/);
  });

  test("fits, whatever the counts", () => {
    const count = fc.nat(Number.MAX_SAFE_INTEGER);
    const check = (here: number, sent: number, received: number, columns: number) => {
      const totals = { ...TOTALS, here, sent, received };
      const line = progressLine({ ...progress, totals, receiving: received }, columns);
      expect(line.length).toBeLessThanOrEqual(columns);
      expect(line).not.toBe("");
    };
    fc.assert(fc.property(count, count, count, fc.integer({ min: 1, max: 120 }), check));
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

describe("a meter", () => {
  test("measures over its window", () => {
    const meter = new Meter(2_000, 500);
    expect(meter.read(500, 0)).toBe(0);
    expect(meter.read(1_500, 10)).toBe(10);
    expect(meter.read(2_500, 40)).toBe(20);
    expect(meter.read(3_500, 70)).toBe(30);
    expect(meter.read(4_500, 70)).toBe(15);
    expect(meter.read(6_500, 70)).toBe(0);
  });

  test("goes back to the reading before when they are far apart", () => {
    const meter = new Meter(2_000, 0);
    expect(meter.read(5_000, 100)).toBe(20);
    expect(meter.read(10_000, 150)).toBe(10);
  });
});

describe("the live line", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const output = (isTTY: boolean, columns?: number) => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    return columns === undefined
      ? { written, isTTY, write }
      : { written, isTTY, columns, write };
  };

  test("is written in one place on a terminal, five times a second at most", () => {
    vi.useFakeTimers();
    const terminal = output(true, 40);
    const end = showLive(terminal, (columns) => `${columns} columns`);
    vi.advanceTimersByTime(2_000);
    expect(terminal.written).toEqual(new Array(11).fill("\r\u001b[2K39 columns"));
    end();
    expect(terminal.written.at(-1)).toBe("\r\u001b[2K");
    vi.advanceTimersByTime(60_000);
    expect(terminal.written).toHaveLength(12);
  });

  test("fits a terminal that is made narrower", () => {
    vi.useFakeTimers();
    const terminal = output(true, 80);
    const end = showLive(terminal, (columns) => `${columns}`);
    vi.advanceTimersByTime(200);
    terminal.columns = 40;
    vi.advanceTimersByTime(200);
    expect(terminal.written.at(-1)).toBe("\r\u001b[2K39");
    end();
  });

  test("is a line of its own elsewhere, every five seconds", () => {
    vi.useFakeTimers();
    const file = output(false);
    const end = showLive(file, (columns) => `${columns} columns`);
    expect(file.written).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(file.written).toEqual(["79 columns\n", "79 columns\n"]);
    end();
    expect(file.written).toHaveLength(2);
  });
});
