// A client that has been greeted: from step 09 on it has a name, from step 12 on a room.
import type { Socket } from "node:net";
import { Client, type ClientOptions, Unmet } from "./client.ts";
import { quoted } from "./quoting.ts";
import * as wire from "./wire.ts";

export class Member extends Client {
  readonly #step: number;
  readonly #patience: number;
  #fences = 0;

  constructor(socket: Socket, options: ClientOptions, step: number) {
    super(socket, options);
    this.#step = step;
    this.#patience = options.patience;
  }

  /** Reads the greeting, and the name in it. The help text is checked by its own behaviour. */
  async isGreeted(): Promise<void> {
    if (this.#step < 9) return this.seesAll(wire.help(this.#step));
    await this.isNamed();
    if (this.#step >= 12) await this.sees(wire.youJoined(this.#step, this.name, "main"));
  }

  /** Reads lines up to the one that says its name. */
  async isNamed(): Promise<void> {
    while (this.name === "") {
      const line = await this.line('"You are NAME"');
      this.name = /^You are (\S+)$/.exec(line)?.[1] ?? "";
    }
  }

  /** The line that it and its peers receive when it sends `text`. */
  says(text: string): string {
    return wire.said(this.#step, this.name, text);
  }

  /** Sends a message, and sees it come back. */
  async talks(text: string): Promise<void> {
    this.send(text);
    await this.sees(this.says(text));
  }

  /**
   * Sends enough to fill all buffers to a peer that does not read, and sees all of it come back.
   *
   * @param bytes The least number of bytes to send.
   * @returns How many lines were sent.
   */
  async floods(bytes: number): Promise<number> {
    const text = "x".repeat(this.#step < 18 ? 200_000 : 400);
    // Short lines are sent in batches, because waiting for each would take long.
    const batch = this.#step < 18 ? 1 : 500;
    let lines = 0;
    for (; lines * text.length < bytes; lines += batch) {
      this.sendBytes(`${text}\n`.repeat(batch));
      await this.seesAll(Array<string>(batch).fill(this.says(text)));
    }
    return lines;
  }

  /**
   * Checks that nothing is in flight to it: the answer to a fence that it sends is the next line.
   *
   * @param strict Whether lines that announce other users' arrival or departure count too.
   */
  async seesNothing(strict = false): Promise<void> {
    this.#fences += 1;
    const text = `fence ${this.#fences}`;
    const fence = this.says(text);
    this.send(text);
    const line = await this.line(quoted(fence), strict);
    if (line === fence) return;
    const wanted = `${this.label} to see`;
    if (!line.includes(text))
      throw new Unmet(`${wanted} nothing but the answer to "${text}"`, quoted(line));
    // A server that words every answer differently has sent nothing else.
    const lines = { expected: fence, got: line };
    throw new Unmet(`${wanted} ${quoted(fence)}`, quoted(line), lines);
  }

  /** Takes a name, and waits for the confirmation. */
  async renames(to: string): Promise<void> {
    this.send(`/name ${to}`);
    await this.sees(`${this.name} is now ${to}`);
    this.name = to;
  }

  /** Takes a name that another user is about to free: retries until it gets the name. */
  async renamesSoon(to: string): Promise<void> {
    const deadline = Date.now() + this.#patience;
    for (;;) {
      this.send(`/name ${to}`);
      const line = await this.line(`"${this.name} is now ${to}"`);
      if (line === `${this.name} is now ${to}`) break;
      if (line !== `${to} is already taken` || Date.now() > deadline) {
        throw new Unmet(`${this.label} to get the name ${to} in the end`, quoted(line));
      }
    }
    this.name = to;
  }

  /** Moves from `from` to another room, and waits for the confirmation. */
  async joins(room: string, from = "main"): Promise<void> {
    this.send(`/join ${room}`);
    if (this.#step >= 17) await this.sees(`You left ${from}`);
    await this.sees(wire.youJoined(this.#step, this.name, room));
  }

  /** Requests the list of rooms. */
  async rooms(): Promise<{ name: string; users: number }[]> {
    this.send("/rooms");
    const line = await this.sees(/^Rooms - /);
    return line
      .replace("Rooms - ", "")
      .split(", ")
      .map((entry) => {
        const match = /^(\S+) \((\d+)\)$/.exec(entry);
        if (match === null) throw new Unmet("each room as NAME (USERS)", quoted(entry));
        return { name: match[1] ?? "", users: Number(match[2]) };
      });
  }

  /** Requests the rooms until one is gone, whose last user is about to leave it. */
  async seesRoomGoneSoon(name: string): Promise<void> {
    const deadline = Date.now() + this.#patience;
    for (;;) {
      const room = (await this.rooms()).find((one) => one.name === name);
      if (room === undefined) return;
      if (Date.now() > deadline) {
        throw new Unmet(`the room ${name} to be gone`, `${room.name} (${room.users})`);
      }
    }
  }
}
