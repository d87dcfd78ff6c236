// The program that is running now: the bindings and globals of Node's library belong to one
// process, but a simulated machine has several. A thread runs one machine at a time.
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
  /** The program's random numbers. */
  readonly random: Random;
  /** Reports what it does to the observers; undefined without any. */
  readonly note?: Note | undefined;
}

let now: Running | undefined;

/** The program that is running. @throws {Error} When no machine runs. */
export function current(): Running {
  if (now === undefined) throw new Error("Cannot use the machine: none runs");
  return now;
}

/** The program that is running; undefined when no machine runs. */
export function running(): Running | undefined {
  return now;
}

/** Begins a turn; undefined ends the current one. */
export function enter(next: Running | undefined): void {
  now = next;
}
