// bots/greeting: the name and the rooms, however the greeting is cut.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesOf, STEPS } from "../../behaviours/steps.ts";
import { Greeting } from "../../scripts/bots/greeting.ts";

/** What is learned from the pieces, the rest with what comes after it. */
function learn(...pieces: (string | Buffer)[]) {
  const greeting = new Greeting();
  for (const [index, piece] of pieces.entries()) {
    const welcome = greeting.read(Buffer.from(piece));
    if (welcome === undefined) continue;
    const { name, rooms, rest } = welcome;
    const after = pieces.slice(index + 1).map((piece) => piece.toString());
    return { name, rooms, rest: [rest.toString(), ...after].join("") };
  }
  return undefined;
}

describe("the greeting", () => {
  test.each(STEPS.filter(({ number }) => number >= 9))("of $slug", (step) => {
    expect(filesOf(step)).toContain("help.txt");
    const help = readFileSync(join(step.folder, "help.txt"), "utf8");
    expect(learn(`${help}You are BraveOtter\nYou joined main\n`)).toEqual({
      name: "BraveOtter",
      rooms: step.number >= 13,
      rest: "You joined main\n",
    });
  });

  test("is the same cut anywhere", () => {
    const text = "Server commands\n  /join {room} - joins room\nYou are Änn\r\nBob: hi\n";
    const bytes = Buffer.from(text);
    const whole = { name: "Änn", rooms: true, rest: "Bob: hi\n" };
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(learn(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    }
    expect(learn(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
  });

  test.each([
    "",
    "Server commands\n  /help - prints this message\n",
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
    "You are Ann",
    "You are \n",
    "You are not welcome\n",
    "Ann says: You are Bob\n",
    `${"x".repeat(1_000_000)}\n`,
  ])("%.40j is none", (text) => {
    expect(learn(text)).toBeUndefined();
  });
});
