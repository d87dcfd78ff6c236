// The schedule of a simulated machine: jobs, in the order of a virtual clock.

/** The owner of a job. Jobs of an owner that has exited are dropped. */
export interface Owner {
  readonly exited: boolean;
}

export interface Job {
  /** When the job is due, in milliseconds. */
  readonly at: number;
  /** Orders jobs that are due at the same time: a number from the seed. */
  readonly tie: number;
  /** Orders jobs with the same tie: by the time they were added. */
  readonly number: number;
  /** Undefined for the network. */
  readonly owner: Owner | undefined;
  /** Undefined once cancelled. */
  run: (() => void) | undefined;
}

/**
 * A binary heap of jobs. The clock jumps to the time of the job that is taken:
 *
 * ```text
 *   at      0.4    0.4    1.7         3.0
 *   tie     0.11   0.83   0.20        0.66
 *           read   FIN    setTimeout  SYN        now 0.4
 * ```
 */
export class Schedule {
  /** Milliseconds since the machine was started. */
  now = 0;
  readonly #heap: Job[] = [];
  #number = 0;

  /** @param at When it is due, in milliseconds; a time in the past counts as now. */
  add(at: number, tie: number, owner: Job["owner"], run: () => void): Job {
    const job = { at: Math.max(at, this.now), tie, number: this.#number++, owner, run };
    const heap = this.#heap;
    let index = heap.push(job) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Job;
      if (!isBefore(job, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = job;
    return job;
  }

  /** When the first job is due; undefined when there is none. */
  get due(): number | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first?.run !== undefined && !first.owner?.exited) return first.at;
      if (first === undefined) return undefined;
      this.#pop();
    }
  }

  /** Takes the job that is due first. @returns undefined when there is none. */
  next(): Job | undefined {
    for (;;) {
      const job = this.#pop();
      if (job === undefined) return undefined;
      if (job.run === undefined || job.owner?.exited) continue;
      this.now = Math.max(this.now, job.at);
      return job;
    }
  }

  #pop(): Job | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const isRight = b !== undefined && isBefore(b, a);
      const child = isRight ? b : a;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = isRight ? left + 1 : left;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Job, b: Job): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.tie === b.tie ? a.number < b.number : a.tie < b.tie;
}
