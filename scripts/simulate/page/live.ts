// A step that runs for the reader: the clock of the machine is that of the wall.
import { STEPS, type Step } from "../../../behaviours/steps.ts";
import { addressOf } from "../actors.ts";
import { WEATHERS } from "../kernel/weather.ts";
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
  /** By name; calm when there is none of that name. */
  readonly weather: string;
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
  readonly #began = performance.now();
  /** What waits for the server to listen. */
  readonly #connecting: (() => void)[] = [];
  #nextPort = FIRST_PORT;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  #isOver = false;

  constructor({ subject, seed, weather, watch, named }: LiveOptions) {
    const found = WEATHERS.find(({ name }) => name === weather) ?? WEATHERS[0];
    if (found === undefined) throw new RangeError("There is no weather");
    this.#named = named;
    this.#machine = new Machine({ seed, weather: found, watch });
    const address = addressOf(`examples/${stepOf(subject).slug}/server.ts`);
    this.#server = this.#machine.start(address, { edits: editsOf(subject) });
    this.#clients = this.#machine.spawn("clients", { descriptors: 100 });
    this.#clients.isActor = true;
    void this.#run();
  }

  /** A client does something, now; connects when the server has got so far. */
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

  /** Nothing of it happens any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Runs what is due, and waits for what is due next. */
  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isRunning || this.#isOver) return;
    this.#isRunning = true;
    await this.#machine.runUntil(this.#now);
    this.#connect();
    await this.#machine.runUntil(this.#now);
    this.#isRunning = false;
    const { due } = this.#machine;
    if (due === undefined) return;
    const wait = due - this.#now;
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, wait));
  }

  /** Milliseconds since it was started. */
  get #now(): number {
    return performance.now() - this.#began;
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
