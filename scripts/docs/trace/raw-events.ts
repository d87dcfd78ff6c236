// The raw events of a trace's server side: the lines that preload.mjs writes.
import { readFileSync } from "node:fs";

/**
 * One line of a raw trace: something that the server saw or did.
 *
 * ```text
 *   listens     exits       the server listens; its process ends
 *   accepts                 Node has taken a connection from the system
 *   attends                 the program first does something with it
 *   gets        gets-end    Node has taken bytes, or the end, from the system
 *   reads       reads-end   the program has taken them from Node
 *   writes      hands-over  the program writes; the system has taken all of it
 *   drains      fails
 *   ends        destroys    the program finishes its side, or both, at once
 *   closes                  the connection has closed
 * ```
 */
export interface RawEvent {
  /** From 1, in order of occurrence. */
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
  /** The number of the connection, from 1, in the order of acceptance. */
  readonly connection?: number;
  /** For an `accepts`: the client's port. */
  readonly port?: number;
  /** How many bytes were got, read or written. */
  readonly bytes?: number;
  /** The same as text, up to 4096 bytes; for `fails`, the error code. */
  readonly text?: string;
  /** For a `hands-over`: the event of the write. */
  readonly write?: number;
  /** The event that led to it, as found by causes.mjs; none for outside events. */
  readonly because?: number;
}

/**
 * The argument for `node --import` that traces a program.
 *
 * ```ts
 * spawn(process.execPath, ["--import", "tsx", "--import", tracer("out.jsonl"), file]);
 * ```
 *
 * @param file The file to write: one JSON line per event.
 */
export function tracer(file: string): string {
  const url = new URL("preload.mjs", import.meta.url);
  url.searchParams.set("out", file);
  return url.href;
}

/** Reads the file of a traced server, which may still be writing it. */
export function readRawEvents(file: string): RawEvent[] {
  const lines = readFileSync(file, "utf8").split("\n");
  // Text after the last line feed is an incomplete line.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as RawEvent);
}
