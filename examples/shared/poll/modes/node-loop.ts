// What a guest must know of Node's own loop, libuv's: where it waits, and for how long. Node
// shows libuv's functions to those that ask for them.
import { isMainThread } from "node:worker_threads";
import { type CFunction, library } from "../ffi.ts";
import type { Source, Watcher } from "../readiness/poll.ts";

/**
 * The loop of the main thread, as a source for our registry: it is readable when something
 * has happened that libuv waits for, such as a signal, a message, a file that was read, or
 * anything on a socket of `node:net`. Timers are not of that kind: `rest` tells of these.
 *
 * Sources: libuv's documentation of `uv_backend_fd`, `uv_backend_timeout` and
 * `uv_update_time` (docs.libuv.org/en/v1.x/loop.html), and its test/test-embed.c.
 */
export class NodeLoop implements Source {
  readonly fd: number;
  /** Never: Node closes it when it ends. */
  readonly closed = false;
  readonly #loop: number;
  readonly #calls: { update: CFunction; timeout: CFunction };
  #watcher: Watcher | undefined;

  /** @throws {Error} On Windows, in a worker, and where Node does not show its libuv. */
  constructor() {
    const why = hindrance();
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
      throw cannot("this Node does not show its libuv", cause);
    }
  }

  get watcher(): Watcher | undefined {
    return this.#watcher;
  }

  watchedBy(watcher: Watcher | undefined): void {
    this.#watcher = watcher;
  }

  /**
   * How long libuv would sleep now, in milliseconds: until its next timer; forever, when
   * there is none. It is 0 when something is to run at once; when nothing keeps the process
   * alive; and when Node has begun to watch something of which the kernel does not know yet,
   * because libuv tells it only when it polls.
   */
  rest(): number {
    // libuv looks at the clock once a round. Counted from an old look the time is too long.
    this.#calls.update(this.#loop);
    const rest = this.#calls.timeout(this.#loop);
    return rest < 0 ? Number.POSITIVE_INFINITY : rest;
  }
}

function hindrance(): string | undefined {
  if (process.platform === "win32") return "on Windows its loop has no descriptor";
  if (!isMainThread) return "the loop of a worker cannot be asked for";
  return undefined;
}

function cannot(why: string, cause?: unknown): Error {
  const instead = "Let the loop own its thread (runLoop), or a worker (LoopWorker)";
  return new Error(`Cannot be Node's guest: ${why}. ${instead}`, { cause });
}
