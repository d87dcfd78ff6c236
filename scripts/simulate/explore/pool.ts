// Threads that explore seeds in parallel.
import { Worker } from "node:worker_threads";
import type { Finding, Order, Report, SeedReport, Task } from "./task.ts";

const LOADER = new URL("../../../examples/shared/load-worker.mjs", import.meta.url);
const WORKER = new URL("./worker.ts", import.meta.url).href;
/** A seed that takes longer is in an endless loop, in milliseconds. */
const LONGEST = 120_000;

/** Thrown for a seed whose program does not end, or that the machine could not run. */
export class SeedFailure extends Error {
  readonly seed: number;

  constructor(seed: number, message: string) {
    super(message);
    this.seed = seed;
  }
}

/** One thread, with one order at a time. */
class Explorer {
  readonly #worker: Worker;
  #settle: ((report: Report) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  constructor(task: Task) {
    this.#worker = new Worker(LOADER, { workerData: { file: WORKER, task } });
    this.#worker.on("message", (report: Report) => this.#settle?.(report));
    this.#worker.on("error", (error) => this.#fail?.(error));
  }

  async ask(order: Order): Promise<Report> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Report>((resolve, reject) => {
        this.#settle = resolve;
        this.#fail = reject;
        const late = () =>
          reject(new SeedFailure(order.seed, "the server's loop does not end"));
        timer = setTimeout(late, LONGEST);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends an order, and waits for its report. */
  async do(order: Order): Promise<Report> {
    const report = this.ask(order);
    this.#worker.postMessage(order);
    const got = await report;
    if (got.of === "failure") throw new SeedFailure(got.seed, got.message);
    return got;
  }

  end(): Promise<number> {
    return this.#worker.terminate();
  }
}

export class Pool {
  readonly #explorers: readonly Explorer[];

  /** @param threads How many: 1 or more. */
  constructor(threads: number, task: Task) {
    this.#explorers = Array.from({ length: threads }, () => new Explorer(task));
  }

  /**
   * Explores seeds, each in the next free thread.
   *
   * @param done Called with each report as it arrives; returns true to stop.
   * @throws {SeedFailure} When a seed cannot be explored.
   */
  async explore(
    seeds: Iterator<number>,
    done: (report: SeedReport) => boolean,
  ): Promise<void> {
    let enough = false;
    const work = async (explorer: Explorer) => {
      while (!enough) {
        const { value: seed, done: none } = seeds.next();
        if (none) return;
        const report = await explorer.do({ do: "seed", seed });
        if (report.of === "seed") enough ||= done(report.report);
      }
    };
    await Promise.all(this.#explorers.map(work));
  }

  /** The shortest session that breaks the same rule as a seed. */
  async shrink(seed: number, rule: string): Promise<Finding> {
    const [explorer] = this.#explorers;
    const report = await explorer?.do({ do: "shrink", seed, rule });
    if (report?.of !== "shrink") throw new SeedFailure(seed, "it cannot be shrunk");
    return report.finding;
  }

  async end(): Promise<void> {
    await Promise.all(this.#explorers.map((explorer) => explorer.end()));
  }
}
