// The client's core against the servers themselves, without a screen.
import { join } from "node:path";
import { afterEach, describe, expect, inject, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { STEPS } from "../../behaviours/steps.ts";
import { Connection } from "../../scripts/chat/connection.ts";
import {
  type Input,
  initialState,
  reduce,
  type State,
} from "../../scripts/chat/state.ts";

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

async function start(slug: string): Promise<Required<Server>> {
  const command = [process.execPath, join(inject("built"), slug, "server.js")];
  const server = await startServer({ command });
  endings.push(() => server.process.kill("SIGKILL"));
  return server;
}

/** A person with a client. */
class Person {
  #state: State;
  readonly #connection: Connection;
  #wake = () => {};

  constructor({ host, port }: Server, name?: string) {
    this.#state = initialState(name);
    const listen = (input: Input) => this.#take(input);
    this.#connection = new Connection({ host, port, listen });
    endings.push(() => this.#connection.close());
  }

  open(): Promise<void> {
    return this.#connection.open();
  }

  says(line: string): void {
    this.#connection.send([line]);
    this.#take({ kind: "sent", lines: [line], now: 0 });
  }

  /** As often as a real one does, but by no clock. */
  tick(now: number): void {
    this.#take({ kind: "tick", now });
  }

  /** Waits until the state is such. */
  async knows(what: (state: State) => boolean): Promise<State> {
    while (!what(this.#state)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#state;
  }

  sees(text: string): Promise<State> {
    return this.knows(({ entries }) => entries.some((entry) => entry.text === text));
  }

  #take(input: Input): void {
    const { state, send } = reduce(this.#state, input);
    this.#state = state;
    if (send.length > 0) this.#connection.send(send);
    this.#wake();
  }
}

describe.each(STEPS.filter(({ number }) => number >= 9))(
  "$slug",
  ({ number: step, slug }) => {
    test("is understood", async () => {
      const server = await start(slug);
      const ann = new Person(server, "ann");
      const bob = new Person(server, "bob");
      await ann.open();
      const named = ({ name }: State) =>
        name !== undefined && (step < 10 || name === "ann");
      await ann.knows(named);
      if (step >= 12) await ann.knows(({ room }) => room === "main");
      await bob.open();
      const { name: bobsName } = await bob.knows(
        ({ name }) => name !== undefined && (step < 10 || name === "bob"),
      );
      bob.says("hello");
      const { users, entries } = await ann.sees(`${bobsName}: hello`);
      expect(users).toContain(bobsName);
      expect(entries.at(-1)?.kind).toBe("said");
      expect((await bob.sees(`${bobsName}: hello`)).entries.at(-1)?.kind).toBe("own");

      if (step >= 13) {
        bob.says("/join attic");
        await bob.knows(({ room }) => room === "attic");
        await ann.knows((state) => !state.users.includes("bob"));
      }
      if (step >= 14) {
        ann.tick(100_000);
        await ann.knows(({ rooms }) => rooms.some(({ name }) => name === "attic"));
      }
      if (step >= 16) {
        bob.tick(100_000);
        const list = (state: State) => state.questions.length === 0;
        expect((await bob.knows(list)).users).toEqual(["bob"]);
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
      const ann = new Person(server);
      await ann.open();
      ann.says("hello");
      const { name, users } = await ann.sees(step <= 2 ? "hello" : "hello ❤️");
      expect({ name, users }).toEqual({ name: undefined, users: [] });
    });
  },
);

test("a paste of a thousand lines arrives whole and in order", async () => {
  for (const slug of ["16-users", "18-final"]) {
    const server = await start(slug);
    const ann = new Person(server, "ann");
    await ann.open();
    await ann.knows(({ name, room }) => name === "ann" && room === "main");
    const lines = Array.from({ length: 1000 }, (_, n) => `line ${n}`);
    ann.says(lines.join("\n"));
    const { entries } = await ann.sees("ann: line 999");
    const own = entries.filter(({ kind }) => kind === "own").map(({ text }) => text);
    expect(own).toEqual(lines.map((line) => `ann: ${line}`));
  }
});
