// What a guest must know about Node's own loop, libuv's: where it waits, and for how long.
// Node exports libuv's functions.
import { isMainThread } from "node:worker_threads";
import { type CFunction, library } from "../ffi.ts";
import type { Source, Watcher } from "../readiness/poll.ts";

/**
 * The main thread's loop as a source for our registry. It is readable when something has
 * happened that libuv waits for, such as a signal, a message, a completed file read, or an
 * event on a `node:net` socket. Timers do not make it readable; `timeout` covers them.
 *
 * Sources: libuv's documentation of `uv_backend_fd`, `uv_backend_timeout` and
 * `uv_update_time` (docs.libuv.org/en/v1.x/loop.html), and its test/test-embed.c.
 */
export class NodeLoop implements Source {
  readonly fd: number;
  /** Never closed by us: Node closes it at exit. */
  readonly closed = false;
  readonly #loop: number;
  readonly #calls: { update: CFunction; timeout: CFunction };
  #watcher: Watcher | undefined;

  /** @throws {Error} On Windows, in a worker, and where Node does not export libuv. */
  constructor() {
    const why = unsupported();
    if (why !== undefined) throw cannot(why);
    const { fn } = library();
    try {
      this.#loop = fn("intptr_t uv_default_loop()")();
      this.#calls = {
        update: fn("void uv_update_time(intptr_t loop)"),
        timeout: fn("int uv_backend_timeout(intptr_t loop)"),
      };
      this.fd = fn("int uv_backend_fd(intptr_t loop)")(this.#loop);
    } catch (cause) {
      throw cannot("this Node does not export libuv", cause);
    }
  }

  get watcher(): Watcher | undefined {
    return this.#watcher;
  }

  setWatcher(watcher: Watcher | undefined): void {
    this.#watcher = watcher;
  }

  /**
   * How long libuv would sleep now, in milliseconds: until its next timer, or Infinity when
   * there is none. It is 0 when something must run at once, when nothing keeps the process
   * alive, and when Node watches something new that the kernel does not know of yet,
   * because libuv registers it only when it polls.
   */
  timeout(): number {
    // libuv reads the clock once per round; counted from an old reading the time is too
    // long.
    this.#calls.update(this.#loop);
    const ms = this.#calls.timeout(this.#loop);
    return ms < 0 ? Number.POSITIVE_INFINITY : ms;
  }
}

function unsupported(): string | undefined {
  if (process.platform === "win32") return "on Windows its loop has no descriptor";
  if (!isMainThread) return "the loop of a worker is out of reach";
  return undefined;
}

function cannot(why: string, cause?: unknown): Error {
  const instead = "Let the loop own its thread (runLoop), or a worker (LoopWorker)";
  return new Error(`Cannot be Node's guest: ${why}. ${instead}`, { cause });
}
