// One client of a session: what came to it, and what of that was accounted for.
import type { Socket } from "node:net";
import { dial as connect, LineClient } from "../../../behaviours/line-client.ts";
import type { Host } from "./host.ts";

/** How long a connection may take, in milliseconds: far more than it does on loopback. */
const PATIENCE = 20_000;

/**
 * Connects.
 *
 * @returns undefined when nothing listens there.
 */
export async function dial(host: string, port: number): Promise<Socket | undefined> {
  try {
    return await connect(host, port, PATIENCE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Reset: it stopped listening after the kernel had answered, and before it accepted.
    if (code === "ECONNREFUSED" || code === "ECONNRESET") return undefined;
    throw error;
  }
}

export class Peer extends LineClient {
  /** Its next line does not matter, nor do others before the next that does. */
  skipping = false;
  /** It has finished typing. */
  leaving = false;
  /** It has seen the end of its connection, or has broken it off. */
  hungUp = false;
  /** What it typed last had no line end. */
  midLine = false;
  #received = false;
  /** The line taken last had no end yet. */
  #owesEnd = false;

  /** Something has come: the server serves it. */
  get served(): boolean {
    return this.#received;
  }

  type(bytes: Buffer): void {
    this.midLine = bytes.length > 0 && bytes.at(-1) !== 10;
    this.socket.write(bytes);
  }

  override finishes(): void {
    this.leaving = true;
    super.finishes();
  }

  /** Closes its side too, as a terminal does when the server has. */
  hangUp(): void {
    this.hungUp = true;
    this.destroy();
  }

  override async resets(): Promise<void> {
    this.hungUp = true;
    await super.resets();
  }

  override look(): string | undefined {
    return super.look()?.replace(/\r$/, "");
  }

  /** Takes what has come of a line whose end has not: for servers that answer bytes. */
  takePart(): string {
    const part = this.text;
    this.text = "";
    this.#owesEnd = part !== "";
    return part;
  }

  /** What has come, and was not taken. */
  get untaken(): string {
    return this.text;
  }

  /** Whether a probe would prove something: it is served, and in no unfinished line. */
  canAsk({ probe, byBytes }: Host): boolean {
    if (this.end !== undefined || this.leaving || !this.#received) return false;
    return probe.kind !== "none" && (byBytes || !this.midLine);
  }

  /**
   * Asks for what it knows, and waits for the answer. What came before it, stays to be
   * taken.
   *
   * @throws {Missed} When no answer comes.
   */
  async ask({ probe, byBytes }: Host): Promise<void> {
    if (probe.kind === "none") return;
    // One that skips has perhaps seen no line of those yet.
    if (this.skipping) await this.until(() => this.look() !== undefined);
    const before = this.text.length;
    this.socket.write(`${probe.asks}\n`);
    const line = byBytes ? /~~~[^\n]*\n$/ : /[^\n]*~~~[^\n]*\n$/;
    const answer = () => {
      if (probe.kind === "text") return line.exec(this.text)?.[0] ?? "";
      const came = this.text.length - before >= probe.answer.length;
      return came && this.text.endsWith(probe.answer) ? probe.answer : "";
    };
    await this.until(() => answer() !== "");
    this.text = this.text.slice(0, this.text.length - answer().length);
    this.midLine = false;
  }

  protected override receive(text: string): void {
    super.receive(text);
    this.#received = true;
    if (this.#owesEnd) this.text = this.text.replace(/^\r?\n/, "");
    this.#owesEnd = false;
  }
}
