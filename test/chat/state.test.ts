// What the client knows and does, without a connection and without a screen.
import { describe, expect, test } from "vitest";
import { help, youJoined } from "../../behaviours/wire.ts";
import {
  type Input,
  initialState,
  MAX_ENTRIES,
  reduce,
} from "../../scripts/chat/state.ts";

/** A client whose server is this test. */
class Client {
  state;
  /** What was sent since the last look. */
  #sent: string[] = [];

  constructor(name?: string) {
    this.state = initialState(name);
    this.input({ kind: "connected" });
  }

  input(input: Input): void {
    const step = reduce(this.state, input);
    this.state = step.state;
    this.#sent.push(...step.send);
  }

  hears(...lines: string[]): void {
    this.input({ kind: "lines", lines });
  }

  types(line: string, now = 0): void {
    this.input({ kind: "sent", lines: [line], now });
  }

  tick(now: number): string[] {
    this.input({ kind: "tick", now });
    return this.sent();
  }

  sent(): string[] {
    return this.#sent.splice(0);
  }

  get texts(): string[] {
    return this.state.entries.map(({ text }) => text);
  }

  greet(step: number, name = "BoldElk"): this {
    const room = step >= 12 ? [youJoined(step, name, "main")] : [];
    this.hears(...help(step), `You are ${name}`, ...room);
    return this;
  }

  breaks(): void {
    this.input({ kind: "lost", reason: "the server closed it", until: 1000 });
    this.input({ kind: "trying" });
    this.input({ kind: "connected" });
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
    expect(client.state.users).toEqual(["BoldElk", "bea", "cleo"]);
    client.hears(`cleo left${room}`);
    expect(client.state.users).toEqual(["BoldElk", "bea"]);
  });

  test("goes with its own name and room", () => {
    const client = new Client().greet(step);
    client.hears("BoldElk is now ann");
    join(client, "attic");
    expect(client.state).toMatchObject({ name: "ann", room: "attic", users: ["ann"] });
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
    expect(client.state.wanted).toEqual({ name: "ann", room: "attic" });
    expect(client.sent()).toEqual([]);
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

test("own words can be told from those of others, and those from notices", () => {
  const client = new Client().greet(18);
  client.hears("BoldElk: mine", "ann: hers", "ann left");
  expect(client.state.entries.slice(-3)).toMatchObject([
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
  const { entries } = client.state;
  expect(entries).toHaveLength(MAX_ENTRIES);
  expect(entries.at(-1)?.text).toBe("ann: 29999");
  expect(entries.every(({ id }, index) => id === (entries[0]?.id ?? 0) + index)).toBe(
    true,
  );
});

test("of a line without end only the beginning is shown", () => {
  const client = new Client().greet(18);
  client.hears(`ann: ${"x".repeat(1_000_000)}`);
  expect(client.texts.at(-1)?.length).toBeLessThan(10_000);
});

test("tells once that the connection is lost, and hides the help that is no news", () => {
  const client = new Client().greet(18);
  const before = client.texts.length;
  client.input({ kind: "lost", reason: "the server closed it", until: 1000 });
  client.input({ kind: "trying" });
  client.input({ kind: "lost", reason: "nothing listens there", until: 3000 });
  expect(client.state.link).toEqual({ kind: "waiting", until: 3000 });
  client.input({ kind: "trying" });
  client.input({ kind: "connected" });
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
    expect(client.state.users).toEqual(["BoldElk", "ann"]);
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

  test("wait five seconds after the last, whatever changes", () => {
    const client = new Client().greet(18);
    client.tick(0);
    client.hears(...answers, "bob joined", "bob left", "bob joined");
    expect(client.tick(100)).toEqual([]);
    expect(client.tick(4999)).toEqual([]);
    expect(client.tick(5000)).toEqual(["/rooms", "/users"]);
    client.hears(...answers);
    expect(client.tick(11_000)).toEqual([]);
    expect(client.tick(35_000)).toEqual(["/rooms", "/users"]);
  });

  test("come sooner in a new room, but do not flood", () => {
    const client = new Client().greet(18);
    client.tick(0);
    client.hears(...answers, "You left main", "You joined attic");
    expect(client.tick(500)).toEqual([]);
    expect(client.tick(1000)).toEqual(["/rooms", "/users"]);
  });

  test("are not asked again while the answer is out, unless there will be none", () => {
    const client = new Client().greet(18);
    client.tick(0);
    client.hears("bob joined");
    expect(client.tick(9999)).toEqual([]);
    expect(client.tick(10_000)).toEqual(["/rooms", "/users"]);
  });

  test("of the person are answered in the talk", () => {
    const client = new Client().greet(18);
    client.types("/users", 0);
    client.hears("Users - BoldElk");
    expect(client.texts.at(-1)).toBe("Users - BoldElk");
  });

  test("of both kinds are told apart by their order", () => {
    const client = new Client().greet(18);
    client.tick(0);
    client.types("/users", 1);
    client.hears("Rooms - main (1)", "Users - first");
    expect(client.texts).not.toContain("Users - first");
    client.hears("Users - second");
    expect(client.texts).toContain("Users - second");
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
    expect(client.state.entries).toMatchObject([
      { kind: "own", text: "hello" },
      { kind: "notice", text: "hello ❤️" },
    ]);
    expect(client.tick(100_000)).toEqual([]);
    expect(client.state).toMatchObject({ name: undefined, room: undefined, users: [] });
  });
});
