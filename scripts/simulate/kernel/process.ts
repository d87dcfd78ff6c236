// A program that runs on a simulated machine: what the system knows of it.

import type { Wire } from "./wire.ts";

/** How it ended: its exit code, or the signal that ended it. */
type Ending = number | NodeJS.Signals;

/** What keeps a process alive as long as it is active: a socket, or a timer. */
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
  /** Its event loop: the jobs that it asks for itself come in the order of asking. */
  readonly #loop: Wire;
  /** How many of these are still to come. */
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

  /** Calls `run` in a turn of its own, soon. It keeps the process alive. */
  later(run: () => void): void {
    this.#pending += 1;
    this.#loop.wake(this, () => {
      this.#pending -= 1;
      run();
    });
  }

  /** Ends it: the system closes what it has open. */
  exit(ending: Ending): void {
    if (this.exited) return;
    this.ending = ending;
    this.ticks = [];
    for (const handle of this.handles) handle.close();
    this.handles.clear();
    this.onExit(ending);
  }
}
