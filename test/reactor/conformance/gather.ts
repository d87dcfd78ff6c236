// Waits with a poll for events, and proves that an event is not reported.

import type { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import type { Poll, Source } from "../../../examples/shared/poll/readiness/poll.ts";
import { Broken, type Context } from "./case.ts";

/** An event. `what` names its bits: `Readable ReadClosed`. */
export interface Report {
  readonly token: number;
  readonly what: string;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly readClosed: boolean;
  readonly over: boolean;
}

/** Milliseconds to wait for an event. Only a broken poller takes this long. */
const PATIENCE = 10_000;
/** The token of the fence: its event shows that everything before it has arrived. */
const FENCE = 2 ** 30;

/** Waits once. */
export function wait(poll: Poll, timeout: number | null, capacity = 1024): Report[] {
  const events = new Events(capacity);
  poll.poll(events, timeout);
  return [...events].map((event) => {
    const { token, isReadable, isWritable, isReadClosed, isWriteClosed, isError } = event;
    const bits = { isReadable, isWritable, isReadClosed, isWriteClosed, isError };
    const names = Object.entries(bits).filter(([, on]) => on);
    return {
      token,
      what: names.map(([name]) => name.slice(2)).join(" "),
      readable: isReadable,
      writable: isWritable,
      readClosed: isReadClosed,
      over: isReadClosed || isWriteClosed || isError,
    };
  });
}

/** Waits repeatedly until `enough` accepts all events so far. */
export function gather(
  context: Context,
  poll: Poll,
  enough: (reported: readonly Report[]) => boolean,
  capacity = 1024,
): Report[] {
  const reported: Report[] = [];
  const deadline = context.now() + PATIENCE;
  while (!enough(reported)) {
    const left = deadline - context.now();
    if (left <= 0) throw new Broken(`no such event; reported: ${list(reported)}`);
    reported.push(...wait(poll, left, capacity));
  }
  return reported;
}

/** Waits for an event with `token`. @returns The first one. */
export function waitFor(context: Context, poll: Poll, token: number): Report {
  const reported = gather(context, poll, (all) => all.some((one) => one.token === token));
  const first = reported.find((one) => one.token === token);
  if (first) return first;
  throw new Broken("no such event");
}

/**
 * The events until a byte arrives over a new connection. Everything sent before it has
 * arrived and been reported by then.
 */
export function untilFence(context: Context, poll: Poll): Report[] {
  const [ours, theirs] = context.pair();
  poll.registry.register(ours, FENCE, READABLE);
  theirs.write(Uint8Array.of(1));
  const reported = gather(context, poll, (all) =>
    all.some(({ token }) => token === FENCE),
  );
  reported.push(...wait(poll, 0));
  ours.close();
  theirs.close();
  return reported.filter(({ token }) => token !== FENCE);
}

/** The events with `token` until the fence. */
export function reportsOf(context: Context, poll: Poll, token: number): string[] {
  return untilFence(context, poll)
    .filter((one) => one.token === token)
    .map(({ what }) => what);
}

/** Reads until nothing is left. @returns The number of bytes, and the last result. */
export function drain(stream: TcpStream): { count: number; last: string } {
  const into = new Uint8Array(65536);
  for (let count = 0; ; ) {
    const read = stream.read(into);
    if (typeof read !== "number") return { count, last: read };
    count += read;
  }
}

/** Writes until the kernel takes no more. @returns The number of bytes written. */
export function fill(stream: TcpStream): number {
  const bytes = new Uint8Array(65536);
  for (let count = 0; ; ) {
    const written = stream.write(bytes);
    if (typeof written !== "number") return count;
    count += written;
  }
}

/** Waits with a separate poll until the stream is readable. */
export function untilReadable(context: Context, stream: Source): void {
  const poll = context.openPoll();
  poll.registry.register(stream, 1, READABLE);
  waitFor(context, poll, 1);
  poll.registry.deregister(stream);
  poll.close();
}

export function list(reported: readonly Report[]): string {
  return reported.map(({ token, what }) => `${token}: ${what}`).join(", ") || "nothing";
}

/** Opens connections until one gets descriptor `fd`: systems use the lowest free number. */
export function nextOwner(fd: number, pair: () => [TcpStream, TcpStream]): TcpStream {
  for (let time = 0; ; time += 1) {
    const [ours, theirs] = pair();
    if (ours.fd === fd) return ours;
    if (theirs.fd === fd) return theirs;
    // Some systems do not. Any other socket will do then: no case promises the number.
    if (time === 50) return ours;
  }
}
