// A simulated machine: runs Node programs on a kernel where every delay comes from a seed.
import { Network } from "./kernel/network.ts";
import { SimulatedProcess } from "./kernel/process.ts";
import { Random } from "./kernel/random.ts";
import { type Owner, Schedule } from "./kernel/schedule.ts";
import type { Weather } from "./kernel/weather.ts";
import type { Exports } from "./loader/loader.ts";
import { Loader } from "./loader/loader.ts";
import { type Act, noteOf } from "./node/acts.ts";
import { internalBinding } from "./node/bindings.ts";
import { builtinOf } from "./node/builtins.ts";
import { globals } from "./node/globals.ts";
import { Library } from "./node/library.ts";
import { type Events, Exit, Program } from "./node/program.ts";
import { enter, type Running, running } from "./node/running.ts";
import { libraryProcess, stubs } from "./node/stubs.ts";

/** The host's own `setImmediate`; programs on the machine have another. */
const breathe = setImmediate;
/** A run that is not over after this many turns never will be. */
const MOST_TURNS = 20_000_000;

/** Node's library, and the modules that all programs share: one of each per thread. */
let library: Library | undefined;
let shared: Loader | undefined;

/** Loads Node's library when it is first needed. @returns the loader of shared modules. */
function prepare(): Loader {
  library ??= new Library({ stubs, process: libraryProcess, internalBinding });
  const builtin = (name: string) => builtinOf(library as Library, name);
  shared ??= new Loader({ builtin, globals });
  return shared;
}

/** Nothing is left to run, although a program is still waiting. */
class Stuck extends Error {}

export interface MachineOptions {
  readonly seed: number;
  readonly weather: Weather;
  /** Called with each thing that a program does on a connection, as it happens. */
  readonly watch?: ((act: Act) => void) | undefined;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** How many sockets it may have open. */
  readonly descriptors?: number;
  /** Replacement texts of its files, by address. */
  readonly edits?: ReadonlyMap<string, string>;
}

export class Machine {
  readonly schedule = new Schedule();
  readonly network: Network;
  readonly #seed: number;
  readonly #watch: MachineOptions["watch"];
  readonly #programs = new Map<Owner, Running>();
  #turns = 0;
  #current: Running | undefined;

  constructor({ seed, weather, watch }: MachineOptions) {
    this.#seed = seed;
    this.#watch = watch;
    this.network = new Network(seed, this.schedule, weather);
    prepare();
  }

  /** The number of turns so far. */
  get turns(): number {
    return this.#turns;
  }

  /** Loads a module that all machines of a thread share, such as the actors. */
  static load(address: string): Promise<Exports> {
    return prepare().load(address);
  }

  /** Creates a process whose program has not started. */
  spawn(name: string, { args = [], env = {}, descriptors }: StartOptions = {}): Program {
    const process = new SimulatedProcess(name, this.network.wire(), descriptors);
    const EventEmitter = library?.require("events") as unknown as new () => Events;
    const program = new Program(process, { args, env, events: new EventEmitter() });
    const { schedule, network } = this;
    const random = Random.fork(this.#seed, -1 - this.#programs.size);
    const watch = this.#watch;
    const note = watch && noteOf(program, schedule, watch);
    program.note = note;
    this.#programs.set(process, { process, network, schedule, program, random, note });
    return program;
  }

  /** Starts a program from a file. */
  start(address: string, options: StartOptions = {}): Program {
    const program = this.spawn("server", options);
    const { process } = program;
    const builtin = (name: string) => builtinOf(library as Library, name);
    const own = address.slice(0, address.lastIndexOf("/") + 1);
    const loader = new Loader({
      builtin,
      globals,
      edits: options.edits,
      outside: { own, loader: shared as Loader },
    });
    const loaded = () => {
      program.isLoaded = true;
    };
    program.text = loader.textOf(address);
    process.later(() => {
      loader.load(address).then(loaded, (error) => this.#caught(program, error));
    });
    return program;
  }

  /**
   * Runs the machine until an actor is done.
   *
   * @param main Called in a turn of the program; it must settle in one of its turns.
   * @throws What `main` throws. @throws {Stuck} When nothing is left to run before it
   * settles.
   */
  run<Result>(program: Program, main: () => Promise<Result>): Promise<Result> {
    let end: (() => void) | undefined;
    return new Promise((resolve, reject) => {
      program.process.later(() => {
        main().then(
          (result) => {
            end = () => resolve(result);
          },
          (error) => {
            end = () => reject(error);
          },
        );
      });
      const turn = () => {
        try {
          if (end === undefined) this.#turn();
        } catch (error) {
          end = () => reject(error);
        }
        if (end === undefined) return breathe(turn);
        // Only now, because the caller may run another machine at once.
        enter(undefined);
        return end();
      };
      turn();
    });
  }

  /** When the next job is due, in milliseconds on its clock. */
  get due(): number | undefined {
    return this.schedule.due;
  }

  /**
   * Runs everything that is due, in real time, for a reader who types.
   *
   * @param now The current time, in milliseconds since the machine was started.
   */
  async runUntil(now: number): Promise<void> {
    do {
      while (this.#settles()) await new Promise((resolve) => breathe(resolve));
      if ((this.due ?? Number.POSITIVE_INFINITY) > now) break;
      this.#turn();
      await new Promise((resolve) => breathe(resolve));
    } while (this.#turns < MOST_TURNS);
    this.schedule.now = Math.max(this.schedule.now, now);
  }

  /** The host calls it for an unhandled rejection in the running program. */
  static rejected(error: unknown): void {
    const program = running()?.program;
    if (program === undefined) throw error;
    if (error instanceof Exit) program.end(error.code);
    else program.crash(error);
  }

  /** Finishes the last turn, or runs the next job; then all microtasks run. */
  #turn(): void {
    if (this.#settles()) return;
    this.#turns += 1;
    const job = this.schedule.next();
    if (job === undefined) throw new Stuck("Nothing is left to happen");
    if (this.#turns > MOST_TURNS) throw new Stuck(`No end after ${MOST_TURNS} turns`);
    const next = job.owner && this.#programs.get(job.owner);
    this.#current = next;
    enter(next);
    this.#guard(next, job.run as () => void);
    if (next) this.#tick(next);
  }

  /** Finishes the last turn. @returns whether there was something left to do. */
  #settles(): boolean {
    const running = this.#current;
    if (running === undefined) return false;
    if (running.process.ticks.length > 0) {
      this.#tick(running);
      return true;
    }
    running.program.endIfIdle();
    return false;
  }

  /** Runs the callbacks of `process.nextTick`. */
  #tick({ process, program }: Running): void {
    for (let done = 0; done < process.ticks.length; done += 1) {
      this.#guard(this.#programs.get(process), process.ticks[done] as () => void);
    }
    if (!program.process.exited) process.ticks = [];
  }

  #guard(running: Running | undefined, run: () => void): void {
    try {
      run();
    } catch (error) {
      if (running === undefined) throw error;
      this.#caught(running.program, error);
    }
  }

  #caught(program: Program, error: unknown): void {
    if (error instanceof Exit) program.end(error.code);
    else program.crash(error);
  }
}
