// A program that runs on a simulated machine, as the system sees it.

import type { Wire } from "./wire.ts";

/** How it ended: its exit code, or the signal that ended it. */
type Ending = number | NodeJS.Signals;

/** Keeps a process alive as long as it is active: a socket or a timer. */
export interface Handle {
  readonly isActive: boolean;
  /** Called when the process ends. */
  close(): void;
}

export class SimulatedProcess {
  readonly name: string;
  readonly handles = new Set<Handle>();
  /** How many sockets it may have open. */
  descriptors: number;
  openSockets = 0;
  /** Its event loop. Jobs that it schedules for itself run in the order of the calls. */
  readonly #loop: Wire;
  /** How many of these jobs have not run yet. */
  #pending = 0;
  /** Callbacks of `process.nextTick`. */
  ticks: (() => void)[] = [];
  ending: Ending | undefined;
  onExit = (_ending: Ending) => {};

  constructor(name: string, loop: Wire, descriptors = 1024) {
    this.name = name;
    this.#loop = loop;
    this.descriptors = descriptors;
  }

  get exited(): boolean {
    return this.ending !== undefined;
  }

  /** Whether something can still happen to it. Unreferenced handles do not count. */
  get isAlive(): boolean {
    if (this.#pending > 0 || this.ticks.length > 0) return true;
    for (const handle of this.handles) if (handle.isActive) return true;
    return false;
  }

  /** Calls `run` in its own turn, soon. Keeps the process alive until then. */
  later(run: () => void): void {
    this.#pending += 1;
    this.#loop.wake(this, () => {
      this.#pending -= 1;
      run();
    });
  }

  /** Ends the process. The system closes its open handles. */
  exit(ending: Ending): void {
    if (this.exited) return;
    this.ending = ending;
    this.ticks = [];
    for (const handle of this.handles) handle.close();
    this.handles.clear();
    this.onExit(ending);
  }
}
