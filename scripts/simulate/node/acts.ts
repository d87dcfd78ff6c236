// What programs do over their connections, for those who watch: the page shows it.
import type { Schedule } from "../kernel/schedule.ts";

type Verb =
  | "accepts"
  | "connects"
  | "is refused"
  | "sends"
  | "gets"
  | "gets the end"
  | "gets a reset"
  | "finishes"
  | "resets"
  | "closes"
  | "prints"
  | "ends";

export interface Act {
  /** Milliseconds since the machine was started. */
  readonly at: number;
  readonly by: "server" | "client";
  readonly what: Verb;
  /** The client's port: which connection; 0 for what is about none. */
  readonly port: number;
  /** What was sent, or came; text for what was printed. */
  readonly data: Uint8Array | string | undefined;
  /** The line of server.ts that did it, from 1; undefined when none of it is on the stack. */
  readonly line: number | undefined;
}

export type Note = (what: Verb, port: number, data?: Uint8Array | string) => void;

const LINE = /\bserver\.ts:(\d+)/;
/** Node's streams may have many frames between the server and its socket. */
const DEPTH = 40;

/** What a program calls when it does something. */
export function noteOf(
  program: { readonly isActor: boolean },
  schedule: Schedule,
  watch: (act: Act) => void,
): Note {
  return (what, port, data) => {
    const by = program.isActor ? "client" : "server";
    const line = by === "server" ? currentLine() : undefined;
    // What the program sends may be a part of memory that it uses again.
    const copy = typeof data === "object" ? new Uint8Array(data) : data;
    watch({ at: schedule.now, by, what, port, data: copy, line });
  };
}

/** The line of the server that runs now. */
function currentLine(): number | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const [, line] = LINE.exec(new Error().stack ?? "") ?? [];
  Error.stackTraceLimit = before;
  return line === undefined ? undefined : Number(line);
}
