// What the lines of the steps mean.
import { describe, expect, test } from "vitest";
import { STEPS } from "../../behaviours/steps.ts";
import { help, joined, left, said, youJoined } from "../../behaviours/wire.ts";
import { parse, parseRooms } from "../../scripts/chat/protocol.ts";
import { Session } from "../../scripts/chat/session.ts";

/** A client that has received these lines. */
function hear(...lines: string[]): Session {
  const session = new Session();
  session.take({ kind: "connected", send: () => {} });
  session.take({ kind: "lines", lines });
  return session;
}

/** What a step says first, up to the room. */
function greeting(step: number): string[] {
  const room = step >= 12 ? [youJoined(step, "BoldElk", "main")] : [];
  return [...help(step), "You are BoldElk", ...room];
}

describe.each(STEPS.filter(({ number }) => number >= 9))("$slug", ({ number: step }) => {
  test("learns from its greeting the name, the room and the commands", () => {
    const session = hear(...greeting(step));
    const room = step >= 12 ? "main" : undefined;
    expect(session).toMatchObject({ named: true, name: "BoldElk", room });
    expect(session.commands.map(({ name }) => name)).toEqual(
      help(step)
        .slice(1)
        .map((line) => line.trim().split(" ")[0]),
    );
    expect(session.knows("help")).toBe(true);
    expect(session.knows("users")).toBe(step >= 16);
  });

  test("what is said is never anything else", () => {
    for (const text of ["hi", "", "bob joined", "You are bob", "Rooms - a (1)", "a: b"]) {
      const line = said(step, "ann", text);
      expect(parse(line), line).toEqual({ kind: "said", words: ["ann"] });
    }
  });

  test("a new name", () => {
    expect(parse("ann is now bob")).toEqual({ kind: "renamed", words: ["ann", "bob"] });
    expect(parse("bob is already taken").kind).toBe("other");
  });

  if (step >= 12)
    test("users that come and go", () => {
      const room = step <= 16 ? "attic" : undefined;
      expect(parse(joined(step, "ann", "attic"))).toEqual({
        kind: "joined",
        words: ["ann", room],
      });
      expect(parse(left(step, "ann", "attic"))).toEqual({
        kind: "left",
        words: ["ann", room],
      });
    });

  if (step >= 17)
    test("where the user comes and goes", () => {
      const lines = ["ann joined", "You left main", "You joined attic"];
      const session = hear(...greeting(step), ...lines, "bob joined");
      expect(session.room).toBe("attic");
      expect([...session.users]).toEqual(["BoldElk", "bob"]);
      expect(parse("You are in main").kind).toBe("other");
    });

  if (step >= 14)
    test("the lists", () => {
      const list = "main (12), attic (1)";
      expect(parse(`Rooms - ${list}`)).toEqual({ kind: "rooms", words: [list] });
      expect(parseRooms(list)).toEqual([
        { name: "main", size: 12 },
        { name: "attic", size: 1 },
      ]);
      expect(parse("Users - ann, bob")).toEqual({ kind: "users", words: ["ann, bob"] });
    });

  test("a notice is a notice", () => {
    for (const line of [
      "Server is shutting down, goodbye!",
      "Server is very busy and dropped 12 messages, sorry!",
      "Unrecognized command /x, try /help",
      "Name must be 2 - 20 alphanumeric chars",
      "Messages can only be 400 chars long",
    ]) {
      expect(parse(line), line).toEqual({ kind: "other", words: [] });
    }
  });

  test("help that is asked for again changes nothing", () => {
    const { commands } = hear(...greeting(step));
    expect(hear(...greeting(step), ...help(step)).commands).toEqual(commands);
  });
});

test("a command's argument is known", () => {
  const { commands } = hear(...greeting(18));
  expect(commands).toContainEqual({ name: "/join", argument: "room" });
  expect(commands).toContainEqual({ name: "/rooms", argument: undefined });
});

test("room names that any word may be do not confuse the list", () => {
  const rooms = parseRooms("a, (3), (1) (2), main (1)");
  expect(rooms).toMatchObject([
    { name: "a,", size: 3 },
    { name: "(1)", size: 2 },
    { name: "main" },
  ]);
});

test.each([3, 4, 5, 7, 8])("nobody can greet in the name of step %i", (step) => {
  const forged = ["You are bob", "Server commands", "  /users - x"].map((line) =>
    said(step, "", line),
  );
  const { named, commands } = hear(...help(step), ...forged);
  expect(named).toBe(false);
  expect(commands).toEqual(hear(...help(step)).commands);
});

test("an echo of what looks like a greeting is none", () => {
  const { named, room, users } = hear("You are bob", "bob joined main", "ann: hi");
  expect({ named, room, users: users.size }).toEqual({
    named: false,
    room: undefined,
    users: 0,
  });
});
