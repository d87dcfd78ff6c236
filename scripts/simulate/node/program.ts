// A program on the machine: its arguments, what it prints, and how it ends.
import type { SimulatedProcess } from "../kernel/process.ts";
import type { Note } from "./acts.ts";
import { crashText } from "./crash.ts";

/** Thrown by `process.exit`, so that no further code of the program runs. */
export class Exit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** An output of a program. The program sees a pipe. */
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
  /** Its top-level code has run to completion. */
  isLoaded = false;
  /** It waits for other programs too, so it does not exit by itself. */
  isActor = false;
  onOutput = (_output: string) => {};
  /** Reports what it does to the observers. */
  note: Note | undefined;
  #output = "";

  constructor(process: SimulatedProcess, { args, env, events }: ProgramOptions) {
    this.process = process;
    this.args = args;
    this.env = env;
    this.events = events;
  }

  /** Everything it has written to standard output and standard error. */
  get output(): string {
    return this.#output;
  }

  print(text: string): void {
    if (this.process.exited) return;
    this.#output += text;
    this.note?.("prints", 0, text);
    this.onOutput(this.#output);
  }

  /** Sends it a signal, which ends it if there is no listener. */
  signal(name: NodeJS.Signals): void {
    if (name === "SIGKILL" || this.events.listenerCount(name) === 0) this.end(name);
    else this.process.later(() => this.events.emit(name, name));
  }

  /** Handles an uncaught error: prints it as Node does, and exits with code 1. */
  crash(error: unknown): void {
    this.print(`${crashText(error, this.text)}\n\nNode.js v20.20.2\n`);
    this.end(1);
  }

  /** Ends it when nothing further can happen to it. */
  endIfIdle(): void {
    if (this.isActor || this.process.exited || this.process.isAlive) return;
    if (!this.isLoaded) this.print("Warning: Detected unsettled top-level await\n");
    this.end(this.isLoaded ? this.exitCode : 13);
  }

  /** Ends it immediately. */
  end(ending: number | NodeJS.Signals): void {
    if (this.process.exited) return;
    this.note?.("ends", 0, `${ending}`);
    this.process.exit(ending);
  }
}
