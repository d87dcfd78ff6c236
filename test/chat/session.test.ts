// What the client knows and does, without a connection and without a screen.
import { describe, expect, test } from "vitest";
import { help, youJoined } from "../../behaviours/wire.ts";
import type { ConnectionEvent } from "../../scripts/chat/connection.ts";
import { Session } from "../../scripts/chat/session.ts";

/** A client whose server is this test. */
class Client {
  readonly state: Session;
  /** What was sent since the last look. */
  #sent: string[] = [];

  constructor(name?: string) {
    this.state = new Session(name);
    this.connects();
  }

  input(event: ConnectionEvent): void {
    this.state.take(event);
  }

  connects(): void {
    this.input({ kind: "connected", send: (lines) => void this.#sent.push(...lines) });
  }

  hears(...lines: string[]): void {
    this.input({ kind: "lines", lines });
  }

  types(line: string): void {
    this.state.say([line]);
  }

  tick(now: number): string[] {
    this.#sent = [];
    this.state.tick(now);
    return this.sent();
  }

  sent(): string[] {
    return this.#sent.splice(0);
  }

  get texts(): string[] {
    return this.state.talk.entries.map(({ text }) => text);
  }

  greet(step: number, name = "BoldElk"): this {
    const room = step >= 12 ? [youJoined(step, name, "main")] : [];
    this.hears(...help(step), `You are ${name}`, ...room);
    return this;
  }

  breaks(): void {
    this.input({ kind: "lost", reason: "the server closed it", until: 1000 });
    this.input({ kind: "trying" });
    this.connects();
  }
}

describe.each([12, 13, 16, 17, 18])("step %i", (step) => {
  const join = (client: Client, room: string) => {
    if (step >= 17) client.hears("You left main");
    client.hears(youJoined(step, client.state.name ?? "", room));
  };

  test("knows its name, its room and who is there", () => {
    const client = new Client().greet(step);
    expect(client.state).toMatchObject({ name: "BoldElk", room: "main" });
    const room = step <= 16 ? " main" : "";
    client.hears(`ann joined${room}`, "cleo: I was here", "ann is now bea");
    expect([...client.state.users].sort()).toEqual(["BoldElk", "bea", "cleo"]);
    client.hears(`cleo left${room}`);
    expect([...client.state.users].sort()).toEqual(["BoldElk", "bea"]);
  });

  test("goes with its own name and room", () => {
    const client = new Client().greet(step);
    client.hears("BoldElk is now ann");
    join(client, "attic");
    expect(client.state).toMatchObject({ name: "ann", room: "attic" });
    expect([...client.state.users]).toEqual(["ann"]);
    expect(client.state.rooms.map(({ name }) => name)).toContain("attic");
  });

  test("asks to be as before when the server is back", () => {
    const client = new Client().greet(step);
    client.hears("BoldElk is now ann");
    join(client, "attic");
    client.breaks();
    expect(client.sent()).toEqual([]);
    client.greet(step, "ShyOwl");
    const back = step >= 13 ? ["/name ann", "/join attic"] : ["/name ann"];
    expect(client.sent()).toEqual(back);
    client.hears("ShyOwl is now ann");
    if (step >= 13) join(client, "attic");
    expect(client.state).toMatchObject({ name: "ann" });
    expect(client.sent()).toEqual([]);
    client.breaks();
    client.greet(step, "ann");
    expect(client.sent()).toEqual(step >= 13 ? ["/join attic"] : []);
  });
});

test("does not ask for a room that one is in already", () => {
  const client = new Client().greet(18);
  client.breaks();
  client.greet(18, "BoldElk");
  expect(client.sent()).toEqual([]);
});

test("asks for the name of the command line, once there is a server to ask", () => {
  const client = new Client("ann");
  expect(client.sent()).toEqual([]);
  client.greet(18);
  expect(client.sent()).toEqual(["/name ann"]);
});

test("says so when the server gives the names", () => {
  const client = new Client("ann").greet(9);
  expect(client.sent()).toEqual([]);
  expect(client.texts.at(-1)).toBe("This server gives the names itself");
});

test("distinguishes its own words, those of others, and notices", () => {
  const client = new Client().greet(18);
  client.hears("BoldElk: mine", "ann: hers", "ann left");
  expect(client.state.talk.entries.slice(-3)).toMatchObject([
    { kind: "own", name: "BoldElk" },
    { kind: "said", name: "ann" },
    { kind: "notice", name: undefined },
  ]);
});

test("what strangers send is made safe before anything else", () => {
  const client = new Client().greet(18);
  client.hears("a\x1b[31mnn: \x07hi\u202e");
  expect(client.texts.at(-1)).toBe("a[31mnn: hi");
  expect(client.state.users).toContain("a[31mnn");
});

test("keeps many entries, and no more", () => {
  const client = new Client().greet(18);
  for (let batch = 0; batch < 30; batch += 1) {
    client.hears(...Array.from({ length: 1000 }, (_, n) => `ann: ${batch * 1000 + n}`));
  }
  const { entries } = client.state.talk;
  expect(entries).toHaveLength(5000);
  expect(entries.at(-1)?.text).toBe("ann: 29999");
  expect(entries[0]?.text).toBe("ann: 25000");
});

test("of a line without end only the beginning is shown", () => {
  const client = new Client().greet(18);
  client.hears(`ann: ${"x".repeat(1_000_000)}`);
  expect(client.texts.at(-1)?.length).toBeLessThan(10_000);
});

test("reports a lost connection once, and hides the help that is no news", () => {
  const client = new Client().greet(18);
  const before = client.texts.length;
  client.input({ kind: "lost", reason: "the server closed it", until: 1000 });
  client.input({ kind: "trying" });
  client.input({ kind: "lost", reason: "nothing listens there", until: 3000 });
  expect(client.state.link).toEqual({
    kind: "lost",
    reason: "nothing listens there",
    until: 3000,
  });
  client.input({ kind: "trying" });
  client.connects();
  client.greet(18, "BoldElk");
  expect(client.texts.slice(before)).toEqual([
    "Lost the connection: the server closed it",
    "Connected again",
    "You are BoldElk",
    "You joined main",
  ]);
  client.types("/help");
  client.hears(...help(18));
  expect(client.texts).toContain("  /users - lists users in current room");
});

describe("the questions", () => {
  const answers = ["Rooms - main (2)", "Users - BoldElk, ann"];

  test("are asked on joining, and their answers are not shown", () => {
    const client = new Client().greet(18);
    expect(client.tick(0)).toEqual(["/rooms", "/users"]);
    const before = client.texts;
    client.hears(...answers);
    expect(client.texts).toEqual(before);
    expect([...client.state.users]).toEqual(["BoldElk", "ann"]);
    expect(client.state.rooms).toEqual([{ name: "main", size: 2 }]);
  });

  test.each([
    [9, []],
    [13, []],
    [14, ["/rooms"]],
    [16, ["/rooms", "/users"]],
  ])("step %i is asked only what it can answer", (step, asked) => {
    expect(new Client().greet(step).tick(0)).toEqual(asked);
  });

  test("are asked every five seconds", () => {
    const client = new Client().greet(18);
    client.tick(0);
    client.hears(...answers, "bob joined", "bob left", "bob joined");
    expect(client.tick(100)).toEqual([]);
    expect(client.tick(4999)).toEqual([]);
    expect(client.tick(5000)).toEqual(["/rooms", "/users"]);
  });

  test("come sooner in a new room, but do not flood", () => {
    const client = new Client().greet(18);
    client.tick(0);
    client.hears(...answers, "You left main", "You joined attic");
    expect(client.tick(500)).toEqual([]);
    expect(client.tick(1000)).toEqual(["/rooms", "/users"]);
    expect(client.tick(2000)).toEqual([]);
  });

  test("of the user are answered in the talk", () => {
    const client = new Client().greet(18);
    client.types("/users");
    client.hears("Users - BoldElk");
    expect(client.texts.at(-1)).toBe("Users - BoldElk");
    client.hears("Users - BoldElk, ann");
    expect(client.texts.at(-1)).toBe("Users - BoldElk");
  });

  test("of both the user and the client are shown once", () => {
    const client = new Client().greet(18);
    client.tick(0);
    client.types("/users");
    client.hears(...answers, "Users - second");
    expect(client.texts).toContain("Users - BoldElk, ann");
    expect(client.texts).not.toContain("Users - second");
    expect(client.texts.join()).not.toContain("Rooms - ");
    expect([...client.state.users]).toEqual(["second"]);
  });

  test("are not asked when the connection is down", () => {
    const client = new Client().greet(18);
    client.input({ kind: "lost", reason: "x", until: 1 });
    expect(client.tick(100_000)).toEqual([]);
  });
});

describe("a plain line server", () => {
  test("shows what was sent, and what comes", () => {
    const client = new Client();
    client.types("hello");
    client.hears("hello ❤️");
    expect(client.state.talk.entries).toMatchObject([
      { kind: "own", text: "hello" },
      { kind: "notice", text: "hello ❤️" },
    ]);
    expect(client.tick(100_000)).toEqual([]);
    expect(client.state).toMatchObject({ name: undefined, room: undefined });
    expect([...client.state.users]).toEqual([]);
  });
});
