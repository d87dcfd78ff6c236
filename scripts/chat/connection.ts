// The connection to a server: its lines, and a new connection when it is lost.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { LineTooLong, readLineBatches } from "../../examples/shared/line-batches.ts";
import { refusalOf } from "../refusal.ts";

export type ConnectionEvent =
  | { readonly kind: "connected"; readonly send: (lines: readonly string[]) => void }
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  /** Lost, or not made: the next attempt is at `until`, of `performance.now()`. */
  | { readonly kind: "lost"; readonly reason: string; readonly until: number }
  | { readonly kind: "trying" };

/** The delays between attempts: each is twice as long as the one before. */
const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
/** A connection that lasted so long was a good one: the delays begin again. */
const GOOD_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
const TIMEOUT = Object.assign(new Error("timeout"), { code: "ETIMEDOUT" });
/** How soon a peer that has vanished without a word is noticed. */
const KEEP_ALIVE_MS = 30_000;
/** In bytes: some steps let a user say a megabyte. */
const MAX_LINE = 2 ** 21;

/**
 * What happens to a connection that is made again whenever it is lost.
 *
 * @param signal Ends it for good: what was sent still goes out.
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
    // An error between two reads: the next read throws it.
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
      // The process need not wait for the server's answer.
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
    // Less up to a quarter: the clients of a server that crashed must not all come back at
    // the same moment.
    const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
    const delay = longest * (1 - Math.random() / 4);
    yield { kind: "lost", reason, until: performance.now() + delay };
    await sleep(delay, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    yield { kind: "trying" };
  }
}
