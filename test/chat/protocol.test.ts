// What the lines of the steps mean.
import { describe, expect, test } from "vitest";
import { STEPS } from "../../behaviours/steps.ts";
import { help, joined, left, said, youJoined } from "../../behaviours/wire.ts";
import {
  type Dialect,
  type Event,
  knows,
  learn,
  NO_DIALECT,
  parse,
} from "../../scripts/chat/protocol.ts";

/** What is known after these lines, and what the last one meant. */
function hear(lines: readonly string[], dialect: Dialect = NO_DIALECT) {
  let known = dialect;
  let event: Event = { kind: "other" };
  for (const line of lines) {
    event = parse(line, known);
    known = learn(known, event);
  }
  return { dialect: known, event };
}

/** What a step says first, up to the room. */
function greeting(step: number): string[] {
  const room = step >= 12 ? [youJoined(step, "BoldElk", "main")] : [];
  return [...help(step), "You are BoldElk", ...room];
}

const NAMED = STEPS.filter(({ number }) => number >= 9);

describe.each(NAMED)("$slug", ({ number: step }) => {
  const { dialect } = hear(greeting(step));
  const meaning = (line: string) => parse(line, dialect);

  test("its greeting tells the name, the commands and how it speaks of rooms", () => {
    expect(dialect.named).toBe(true);
    const { event } = hear([...help(step), "You are BoldElk"]);
    expect(event).toEqual({ kind: "you are", name: "BoldElk" });
    expect(dialect.commands.map(({ name }) => name)).toEqual(
      help(step)
        .slice(1)
        .map((line) => line.trim().split(" ")[0]),
    );
    expect(knows(dialect, "/help")).toBe(true);
    expect(knows(dialect, "/users")).toBe(step >= 16);
    expect(dialect.joins).toBe(
      step < 12 ? "unknown" : step <= 16 ? "with room" : "without room",
    );
  });

  test("what is said is never anything else", () => {
    for (const text of ["hi", "", "bob joined", "You are bob", "Rooms - a (1)", "a: b"]) {
      const line = said(step, "ann", text);
      expect(meaning(line), line).toEqual({ kind: "said", name: "ann" });
    }
  });

  test("a new name", () => {
    expect(meaning("ann is now bob")).toEqual({
      kind: "renamed",
      from: "ann",
      to: "bob",
    });
    expect(meaning("bob is already taken")).toEqual({ kind: "other" });
  });

  if (step >= 12)
    test("who comes and goes", () => {
      const room = step <= 16 ? "attic" : undefined;
      expect(meaning(joined(step, "ann", "attic"))).toEqual({
        kind: "joined",
        name: "ann",
        room,
      });
      expect(meaning(left(step, "ann", "attic"))).toEqual({
        kind: "left",
        name: "ann",
        room,
      });
    });

  if (step >= 17)
    test("where oneself comes and goes", () => {
      expect(meaning("You joined attic")).toEqual({ kind: "you joined", room: "attic" });
      expect(meaning("You left main")).toEqual({ kind: "other" });
      expect(meaning("You are in main")).toEqual({ kind: "other" });
    });

  if (step >= 14)
    test("the lists", () => {
      expect(meaning("Rooms - main (12), attic (1)")).toEqual({
        kind: "rooms",
        rooms: [
          { name: "main", size: 12 },
          { name: "attic", size: 1 },
        ],
      });
      expect(meaning("Users - ann, bob")).toEqual({
        kind: "users",
        users: ["ann", "bob"],
      });
    });

  test("a notice is a notice", () => {
    for (const line of [
      "Server is shutting down, goodbye!",
      "Server is very busy and dropped 12 messages, sorry!",
      "Unrecognized command /x, try /help",
      "Name must be 2 - 20 alphanumeric chars",
      "Messages can only be 400 chars long",
    ]) {
      expect(meaning(line), line).toEqual({ kind: "other" });
    }
  });

  test("help that is asked for again changes nothing", () => {
    expect(hear(help(step), dialect).dialect.commands).toEqual(dialect.commands);
  });
});

test("from 12 to 16 a user may be called You", () => {
  const { dialect } = hear(greeting(16));
  expect(parse("You joined attic", dialect)).toMatchObject({
    kind: "joined",
    name: "You",
  });
});

test("a command's argument is known", () => {
  const { dialect } = hear(greeting(18));
  expect(dialect.commands).toContainEqual({ name: "/join", argument: "room" });
  expect(dialect.commands).toContainEqual({ name: "/rooms", argument: undefined });
});

test("room names that any word may be do not confuse the list", () => {
  const { dialect } = hear(greeting(16));
  const event = parse("Rooms - a, (3), (1) (2), main (1)", dialect);
  expect(event).toMatchObject({
    rooms: [{ name: "a,", size: 3 }, { name: "(1)", size: 2 }, { name: "main" }],
  });
});

test.each([3, 4, 5, 7, 8])("nobody can greet in the name of step %i", (step) => {
  const { dialect } = hear(help(step));
  const forged = ["You are bob", "Server commands", "  /users - x"].map((line) =>
    said(step, "", line),
  );
  const after = hear(forged, dialect).dialect;
  expect(after.named).toBe(false);
  expect(after.commands).toEqual(dialect.commands);
});

test("an echo of what looks like a greeting is none", () => {
  expect(hear(["You are bob", "bob joined main"]).dialect).toEqual(NO_DIALECT);
});
