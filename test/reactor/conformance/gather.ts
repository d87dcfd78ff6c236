// Waits with a poll for what must come, and proves that something does not come.

import type { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import type { Poll, Source } from "../../../examples/shared/poll/readiness/poll.ts";
import { Broken, type Context } from "./case.ts";

/** An event, as `token: what`: `7: readable readClosed`. */
export interface Told {
  readonly token: number;
  readonly what: string;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly readClosed: boolean;
  readonly over: boolean;
}

/** How long to wait for what must come; only what is broken takes so long. */
const PATIENCE = 10_000;
/** Of the connection whose event shows that all before it has arrived. */
const FENCE = 2 ** 30;

/** One wait. */
export function wait(poll: Poll, timeout: number | null, capacity = 1024): Told[] {
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

/** Waits, again and again, until all that was told is enough. */
export function gather(
  context: Context,
  poll: Poll,
  enough: (told: readonly Told[]) => boolean,
  capacity = 1024,
): Told[] {
  const told: Told[] = [];
  const deadline = context.now() + PATIENCE;
  while (!enough(told)) {
    const left = deadline - context.now();
    if (left <= 0) throw new Broken(`it never came; told was ${list(told)}`);
    told.push(...wait(poll, left, capacity));
  }
  return told;
}

/** Waits until something is told of `token`. @returns The first that was. */
export function comes(context: Context, poll: Poll, token: number): Told {
  const told = gather(context, poll, (all) => all.some((one) => one.token === token));
  const first = told.find((one) => one.token === token);
  if (first) return first;
  throw new Broken("it never came");
}

/**
 * All that is told until a byte has come over a connection that was made just now: what
 * happened before has arrived by then, and had its turn.
 */
export function untilFence(context: Context, poll: Poll): Told[] {
  const [ours, theirs] = context.pair();
  poll.registry.register(ours, FENCE, READABLE);
  theirs.write(Uint8Array.of(1));
  const told = gather(context, poll, (all) => all.some(({ token }) => token === FENCE));
  told.push(...wait(poll, 0));
  ours.close();
  theirs.close();
  return told.filter(({ token }) => token !== FENCE);
}

/** What is told of one token until the fence. */
export function toldOf(context: Context, poll: Poll, token: number): string[] {
  return untilFence(context, poll)
    .filter((one) => one.token === token)
    .map(({ what }) => what);
}

/** Reads all that is there. @returns How much, and what ended it. */
export function drain(stream: TcpStream): { count: number; last: string } {
  const into = new Uint8Array(65536);
  for (let count = 0; ; ) {
    const read = stream.read(into);
    if (typeof read !== "number") return { count, last: read };
    count += read;
  }
}

/** Writes until the kernel takes no more. @returns How much it took. */
export function fill(stream: TcpStream): number {
  const bytes = new Uint8Array(65536);
  for (let count = 0; ; ) {
    const written = stream.write(bytes);
    if (typeof written !== "number") return count;
    count += written;
  }
}

/** Waits until the stream can be read, by a poll of its own. */
export function untilReadable(context: Context, stream: Source): void {
  const poll = context.openPoll();
  poll.registry.register(stream, 1, READABLE);
  comes(context, poll, 1);
  poll.registry.deregister(stream);
  poll.close();
}

export function list(told: readonly Told[]): string {
  return told.map(({ token, what }) => `${token}: ${what}`).join(", ") || "nothing";
}

/** Opens connections until one has the descriptor: systems give out the lowest free one. */
export function nextOwner(fd: number, pair: () => [TcpStream, TcpStream]): TcpStream {
  for (let time = 0; ; time += 1) {
    const [ours, theirs] = pair();
    if (ours.fd === fd) return ours;
    if (theirs.fd === fd) return theirs;
    // Not so everywhere: then any other will do, for the number is not what is promised.
    if (time === 50) return ours;
  }
}
