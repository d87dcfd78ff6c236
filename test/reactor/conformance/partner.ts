// The other thread of a case: it wakes, writes or signals while the case's own thread waits.
import { constants } from "node:os";
import { Worker } from "node:worker_threads";
import type { SharedWaker } from "../../../examples/shared/poll/readiness/waker.ts";

/** Words of the numbers that both threads see. */
export const BOX = { go: 0, sent: 1, heard: 2, value: 3 } as const;

export type Job =
  /** Wakes once. */
  | { readonly kind: "wake"; readonly waker: SharedWaker }
  /** Counts up and wakes; with `lockstep`, waits until each was heard. */
  | {
      readonly kind: "count";
      readonly waker: SharedWaker;
      readonly times: number;
      readonly lockstep: boolean;
    }
  /** Writes a byte to a descriptor. */
  | { readonly kind: "write"; readonly fd: number }
  /** Each time that `sent` grows, writes a byte to the descriptor in `value`, and says so. */
  | { readonly kind: "write each" }
  /** Connects to a port, tells the descriptor in `value`, and wakes; then writes a byte. */
  | { readonly kind: "connect"; readonly port: number; readonly waker: SharedWaker }
  /** Sends a signal to a thread again and again, and wakes at last. */
  | {
      readonly kind: "signal";
      readonly waker: SharedWaker;
      readonly thread: number;
      readonly times: number;
    };

/** What a partner's thread is started with. */
export interface PartnerData {
  readonly job: Job;
  readonly box: Int32Array<SharedArrayBuffer>;
}

/** The signal of the case about EINTR. Node keeps SIGUSR1 for its debugger. */
export const SIGNAL = constants.signals.SIGUSR2;

/**
 * Until a word has at least that value. First it looks again and again, so that what follows
 * comes close upon it.
 */
export function waitUntil(
  box: Int32Array<SharedArrayBuffer>,
  word: number,
  value: number,
  looks = 200,
): void {
  for (let look = 0; look < looks; look += 1) {
    if (Atomics.load(box, word) >= value) return;
  }
  for (;;) {
    const now = Atomics.load(box, word);
    if (now >= value) return;
    Atomics.wait(box, word, now, 1000);
  }
}

/** A thread that has a job. */
export class Partner {
  readonly box: Int32Array<SharedArrayBuffer>;
  readonly #worker: Worker;

  private constructor(worker: Worker, box: Int32Array<SharedArrayBuffer>) {
    this.#worker = worker;
    this.box = box;
  }

  /** Starts it; it stands ready when this settles. */
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

  /** It begins its job: perhaps before, perhaps after we wait. */
  go(): void {
    Atomics.store(this.box, BOX.go, 1);
    Atomics.notify(this.box, BOX.go);
  }

  /** Settles when its thread has ended. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
