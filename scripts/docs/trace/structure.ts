// What of a trace is the same in every run that goes the same way: all but the order of
// what has no order.
//
// Two messages that are on their way at once may be read in either order. So each
// connection is drawn by itself, and an event by its place in it; what ties connections
// together are the causes.
import type { Trace, TraceEvent } from "./trace-event.ts";

/** For each client what it does and sees, and what the server does for it; in order. */
export function structureOf({ server, actions, clients, events }: Trace): object {
  const strands = new Map<string, string[]>();
  const names: string[] = [];
  for (const event of events) {
    const strand = strandOf(event);
    const before = strands.get(strand) ?? [];
    names.push(`${strand} ${before.length}`);
    strands.set(strand, [...before, tell(event, names)]);
  }
  const sorted = [...strands].sort(([a], [b]) => (a < b ? -1 : 1));
  return { server, actions, clients, strands: sorted };
}

/**
 * What comes to a client, and what it does, are two strands: a line that is on its way
 * when it types may come before or after.
 */
function strandOf(event: TraceEvent): string {
  if (event.at !== "server") return `${event.at} ${"from" in event ? "sees" : "does"}`;
  return "peer" in event ? `server with ${event.peer}` : "server";
}

function tell({ at: _, ...event }: TraceEvent, names: readonly string[]): string {
  const told = Object.entries(event).map(([key, value]) =>
    typeof value === "number" ? [key, names[value]] : [key, value],
  );
  return JSON.stringify(Object.fromEntries(told));
}
