// bots/scanner: the same counts as if the lines were read as text, however they are cut.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Counts, LineScanner } from "../../scripts/bots/scanner.ts";

const NOTICE = (count: number | string) =>
  `Server is very busy and dropped ${count} messages, sorry!`;

/** Counts what `pieces` hold, for Ann, who has sent `sent` messages. */
function scan(
  sent: number,
  ...pieces: (string | Buffer)[]
): Counts & { awaited: number } {
  const scanner = new LineScanner("Ann");
  for (let i = 0; i < sent; i += 1) scanner.sent();
  for (const piece of pieces) scanner.scan(Buffer.from(piece));
  const { echoes, others, notices, dropped, rest, awaited } = scanner;
  return { echoes, others, notices, dropped, rest, awaited };
}

const NOTHING = { echoes: 0, others: 0, notices: 0, dropped: 0, rest: 0, awaited: 0 };

describe("a line", () => {
  test.each([
    "Bob: hi\n",
    "Bob: hi\r\n",
    "Bob: \n",
    "B: x: y\n",
    "Ann2: hi\n",
    "An: a\n",
  ])("%j is what another said", (text) => {
    expect(scan(0, text)).toEqual({ ...NOTHING, others: 1 });
  });

  test.each([
    "Bob joined main\n",
    "Bob joined\n",
    "You are Ann\n",
    "Server commands\n",
    "  /join {room} - joins room\n",
    "Rooms - main (3), attic (1)\n",
    "Server is shutting down, goodbye!\n",
    "Bob:\n",
    ": Bob\n",
    " Bob: hi\n",
    "\n",
    "\r\n",
  ])("%j is none of that", (text) => {
    expect(scan(0, text)).toEqual({ ...NOTHING, rest: 1 });
  });

  test("of one's own name is an echo as long as one is awaited", () => {
    expect(scan(2, "Ann: a\nBob: b\nAnn: c\n")).toEqual({
      ...NOTHING,
      echoes: 2,
      others: 1,
    });
    // As in step 09, when another has that name.
    expect(scan(1, "Ann: a\nAnn: b\n")).toEqual({ ...NOTHING, echoes: 1, others: 1 });
    expect(scan(3, "Ann: a\n")).toEqual({ ...NOTHING, echoes: 1, awaited: 2 });
  });

  test("that tells of dropped messages is summed up", () => {
    const text = `${NOTICE(1)}\n${NOTICE(41)}\r\n${NOTICE("many")}\n${NOTICE("1x")}\n`;
    expect(scan(0, text)).toEqual({ ...NOTHING, notices: 2, dropped: 42, rest: 2 });
    expect(scan(0, `Bob: ${NOTICE(5)}\n`)).toEqual({ ...NOTHING, others: 1 });
  });

  test("counts when it has ended", () => {
    expect(scan(0, "Bob: hi")).toEqual(NOTHING);
    expect(scan(0, "Bob: hi", "\n")).toEqual({ ...NOTHING, others: 1 });
  });

  test("may be long", () => {
    const long = "x".repeat(100_000);
    expect(scan(1, `Bob: ${long}\nAnn: ${long}\n${long}: hi\n`)).toEqual({
      ...NOTHING,
      others: 1,
      echoes: 1,
      rest: 1,
    });
  });

  test("ends where the bytes of this time end, whatever is behind them", () => {
    const scanner = new LineScanner("Ann");
    const buffer = Buffer.from("Bob: hi\nBob: old\n");
    scanner.scan(buffer, 6);
    expect(scanner.others).toBe(0);
    buffer.write("i\n");
    scanner.scan(buffer, 2);
    expect(scanner.others).toBe(1);
    scanner.scan(buffer, 0);
    expect(scanner.others).toBe(1);
  });
});

/** The same, written down plainly: for whole texts only. */
function countPlainly(sent: number, text: string): Counts & { awaited: number } {
  const counts = { ...NOTHING, awaited: sent };
  for (const line of text.split("\n").slice(0, -1)) {
    const notice = /^Server is very busy and dropped (\d+)(?:[ \r]|$)/.exec(line);
    if (/^[^ ]+: /.test(line)) {
      if (line.startsWith("Ann: ") && counts.awaited > 0) {
        counts.awaited -= 1;
        counts.echoes += 1;
      } else {
        counts.others += 1;
      }
    } else if (notice) {
      counts.notices += 1;
      counts.dropped += Number(notice[1]);
    } else {
      counts.rest += 1;
    }
  }
  return counts;
}

describe("whatever the lines and the cuts", () => {
  const piece = fc.constantFrom(
    ...["\n", "\r\n", "Ann: ", "Ann", "Bob: ", ": ", ":", " ", "hello", "é😀", "\0"],
    ...["Ann: hi\n", "Bob: hi\n", "Bob joined\n", "You are Ann\n", "busy and "],
    ...[`${NOTICE(3)}\n`, "Server is very busy and dropped ", "12", "7 messages\n"],
  );
  const text = fc.array(piece, { maxLength: 60, size: "max" }).map((all) => all.join(""));
  const cuts = fc.array(fc.nat(600), { maxLength: 20, size: "max" });
  const sent = fc.nat(5);

  function cutAt(bytes: Buffer, positions: readonly number[]): Buffer[] {
    const inside = positions.map((position) => Math.min(position, bytes.length));
    const borders = [0, ...inside.toSorted((a, b) => a - b), bytes.length];
    return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
  }

  test("the counts are those of the text", () => {
    const check = (sent: number, text: string) => {
      expect(scan(sent, text)).toEqual(countPlainly(sent, text));
    };
    fc.assert(fc.property(sent, text, check), { numRuns: 2_000 });
  });

  test("the counts do not depend on the cuts", () => {
    const check = (sent: number, text: string, positions: number[]) => {
      const pieces = cutAt(Buffer.from(text), positions);
      expect(scan(sent, ...pieces)).toEqual(scan(sent, text));
    };
    fc.assert(fc.property(sent, text, cuts, check), { numRuns: 2_000 });
  });

  test("nor do those of long lines, byte by byte", () => {
    const long = fc.nat(600).map((length) => "y".repeat(length));
    const check = (sent: number, text: string, long: string) => {
      const bytes = Buffer.from(`${text}${long}${text}${long}: hi\nAnn: ${long}\n`);
      const pieces = [...bytes].map((byte) => Buffer.from([byte]));
      expect(scan(sent, ...pieces)).toEqual(scan(sent, bytes));
    };
    fc.assert(fc.property(sent, text, long, check), { numRuns: 300 });
  });

  test("nor do those of random bytes", () => {
    const byte = fc.oneof(fc.constantFrom(0x0a, 0x0d, 0x20, 0x3a), fc.nat(255));
    const bytes = fc.array(byte, { maxLength: 100, size: "max" });
    const check = (all: number[], positions: number[]) => {
      const whole = Buffer.from(all);
      expect(scan(1, ...cutAt(whole, positions))).toEqual(scan(1, whole));
    };
    fc.assert(fc.property(bytes, cuts, check), { numRuns: 2_000 });
  });
});
