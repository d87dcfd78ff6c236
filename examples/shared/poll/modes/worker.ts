// A loop that owns a worker thread, and how its starter ends it, although it sleeps in the
// kernel, where Node cannot reach it.
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

/** What a worker receives from its starter, in its `workerData`. */
interface LoopControl {
  /** Where it sends its waker, as a `SharedWaker`. */
  readonly port: MessagePort;
  /**
   * One word that both threads share:
   *
   * ```text
   *   STARTING ──────────► RUNNING ──────────► ENDING
   *    │  the starter has            it has been  ▲
   *    │  the waker                  asked to end │
   *    └──────────────────────────────────────────┘
   * ```
   */
  readonly state: Int32Array<SharedArrayBuffer>;
}
const STARTING = 0;
const RUNNING = 1;
const ENDING = 2;

/**
 * In the worker: waits and calls `turn` repeatedly, until it returns "end" or the starter
 * ends the loop. The worker's program then continues after this call.
 *
 * @param waker The waker of this poll; the turn gets its events as well.
 * @param events Refilled by each wait, and passed to the turn.
 * @param wait The timeout of the first wait, in milliseconds; null for none.
 * @throws {Error} In a thread that no `LoopWorker` has started; whatever the turn throws.
 */
export function runInWorker(
  poll: Poll,
  waker: Waker,
  events: Events,
  turn: Turn,
  wait: number | null = null,
): void {
  const control: LoopControl | undefined = workerData?.loopControl;
  if (control === undefined) {
    throw new Error("Cannot run in a worker: no LoopWorker is here. Use runLoop instead");
  }
  const { port, state } = control;
  port.postMessage(waker.shared);
  // Node can terminate a thread during this wait, but not during one in the kernel. So we
  // enter the kernel only when the starter can wake us.
  Atomics.wait(state, 0, STARTING);
  const isEnding = () => Atomics.load(state, 0) === ENDING;
  if (isEnding()) return;
  // A request to end comes with a wake, and so with an event: checking once per turn is
  // enough.
  runLoop(poll, events, (events) => (isEnding() ? "end" : turn(events)), wait);
}

/**
 * In the starter: a worker whose program calls `runInWorker`. Its `workerData` must be an
 * object; `loopControl` is added to it.
 *
 * Node ends a thread by stopping its JavaScript, which has no effect while the thread
 * sleeps in the kernel: `terminate` would never settle, and `process.exit` would hang. Here
 * both wake it.
 */
export class LoopWorker extends Worker {
  /**
   * Resolves to its exit code. Its errors are reported as for any worker, by the event
   * `error`.
   */
  readonly ended: Promise<number>;
  /** Those to wake before the process exits. */
  static readonly #running = new Set<LoopWorker>();
  readonly #state: LoopControl["state"];
  #waker: Waker | undefined;

  /** @param file,options As for `Worker`. */
  constructor(file: string | URL, options: WorkerOptions = {}) {
    const { port1, port2 } = new MessageChannel();
    const state = new Int32Array(new SharedArrayBuffer(4));
    const control: LoopControl = { port: port2, state };
    super(file, {
      ...options,
      workerData: { ...options.workerData, loopControl: control },
      transferList: [...(options.transferList ?? []), port2],
    });
    this.#state = state;
    port1.once("message", (shared: SharedWaker) => this.#setWaker(wakerFrom(shared)));
    // The worker keeps the process alive; the port must not.
    port1.unref();
    LoopWorker.#add(this);
    this.ended = new Promise((resolve) => {
      this.once("exit", (code: number) => {
        LoopWorker.#remove(this);
        port1.close();
        resolve(code);
      });
    });
  }

  /**
   * Ends the loop after the current turn. Idempotent.
   *
   * @returns Its exit code, when the rest of its program is done.
   */
  end(): Promise<number> {
    this.#requestEnd();
    return this.ended;
  }

  /**
   * Ends it abruptly: its kernel resources stay open as long as the process lives. Do not
   * call it before the loop has started: koffi 3.3 ends the process when a thread is
   * stopped while it looks up a function.
   */
  override terminate(): Promise<number> {
    const ended = super.terminate();
    this.#requestEnd();
    return ended;
  }

  /** One listener for all: Node warns of a leak when there are more than ten. */
  static #add(worker: LoopWorker): void {
    if (LoopWorker.#running.size === 0) process.on("exit", LoopWorker.#endAll);
    LoopWorker.#running.add(worker);
  }

  static #remove(worker: LoopWorker): void {
    LoopWorker.#running.delete(worker);
    if (LoopWorker.#running.size === 0) process.off("exit", LoopWorker.#endAll);
  }

  static readonly #endAll = (): void => {
    for (const worker of LoopWorker.#running) worker.#requestEnd();
  };

  #setWaker(waker: Waker): void {
    this.#waker = waker;
    Atomics.compareExchange(this.#state, 0, STARTING, RUNNING);
    Atomics.notify(this.#state, 0);
  }

  #requestEnd(): void {
    Atomics.store(this.#state, 0, ENDING);
    Atomics.notify(this.#state, 0);
    this.#waker?.wake();
  }
}
