// A healthy client that is connected during an attack. It measures how long its messages
// take to come back, and records what it gets to see.
import { setTimeout as sleep } from "node:timers/promises";
import { dial, LineClient } from "../../behaviours/line-client.ts";
import type { Place } from "./crowd.ts";

/** How often it sends, in milliseconds: at the highest rate that step 18 sustains. */
const PERIOD = 125;
/** How long it waits for one of its own messages, in milliseconds. */
const PATIENCE = 20_000;
/** What no line may contain: control characters, and characters that reorder text. */
const STEERS = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

/** What it saw in a period of time. */
export interface Sight {
  /** How long each of its messages took to come back, in milliseconds. */
  readonly delays: readonly number[];
  /** How many of its messages have not come back. */
  readonly lost: number;
  /** How many lines of others it received. */
  readonly others: number;
  /** Lines that contain control characters. */
  readonly unsafe: readonly string[];
  /** How many messages were reported missed. */
  readonly missed: number;
}

export class Witness extends LineClient {
  #name = "";
  #said = 0;
  #asked = new Map<string, number>();
  #delays: number[] = [];
  #others = 0;
  #unsafe: string[] = [];
  #missed = 0;

  /** Connects, and waits for a name. @throws {Error} When the server gives none. */
  static async join({ host, port }: Place): Promise<Witness> {
    const witness = new Witness("witness", await dial(host, port, PATIENCE), PATIENCE);
    await witness.until(() => witness.#name !== "");
    return witness;
  }

  /**
   * Sends for the given number of milliseconds, or until a promise settles, and then once
   * more: that message comes back after everything that the server received before it.
   */
  async watch(until: number | Promise<unknown>): Promise<Sight> {
    this.#forget();
    this.#speak();
    const timer = setInterval(() => this.#speak(), PERIOD);
    try {
      await (typeof until === "number" ? sleep(until) : until);
    } finally {
      clearInterval(timer);
    }
    this.#speak();
    await this.until(() => this.#asked.size === 0).catch(() => {});
    const lost = this.#asked.size;
    const [delays, others, unsafe] = [this.#delays, this.#others, this.#unsafe];
    return { delays, lost, others, unsafe, missed: this.#missed };
  }

  protected override receive(text: string): void {
    super.receive(text);
    for (let line = this.take(); line !== undefined; line = this.take()) this.#see(line);
  }

  #see(line: string): void {
    this.#name ||= /^You are (\S+)$/.exec(line)?.[1] ?? "";
    const asked = this.#asked.get(line);
    if (asked !== undefined) {
      this.#asked.delete(line);
      this.#delays.push(performance.now() - asked);
      return;
    }
    const [, missed] = /^Server is very busy and dropped (\d+) /.exec(line) ?? [];
    this.#missed += Number(missed ?? 0);
    if (missed === undefined) this.#others += 1;
    if (STEERS.test(line)) this.#unsafe.push(line);
  }

  #speak(): void {
    this.#said += 1;
    const word = `still here ${this.#said}`;
    const line = `${this.#name}: ${word}`;
    this.#asked.set(line, performance.now());
    this.socket.write(`${word}\n`);
  }

  #forget(): void {
    this.#asked.clear();
    this.#delays = [];
    this.#others = 0;
    this.#unsafe = [];
    this.#missed = 0;
  }
}
