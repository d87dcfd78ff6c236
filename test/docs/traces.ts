// Traces to draw: those of the pages, and one in which somebody waits.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readTrace, TRACES } from "../../scripts/docs/trace/store.ts";
import type { Trace, TraceEvent } from "../../scripts/docs/trace/trace-event.ts";

/** The traces of the pages. */
export const KEPT = readdirSync(TRACES)
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => ({ name, trace: readTrace(join(TRACES, name)) }));

export function traceOf(
  clients: readonly string[],
  events: readonly TraceEvent[],
): Trace {
  return { server: "x", actions: [], clients, events };
}

/** As 02 goes: bob waits until ann has gone. */
export const WAITING = traceOf(
  ["ann", "bob"],
  [
    { at: "ann", kind: "connects" },
    { at: "server", kind: "accepts", peer: "ann", from: 0 },
    { at: "bob", kind: "connects" },
    { at: "server", kind: "accepts", peer: "bob", from: 2 },
    { at: "bob", kind: "sends", text: "anyone <there>?\n" },
    { at: "server", kind: "gets", peer: "bob", from: 4 },
    { at: "ann", kind: "leaves" },
    { at: "server", kind: "reads-end", peer: "ann", from: 6 },
    { at: "server", kind: "ends", peer: "ann", because: 7 },
    { at: "server", kind: "attends", peer: "bob", from: 2, because: 7 },
    { at: "server", kind: "reads", peer: "bob", text: "anyone <there>?\n", from: 4 },
    {
      at: "server",
      kind: "writes",
      peer: "bob",
      text: "anyone <there>?\n",
      because: 10,
      carries: 10,
    },
    { at: "ann", kind: "closed", from: 8 },
    { at: "bob", kind: "receives", from: 11 },
  ],
);
