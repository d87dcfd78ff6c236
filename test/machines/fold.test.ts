// The fold by itself: the same entries make the same chat, whatever order they were read in,
// and whichever servers die meanwhile.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Chat, type Effect, type Entry } from "../../examples/m1-log/fold.ts";
import { ALL } from "../requirements.ts";
import { runSchedule, snapshot } from "./cluster.ts";

const name = (name: string, id: string, life = "A", room = "main"): Entry => {
  return { kind: "name", name, id, life, room };
};
const gone = (name: string, life = "A"): Entry => ({ kind: "gone", name, life });
const dead = (life: string): Entry => ({ kind: "dead", life });
const say = (life: string, ...lines: [string, string][]): Entry => {
  return { kind: "say", room: "main", life, lines };
};

/** Reads entries in order, from number 1. */
function read(...entries: Entry[]): { chat: Chat; effects: Effect[] } {
  const chat = new Chat();
  const effects = entries.flatMap((entry, index) => chat.apply(index + 1, entry));
  return { chat, effects };
}

/** What the entries bring about, in words. */
function told(...entries: Entry[]): string[] {
  return read(...entries).effects.map((effect) => {
    if (effect.kind === "said") return effect.lines.map((line) => line.join(": ")).join();
    const { kind, user, room } = effect;
    if (kind === "renamed") return `${effect.was} is now ${user.name}`;
    return kind === "moved" ? `${user.name} moved to ${room}` : `${user.name} ${kind}`;
  });
}

describe("the fold", () => {
  test("lets a user join, move, change its name, and leave", () => {
    expect(
      told(
        name("Ann", "1"),
        name("Ann", "1", "A", "attic"),
        name("Bea", "1", "A", "attic"),
        gone("Ann"),
        gone("Bea"),
      ),
    ).toEqual(["Ann joined", "Ann moved to attic", "Ann is now Bea", "Bea left"]);
  });

  test("keeps a name until its user leaves, in whatever case", () => {
    const { chat } = read(name("Ann", "1"));
    expect(chat.usersIn("MAIN")).toEqual(["Ann"]);
    expect(chat.isFreeFor("2", "ANN")).toBe(false);
    expect(chat.isFreeFor("1", "ANN")).toBe(true);
    chat.apply(2, gone("Ann"));
    expect(chat.isFreeFor("2", "ANN")).toBe(true);
    expect(chat.lastOf("aNN")).toBe(2);
    expect(chat.lastOf("Cy")).toBe(0);
  });

  test("frees the old name where a user takes a new one, for anybody else", () => {
    const { chat, effects } = read(name("Ann", "1"), name("Bea", "1"));
    expect(chat.isFreeFor("2", "ANN")).toBe(true);
    expect(chat.isFreeFor("2", "Bea")).toBe(false);
    // Another user has it before its end is in the log, which then is void.
    expect(chat.apply(3, name("Ann", "2", "B")).map(({ kind }) => kind)).toEqual([
      "joined",
    ]);
    expect(chat.holds("1", "Ann")).toBe(false);
    expect(chat.apply(4, say("B", ["Ann", "hi"]))).toHaveLength(1);
    expect(chat.usersIn("main")).toEqual(["Ann", "Bea"]);
    expect(effects.at(-1)?.kind).toBe("renamed");
  });

  test("says once that the users of a dead server left, and frees their names", () => {
    const { chat, effects } = read(
      name("Ann", "1"),
      name("Bob", "2", "B"),
      dead("A"),
      dead("A"),
    );
    expect(effects.map(({ kind }) => kind)).toEqual(["joined", "joined", "left"]);
    expect(chat.usersIn("main")).toEqual(["Bob"]);
    expect(chat.isFreeFor("3", "Ann")).toBe(true);
    expect([...chat.lives()]).toEqual(["B"]);
  });

  test("ignores what a dead server appends", () => {
    expect(
      told(
        name("Ann", "1"),
        dead("A"),
        say("A", ["Ann", "still here?"]),
        name("Cy", "2"),
        name("Ann", "3", "B"),
        say("A", ["Ann", "it was me"]),
        say("B", ["Ann", "it is me"]),
      ),
    ).toEqual(["Ann joined", "Ann left", "Ann joined", "Ann: it is me"]);
  });

  test("leaves no ghost when a server dies between a new name and the old one's end", () => {
    const { chat } = read(name("Ann", "1"), name("Bea", "1"), dead("A"));
    expect(chat.rooms()).toEqual([]);
    expect(chat.isFreeFor("2", "Ann") && chat.isFreeFor("2", "Bea")).toBe(true);
  });

  test("delivers a line only under a name that its server's user has, in that room", () => {
    expect(
      told(
        name("Ann", "1"),
        name("Bob", "2", "B"),
        name("Cy", "3", "A", "attic"),
        say("A", ["Ann", "hi"], ["Bob", "no"], ["Cy", "no"], ["Dee", "no"]),
      ).at(-1),
    ).toBe("Ann: hi");
  });

  test("does not pass over an entry of a kind that it does not know", () => {
    const turn = { kind: "turn" } as unknown as Entry;
    expect(() => read(name("Ann", "1"), turn)).toThrow("its kind is unknown");
  });

  test("writes a room as its oldest user does", () => {
    const { chat } = read(
      name("Ann", "1", "A", "Attic"),
      name("Bob", "2", "B", "ATTIC"),
      gone("Ann"),
    );
    expect(chat.roomNamed("attic")).toBe("ATTIC");
    expect(chat.rooms()).toEqual(["ATTIC (1)"]);
  });

  test("names the room that a user leaves as all called it", () => {
    const { effects } = read(
      name("Ann", "1", "A", "Attic"),
      name("Bob", "2", "B", "ATTIC"),
      name("Bob", "2", "B"),
      name("Cy", "3", "B", "attic"),
      name("Ann", "1"),
    );
    const moved = effects.filter((effect) => effect.kind === "moved");
    expect(moved.map(({ from }) => from)).toEqual(["Attic", "Attic"]);
  });

  test("calls the room where all users start main, however it is written", () => {
    const { chat } = read(name("Ann", "1", "A", "Main"));
    expect(chat.roomNamed("MAIN")).toBe("main");
    expect(chat.rooms()).toEqual(["main (1)"]);
  });
});

describe("servers on one log", () => {
  test("agree, and their announcements with their lists: any schedule", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 150 }), (seed, steps) => {
        hold(seed, steps);
      }),
      { numRuns: ALL ? 10_000 : 300 },
    );
  });

  test("die in these schedules, leave, rename, and lose races", () => {
    const entries = Array.from({ length: 50 }, (_, seed) =>
      runSchedule(seed, 150),
    ).flatMap(([first]) => first?.log.entries ?? []);
    for (const kind of ["name", "gone", "say", "dead"]) {
      expect(entries.filter((entry) => entry.kind === kind).length).toBeGreaterThan(20);
    }
  });
});

/** Whatever the schedule, all that must be so. */
function hold(seed: number, steps: number): void {
  const servers = runSchedule(seed, steps);
  const [first] = servers;
  if (!first) return;
  const { log } = first;
  // A server that starts now reads the last entry of each subject.
  const late = new Chat();
  for (const seq of log.compacted()) late.apply(seq, log.entries[seq - 1] as Entry);
  for (const chat of [...servers.map(({ chat }) => chat), late]) {
    expect(snapshot(chat)).toBe(snapshot(first.chat));
  }
  for (const { witness, chat } of servers) {
    for (const [room, names] of witness.rooms) {
      expect([...names].sort()).toEqual(chat.usersIn(room));
    }
    expect(witness.said).toEqual(first.witness.said);
  }
  // Each line says which user said it: that is whose name it was, where it stands.
  const names = new Chat();
  for (const [index, entry] of log.entries.entries()) {
    for (const effect of names.apply(index + 1, entry)) {
      if (effect.kind !== "said") continue;
      for (const [name, id] of effect.lines) expect(names.user(id)?.name).toBe(name);
    }
  }
}
