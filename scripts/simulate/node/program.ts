// A program on the machine: its arguments, what it prints, and how it ends.
import type { SimulatedProcess } from "../kernel/process.ts";
import type { Note } from "./acts.ts";
import { crashText } from "./crash.ts";

/** Thrown by `process.exit`: nothing of the program runs after it. */
export class Exit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** What a program writes to. A pipe, as far as it can see. */
class Output {
  readonly isTTY = false;
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  write = (text: string | Uint8Array): boolean => {
    this.#program.print(typeof text === "string" ? text : Buffer.from(text).toString());
    return true;
  };

  on = () => this;
  once = () => this;
  off = () => this;
}

/** The listeners of `process`. */
export interface Events {
  on(event: string, listener: (...values: unknown[]) => void): void;
  once(event: string, listener: (...values: unknown[]) => void): void;
  off(event: string, listener: (...values: unknown[]) => void): void;
  addListener: Events["on"];
  removeListener: Events["off"];
  emit(event: string, ...values: unknown[]): boolean;
  listenerCount(event: string): number;
}

interface ProgramOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly events: Events;
}

export class Program {
  readonly process: SimulatedProcess;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly events: Events;
  readonly stdout = new Output(this);
  readonly stderr = new Output(this);
  exitCode = 0;
  /** The text of its main file. */
  text = "";
  /** Its top-level code has run to its end. */
  isLoaded = false;
  /** It waits for other programs too: it does not end by itself. */
  isActor = false;
  onOutput = (_output: string) => {};
  /** Tells those who watch what it does. */
  note: Note | undefined;
  #output = "";

  constructor(process: SimulatedProcess, { args, env, events }: ProgramOptions) {
    this.process = process;
    this.args = args;
    this.env = env;
    this.events = events;
  }

  /** All that it has written, to its output and to its error output. */
  get output(): string {
    return this.#output;
  }

  print(text: string): void {
    if (this.process.exited) return;
    this.#output += text;
    this.note?.("prints", 0, text);
    this.onOutput(this.#output);
  }

  /** Sends it a signal: without a listener that ends it. */
  signal(name: NodeJS.Signals): void {
    if (name === "SIGKILL" || this.events.listenerCount(name) === 0) this.end(name);
    else this.process.later(() => this.events.emit(name, name));
  }

  /** An error that nobody caught: printed as Node prints it, and the program ends with 1. */
  crash(error: unknown): void {
    this.print(`${crashText(error, this.text)}\n\nNode.js v20.20.2\n`);
    this.end(1);
  }

  /** Ends it when nothing can happen to it any more. */
  endIfIdle(): void {
    if (this.isActor || this.process.exited || this.process.isAlive) return;
    if (!this.isLoaded) this.print("Warning: Detected unsettled top-level await\n");
    this.end(this.isLoaded ? this.exitCode : 13);
  }

  /** Ends it, at once. */
  end(ending: number | NodeJS.Signals): void {
    if (this.process.exited) return;
    this.note?.("ends", 0, `${ending}`);
    this.process.exit(ending);
  }
}
