// The sockets of a simulated network, and what each is ready for.
import { READY, type Ready } from "../../../examples/shared/poll/readiness/events.ts";
import { Pipe } from "./pipe.ts";

const NEVER = Number.POSITIVE_INFINITY;
const OVER =
  READY.readable | READY.writable | READY.readClosed | READY.writeClosed | READY.error;

/** A socket that was opened, and neither listens nor connects. */
export interface Blank {
  readonly kind: "blank";
  port: number;
}

/** A listener, with its backlog: each client arrives at some time. */
export interface Listener {
  readonly kind: "listener";
  readonly port: number;
  readonly waiting: { readonly stream: Stream; readonly at: number }[];
}

export type SimulatedSocket = Blank | Listener | Stream;

/** One end of a connection. */
export class Stream {
  readonly kind = "stream";
  readonly port: number;
  readonly inbox: Pipe;
  outbox: Pipe;
  peer: Stream | undefined;
  /** The time at which the connection is established. */
  connectedAt: number;
  /** The time at which it fails, and its error. */
  failsAt = NEVER;
  failure: "ECONNRESET" | "ECONNREFUSED" = "ECONNRESET";
  /** Whether the failure was reported: it is reported once. */
  failureTaken = false;
  resetOnClose = false;
  closed = false;

  constructor(port: number, connectedAt: number, capacity: number) {
    this.port = port;
    this.connectedAt = connectedAt;
    this.inbox = new Pipe(capacity);
    this.outbox = new Pipe(capacity);
  }

  /** Makes it fail at that time, unless it fails earlier. */
  fail(failure: Stream["failure"], at: number): void {
    if (this.failsAt <= at) return;
    this.failsAt = at;
    this.failure = failure;
  }

  /** What it is ready for. */
  ready(now: number): Ready {
    if (this.failsAt <= now) return OVER;
    if (this.connectedAt > now) return 0;
    const ended = this.inbox.endAt <= now;
    const finished = this.outbox.endAt < NEVER;
    return (
      (ended || this.inbox.hasArrived(now) ? READY.readable : 0) |
      (ended ? READY.readClosed : 0) |
      // A call that can only fail does not return "blocked" either.
      (this.outbox.room > 0 || finished ? READY.writable : 0) |
      (ended && finished ? READY.writeClosed : 0)
    );
  }

  /** The time of the next change after `now`. */
  nextAfter(now: number): number {
    const times = [this.connectedAt, this.failsAt].filter((time) => time > now);
    return Math.min(...times, this.inbox.nextAfter(now));
  }
}

/** The readiness of any socket. */
export function readyOf(socket: SimulatedSocket, now: number): Ready {
  if (socket.kind === "stream") return socket.ready(now);
  if (socket.kind === "blank") return 0;
  return socket.waiting.some(({ at }) => at <= now) ? READY.readable : 0;
}

/** The time of the next change of any socket. */
export function nextAfter(socket: SimulatedSocket, now: number): number {
  if (socket.kind === "stream") return socket.nextAfter(now);
  if (socket.kind === "blank") return NEVER;
  return Math.min(NEVER, ...socket.waiting.map(({ at }) => at).filter((at) => at > now));
}
