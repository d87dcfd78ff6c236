// The connection to a server: its lines, and a new connection whenever it is lost.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { LineTooLong, readLineBatches } from "../../examples/shared/line-batches.ts";
import { refusalOf } from "../refusal.ts";

export type ConnectionEvent =
  | { readonly kind: "connected"; readonly send: (lines: readonly string[]) => void }
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  /** Lost, or not made. The next attempt is at `until`, by `performance.now()`. */
  | { readonly kind: "lost"; readonly reason: string; readonly until: number }
  | { readonly kind: "trying" };

/** Bounds for the delay between attempts, which doubles each time. */
const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
/** A connection that lasted this long was a good one, and resets the delay. */
const GOOD_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
const TIMEOUT = Object.assign(new Error("timeout"), { code: "ETIMEDOUT" });
/** How soon a connection is probed whose peer may have vanished silently. */
const KEEP_ALIVE_MS = 30_000;
/** In bytes. Some steps let a user send a megabyte. */
const MAX_LINE = 2 ** 21;

/**
 * The events of a connection that is reopened whenever it is lost.
 *
 * @param signal Ends it for good. Everything already written is still sent.
 * @param sleep Waits between two attempts, in milliseconds.
 */
export async function* connection(
  host: string,
  port: number,
  signal: AbortSignal,
  sleep: typeof setTimeout = setTimeout,
): AsyncGenerator<ConnectionEvent, void> {
  for (let attempt = 0; ; attempt += 1) {
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    const socket = connect({ host, port, noDelay: true, ...keepAlive });
    // The next read throws an error that occurs between two reads.
    socket.on("error", () => {});
    let since = Number.POSITIVE_INFINITY;
    let reason = "the server closed it";
    try {
      // Not AbortSignal.any with a timeout: on Node 20 that may be collected as garbage.
      const timer = globalThis.setTimeout(
        () => socket.destroy(TIMEOUT),
        CONNECT_TIMEOUT_MS,
      );
      await once(socket, "connect", { signal }).finally(() => clearTimeout(timer));
      since = performance.now();
      // The process need not wait for the server's FIN.
      signal.onabort = () => socket.end().unref();
      const send = (lines: readonly string[]) =>
        void socket.write(`${lines.join("\n")}\n`);
      yield { kind: "connected", send };
      for await (const lines of readLineBatches(socket, MAX_LINE)) {
        if (lines.length > 0) yield { kind: "lines", lines };
      }
    } catch (error) {
      const tooLong = error instanceof LineTooLong;
      reason = tooLong ? "it sent a line of more than 2 MB" : refusalOf(error as Error);
    }
    socket.destroy();
    if (signal.aborted) return;
    if (performance.now() - since >= GOOD_MS) attempt = 0;
    // Up to a quarter less, so that the clients of a crashed server do not all come back at
    // the same moment.
    const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
    const delay = longest * (1 - Math.random() / 4);
    yield { kind: "lost", reason, until: performance.now() + delay };
    await sleep(delay, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    yield { kind: "trying" };
  }
}
