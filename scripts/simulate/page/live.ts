// A step that runs for the reader: by the clock of the wall, or from move to move.
import { STEPS, type Step } from "../../../behaviours/steps.ts";
import { addressOf } from "../actors.ts";
import type { Weather } from "../kernel/weather.ts";
import { Machine } from "../machine.ts";
import type { Act } from "../node/acts.ts";
import type { Program } from "../node/program.ts";
import type { Move, Subject } from "./orders.ts";
import type { Terminal } from "./terminal.ts";

/** The ports of clients. */
const FIRST_PORT = 50_000;
/** A port to which nobody listens. */
const NOBODY = 1;

/** A server that has nothing to do for so long has started, in milliseconds. */
const IDLE = 1_000;

interface LiveOptions {
  readonly subject: Subject;
  readonly seed: number;
  readonly weather: Weather;
  /**
   * So much time passes at each move, at once, in milliseconds of the machine's clock: the same
   * moves are the same run. Without it the clock is that of the wall.
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

/** The texts that a subject has in place of its step's. */
export function editsOf(subject: Subject): ReadonlyMap<string, string> {
  const address = addressOf(`examples/${stepOf(subject).slug}/server.ts`);
  return new Map([[address, subject.text]]);
}

export class Live {
  readonly #machine: Machine;
  readonly #server: Program;
  readonly #clients: Program;
  readonly #terminals = new Map<string, Terminal>();
  readonly #named: LiveOptions["named"];
  /** The machine looks at it whenever it needs it. */
  readonly #weather: Weather;
  readonly #began = performance.now();
  /** What waits for the server to listen. */
  readonly #connecting: (() => void)[] = [];
  readonly #leap: number | undefined;
  #leapt = 0;
  #nextPort = FIRST_PORT;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor({ subject, seed, weather, leap, watch, named }: LiveOptions) {
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
   * A client does something, now; connects when the server has got so far. What is due then
   * has run when it settles.
   */
  async move(who: string, move: Move, text: string): Promise<void> {
    const loaded = await Machine.load(addressOf("scripts/simulate/page/terminal.ts"));
    const Class = loaded["Terminal"] as typeof Terminal;
    const does = () => {
      const terminal = this.#terminals.get(who) ?? new Class();
      this.#terminals.set(who, terminal);
      if (move !== "connect") return terminal.does(move, text);
      const own = this.#nextPort++;
      this.#named(own, who);
      terminal.connect(this.#machine.network.listening ?? NOBODY, own);
    };
    if (move === "connect") this.#connecting.push(does);
    else this.#clients.process.later(does);
    await this.#run();
  }

  /** From now on: what is on its way arrives as it would have. */
  change(weather: Weather): void {
    Object.assign(this.#weather, weather);
  }

  /** Nothing of it happens any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Runs what is due, after what runs already; then waits for what is due next. */
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

  /** Milliseconds since it was started. */
  get #now(): number {
    return this.#leap === undefined ? performance.now() - this.#began : this.#leapt;
  }

  /** Those who want to connect do, when the server listens; or when it never will. */
  #connect(): void {
    const { network, due = Number.POSITIVE_INFINITY } = this.#machine;
    const { exited } = this.#server.process;
    const isStarting = due - this.#now < IDLE;
    if (network.listening === undefined && !exited && isStarting) return;
    for (const does of this.#connecting.splice(0)) this.#clients.process.later(does);
  }
}
