// The io_uring ring when the kernel refuses submissions: no request is lost or overwritten,
// and each completes once.
import { constants } from "node:os";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  POLLERS,
  unavailableReason,
} from "../../examples/shared/poll/readiness/pollers.ts";
import { CQE, SQE, URING } from "../../examples/shared/poll/sys/layout-uring.ts";
import { type Enter, Uring } from "../../examples/shared/poll/sys/uring.ts";
import { RequestQueue } from "../../examples/shared/poll/sys/uring-requests.ts";

const { EAGAIN, EBUSY, EINTR, EINVAL } = constants.errno;
const poller = POLLERS.find(({ name }) => name === "uring");
const why = poller ? unavailableReason(poller) : "it is unknown";
if (why) console.warn(`\n*** NOT RUN here: the io_uring ring: ${why} ***\n`);

const rings: Uring[] = [];
function open(entries: number, completions: number, around?: (enter: Enter) => Enter) {
  const ring = new Uring({ entries, completions }, around);
  rings.push(ring);
  return ring;
}
afterEach(() => {
  for (const ring of rings.splice(0)) ring.close();
});

/** Submits a request; by default a no-op. */
function ask(ring: Uring, id: number, opcode: number = URING.OP_NOP): void {
  const at = ring.next();
  ring.requests[at + SQE.opcode] = opcode;
  ring.requests[at + SQE.userData] = id;
}

/** Takes the completions that are there. @returns The ids of their requests. */
function take(ring: Uring): number[] {
  const ids: number[] = [];
  for (let at = ring.peek(); at !== -1; at = ring.peek()) {
    ids.push(ring.answers[at + CQE.userData] ?? -1);
    ring.advance();
  }
  return ids;
}

/** Submits and takes until there are `count` completions, or gives up. @returns The ids. */
function takeAll(ring: Uring, count: number): number[] {
  const ids: number[] = [];
  for (let time = 0; ids.length < count && time < count + 100; time += 1) {
    ring.enter(1, 50);
    ids.push(...take(ring));
  }
  ring.enter(0, 0);
  return [...ids, ...take(ring)];
}

const upTo = (count: number) => Array.from({ length: count }, (_, id) => id);

describe.skipIf(why)("a ring", () => {
  test("completes each request once, even far more than fit into it", () => {
    const ring = open(2, 4);
    for (const id of upTo(1000)) ask(ring, id);
    expect(takeAll(ring, 1000)).toEqual(upTo(1000));
  });

  test("continues after an invalid request", () => {
    const ring = open(16, 32);
    for (const id of upTo(10)) ask(ring, id, id === 4 ? 255 : URING.OP_NOP);
    ring.enter(10, 10_000);
    const results = upTo(10).map((place) => ring.answers[place * CQE.words + CQE.result]);
    expect(results.toSpliced(4, 1)).toEqual(new Array(9).fill(0));
    expect(results[4]).toBe(-EINVAL);
    expect(take(ring)).toEqual(upTo(10));
  });

  test.each([
    { name: "EBUSY", error: EBUSY },
    { name: "EAGAIN", error: EAGAIN },
    { name: "EINTR", error: EINTR },
  ])(
    "keeps more requests than fit into it while the kernel returns $name",
    ({ error }) => {
      let refuses = true;
      const ring = open(
        2,
        64,
        (enter) =>
          (...call) =>
            refuses ? -error : enter(...call),
      );
      for (const id of upTo(300)) ask(ring, id);
      ring.enter(1, -1);
      expect(take(ring)).toEqual([]);
      refuses = false;
      expect(takeAll(ring, 300)).toEqual(upTo(300));
    },
  );

  test("throws when the kernel refuses for good", () => {
    const ring = open(2, 4, () => () => -EINVAL);
    ask(ring, 0);
    expect(() => ring.enter(0, 0)).toThrow(/Cannot hand requests to the kernel: EINVAL/);
  });

  test("loses nothing, whatever the kernel accepts and in any order of actions", () => {
    const action = fc.oneof(
      fc.record({
        kind: fc.constant("ask" as const),
        count: fc.integer({ min: 1, max: 9 }),
      }),
      fc.constant({ kind: "enter" as const, count: 0 }),
      fc.constant({ kind: "take" as const, count: 0 }),
    );
    // The kernel's result of each call in turn: an error, or at most this many requests.
    const mood = fc.constantFrom(-EBUSY, -EAGAIN, -EINTR, 0, 1, 2, 99);
    const actions = fc.array(action, { maxLength: 40 });
    const moods = fc.array(mood, { maxLength: 60 });
    fc.assert(
      fc.property(actions, moods, (actions, moods) => {
        const ring = open(4, 8, (enter) => moody(enter, [...moods]));
        let asked = 0;
        const answered: number[] = [];
        for (const { kind, count } of actions) {
          for (let time = 0; time < count; time += 1) ask(ring, asked++);
          if (kind === "enter") ring.enter(0, 0);
          if (kind === "take") answered.push(...take(ring));
        }
        answered.push(...takeAll(ring, asked - answered.length));
        expect(answered).toEqual(upTo(asked));
        ring.close();
      }),
      { numRuns: 300 },
    );
  });
});

/** A kernel that treats its first calls as `moods` says, and then behaves normally. */
function moody(enter: Enter, moods: number[]): Enter {
  return (submit, min, flags) => {
    const mood = moods.shift() ?? 99;
    if (mood < 0) return mood;
    return enter(Math.min(submit, mood), mood < submit ? 0 : min, flags);
  };
}

test("requests leave their queue in order, however it grows", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 90 }), { maxLength: 30 }),
      (steps) => {
        const queue = new RequestQueue(2);
        const out = new Int32Array(2);
        let asked = 0;
        let left = 0;
        for (const step of steps) {
          for (let time = 0; time < step; time += 1) {
            const at = queue.add();
            expect([...queue.words.subarray(at, at + 2)]).toEqual([0, 0]);
            queue.words[at] = asked;
            queue.words[at + 1] = ~asked;
            asked += 1;
          }
          for (let time = 0; time > step && queue.length > 0; time -= 1) {
            queue.moveTo(out, 0);
            expect([...out]).toEqual([left, ~left]);
            left += 1;
          }
          expect(queue.length).toBe(asked - left);
        }
      },
    ),
  );
});
