// A step that runs for the reader: in real time, or move by move.
import { STEPS, type Step } from "../../../behaviours/steps.ts";
import { addressOf } from "../actors.ts";
import type { Weather } from "../kernel/weather.ts";
import { Machine } from "../machine.ts";
import type { Act } from "../node/acts.ts";
import type { Program } from "../node/program.ts";
import type { Move, Subject } from "./orders.ts";
import type { Terminal } from "./terminal.ts";

/** The first port that a client connects from; the others follow it. */
const FIRST_PORT = 50_000;
/** A port on which nothing listens. */
const NOBODY = 1;

/** A server with nothing to do for this long has started, in milliseconds. */
const IDLE = 1_000;

interface LiveOptions {
  readonly subject: Subject;
  readonly seed: number;
  readonly weather: Weather;
  /**
   * Each move advances the machine's clock by this many milliseconds at once, so the same
   * moves give the same run. Without it the machine runs in real time.
   */
  readonly leap?: number | undefined;
  readonly watch: (act: Act) => void;
  /** Called with the port that a client connects from. */
  readonly named: (port: number, who: string) => void;
}

/** @throws {RangeError} When there is no such step. */
function stepOf({ step }: Subject): Step {
  const found = STEPS[step - 1];
  if (found === undefined) throw new RangeError(`There is no step ${step}`);
  return found;
}

/** The edited files of a subject, by address. */
export function editsOf(subject: Subject): ReadonlyMap<string, string> {
  const address = addressOf(`examples/${stepOf(subject).slug}/server.ts`);
  return new Map([[address, subject.text]]);
}

export class Live {
  readonly #machine: Machine;
  readonly #server: Program;
  readonly #clients: Program;
  readonly #terminals = new Map<string, Terminal>();
  /** The port of each client's last connection; before the first one, the next free. */
  readonly #ports = new Map<string, number>();
  readonly #watch: LiveOptions["watch"];
  readonly #named: LiveOptions["named"];
  /** Shared with the machine, which reads it whenever it needs it. */
  readonly #weather: Weather;
  readonly #began = performance.now();
  /** Connections to open once the server listens. */
  readonly #connecting: (() => void)[] = [];
  readonly #leap: number | undefined;
  #leapt = 0;
  #nextPort = FIRST_PORT;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor({ subject, seed, weather, leap, watch, named }: LiveOptions) {
    this.#watch = watch;
    this.#named = named;
    this.#leap = leap;
    this.#weather = { ...weather };
    this.#machine = new Machine({ seed, weather: this.#weather, watch });
    const address = addressOf(`examples/${stepOf(subject).slug}/server.ts`);
    this.#server = this.#machine.start(address, { edits: editsOf(subject) });
    this.#clients = this.#machine.spawn("clients", { descriptors: 100 });
    this.#clients.isActor = true;
    void this.#run();
  }

  /**
   * Makes a client act, now; a client connects once the server has started. When the
   * promise settles, everything due by then has run.
   */
  async move(who: string, move: Move, text: string): Promise<void> {
    // The clock stands where the last run left it: it must not move into the past. With
    // leaps, a move happens when the one before it has settled.
    if (this.#leap === undefined) await this.#run();
    const loaded = await Machine.load(addressOf("scripts/simulate/page/terminal.ts"));
    const Class = loaded["Terminal"] as typeof Terminal;
    const does = () => {
      const terminal = this.#terminals.get(who) ?? new Class();
      this.#terminals.set(who, terminal);
      if (move === "connect" && !terminal.isConnected) {
        const port = this.#machine.network.listening ?? NOBODY;
        terminal.connect(port, this.#nameNext(who));
        return;
      }
      const what = terminal.does(move, text);
      if (what === undefined) return;
      const port = this.#ports.get(who) ?? this.#nameNext(who);
      const data = move === "line" ? text : undefined;
      const at = this.#machine.schedule.now;
      this.#watch({ at, by: "client", what, port, data, line: undefined });
    };
    if (move === "connect") this.#connecting.push(does);
    else this.#clients.process.later(does);
    await this.#run();
  }

  /** Takes effect from now on: what is already in flight arrives as planned. */
  change(weather: Weather): void {
    Object.assign(this.#weather, weather);
  }

  /** Stops the run: nothing further happens in it. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Gives a client its next port. */
  #nameNext(who: string): number {
    const port = this.#nextPort++;
    this.#ports.set(who, port);
    this.#named(port, who);
    return port;
  }

  /** Runs everything due, after any run in progress, then schedules the next run. */
  #run(): Promise<void> {
    this.#last = this.#last.then(() => this.#runNow());
    return this.#last;
  }

  async #runNow(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    await this.#machine.runUntil(this.#now);
    this.#connect();
    this.#leapt += this.#leap ?? 0;
    await this.#machine.runUntil(this.#now);
    const { due } = this.#machine;
    if (due === undefined || this.#leap !== undefined) return;
    const wait = due - this.#now;
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, wait));
  }

  /** Milliseconds since the run began. */
  get #now(): number {
    return this.#leap === undefined ? performance.now() - this.#began : this.#leapt;
  }

  /** Opens the pending connections once the server listens, or clearly never will. */
  #connect(): void {
    const { network, due = Number.POSITIVE_INFINITY } = this.#machine;
    const { exited } = this.#server.process;
    const isStarting = due - this.#now < IDLE;
    if (network.listening === undefined && !exited && isStarting) return;
    for (const does of this.#connecting.splice(0)) this.#clients.process.later(does);
  }
}
