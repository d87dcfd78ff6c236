// Writes an event as it stands in a session: what parse.ts reads.
import type { SessionEvent } from "./session-event.ts";

export function formatEvent(event: SessionEvent): string {
  switch (event.kind) {
    case "types":
      return `${event.client} ${event.raw ? ">|" : ">"} ${event.text}`.trimEnd();
    case "sees":
      return event.text === "" ? `${event.client} <` : `${event.client} < ${event.text}`;
    case "skips":
      return `${event.client} < ...`;
    case "prints":
      return `server | ${event.text}`.trimEnd();
    case "prints-some":
      return "server | ...";
    case "interrupted":
      return "server gets Ctrl-C";
    case "ends":
      return event.code === 0 ? "server ends" : `server ends with ${event.code}`;
    case "fails":
      return `server ${event.server} ${event.how}`;
    case "connects":
      if (event.server) return `${event.client} connects to ${event.server}`;
      return `${event.client} ${ACTIONS.connects}`;
    case "refused":
    case "nothing":
    case "closed":
    case "leaves":
    case "resets":
      return `${event.client} ${ACTIONS[event.kind]}`;
    default:
      return event satisfies never;
  }
}

/** How an action is written, after the client's name. */
export const ACTIONS = {
  connects: "connects",
  refused: "is refused",
  nothing: "sees nothing",
  closed: "is closed",
  leaves: "leaves",
  resets: "resets",
} as const;
