// What the server's side of a trace is made of: the lines that preload.mjs writes.
import { readFileSync } from "node:fs";

/**
 * One line of a raw trace: something that the server saw or did.
 *
 * ```text
 *   listens     exits       it listens; its process ends
 *   accepts                 Node has taken a connection from the system
 *   attends                 the program does something with it, for the first time
 *   gets        gets-end    Node has taken bytes, or the end, from the system
 *   reads       reads-end   the program has taken them from Node
 *   writes      hands-over  the program writes; the system has taken all of it
 *   drains      fails
 *   ends        destroys    the program finishes its side, or both, at once
 *   closes                  the connection is gone
 * ```
 */
export interface RawEvent {
  /** From 1, in the order in which they happened. */
  readonly event: number;
  /** Milliseconds since the process began. */
  readonly t: number;
  readonly kind:
    | "listens"
    | "exits"
    | "accepts"
    | "attends"
    | "gets"
    | "gets-end"
    | "reads"
    | "reads-end"
    | "writes"
    | "hands-over"
    | "drains"
    | "fails"
    | "ends"
    | "destroys"
    | "closes";
  /** The number of the connection, from 1, in the order in which they were accepted. */
  readonly connection?: number;
  /** Of an `accepts`: the client's port. */
  readonly port?: number;
  /** How many bytes were got, read or written. */
  readonly bytes?: number;
  /** The same as text, the first 4096 bytes of it; the code of the error that it fails by. */
  readonly text?: string;
  /** Of a `hands-over`: the event that wrote it. */
  readonly write?: number;
  /** The event that led to it (causes.mjs says how that is known); none for what comes from outside. */
  readonly because?: number;
}

/**
 * What `node --import` must be given, to trace what runs then.
 *
 * ```ts
 * spawn(process.execPath, ["--import", "tsx", "--import", tracer("out.jsonl"), file]);
 * ```
 *
 * @param file The file that it writes: a JSON line for each event.
 */
export function tracer(file: string): string {
  const url = new URL("preload.mjs", import.meta.url);
  url.searchParams.set("out", file);
  return url.href;
}

/** Reads the file that a traced server has written, or writes still. */
export function readRawEvents(file: string): RawEvent[] {
  const lines = readFileSync(file, "utf8").split("\n");
  // What stands behind the last line feed is not whole.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as RawEvent);
}
