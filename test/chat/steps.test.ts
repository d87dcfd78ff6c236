// The client's core against the servers themselves, without a screen.
import { join } from "node:path";
import { afterEach, describe, expect, inject, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { STEPS } from "../../behaviours/steps.ts";
import { connection } from "../../scripts/chat/connection.ts";
import { Session } from "../../scripts/chat/session.ts";

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

async function start(slug: string, ...flags: string[]): Promise<Required<Server>> {
  const command = [process.execPath, join(inject("built"), slug, "server.js"), ...flags];
  const server = await startServer({ command });
  endings.push(() => server.process.kill("SIGKILL"));
  return server;
}

/** A user with a client. */
class User {
  readonly #session: Session;
  readonly #server: Server;
  #wake = () => {};

  constructor(server: Server, name?: string) {
    this.#session = new Session(name);
    this.#server = server;
  }

  async open(): Promise<void> {
    const { host, port } = this.#server;
    const end = new AbortController();
    endings.push(() => end.abort());
    const events = connection(host, port, end.signal);
    const { value } = await events.next();
    if (value?.kind !== "connected") throw new Error("Cannot connect");
    this.#session.take(value);
    void this.#listen(events);
  }

  says(line: string): void {
    this.#session.say([line]);
    this.#wake();
  }

  /** As often as a real one does, but by no clock. */
  tick(now: number): void {
    this.#session.tick(now);
  }

  /** Waits until the session is such. */
  async knows(what: (session: Session) => boolean): Promise<Session> {
    while (!what(this.#session)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#session;
  }

  sees(text: string): Promise<Session> {
    return this.knows(({ talk }) => talk.entries.some((entry) => entry.text === text));
  }

  async #listen(events: ReturnType<typeof connection>): Promise<void> {
    for await (const event of events) {
      this.#session.take(event);
      this.#wake();
    }
  }
}

describe.each(STEPS.filter(({ number }) => number >= 9))(
  "$slug",
  ({ number: step, slug }) => {
    test("is understood", async () => {
      const server = await start(slug);
      const ann = new User(server, "ann");
      const bob = new User(server, "bob");
      await ann.open();
      const named = ({ name }: Session) =>
        name !== undefined && (step < 10 || name === "ann");
      await ann.knows(named);
      if (step >= 12) await ann.knows(({ room }) => room === "main");
      await bob.open();
      const { name: bobsName } = await bob.knows(
        ({ name }) => name !== undefined && (step < 10 || name === "bob"),
      );
      bob.says("hello");
      const { users, talk } = await ann.sees(`${bobsName}: hello`);
      expect(users).toContain(bobsName);
      expect(talk.entries.at(-1)?.kind).toBe("said");
      const own = await bob.sees(`${bobsName}: hello`);
      expect(own.talk.entries.at(-1)?.kind).toBe("own");

      if (step >= 13) {
        bob.says("/join attic");
        await bob.knows(({ room }) => room === "attic");
        await ann.knows((state) => !state.users.has("bob"));
      }
      if (step >= 14) {
        ann.tick(100_000);
        await ann.knows(({ rooms }) => rooms.some(({ name }) => name === "attic"));
      }
      if (step >= 16) {
        bob.tick(100_000);
        expect([...(await bob.knows(({ listed }) => listed)).users]).toEqual(["bob"]);
        bob.says("/users");
        await bob.sees("Users - bob");
      }
    });
  },
);

describe.each(STEPS.filter(({ number }) => number <= 8))(
  "$slug",
  ({ number: step, slug }) => {
    test("is a plain line server", async () => {
      const server = await start(slug);
      const ann = new User(server);
      await ann.open();
      ann.says("hello");
      const { name, users } = await ann.sees(step <= 2 ? "hello" : "hello ❤️");
      expect({ name, users: [...users] }).toEqual({ name: undefined, users: [] });
    });
  },
);

test("a paste of a thousand lines arrives whole and in order", async () => {
  for (const [slug, ...flags] of [
    ["16-users"],
    // With its limit it would read them for a hundred seconds.
    ["18-final", "--rate", "0"],
  ] as const) {
    const server = await start(slug, ...flags);
    const ann = new User(server, "ann");
    await ann.open();
    await ann.knows(({ name, room }) => name === "ann" && room === "main");
    const lines = Array.from({ length: 1000 }, (_, n) => `line ${n}`);
    ann.says(lines.join("\n"));
    const { talk } = await ann.sees("ann: line 999");
    const own = talk.entries.filter(({ kind }) => kind === "own").map(({ text }) => text);
    expect(own).toEqual(lines.map((line) => `ann: ${line}`));
  }
});
