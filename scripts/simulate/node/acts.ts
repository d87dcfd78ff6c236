// What programs do on their connections, for observers such as the page.
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
  | "has finished"
  | "stops reading"
  | "resumes reading"
  | "is not connected"
  | "is connected already"
  | "resets"
  | "closes"
  | "prints"
  | "ends";

export interface Act {
  /** Milliseconds since the machine was started. */
  readonly at: number;
  readonly by: "server" | "client";
  readonly what: Verb;
  /** The client's port, which identifies the connection; 0 if there is none. */
  readonly port: number;
  /** The bytes sent or received, or the text printed. */
  readonly data: Uint8Array | string | undefined;
  /** The line of server.ts that did it, from 1; undefined when it is not on the stack. */
  readonly line: number | undefined;
}

export type Note = (what: Verb, port: number, data?: Uint8Array | string) => void;

const LINE = /\bserver\.ts:(\d+)/;
/** Node's streams may put many frames between the server and its socket. */
const DEPTH = 40;

/** Returns the function that a program calls when it does something. */
export function noteOf(
  program: { readonly isActor: boolean },
  schedule: Schedule,
  watch: (act: Act) => void,
): Note {
  return (what, port, data) => {
    const by = program.isActor ? "client" : "server";
    const line = by === "server" ? currentLine() : undefined;
    // The program may reuse the memory of what it sends.
    const copy = typeof data === "object" ? new Uint8Array(data) : data;
    watch({ at: schedule.now, by, what, port, data: copy, line });
  };
}

/** The line of the server that is running now. */
function currentLine(): number | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const [, line] = LINE.exec(new Error().stack ?? "") ?? [];
  Error.stackTraceLimit = before;
  return line === undefined ? undefined : Number(line);
}
