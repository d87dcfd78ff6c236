// A client of a random session, on the machine: its network and clock are simulated.
import { dial, LineClient, Missed } from "../../../behaviours/line-client.ts";
import { help, said, youJoined } from "../../../behaviours/wire.ts";
import type { Action, Role } from "./session.ts";

/** How long it waits for something expected, in milliseconds. */
const PATIENCE = 3_600_000;
/** More bytes than a step accepts in a line. Earlier steps have no limit to exceed. */
const ENDLESS: Record<number, number> = { 17: 1_100_000, 18: 20_000 };
/** How long a server gets to read an unterminated line, in milliseconds. */
const DIGEST = 30_000;

/** What an actor did and saw. The rules judge it. */
export interface Account {
  readonly label: string;
  /** Its local port, which identifies its connection. */
  readonly port: number;
  readonly parting: Role["parting"];
  /** All lines received, in order. */
  readonly seen: readonly string[];
  /** The indices in `seen` at which it entered a room. */
  readonly moves: readonly { readonly at: number; readonly room: string }[];
  /** The lines it sent, as they must come back. */
  readonly said: readonly { readonly line: string; readonly room: string }[];
  /** Its names, and when it certainly had them, in milliseconds. */
  readonly names: readonly { readonly name: string; from: number; to: number }[];
  /** How the connection ended, unless the actor ended it. */
  readonly cut: string | undefined;
  /** What it waited for and never got. */
  readonly missed: string | undefined;
  /** It sent an unterminated line; `wasCutForIt`: the server ended the connection. */
  readonly hasEndlessLine: boolean;
  readonly wasCutForIt: boolean;
}

export class Actor extends LineClient implements Account {
  readonly port: number;
  readonly parting: Role["parting"];
  readonly seen: string[] = [];
  readonly moves: { at: number; room: string }[] = [];
  readonly said: { line: string; room: string }[] = [];
  readonly names: { name: string; from: number; to: number }[] = [];
  cut: string | undefined;
  missed: string | undefined;
  hasEndlessLine = false;
  wasCutForIt = false;
  readonly #step: number;
  #isLeaving = false;
  /** Lines from this index on may answer the last line sent. */
  #from = 0;

  private constructor(role: Role, step: number, socket: LineClient["socket"]) {
    super(role.label, socket, PATIENCE);
    this.parting = role.parting;
    this.port = socket.localPort ?? 0;
    this.#step = step;
  }

  /** @throws When nothing listens on the port. */
  static async connect(role: Role, step: number, port: number): Promise<Actor> {
    return new Actor(role, step, await dial("127.0.0.1", port, PATIENCE));
  }

  get name(): string {
    return this.names.at(-1)?.name ?? "";
  }

  get room(): string {
    return this.moves.at(-1)?.room ?? "main";
  }

  /** Waits for the step's greeting, if it has one. */
  async isGreeted(): Promise<void> {
    const last = help(this.#step).at(-1);
    if (last !== undefined) await this.sees(last, (line) => line === last);
    if (this.#step >= 9) {
      const line = await this.sees("its name", (one) => one.startsWith("You are "));
      if (line) this.#isNow(line.slice("You are ".length));
    }
    if (this.#step >= 12) await this.#arrives("main");
    else this.moves.push({ at: this.seen.length, room: "main" });
  }

  /** Performs one action, and waits for its answer, if there is one. */
  async does(action: Action): Promise<void> {
    switch (action.kind) {
      case "pause":
        return this.#sleeps(action.ms);
      case "stall":
        this.socket.pause();
        await this.#sleeps(action.ms);
        this.socket.resume();
        return;
      case "say":
        return this.says(Array.from({ length: action.lines }), action.waits);
      case "ask":
        return this.#sends(`${action.command}\n`);
      case "endless":
        return this.#sendsEndlessLine();
      case "name":
        return this.#renames(action.name);
      case "join":
        return this.#joins(action.room);
    }
  }

  /** Sends lines, each unique in the session, in one write. */
  async says(lines: readonly unknown[], waits: boolean): Promise<void> {
    let text = "";
    let expected = "";
    for (const _line of lines) {
      const words = `${this.label} ${this.said.length + 1} in ${this.room}`;
      expected = said(this.#step, this.name, words);
      this.said.push({ line: expected, room: this.room });
      text += `${words}\n`;
    }
    this.#sends(text);
    if (waits) await this.sees(`"${expected}"`, (line) => line === expected);
  }

  /** Leaves in the way that its role says. */
  async parts(): Promise<void> {
    this.#goes();
    if (this.end !== undefined) return;
    switch (this.parting) {
      case "resets":
        return this.resets();
      case "closes":
        return this.destroy();
      case "quits":
        // The unterminated line would swallow the command.
        this.socket.write(this.hasEndlessLine ? "\n/quit\n" : "/quit\n");
        break;
      default:
        this.finishes();
    }
    await this.#waits("the end of the connection", () => this.end !== undefined);
    this.destroy();
  }

  /** Waits for a line among those received since the last one sent. */
  async sees(what: string, is: (line: string) => boolean): Promise<string | undefined> {
    let index = this.#from;
    let found: string | undefined;
    await this.#waits(what, () => {
      for (; index < this.seen.length && found === undefined; index += 1) {
        if (is(this.seen[index] as string)) found = this.seen[index];
      }
      return found !== undefined;
    });
    return found;
  }

  /** Waits for a line, unless it has already been received. */
  hasSeen(line: string): Promise<void> {
    return this.#waits(`"${line}"`, () => this.seen.includes(line));
  }

  protected override receive(text: string): void {
    super.receive(text);
    for (let line = this.take(); line !== undefined; line = this.take())
      this.seen.push(line);
  }

  #sends(text: string): void {
    this.#from = this.seen.length;
    if (this.socket.writable) this.socket.write(text);
  }

  async #renames(to: string): Promise<void> {
    const before = this.name;
    if (to === before) return;
    const held = this.names.at(-1);
    if (held) held.to = performance.now();
    this.#sends(`/name ${to}\n`);
    const mine = `${before} is now ${to}`;
    const line = await this.sees(`an answer to /name ${to}`, (one) =>
      [mine, `${to} is already taken`].includes(one),
    );
    if (line === mine) this.#isNow(to);
    else if (held) this.#isNow(before);
  }

  async #joins(room: string): Promise<void> {
    this.#sends(`/join ${room}\n`);
    if (room === this.room) {
      await this.sees(`"You are in ${room}"`, (line) => line === `You are in ${room}`);
    } else {
      await this.#arrives(room);
    }
  }

  async #arrives(room: string): Promise<void> {
    const line = youJoined(this.#step, this.name, room);
    const found = await this.sees(`"${line}"`, (one) => one === line);
    if (found === undefined) return;
    this.moves.push({ at: this.seen.indexOf(line, this.#from) + 1, room });
  }

  /** From step 17 on the server ends the connection; before, it buffers everything. */
  async #sendsEndlessLine(): Promise<void> {
    // The server frees the name once it has read too much, long before we see its end.
    if (this.#step >= 17) this.#goes();
    this.#isLeaving = true;
    this.hasEndlessLine = true;
    this.#sends("x".repeat(ENDLESS[this.#step] ?? 100_000));
    if (this.#step >= 17) await this.#waits("the end", () => this.end !== undefined);
    else await this.#sleeps(DIGEST);
    this.wasCutForIt = this.end !== undefined;
    await this.parts();
  }

  /** From now on another client may have its name. */
  #goes(): void {
    this.#isLeaving = true;
    const held = this.names.at(-1);
    if (held) held.to = Math.min(held.to, performance.now());
  }

  #isNow(name: string): void {
    this.names.push({ name, from: performance.now(), to: Number.POSITIVE_INFINITY });
  }

  #sleeps(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Records a failed wait: the server has ended the connection, or says nothing. */
  async #waits(what: string, condition: () => boolean): Promise<void> {
    if (this.cut !== undefined || this.missed !== undefined) return;
    try {
      await this.until(condition);
    } catch (error) {
      if (!(error instanceof Missed)) throw error;
      if (this.end === undefined) this.missed = `${this.label} waits for ${what}`;
      else if (!this.#isLeaving)
        this.cut = `${this.label} waits for ${what}: ${this.end}`;
    }
  }
}
