// A case of the conformance suite: something that every poller promises. Nothing here needs
// a test runner: the cases also run as plain JavaScript, and under Wine.

import type { TcpListener, TcpStream } from "../../../examples/shared/poll/net.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Selector } from "../../../examples/shared/poll/readiness/selector.ts";
import type { Sockets } from "../../../examples/shared/poll/sockets.ts";
import type { Faults } from "./faults.ts";
import type { Job, Partner } from "./partner.ts";

/** What a platform must have for a case to run on it. */
export type Need = "kernel" | "threads" | "signals";

export interface Case {
  readonly name: string;
  /** The source of the promise: a manual page's section, a header, mio's documentation. */
  readonly promise: string;
  readonly needs?: readonly Need[];
  /** Known deviations, with the reason, by `kqueue on linux`. The case runs there too. */
  readonly deviates?: Readonly<Record<string, string>>;
  /** @throws {Broken} On a broken promise. @throws {NotHere} When it cannot be tried. */
  readonly run: (context: Context) => void | Promise<void>;
}

/** What a case works with. Everything that it opens is closed after the case. */
export interface Context {
  readonly poller: string;
  readonly sockets: Sockets;
  openPoll(): Poll;
  openSelector(): Selector;
  listen(): TcpListener;
  /** Starts connecting. */
  connect(listener: TcpListener): TcpStream;
  /** The two ends of an established connection: accepted, connecting. */
  pair(): [TcpStream, TcpStream];
  /** Sockets of the same kind, with calls that can be made to fail. */
  faults(): Faults;
  /** Closes it after the case, unless it is already closed. */
  keep<Closed extends { close(): void }>(closed: Closed): Closed;
  /** Closes everything that the case has opened so far. */
  closeAll(): void;
  /** Closes everything except `kept`. */
  closeAllBut(kept: { close(): void }): void;
  /** A thread that is ready to do its job, waiting for `go`. */
  partner(job: Job): Promise<Partner>;
  /** Milliseconds on a monotonic clock. */
  now(): number;
  /** The number of open descriptors; undefined where they cannot be counted. */
  descriptors(): number | undefined;
}

/** Emulations that clear SO_ERROR; the kernels keep the error for the program. */
export const CLEARS_ERROR = {
  "kqueue on linux": "libkqueue asks for SO_ERROR itself, and so clears it",
  "afd on win32": "Wine's AFD asks for SO_ERROR itself, and so clears it",
};

/** A promise is broken. */
export class Broken extends Error {}
/** A case cannot run on this machine; the message says why. */
export class NotHere extends Error {}

export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}

export function equal<Value>(got: Value, expected: Value, what: string): void {
  const [left, right] = [JSON.stringify(got), JSON.stringify(expected)];
  if (left !== right) throw new Broken(`${what}: got ${left}, expected ${right}`);
}

/** Asserts that `call` throws. @param code `EEXIST`, or the name of the error's class. */
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
