// Space-time diagrams: nothing covers a text, time runs down, and each is told in words too.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawDiagram } from "../../scripts/docs/trace/diagram.ts";
import { wrap } from "../../scripts/docs/trace/label.ts";
import { layOut } from "../../scripts/docs/trace/layout.ts";
import { marksOf } from "../../scripts/docs/trace/marks.ts";
import type { Trace, TraceEvent } from "../../scripts/docs/trace/trace-event.ts";
import { sentencesOf } from "../../scripts/docs/trace/trace-sentences.ts";
import { KEPT, traceOf, WAITING } from "./traces.ts";

/** Talk of up to four, of which the server repeats some to some, now or later. */
const talks = fc
  .record({
    count: fc.integer({ min: 1, max: 4 }),
    turns: fc.array(
      fc.record({
        who: fc.nat(3),
        text: fc.string({ minLength: 1, maxLength: 60 }),
        to: fc.array(fc.nat(3), { maxLength: 4 }),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ count, turns }) => {
    const clients = ["ann", "bob", "eve", "dan"].slice(0, count);
    const events: TraceEvent[] = clients.flatMap((at, index): TraceEvent[] => [
      { at, kind: "connects" },
      { at: "server", kind: "accepts", peer: at, from: 2 * index },
    ]);
    const reads: number[] = [];
    for (const { who, text, to } of turns) {
      const at = clients[who % count] ?? "ann";
      events.push({ at, kind: "sends", text });
      const from = events.length - 1;
      events.push({ at: "server", kind: "reads", peer: at, text, from });
      reads.push(events.length - 1);
      const writes = to.map((index) => {
        const carries = reads[index % reads.length] ?? 0;
        const peer = clients[index % count] ?? "ann";
        events.push({ at: "server", kind: "writes", peer, text, carries });
        return { peer, from: events.length - 1 };
      });
      for (const { peer, from } of writes) {
        events.push({ at: peer, kind: "receives", from });
      }
    }
    return traceOf(clients, events);
  });

function expectCauseAbove({ events }: Trace, ys: readonly number[]): void {
  const last = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    const y = ys[index] ?? Number.NaN;
    expect(y).toBeGreaterThan(last.get(event.at) ?? 0);
    last.set(event.at, y);
    if ("from" in event) expect(y).toBeGreaterThan(ys[event.from] ?? Number.NaN);
  }
}

describe("time runs down", () => {
  for (const { name, trace } of [...KEPT, { name: "waiting", trace: WAITING }]) {
    test(`in ${name}`, () => expectCauseAbove(trace, layOut(trace).ys));
  }

  test("in any talk", () => {
    fc.assert(fc.property(talks, (trace) => expectCauseAbove(trace, layOut(trace).ys)));
  });
});

describe("what waits is shown", () => {
  test("the connection and the message of one who is not served", () => {
    const { waits } = marksOf(WAITING);
    expect(waits.map(({ kind, start, end }) => [kind, start, end])).toEqual([
      ["unserved", 3, 9],
      ["unread", 5, 10],
    ]);
    // Side by side, and not one over the other.
    const [one, two] = layOut(WAITING).waits;
    expect(one?.offset).not.toBe(two?.offset);
    expect(one?.offset).toBeGreaterThan(0);
  });

  test("words that are written on only after others have spoken", () => {
    const trace = KEPT.find(({ name }) => name.startsWith("07-"))?.trace;
    if (trace === undefined) throw new Error("07 has no trace");
    const held = marksOf(trace).waits.filter(({ kind }) => kind === "held");
    expect(held.map(({ whose, side }) => `${whose} to ${side}`)).toContain("ann to bob");
    const chat = KEPT.find(({ name }) => name.startsWith("08-"))?.trace;
    if (chat === undefined) throw new Error("08 has no trace");
    expect(marksOf(chat).waits).toEqual([]);
  });
});

test("the server stands where the fewest arrows cross a lifeline", () => {
  expect(layOut(WAITING).order).toEqual(["ann", "server", "bob"]);
  const alone = layOut(traceOf(["ann"], WAITING.events.slice(0, 2)));
  expect(alone.order).toContain("server");
});

test("a label is broken at blanks, evenly, and cut when it is too long", () => {
  const broken = (text: string) =>
    wrap([{ text, verbatim: true }], 16).map((line) => line.text);
  expect(broken("SunlitYak is now Ann")).toEqual(["SunlitYak", "is now Ann"]);
  expect(broken("short")).toEqual(["short"]);
  expect(broken("x".repeat(80))).toHaveLength(3);
  expect(broken("x".repeat(80)).at(-1)).toMatch(/…$/);
});

test("what clients type does not become markup", () => {
  expect(drawDiagram(WAITING)).toContain("&lt;there&gt;");
  expect(drawDiagram(WAITING)).not.toContain("<there>");
});

test("words tell the same", () => {
  expect(sentencesOf(WAITING)).toEqual([
    "ann connects; the server accepts.",
    "bob connects; the server accepts, but does not turn to bob yet.",
    "bob sends “anyone <there>?”; the server leaves “anyone <there>?” unread.",
    "ann has finished; the server sees that ann has finished, closes ann’s connection, " +
      "turns to bob, reads bob’s “anyone <there>?” and writes “anyone <there>?” to bob.",
  ]);
});
