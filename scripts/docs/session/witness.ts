// What a session says that is seen, held against what really comes.

import { Missed } from "../../../behaviours/line-client.ts";
import { Mismatch } from "./mismatch.ts";
import type { Session, SessionEvent } from "./session-event.ts";
import { settle } from "./settle.ts";
import type { Stage } from "./stage.ts";

type Event<Kind extends SessionEvent["kind"]> = Extract<SessionEvent, { kind: Kind }>;

/** All its methods throw a `Mismatch` when something else comes. */
export class Witness {
  /** The server prints lines that do not matter. */
  printsSome = false;
  readonly #session: Session;
  readonly #stage: Stage;

  constructor(session: Session, stage: Stage) {
    this.#session = session;
    this.#stage = stage;
  }

  /** A client sees a line next. */
  async see({ client, text, line }: Event<"sees">): Promise<void> {
    const { names, host } = this.#stage;
    const peer = this.#stage.peer(client);
    const expected = `${client} to see ${quote(names.toReal(text))}`;
    let skipped: string | undefined;
    for (;;) {
      const part = () =>
        host.byBytes && peer.untaken !== "" && peer.untaken === names.toReal(text);
      const came = () => peer.look() !== undefined || part();
      await this.#wait(client, line, expected, came, skipped);
      const seen = peer.take() ?? peer.takePart();
      this.#stage.note(`${client} < ${seen}`);
      if (names.matches(text, seen)) break;
      if (!peer.skipping) this.fail(line, expected, quote(seen));
      skipped = seen;
    }
    peer.skipping = false;
  }

  /**
   * A client sees something that does not matter: all up to the next line that does. When
   * there is none before its next action, it is all that is on its way now.
   */
  async skip({ client, line }: Event<"skips">, untilAction: boolean): Promise<void> {
    const peer = this.#stage.peer(client);
    const expected = `${client} to see something`;
    await this.#wait(client, line, expected, () => peer.look() !== undefined);
    peer.skipping = true;
    if (!untilAction || !peer.canAsk(this.#stage.host)) return;
    await this.expectNothing(line, expected, client);
    for (let seen = peer.take(); seen !== undefined; seen = peer.take()) {
      this.#stage.note(`${client} < ${seen}`);
    }
    peer.skipping = false;
  }

  /** A client sees its connection end, and nothing before. */
  async expectEnd({ client, line }: { client: string; line: number }): Promise<void> {
    const peer = this.#stage.peer(client);
    const expected = `${client} to see the connection end`;
    const came = () => peer.untaken !== "" && !peer.skipping;
    await this.#wait(client, line, expected, () => peer.end !== undefined || came());
    if (came()) this.fail(line, expected, quote(peer.take() ?? peer.untaken));
    peer.hangUp();
    this.#stage.note(`${client} is closed`);
  }

  /** Nothing is on its way to a client, or to any. */
  async expectNothing(line: number, expected: string, client?: string): Promise<void> {
    const { peers } = this.#stage;
    const asked = peers.filter((peer) => client === undefined || peer.label === client);
    try {
      const came = await settle(this.#stage, asked);
      if (came !== undefined) this.fail(line, expected, came);
    } catch (error) {
      if (!(error instanceof Missed)) throw error;
      this.fail(line, expected, error.message);
    }
  }

  /** When the server has ended, all that it sent has come. */
  async expectAllEnd(line: number): Promise<void> {
    for (const peer of this.#stage.peers) {
      if (peer.hungUp) continue;
      await this.expectEnd({ client: peer.label, line });
    }
  }

  /** The server prints a line next. */
  async print({ text, line }: Event<"prints">): Promise<void> {
    for (;;) {
      const printed = await this.#stage.printed();
      if (printed === undefined)
        return this.fail(line, `the server to print ${quote(text)}`, "nothing");
      if (printed === this.#stage.names.toReal(text)) break;
      if (!this.printsSome)
        this.fail(line, `the server to print ${quote(text)}`, quote(printed));
    }
    this.printsSome = false;
  }

  /** The session shows all that the server, which has ended, has printed. */
  async expectNoPrint(line: number): Promise<void> {
    const printed = await this.#stage.printed();
    if (printed === undefined) return;
    this.fail(line, "the server to print nothing more", quote(printed));
  }

  async #wait(
    client: string,
    line: number,
    expected: string,
    condition: () => boolean,
    skipped?: string,
  ): Promise<void> {
    try {
      await this.#stage.peer(client).until(condition);
    } catch (error) {
      if (!(error instanceof Missed)) throw error;
      const { untaken: text, skipping } = this.#stage.peer(client);
      const last = skipping || text === "" ? skipped : text;
      const got =
        last === undefined ? error.message : `${quote(last)} and ${error.message}`;
      this.fail(line, expected, got);
    }
  }

  fail(line: number, expected: string, got: string): never {
    throw new Mismatch(this.#session, line, {
      expected,
      got,
      played: this.#stage.transcript,
    });
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
