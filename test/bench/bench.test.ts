// The bench: it counts correctly, and finds and reports faults.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Histogram } from "../../scripts/bench/histogram.ts";
import { LOADS, parseLoad } from "../../scripts/bench/load.ts";
import { MemberLines } from "../../scripts/bench/member.ts";
import { plot } from "../../scripts/bench/plot.ts";
import type { TalkResult } from "../../scripts/bench/result.ts";
import { Broken, RoomStream, tag } from "../../scripts/bench/stream.ts";
import { median, summarize } from "../../scripts/bench/summary.ts";
import { toTable } from "../../scripts/bench/table.ts";

describe("a histogram", () => {
  test("finds median, percentile and maximum to a thousandth", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 }),
        (values) => {
          const histogram = new Histogram();
          for (const value of values) histogram.add(value);
          const sorted = [...values].sort((a, b) => a - b);
          const summary = histogram.summary();
          for (const [share, found] of [
            [0.5, summary.p50],
            [0.99, summary.p99],
            [1, summary.max],
          ] as const) {
            const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
            expect(found).toBeGreaterThanOrEqual(exact * 0.999);
            expect(found).toBeLessThanOrEqual(exact * 1.001);
          }
        },
      ),
    );
  });

  test("has no figures without values", () => {
    expect(new Histogram().summary()).toEqual({ p50: 0, p99: 0, max: 0 });
  });
});

describe("the stream of a room", () => {
  const line = (sender: number, sequence: number) =>
    `Ann: ${tag(sender, sequence)} text\n`;
  const good = [line(0, 0), line(1, 0), line(0, 1), line(1, 1), line(1, 2)].join("");

  test("is the same for all members, however it was split", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 40 });
    fc.assert(
      fc.property(cuts, cuts, (first, second) => {
        const stream = new RoomStream(2);
        const bytes = Buffer.from(good);
        for (const sizes of [first, second]) {
          let offset = 0;
          for (const size of [...sizes, bytes.length]) {
            const chunk = bytes.subarray(offset, offset + size);
            stream.take(chunk, offset);
            offset += chunk.length;
          }
        }
        expect(stream.lines).toBe(5);
        expect([...stream.sequences.subarray(0, 5)]).toEqual([0, 0, 1, 1, 2]);
        expect(stream.ends[4]).toBe(bytes.length);
      }),
    );
  });

  test.each([
    ["a missing line", [line(0, 0), line(0, 2)]],
    ["a duplicate line", [line(0, 0), line(0, 0)]],
    ["lines in the wrong order", [line(0, 1), line(0, 0)]],
    ["a line that is not ours", [line(0, 0), "Server is very busy\n"]],
  ])("finds %s", (_, lines) => {
    const stream = new RoomStream(1);
    expect(() => stream.take(Buffer.from(lines.join("")), 0)).toThrow(Broken);
  });

  test("finds that two members received different bytes", () => {
    const stream = new RoomStream(2);
    stream.take(Buffer.from(good), 0);
    const other = Buffer.from(good);
    other[60] = 0;
    expect(() => stream.take(other, 0)).toThrow(Broken);
  });

  test("continues after lines that all have received are forgotten", () => {
    const stream = new RoomStream(1);
    let offset = 0;
    for (let i = 0; i < 100_000; i += 1) {
      const bytes = Buffer.from(line(0, i));
      stream.take(bytes, offset);
      offset += bytes.length;
      stream.forget(offset);
    }
    expect(stream.lines).toBe(100_000);
  });
});

test("counts a member's missing, reported and duplicate lines", () => {
  const seen: number[] = [];
  const member = new MemberLines(2, (_, sequence) => seen.push(sequence));
  const text =
    `A: ${tag(0, 0)}\nA: ${tag(0, 1)}\nServer is very busy and dropped 3 messages, sorry!\n` +
    `A: ${tag(0, 5)}\nB: ${tag(1, 0)}\nA: ${tag(0, 5)}\nA: ${tag(0, 3)}\n`;
  for (const byte of Buffer.from(text)) member.take(Buffer.of(byte));
  expect(seen).toEqual([0, 1, 5, 0]);
  expect(member).toMatchObject({ got: 4, missing: 3, reported: 3, doubled: 2 });
  // One more line of A and two more of B were sent, and never arrived.
  expect(member.missingOf([7, 3])).toBe(3 + 1 + 2);
});

describe("a load", () => {
  test.each(LOADS)("%s can be parsed from its name", (name) => {
    expect(parseLoad(name).name).toBe(name);
  });

  test("can have additional members that never read", () => {
    expect(parseLoad("fan90-s2-w1-d10")).toMatchObject({ members: 90, deaf: 10 });
    expect(parseLoad("fan90-s2-w1-own")).toMatchObject({ until: "own", deaf: 0 });
  });

  test("of a file has the file's size", () => {
    expect(parseLoad("file64-1k")).toMatchObject({ clients: 64, size: 1024 });
    expect(parseLoad("file8-10m")).toMatchObject({ clients: 8, size: 10_485_760 });
  });

  test("of idle connections may last a while", () => {
    expect(parseLoad("idle100")).toMatchObject({ clients: 100, after: 0 });
    expect(parseLoad("idle100-t40")).toMatchObject({ clients: 100, after: 40 });
  });

  test.each([
    "fan10",
    "fan10-s1-w1-d0",
    "file8",
    "file8-0k",
    "fan0-s1-w1",
    "fan10-s11-w1",
    "rooms10x0-w1",
    "storm",
    "idle-1",
    "idle10-t0",
    "",
  ])("is refused: %j", (name) => expect(() => parseLoad(name)).toThrow(/Cannot run/));
});

describe("a summary", () => {
  const result = (
    deliveries: number,
    cpu: number,
    lostClients = 0,
  ): { result: TalkResult } => ({
    result: {
      kind: "talk",
      deliveries,
      seconds: 1,
      cpu,
      ownCpu: 0.5,
      memory: 1e8,
      latency: { p50: 1, p99: 2, max: 3 },
      checked: deliveries,
      missing: 5,
      reported: 2,
      doubled: 1,
      lostClients,
      broken: undefined,
    },
  });

  test("has the medians, and the median of each round's ratios", () => {
    const { rows } = summarize(parseLoad("fan2-s1-w1"), [
      { subject: "a", answers: [result(100, 1), result(200, 1), result(300, 1)] },
      { subject: "b", answers: [result(400, 1), result(200, 1), result(600, 1)] },
    ]);
    expect(rows.map(({ medians }) => medians[0])).toEqual([200, 400]);
    expect(rows.map(({ ratio }) => ratio)).toEqual([1, 2]);
    expect(rows[0]).toMatchObject({
      checked: 600,
      unreported: 9,
      reported: 6,
      doubled: 3,
    });
  });

  test("has no figure for a server that disconnects its clients, and says so", () => {
    const summary = summarize(parseLoad("fan2-s1-w1"), [
      { subject: "a", answers: [result(100, 1)] },
      { subject: "b", answers: [result(100, 1, 7), { error: "it burns" }] },
    ]);
    expect(summary.rows[1]?.ratio).toBeUndefined();
    const table = toTable(summary);
    expect(table).toContain("b: it disconnects clients");
    expect(table).toContain("b: it burns");
    expect(plot([summary])).toContain("disconnects its clients");
  });

  test("shows the figures that compare servers, or all of them on request", () => {
    const load = parseLoad("fan2-s1-w1");
    const faulty = summarize(load, [{ subject: "a", answers: [result(100, 1)] }]);
    const head = (table: string) => table.split("\n")[0]?.trim().split(/ {2,}/);
    const few = ["×", "deliveries per CPU-second", "deliveries per second", "p99 ms"];
    const faults = ["missing", "reported missing", "doubled"];
    expect(head(toTable(faulty))).toEqual([load.name, ...few, ...faults]);
    const rows = faulty.rows.map((row) => ({
      ...row,
      unreported: 0,
      reported: 0,
      doubled: 0,
    }));
    const good = { ...faulty, rows };
    expect(head(toTable(good))).toEqual([load.name, ...few]);
    for (const name of ["p50 ms", "max ms", "MB", "bench cpu", "checked", ...faults]) {
      expect(head(toTable(good, true))).toContain(name);
    }
  });

  test("computes the median", () => {
    expect(median([])).toBeUndefined();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
