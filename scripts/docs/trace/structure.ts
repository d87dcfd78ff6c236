// The part of a trace that is the same in equivalent runs: everything except the order of
// unordered events. Two messages in flight at the same time may be read in either order. So
// each connection is listed separately, and an event is identified by its position in it;
// causes tie the connections together.
import type { Trace, TraceEvent } from "./trace-event.ts";

/** For each client, in order: what it does and sees, and what the server does for it. */
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
 * What a client receives and what it does are two strands: a line in flight while it types
 * may arrive before or after.
 */
function strandOf(event: TraceEvent): string {
  if (event.at !== "server") return `${event.at} ${"from" in event ? "sees" : "does"}`;
  return "peer" in event ? `server with ${event.peer}` : "server";
}

function tell({ at: _, ...event }: TraceEvent, names: readonly string[]): string {
  const entries = Object.entries(event).map(([key, value]) =>
    typeof value === "number" ? [key, names[value]] : [key, value],
  );
  return JSON.stringify(Object.fromEntries(entries));
}
