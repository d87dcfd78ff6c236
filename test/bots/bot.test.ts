// bots/bot: what it learns from its greeting and counts, however the text is cut.
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filesOf, STEPS } from "../../behaviours/steps.ts";
import { Bot } from "../../scripts/bots/bot.ts";

/** A bot that has received these pieces of text. */
function hear(bot: Bot, socket: Socket, pieces: readonly string[]): Bot {
  for (const piece of pieces) socket.emit("data", piece);
  return bot;
}

function open(...pieces: string[]): Bot {
  const socket = new Socket();
  return hear(new Bot(socket), socket, pieces);
}

/** What Ann counts after sending so many messages. */
function count(sent: number, ...pieces: string[]) {
  const socket = new Socket();
  const bot = hear(new Bot(socket), socket, ["You are Ann\n"]);
  bot.sent = sent;
  const { echoes, others, dropped } = hear(bot, socket, pieces);
  return { echoes, others, dropped };
}

const NOTHING = { echoes: 0, others: 0, dropped: 0 };
const NOTICE = (many: number | string) =>
  `Server is very busy and dropped ${many} messages, sorry!`;

describe("the greeting", () => {
  test.each(STEPS.filter(({ number }) => number >= 9))("of $slug", (step) => {
    expect(filesOf(step)).toContain("help.txt");
    const help = readFileSync(join(step.folder, "help.txt"), "utf8");
    const bot = open(`${help}You are BraveOtter\nYou joined main\nBob: hi\n`);
    expect(bot.name).toBe("BraveOtter");
    expect(bot.hasRooms).toBe(step.number >= 13);
    expect(bot.others).toBe(1);
  });

  test("is the same cut anywhere", () => {
    const text = "Server commands\n  /join {room} - joins room\nYou are Änn\r\nBob: hi\n";
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { name, hasRooms, others } = open(text.slice(0, cut), text.slice(cut));
      expect({ name, hasRooms, others }).toEqual({
        name: "Änn",
        hasRooms: true,
        others: 1,
      });
    }
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
    expect(open(text).name).toBe("");
  });
});

describe("a line", () => {
  test.each(["Bob: hi\n", "Bob: hi\r\n", "Bob: \n", "B: x: y\n", "Ann2: hi\n"])(
    "%j is what another said",
    (text) => {
      expect(count(1, text)).toEqual({ ...NOTHING, others: 1 });
    },
  );

  test.each([
    "Bob joined main\n",
    "You are Ann\n",
    "  /join {room} - joins room\n",
    "Rooms - main (3), attic (1)\n",
    "Server is shutting down, goodbye!\n",
    "Bob:\n",
    ": Bob\n",
    " Bob: hi\n",
    "\r\n",
    "Bob: no end",
  ])("%j is none of that", (text) => {
    expect(count(1, text)).toEqual(NOTHING);
  });

  test("of its own name is an echo as long as one is awaited", () => {
    const text = "Ann: a\nBob: b\nAnn: c\n";
    expect(count(2, text)).toEqual({ ...NOTHING, echoes: 2, others: 1 });
    // As in step 09, when another has that name.
    expect(count(1, text)).toEqual({ ...NOTHING, echoes: 1, others: 2 });
  });

  test("about dropped messages is added up", () => {
    const text = `${NOTICE(1)}\n${NOTICE(41)}\r\n${NOTICE("many")}\nBob: ${NOTICE(5)}\n`;
    expect(count(0, text)).toEqual({ ...NOTHING, others: 1, dropped: 42 });
  });

  test("may be long", () => {
    const long = "x".repeat(100_000);
    const text = `Bob: ${long}\nAnn: ${long}\n${long}: hi\n`;
    expect(count(1, text)).toEqual({ ...NOTHING, others: 1, echoes: 1 });
  });

  test("is counted once, however the text is cut", () => {
    const part = fc.constantFrom(
      ...["\n", "\r\n", "Ann: ", "Ann", "Bob: ", ": ", ":", " ", "hello", "é😀", "\0"],
      ...["Ann: hi\n", "Bob joined\n", `${NOTICE(3)}\n`, "x".repeat(300)],
    );
    const texts = fc.array(part, { maxLength: 60, size: "max" });
    const check = (sent: number, parts: string[]) => {
      expect(count(sent, ...parts)).toEqual(count(sent, parts.join("")));
    };
    fc.assert(fc.property(fc.nat(5), texts, check), { numRuns: 2_000 });
  });
});
