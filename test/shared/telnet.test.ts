// telnet: commands are removed and text is kept, however the bytes were split.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TelnetFilter } from "../../examples/shared/telnet.ts";

const [SE, NOP, IP, SB, WILL, DONT, IAC] = [240, 241, 244, 250, 251, 254, 255];

/** The output for all pieces, and how it ended. */
function filtered(...pieces: readonly (readonly number[])[]) {
  const filter = new TelnetFilter();
  const text = pieces.flatMap((piece) => [...filter.filter(Buffer.from(piece))]);
  return { text, ended: filter.ended };
}

const ended = undefined;
const [a, b] = [97, 98];

describe("a telnet filter", () => {
  test("returns the same buffer when there is nothing to remove", () => {
    const bytes = Buffer.from("hello 🦦\r\n");
    expect(new TelnetFilter().filter(bytes)).toBe(bytes);
  });

  test.each([
    { what: "a command", bytes: [a, IAC, NOP, b], text: [a, b] },
    { what: "an option", bytes: [a, IAC, WILL, 1, b, IAC, DONT, 10, a], text: [a, b, a] },
    {
      what: "a subnegotiation",
      bytes: [a, IAC, SB, 31, 0, 80, IAC, SE, b],
      text: [a, b],
    },
    {
      what: "one with an FF in it",
      bytes: [IAC, SB, 31, IAC, IAC, IAC, SE, b],
      text: [b],
    },
    { what: "no FF that is doubled", bytes: [a, IAC, IAC, b], text: [a, IAC, b] },
    { what: "no FF before text", bytes: [a, IAC, 10, b], text: [a, IAC, 10, b] },
    { what: "a command cut off", bytes: [a, IAC], text: [a] },
  ])("takes out $what", ({ bytes, text }) => {
    expect(filtered(bytes)).toEqual({ text, ended });
    expect(filtered(...bytes.map((byte) => [byte]))).toEqual({ text, ended });
  });

  test("ends at Ctrl-C, after the text before it", () => {
    const bytes = [a, IAC, IP, b, IAC, NOP, b];
    expect(filtered(bytes, [b])).toEqual({ text: [a], ended: "interrupted" });
  });

  test("ends at a subnegotiation of more than 256 bytes, and not at one of 256", () => {
    const sub = (length: number) => [a, IAC, SB, ...Array(length).fill(b), IAC, SE, b];
    expect(filtered(sub(256))).toEqual({ text: [a, b], ended });
    expect(filtered(sub(257))).toEqual({ text: [a], ended: "overlong" });
    expect(filtered(Array(2).fill(sub(256)).flat())).toEqual({
      text: [a, b, a, b],
      ended,
    });
  });

  const byte = fc.oneof(fc.constantFrom(IAC, IAC, SB, SE, IP, WILL, NOP), fc.nat(255));
  const bytes = fc.array(byte, { maxLength: 400, size: "max" });

  test("yields the same for a text and for its pieces", () => {
    const run = (bytes: number[], at: number[]) => {
      const cuts = [0, ...at.map((one) => one % (bytes.length + 1)), bytes.length];
      cuts.sort((x, y) => x - y);
      const pieces = cuts.slice(1).map((end, i) => bytes.slice(cuts[i], end));
      expect(filtered(...pieces)).toEqual(filtered(bytes));
    };
    fc.assert(fc.property(bytes, fc.array(fc.nat()), run), { numRuns: 2_000 });
  });

  test("restores text whose FF bytes are doubled, whatever commands it contains", () => {
    const text = fc.array(fc.nat(255), { maxLength: 20 });
    const commands = fc.constantFrom(
      [IAC, NOP],
      [IAC, WILL, 3],
      [IAC, SB, 24, 0, 97, IAC, SE],
    );
    const run = (parts: [number[], readonly number[]][]) => {
      const sent = parts.flatMap(([text, command]) => [
        ...text.flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])),
        ...command,
      ]);
      const text = parts.flatMap(([text]) => text);
      expect(filtered(sent)).toEqual({ text, ended });
    };
    fc.assert(fc.property(fc.array(fc.tuple(text, commands)), run), { numRuns: 1_000 });
  });
});
