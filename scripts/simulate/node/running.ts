// The program whose turn it is: bindings and globals of Node's library belong to one process,
// and on a simulated machine there are several. One machine runs at a time in a thread.
import type { Network } from "../kernel/network.ts";
import type { SimulatedProcess } from "../kernel/process.ts";
import type { Random } from "../kernel/random.ts";
import type { Schedule } from "../kernel/schedule.ts";
import type { Note } from "./acts.ts";
import type { Program } from "./program.ts";

export interface Running {
  readonly process: SimulatedProcess;
  readonly network: Network;
  readonly schedule: Schedule;
  readonly program: Program;
  /** The numbers that the program gets. */
  readonly random: Random;
  /** Tells those who watch what it does; undefined when nobody does. */
  readonly note?: Note | undefined;
}

let now: Running | undefined;

/** Whose turn it is. @throws {Error} When no machine runs. */
export function current(): Running {
  if (now === undefined) throw new Error("Cannot use the machine: none runs");
  return now;
}

/** The same; undefined when no machine runs. */
export function running(): Running | undefined {
  return now;
}

/** Begins a turn; undefined ends the last. */
export function enter(next: Running | undefined): void {
  now = next;
}
