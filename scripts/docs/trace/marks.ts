// The elements of a space-time diagram, before they have positions.

import { type LabelLine, labelOf } from "./label.ts";
import type { Trace, TraceEvent } from "./trace-event.ts";

/** An arrow from one lifeline to another: a message, or the news of an action. */
export interface Arrow {
  /** The indices of its two ends in the list of events. Without an end it is lost. */
  readonly start: number;
  readonly end: number | undefined;
  /** `message`: text goes through the connection; `sign`: it begins, or ends; `break`. */
  readonly kind: "message" | "sign" | "break";
  readonly label: readonly LabelLine[];
  /** The client that caused it, if known. */
  readonly whose: string | undefined;
}

/** Something that waits at the server. */
export interface Wait {
  readonly start: number;
  readonly end: number | undefined;
  /**
   * - `unserved`: the connection is accepted, but the program has not attended to it
   * - `unread`: Node holds the message, but the program has not read it
   * - `held`: the program has read the words, but not yet written them to this client
   */
  readonly kind: "unserved" | "unread" | "held";
  /** Drawn on this client's side of the server. */
  readonly side: string;
  readonly whose: string;
  readonly label: string;
}

export interface Marks {
  readonly arrows: readonly Arrow[];
  readonly waits: readonly Wait[];
}

export function marksOf({ events }: Trace): Marks {
  return {
    arrows: events.flatMap((event, index) => arrowFrom(event, index, events)),
    waits: events.flatMap((event, index) => waitFrom(event, index, events)),
  };
}

function arrowFrom(
  event: TraceEvent,
  start: number,
  events: readonly TraceEvent[],
): Arrow[] {
  const found = events.findIndex(
    (one) => "from" in one && one.from === start && one.kind !== "attends",
  );
  const end = found < 0 ? undefined : found;
  switch (event.kind) {
    case "connects":
    case "leaves":
      return [{ start, end, kind: "sign", label: labelOf(event), whose: event.at }];
    case "refused":
    case "resets":
      return [{ start, end, kind: "break", label: labelOf(event), whose: event.at }];
    case "sends":
      return [{ start, end, kind: "message", label: labelOf(event), whose: event.at }];
    case "writes":
    case "ends": {
      // A client that has left receives nothing.
      if (end === undefined) return [];
      const kind = event.kind === "ends" ? "sign" : "message";
      return [
        { start, end, kind, label: labelOf(event), whose: authorOf(event, events) },
      ];
    }
    default:
      return [];
  }
}

/** The client whose words are written, or else whose action led to the event. */
function authorOf(
  event: Extract<TraceEvent, { kind: "writes" | "ends" }>,
  events: readonly TraceEvent[],
): string | undefined {
  const carries = event.kind === "writes" ? event.carries : undefined;
  const source = carries ?? event.because;
  if (source === undefined) return undefined;
  const led = events[source];
  return led !== undefined && "peer" in led ? led.peer : undefined;
}

function waitFrom(
  event: TraceEvent,
  start: number,
  events: readonly TraceEvent[],
): Wait[] {
  const after = (kind: string, from: number): number | undefined => {
    const found = events.findIndex(
      (one) => one.kind === kind && "from" in one && one.from === from,
    );
    return found < 0 ? undefined : found;
  };
  if (event.kind === "accepts") {
    const end = after("attends", event.from);
    // A connection that is never served looks like one that is served silently.
    if (end === undefined) return [];
    const { peer } = event;
    return [
      { start, end, kind: "unserved", side: peer, whose: peer, label: "not served yet" },
    ];
  }
  if (event.kind === "gets") {
    const end = after("reads", event.from);
    const { peer } = event;
    return [{ start, end, kind: "unread", side: peer, whose: peer, label: "unread" }];
  }
  if (event.kind !== "reads") return [];
  return events.flatMap((one, end): Wait[] => {
    if (one.kind !== "writes" || one.carries !== start) return [];
    const between = events.slice(start, end);
    // An action in between shows that the words could have been written earlier.
    if (!between.some(({ at, kind }) => at !== "server" && isAction(kind))) return [];
    const label = `“${event.text.trim()}” waits`;
    return [{ start, end, kind: "held", side: one.peer, whose: event.peer, label }];
  });
}

function isAction(kind: TraceEvent["kind"]): boolean {
  return ["connects", "sends", "leaves", "resets"].includes(kind);
}
