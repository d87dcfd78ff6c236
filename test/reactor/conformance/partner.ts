// The other thread of a case. It wakes, writes or signals while the first thread waits.
import { constants } from "node:os";
import { Worker } from "node:worker_threads";
import type { SharedWaker } from "../../../examples/shared/poll/readiness/waker.ts";

/** Indices into the memory that both threads share. */
export const BOX = { go: 0, sent: 1, acked: 2, value: 3 } as const;

export type Job =
  /** Wakes once. */
  | { readonly kind: "wake"; readonly waker: SharedWaker }
  /** Counts up and wakes; with `lockstep`, waits until each wake is acknowledged. */
  | {
      readonly kind: "count";
      readonly waker: SharedWaker;
      readonly times: number;
      readonly lockstep: boolean;
    }
  /** Writes a byte to a descriptor. */
  | { readonly kind: "write"; readonly fd: number }
  /** Each time `sent` grows, writes a byte to descriptor `value`, and acknowledges. */
  | { readonly kind: "write each" }
  /** Connects to a port, stores the descriptor in `value`, and wakes. */
  | { readonly kind: "connect"; readonly port: number; readonly waker: SharedWaker }
  /** Sends a signal to a thread `times` times, then wakes. */
  | {
      readonly kind: "signal";
      readonly waker: SharedWaker;
      readonly thread: number;
      readonly times: number;
    };

/** The worker data of a partner's thread. */
export interface PartnerData {
  readonly job: Job;
  readonly box: Int32Array<SharedArrayBuffer>;
}

/** The signal of the EINTR case. Node reserves SIGUSR1 for its debugger. */
export const SIGNAL = constants.signals.SIGUSR2;

/**
 * Waits until a word is at least `value`. Spins `spins` times first, so that the caller
 * continues soon after the change.
 */
export function waitUntil(
  box: Int32Array<SharedArrayBuffer>,
  word: number,
  value: number,
  spins = 200,
): void {
  for (let spin = 0; spin < spins; spin += 1) {
    if (Atomics.load(box, word) >= value) return;
  }
  for (;;) {
    const now = Atomics.load(box, word);
    if (now >= value) return;
    Atomics.wait(box, word, now, 1000);
  }
}

/** A thread with a job. */
export class Partner {
  readonly box: Int32Array<SharedArrayBuffer>;
  readonly #worker: Worker;

  private constructor(worker: Worker, box: Int32Array<SharedArrayBuffer>) {
    this.#worker = worker;
    this.box = box;
  }

  /** Starts the thread. It is ready for `go` when this settles. */
  static async start(job: Job): Promise<Partner> {
    const box = new Int32Array(new SharedArrayBuffer(16));
    const file = import.meta.url.endsWith(".ts")
      ? "./partner-thread.ts"
      : "./partner-thread.js";
    const workerData: PartnerData = { job, box };
    const worker = new Worker(new URL(file, import.meta.url), { workerData });
    await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    return new Partner(worker, box);
  }

  /** Starts its job, which may run before or after our wait begins. */
  go(): void {
    Atomics.store(this.box, BOX.go, 1);
    Atomics.notify(this.box, BOX.go);
  }

  /** Ends the thread. Settles when it has ended. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
