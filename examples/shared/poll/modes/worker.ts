// A loop that owns a worker thread, and the thread that has started it: how the one ends the
// other, although it sleeps where Node cannot reach it.
import {
  MessageChannel,
  type MessagePort,
  Worker,
  type WorkerOptions,
  workerData,
} from "node:worker_threads";
import type { Events } from "../readiness/events.ts";
import type { Poll } from "../readiness/poll.ts";
import { wakerFrom } from "../readiness/pollers.ts";
import type { SharedWaker, Waker } from "../readiness/waker.ts";
import { runLoop } from "./own.ts";
import type { Turn } from "./turn.ts";

/** What a worker gets from its starter, in its `workerData`. */
interface Reins {
  /** Where it sends its waker: a `SharedWaker`. */
  readonly port: MessagePort;
  /**
   * One word, that both see:
   *
   * ```text
   *   FREE ───────────────► HELD ──────────────► ENDING
   *    │  the starter has        it has been       ▲
   *    │  the waker              asked to end      │
   *    └───────────────────────────────────────────┘
   * ```
   */
  readonly state: Int32Array<SharedArrayBuffer>;
}
const FREE = 0;
const HELD = 1;
const ENDING = 2;

/**
 * In the worker: waits and calls `turn`, again and again, until it says "end" or the starter
 * ends it. What the program has behind this call it does then.
 *
 * @param waker Of this poll; its events come to the turn as well.
 * @param events Where the events come; the turn gets it.
 * @param wait How long the first wait may last, in milliseconds; null forever.
 * @throws {Error} In a thread that no `LoopWorker` has started; what the turn throws.
 */
export function runInWorker(
  poll: Poll,
  waker: Waker,
  events: Events,
  turn: Turn,
  wait: number | null = null,
): void {
  const reins: Reins | undefined = workerData?.reins;
  if (reins === undefined) {
    throw new Error("Cannot run in a worker: no LoopWorker is here. Use runLoop instead");
  }
  const { port, state } = reins;
  port.postMessage(waker.shared);
  // Out of this wait Node can tear a thread, out of one in the kernel it cannot. So we go
  // there only when somebody can wake us.
  Atomics.wait(state, 0, FREE);
  const isEnding = () => Atomics.load(state, 0) === ENDING;
  if (isEnding()) return;
  // To be ended comes with a wake, and a wake is an event: a turn is the place to look.
  runLoop(poll, events, (events) => (isEnding() ? "end" : turn(events)), wait);
}

/**
 * In its starter: a worker whose program calls `runInWorker`. Its `workerData` must be an
 * object; it finds `reins` added there.
 *
 * Node ends a thread by asking its JavaScript to stop, and one that sleeps in the kernel has
 * no ears for it: `terminate` would never settle, and `process.exit` would wait for it for
 * ever. Here both wake it.
 */
export class LoopWorker extends Worker {
  /**
   * Its exit code. What it throws is reported as for any worker, by the event
   * `error`.
   */
  readonly ended: Promise<number>;
  readonly #state: Reins["state"];
  #waker: Waker | undefined;

  /** @param file,options As for `Worker`. */
  constructor(file: string | URL, options: WorkerOptions = {}) {
    const { port1, port2 } = new MessageChannel();
    const state = new Int32Array(new SharedArrayBuffer(4));
    const reins: Reins = { port: port2, state };
    super(file, {
      ...options,
      workerData: { ...options.workerData, reins },
      transferList: [...(options.transferList ?? []), port2],
    });
    this.#state = state;
    port1.once("message", (shared: SharedWaker) => this.#hold(wakerFrom(shared)));
    // It is the worker that keeps us alive, and not what we hear from it.
    port1.unref();
    const letGo = () => this.#letGo();
    process.on("exit", letGo);
    this.ended = new Promise((resolve) => {
      this.once("exit", (code: number) => {
        process.off("exit", letGo);
        port1.close();
        resolve(code);
      });
    });
  }

  /**
   * Lets the turn under way be the last. Twice is once.
   *
   * @returns Its exit code, when the program behind the loop is done.
   */
  end(): Promise<number> {
    this.#letGo();
    return this.ended;
  }

  /**
   * Ends it where it stands: what it holds of the kernel stays open as long as we live. Not
   * before its loop has begun: koffi 3.3 ends the whole process when its thread is stopped
   * while it looks a function up.
   */
  override terminate(): Promise<number> {
    const ended = super.terminate();
    this.#letGo();
    return ended;
  }

  #hold(waker: Waker): void {
    this.#waker = waker;
    Atomics.compareExchange(this.#state, 0, FREE, HELD);
    Atomics.notify(this.#state, 0);
  }

  #letGo(): void {
    Atomics.store(this.#state, 0, ENDING);
    Atomics.notify(this.#state, 0);
    this.#waker?.wake();
  }
}
