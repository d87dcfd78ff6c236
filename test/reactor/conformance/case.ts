// A case of the conformance suite: something that each poller promises. Nothing here knows
// of a test runner: the cases also run as plain JavaScript, under wine too.

import type { TcpListener, TcpStream } from "../../../examples/shared/poll/net.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Selector } from "../../../examples/shared/poll/readiness/selector.ts";
import type { Sockets } from "../../../examples/shared/poll/sockets.ts";
import type { Faults } from "./faults.ts";
import type { Job, Partner } from "./partner.ts";

/** What a place must have for a case to say anything there. */
export type Need = "kernel" | "threads" | "signals";

export interface Case {
  readonly name: string;
  /** Where it is promised: a manual page and section, a header, or mio's documentation. */
  readonly promise: string;
  readonly needs?: readonly Need[];
  /** Where it is known not to be held, and why: `kqueue on linux`. It is tried there too. */
  readonly deviates?: Readonly<Record<string, string>>;
  /** @throws {Broken} When the promise is. @throws {NotHere} When it cannot be tried. */
  readonly run: (context: Context) => void | Promise<void>;
}

/** What a case is given. All that it opens is closed after it. */
export interface Context {
  readonly poller: string;
  readonly sockets: Sockets;
  openPoll(): Poll;
  openSelector(): Selector;
  listen(): TcpListener;
  /** Begins to connect. */
  connect(listener: TcpListener): TcpStream;
  /** Two ends of a connection that is made. */
  pair(): [TcpStream, TcpStream];
  /** Sockets of the same kind, whose calls fail when they are to. */
  faults(): Faults;
  /** Closes it after the case, if it is not closed. */
  keep<Closed extends { close(): void }>(closed: Closed): Closed;
  /** Closes all that the case has opened so far. */
  closeAll(): void;
  /** The same, but for one. */
  closeAllBut(kept: { close(): void }): void;
  /** A thread that is ready to do its job, and waits for `go`. */
  partner(job: Job): Promise<Partner>;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** How many descriptors this process has open; undefined where one cannot count them. */
  descriptors(): number | undefined;
}

/** Those that imitate a kernel; the kernels themselves keep the error for whoever reads. */
export const CLEARS_ERROR = {
  "kqueue on linux": "libkqueue asks for SO_ERROR itself, and so clears it",
  "afd on win32": "Wine's AFD asks for SO_ERROR itself, and so clears it",
};

/** A promise was broken. */
export class Broken extends Error {}
/** A case cannot be tried on this machine: the message says why. */
export class NotHere extends Error {}

export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}

export function equal<Value>(got: Value, expected: Value, what: string): void {
  const [left, right] = [JSON.stringify(got), JSON.stringify(expected)];
  if (left !== right) throw new Broken(`${what}: got ${left}, expected ${right}`);
}

/** The error that a call must throw. @param code `EEXIST`, or the name of the class. */
export function throws(code: string, call: () => unknown, what: string): void {
  try {
    call();
  } catch (error) {
    const { code: got, name } = error as NodeJS.ErrnoException;
    equal(got ?? name, code, what);
    return;
  }
  throw new Broken(`${what}: threw nothing, expected ${code}`);
}
