// Replays a session against the real server, and tells where the two differ.
//
// What a client types is sent when all that stands above it, of all clients, has come. The
// lines of one client come in the order in which they stand there, and are equal; those of
// different clients may come in any order between two things that somebody does. Nothing
// may be left over: at the end all that is on its way is waited for.
//
// A line is what comes up to a line feed. The servers of 01 to 03 answer bytes, wherever a
// line may end: there a line is complete too when what came is equal to it so far, and a
// line feed that follows belongs to it.
import { Failure } from "../../cli.ts";
import { actorOf, type Session, type SessionEvent } from "./event.ts";
import { Missed } from "./peer.ts";
import { Stage, type StageOptions } from "./stage.ts";

/** The server did something else than the session says. */
export class Mismatch extends Failure {
  readonly line: number;

  constructor(
    { file }: Session,
    line: number,
    {
      expected,
      got,
      transcript,
    }: { expected: string; got: string; transcript: readonly string[] },
  ) {
    const played = transcript.map((one) => `  ${one}`).join("\n");
    super(
      `${file}:${line}: Cannot replay the session: expected ${expected}, got ${got}\n` +
        `What was played so far:\n${played}`,
    );
    this.line = line;
  }
}

type Event<Kind extends SessionEvent["kind"]> = Extract<SessionEvent, { kind: Kind }>;

/**
 * Replays a session against a server of its own.
 *
 * @returns What was done and seen, a line for each.
 * @throws {Mismatch} When the server does something else.
 * @throws {Misuse | Failure} When there is no such server, or it does not start.
 */
export async function replay(
  session: Session,
  options: StageOptions = {},
): Promise<string[]> {
  const stage = await Stage.open(session.server, options);
  try {
    await new Replay(session, stage).play();
    return stage.transcript;
  } finally {
    await stage.close();
  }
}

class Replay {
  readonly #session: Session;
  readonly #stage: Stage;
  /** The server prints lines that do not matter. */
  #printsSome = false;
  #over = false;

  constructor(session: Session, stage: Stage) {
    this.#session = session;
    this.#stage = stage;
  }

  async play(): Promise<void> {
    const { events } = this.#session;
    const prints = events.some(({ kind }) => kind === "prints" || kind === "prints-some");
    const first = events.find(({ kind }) => kind === "prints");
    // That it listens goes without saying.
    if (!(first?.kind === "prints" && first.text.startsWith("listening on"))) {
      await this.#stage.printed();
    }
    for (const [index, event] of events.entries()) {
      await this.#perform(event, events.slice(index + 1));
    }
    if (!this.#over)
      await this.#expectNothing(events.at(-1)?.line ?? 0, "the session to end");
    await this.#expectNoMore(events.at(-1)?.line ?? 0);
    await this.#stage.close();
    if (!prints || this.#printsSome) return;
    const line = await this.#stage.printed();
    if (line !== undefined) {
      this.#fail(
        events.at(-1)?.line ?? 0,
        "the server to print nothing more",
        quote(line),
      );
    }
  }

  async #perform(event: SessionEvent, later: readonly SessionEvent[]): Promise<void> {
    const stage = this.#stage;
    switch (event.kind) {
      case "connects":
      case "refused": {
        const expected = event.kind === "connects";
        if ((await stage.connect(event.client)) === expected) return;
        const outcome = expected ? "a refusal" : "a connection";
        return this.#fail(
          event.line,
          `${event.client} to be ${expected ? "connected" : "refused"}`,
          outcome,
        );
      }
      case "types":
        return stage.type(event);
      case "sees":
        await this.#see(event);
        return this.#leave(event, later);
      case "skips":
        await this.#skip(event);
        return this.#leave(event, later);
      case "nothing":
        return this.#expectNothing(
          event.line,
          `${event.client} to see nothing`,
          event.client,
        );
      case "leaves":
        stage.note(`${event.client} leaves`);
        stage.peer(event.client).finish();
        return this.#leave(event, later);
      case "resets":
        stage.note(`${event.client} resets`);
        return stage.peer(event.client).reset();
      case "closed":
        return this.#expectEnd(event);
      case "prints":
        return this.#print(event);
      case "prints-some":
        this.#printsSome = true;
        return;
      case "interrupted":
        return stage.interrupt();
      case "ends": {
        const code = await stage.ended();
        this.#over = true;
        if (code === event.code) return;
        return this.#fail(
          event.line,
          `the server to end with ${event.code}`,
          code === undefined ? "that it runs on" : `an end with ${code}`,
        );
      }
      default:
        return event satisfies never;
    }
  }

  async #see({ client, text, line }: Event<"sees">): Promise<void> {
    const { names, host } = this.#stage;
    const peer = this.#stage.peer(client);
    const expected = `${client} to see ${quote(names.toReal(text))}`;
    for (;;) {
      const part = () =>
        host.byBytes && peer.text !== "" && peer.text === names.toReal(text);
      await this.#wait(client, line, expected, () => peer.look() !== undefined || part());
      const seen = peer.take() ?? peer.takePart();
      this.#stage.note(`${client} < ${seen}`);
      if (names.matches(text, seen)) break;
      if (!peer.skipping) this.#fail(line, expected, quote(seen));
    }
    peer.skipping = false;
  }

  async #skip({ client, line }: Event<"skips">): Promise<void> {
    const peer = this.#stage.peer(client);
    await this.#wait(
      client,
      line,
      `${client} to see something`,
      () => peer.look() !== undefined,
    );
    peer.skipping = true;
  }

  /** One that has left sees its connection end, after the last line that it is to see. */
  async #leave(
    { client, line }: { client: string; line: number },
    later: readonly SessionEvent[],
  ): Promise<void> {
    const peer = this.#stage.peer(client);
    const next = later.find((event) => actorOf(event) === client);
    const more =
      next?.kind === "sees" || next?.kind === "skips" || next?.kind === "closed";
    if (peer.leaving && !more) await this.#expectEnd({ client, line });
  }

  async #expectEnd({ client, line }: { client: string; line: number }): Promise<void> {
    const peer = this.#stage.peer(client);
    const expected = `${client} to see the connection end`;
    const came = () => peer.text !== "" && !peer.skipping;
    await this.#wait(client, line, expected, () => peer.end !== undefined || came());
    if (came()) this.#fail(line, expected, quote(peer.take() ?? peer.text));
    peer.hangUp();
    this.#stage.note(`${client} is closed`);
  }

  async #expectNothing(line: number, expected: string, client?: string): Promise<void> {
    const { peers } = this.#stage;
    const asked = peers.filter((peer) => client === undefined || peer.label === client);
    try {
      const came = await this.#stage.settle(asked);
      if (came === undefined) return;
      const { label } = came.peer;
      this.#fail(line, expected, `${label} < ${came.line}`);
    } catch (error) {
      if (!(error instanceof Missed)) throw error;
      this.#fail(line, expected, error.message);
    }
  }

  /** When the server has ended, all that it sent has come. */
  async #expectNoMore(line: number): Promise<void> {
    if (!this.#over) return;
    for (const peer of this.#stage.peers) {
      if (peer.hungUp) continue;
      await this.#expectEnd({ client: peer.label, line });
    }
  }

  async #print({ text, line }: Event<"prints">): Promise<void> {
    for (;;) {
      const printed = await this.#stage.printed();
      if (printed === undefined)
        return this.#fail(line, `the server to print ${quote(text)}`, "nothing");
      if (printed === this.#stage.names.toReal(text)) break;
      if (!this.#printsSome)
        this.#fail(line, `the server to print ${quote(text)}`, quote(printed));
    }
    this.#printsSome = false;
  }

  async #wait(
    client: string,
    line: number,
    expected: string,
    condition: () => boolean,
  ): Promise<void> {
    try {
      await this.#stage.peer(client).until(condition);
    } catch (error) {
      if (!(error instanceof Missed)) throw error;
      const { text } = this.#stage.peer(client);
      this.#fail(
        line,
        expected,
        text === "" ? error.message : `${quote(text)} and ${error.message}`,
      );
    }
  }

  #fail(line: number, expected: string, got: string): never {
    throw new Mismatch(this.#session, line, {
      expected,
      got,
      transcript: this.#stage.transcript,
    });
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
