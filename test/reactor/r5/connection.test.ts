// The state machine of r5: its table matches its code, and its invariants hold for any
// events in any order.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Act,
  DEADLINES,
  type Event,
  IDLE,
  next,
  type Request,
  type State,
  TRANSITIONS,
} from "../../../examples/r5-state-machine/connection.ts";
import { BodyReader } from "../../../examples/shared/http-body.ts";

const STATES = Object.keys(TRANSITIONS) as State["is"][];
const bytes = () => Buffer.from("four");

/** Every kind of request that the machine distinguishes. */
const REQUESTS: Request[] = [true, false].flatMap((keep) =>
  [undefined, new BodyReader(1, 1)].flatMap((body) =>
    [true, false].flatMap((expects) =>
      [0, 5].map((delay) => {
        const wants = { is: "text", text: "" } as const;
        return { method: "GET", keep, body, expects, delay, wants };
      }),
    ),
  ),
);

const EVENTS: Event[] = [
  { is: "bytes" },
  ...REQUESTS.map((request) => ({ is: "request", request }) as const),
  { is: "refused", status: 400, method: "GET" },
  { is: "body" },
  { is: "answer", bytes: bytes(), more: false },
  { is: "answer", bytes: bytes(), more: true },
  { is: "cut" },
  { is: "sent", count: 1 },
  // Complete writes: of "four", and of the 100 (Continue).
  { is: "sent", count: 4 },
  { is: "sent", count: 25 },
  { is: "end" },
  { is: "late" },
  { is: "reset" },
];

/** The code's transition; undefined when it refuses the event. */
function stepOf(state: State, event: Event) {
  // No write can take more than there is.
  if (event.is === "sent" && state.is === "writing" && event.count > state.bytes.length)
    return undefined;
  if (TRANSITIONS[state.is][event.is] === undefined) {
    expect(() => next(state, event), `${state.is}, ${event.is}`).toThrow(/Cannot handle/);
    return undefined;
  }
  return next(state, event);
}

/** All reachable states, and each transition between them, as `from event to`. */
function explore() {
  const seen = new Map([[JSON.stringify(IDLE), IDLE]]);
  const ways = new Set<string>();
  for (const state of seen.values()) {
    for (const event of EVENTS) {
      const step = stepOf(state, event);
      if (step === undefined) continue;
      ways.add(`${state.is} ${event.is} ${step.state.is}`);
      seen.set(JSON.stringify(step.state), step.state);
    }
  }
  return { states: [...seen.values()], ways };
}

describe("the table", () => {
  test("has exactly the transitions that the code makes", () => {
    const table = STATES.flatMap((from) =>
      Object.entries(TRANSITIONS[from]).flatMap(([on, targets]) =>
        targets.map((to) => `${from} ${on} ${to}`),
      ),
    );
    expect([...explore().ways].sort()).toEqual(table.sort());
  });

  test("has a way out of each state that needs nothing from the client", () => {
    for (const state of explore().states) {
      // Only time, and a worker that answers or dies.
      let now = state;
      for (let step = 0; step < 10 && now.is !== "closed"; step += 1) {
        const isTimed = DEADLINES[now.is] !== undefined;
        now = next(now, { is: isTimed ? "late" : "cut" }).state;
      }
      expect(now.is, JSON.stringify(state)).toBe("closed");
    }
  });

  test("a state that waits for the client has a deadline", () => {
    const byClient: Event["is"][] = ["bytes", "request", "body", "sent", "end"];
    for (const state of STATES) {
      const waits = byClient.some((event) => TRANSITIONS[state][event] !== undefined);
      if (waits) expect(DEADLINES[state], state).toBeDefined();
    }
  });

  test("closes a lost connection at once, whatever its state", () => {
    for (const state of explore().states.filter(({ is }) => is !== "closed")) {
      const { state: after, act } = next(state, { is: "reset" });
      expect([after.is, act?.do]).toEqual(["closed", "close"]);
    }
  });
});

/** Applies possible events to one connection. */
function live(events: readonly Event[]) {
  let state = IDLE;
  const log: { event: Event; from: State; state: State; act: Act | undefined }[] = [];
  for (const event of events) {
    const step = stepOf(state, event);
    if (step === undefined) continue;
    log.push({ event, from: state, ...step });
    state = step.state;
  }
  return log;
}

const lives = fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }).map(live);
/** Mostly good events, because errors end a connection early. */
const longLives = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...EVENTS.filter(isGood)) },
      { weight: 1, arbitrary: fc.constantFrom(...EVENTS) },
    ),
    { maxLength: 200 },
  )
  .map(live);

function isGood(event: Event): boolean {
  return !["refused", "cut", "end", "late", "reset"].includes(event.is);
}

describe.each([
  ["short", lives],
  ["long", longLives],
])("in a %s life", (_, some) => {
  test("each request is answered before the next is parsed", () => {
    fc.assert(
      fc.property(some, (log) => {
        let asked = 0;
        let begun = 0;
        for (const { event, act } of log) {
          if (event.is === "request") {
            // Every earlier request has its answer.
            expect(begun).toBe(asked);
            asked += 1;
          }
          if (act?.do === "answer") begun += 1;
          expect(begun).toBeLessThanOrEqual(asked);
        }
      }),
    );
  });

  test("an answer that was started is written completely, or nothing follows it", () => {
    fc.assert(
      fc.property(some, (log) => {
        for (const { event, from, state } of log) {
          if (from.is !== "writing" || state.is === "closed") continue;
          expect(event.is).toBe("sent");
          if (event.is !== "sent") continue;
          if (event.count < from.bytes.length) expect(state.is).toBe("writing");
          else expect(state).toEqual(from.after);
        }
      }),
    );
  });

  test("after a refusal, nothing is answered", () => {
    fc.assert(
      fc.property(some, (log) => {
        const refused = log.findIndex(({ act }) => act?.do === "refuse");
        const after = refused === -1 ? [] : log.slice(refused + 1);
        for (const { event, act } of after) {
          expect(["request", "bytes"]).not.toContain(event.is);
          expect(["answer", "refuse"]).not.toContain(act?.do);
        }
      }),
    );
  });

  test("a connection is closed once, and nothing follows", () => {
    fc.assert(
      fc.property(some, (log) => {
        const ends = log.filter(({ act }) => act?.do === "close" || act?.do === "reset");
        expect(ends.length).toBe(log.at(-1)?.state.is === "closed" ? 1 : 0);
      }),
    );
  });
});
