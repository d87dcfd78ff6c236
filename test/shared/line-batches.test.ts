// line-batches: lines are the same however their bytes were cut, and none is too long.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineDecoder, readLineBatches } from "../../examples/shared/line-batches.ts";
import { closed, collect, connected, received, sendApart } from "./helpers.ts";

/** All lines of the pieces, those of each call of decode by themselves; end() is last. */
function decodeEach(limit: number, ...pieces: (string | Uint8Array)[]): string[][] {
  const decoder = new LineDecoder(limit);
  const batches = pieces.map((piece) => decoder.decode(Buffer.from(piece)));
  return [...batches, decoder.end()];
}

function decodeAll(limit: number, ...pieces: (string | Uint8Array)[]): string[] {
  return decodeEach(limit, ...pieces).flat();
}

describe("a line", () => {
  test("ends at a newline", () => {
    expect(decodeEach(99, "one\ntwo\n")).toEqual([["one", "two"], []]);
  });

  test("ends at a return and a newline", () => {
    expect(decodeEach(99, "one\r\ntwo\r\n")).toEqual([["one", "two"], []]);
  });

  test.each([
    { name: "a return alone", text: "a\rb" },
    { name: "U+2028", text: "a\u2028b" },
    { name: "U+2029", text: "a\u2029b" },
    { name: "U+0085", text: "a\u0085b" },
    { name: "a form feed", text: "a\fb" },
    { name: "NUL", text: "a\0b" },
    // Their bytes and code units hold a 0x0A, or look like one when cut wrongly.
    { name: "U+0A0A", text: "a\u0a0ab" },
    { name: "U+010A", text: "a\u010ab" },
  ])("does not end at $name", ({ text }) => {
    expect(decodeAll(99, `${text}\n`)).toEqual([text]);
  });

  test("loses only the last of several returns", () => {
    expect(decodeAll(99, "a\r\r\n")).toEqual(["a\r"]);
  });

  test("keeps its spaces and its byte order mark", () => {
    expect(decodeAll(99, "\ufeff a \t\n")).toEqual(["\ufeff a \t"]);
  });

  test("may be empty", () => {
    expect(decodeAll(99, "\n\r\n\na\n\n")).toEqual(["", "", "", "a", ""]);
  });

  test("is completed by a later piece", () => {
    expect(decodeEach(99, "on", "e\ntw", "", "o", "\nthree")).toEqual([
      [],
      ["one"],
      [],
      [],
      ["two"],
      ["three"],
    ]);
  });

  test("may be cut between its return and its newline", () => {
    expect(decodeEach(99, "one\r", "\ntwo")).toEqual([[], ["one"], ["two"]]);
  });

  test("may be cut inside a character", () => {
    const bytes = Buffer.from("aé€😀\n");
    const pieces = [...bytes].map((byte) => Buffer.from([byte]));
    expect(decodeAll(99, ...pieces)).toEqual(["aé€😀"]);
  });

  test("has U+FFFD for bytes that are not UTF-8, and ends where it ends", () => {
    const bytes = [0x61, 0xff, 0x62, 0x0a, 0xe2, 0x82, 0x0a, 0x63, 0x0a];
    expect(decodeAll(99, Buffer.from(bytes))).toEqual(["a\ufffdb", "\ufffd", "c"]);
  });

  test("that is not UTF-8 is the same when cut anywhere", () => {
    const bytes = Buffer.from([0x61, 0xf0, 0x9f, 0x98, 0x62, 0x80, 0x0d, 0x0a, 0xc3]);
    const whole = decodeAll(99, bytes);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(decodeAll(99, bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    }
  });
});

describe("the end", () => {
  test("gives a last line that has no newline", () => {
    expect(decodeEach(99, "one\ntwo")).toEqual([["one"], ["two"]]);
  });

  test("gives nothing when the last line was complete", () => {
    expect(decodeEach(99, "one\n")).toEqual([["one"], []]);
  });

  test("gives nothing when nothing came", () => {
    expect(decodeEach(99)).toEqual([[]]);
  });

  test("gives the last line only once", () => {
    const decoder = new LineDecoder(99);
    decoder.decode(Buffer.from("one"));
    expect(decoder.end()).toEqual(["one"]);
    expect(decoder.end()).toEqual([]);
  });

  test("keeps a return that no newline followed: alone it ends no line", () => {
    expect(decodeAll(99, "one\r")).toEqual(["one\r"]);
    expect(decodeAll(99, "\r")).toEqual(["\r"]);
  });
});

describe("the limit", () => {
  const tooLong = new RangeError("Cannot read a line: longer than 4 bytes");

  test.each([
    { end: "a newline", text: "abcd\n" },
    { end: "a return and a newline", text: "abcd\r\n" },
    { end: "nothing", text: "abcd" },
  ])("may be reached by a line that ends with $end", ({ text }) => {
    expect(decodeAll(4, text)).toEqual(["abcd"]);
    expect(decodeAll(4, ...text)).toEqual(["abcd"]);
  });

  test.each([
    { end: "a newline", text: "abcde\n" },
    { end: "a return and a newline", text: "abcde\r\n" },
    { end: "two returns and a newline", text: "abcd\r\r\n" },
    { end: "nothing", text: "abcde" },
  ])("must not be passed by a line that ends with $end", ({ text }) => {
    expect(() => decodeAll(4, text)).toThrow(tooLong);
    expect(() => decodeAll(4, ...text)).toThrow(tooLong);
  });

  test("counts bytes, not characters", () => {
    expect(decodeAll(4, "éé\n")).toEqual(["éé"]);
    expect(() => decodeAll(4, "ééé\n")).toThrow(tooLong);
  });

  test("is for one line: many may be longer together", () => {
    const text = "abcd\r\n".repeat(1_000);
    const lines = new Array(1_000).fill("abcd");
    expect(decodeAll(4, text)).toEqual(lines);
    expect(decodeAll(4, ...text)).toEqual(lines);
  });

  test("is noticed before the line has ended, and holds for a line of many pieces", () => {
    const decoder = new LineDecoder(4);
    expect(decoder.decode(Buffer.from("ok\nab"))).toEqual(["ok"]);
    expect(decoder.decode(Buffer.from("cd"))).toEqual([]);
    expect(() => decoder.decode(Buffer.from("ef"))).toThrow(tooLong);
  });

  test("may be 1", () => {
    expect(decodeAll(1, "a\nb\r\n\nc")).toEqual(["a", "b", "", "c"]);
    expect(() => decodeAll(1, "ab\n")).toThrow(RangeError);
  });
});

describe("whatever the text and the cuts", () => {
  const chunk = fc.constantFrom(
    ...["\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085", "\ufeff", "\0"],
    ...["a", " ", "é", "ß", "€", "語", "\u0a0a", "😀", "👩‍🚀", "/name"],
  );
  const text = fc.array(chunk, { maxLength: 40, size: "max" }).map((all) => all.join(""));
  const cuts = fc.array(fc.nat(200), { maxLength: 12, size: "max" });

  function cutAt(bytes: Buffer, positions: readonly number[]): Buffer[] {
    const inside = positions.map((position) => Math.min(position, bytes.length));
    const borders = [0, ...inside.toSorted((a, b) => a - b), bytes.length];
    return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
  }

  test("the lines are those of the whole text", () => {
    const run = (text: string, positions: number[]) => {
      const pieces = cutAt(Buffer.from(text), positions);
      expect(decodeAll(1_000, ...pieces)).toEqual(decodeAll(1_000, text));
    };
    fc.assert(fc.property(text, cuts, run), { numRuns: 1_000 });
  });

  test("the lines are those that a split of the text gives", () => {
    const run = (text: string, positions: number[]) => {
      const pieces = cutAt(Buffer.from(`${text}.`), positions);
      expect(decodeAll(1_000, ...pieces)).toEqual(`${text}.`.split(/\r?\n/));
    };
    fc.assert(fc.property(text, cuts, run), { numRuns: 1_000 });
  });

  test("the limit does not depend on the cuts", () => {
    const run = (text: string, positions: number[], limit: number) => {
      const lines = `${text}.`.split(/\r?\n/);
      const pieces = cutAt(Buffer.from(`${text}.`), positions);
      if (lines.every((line) => Buffer.byteLength(line) <= limit)) {
        expect(decodeAll(limit, ...pieces)).toEqual(lines);
      } else {
        expect(() => decodeAll(limit, ...pieces)).toThrow(RangeError);
      }
    };
    const limit = fc.integer({ min: 1, max: 20 });
    fc.assert(fc.property(text, cuts, limit, run), { numRuns: 1_000 });
  });

  test("random bytes too are the same when cut", () => {
    const byte = fc.oneof(fc.constantFrom(0x0a, 0x0d), fc.nat(255));
    const bytes = fc.array(byte, { maxLength: 60, size: "max" });
    const run = (bytes: number[], positions: number[]) => {
      const whole = Buffer.from(bytes);
      expect(decodeAll(1_000, ...cutAt(whole, positions))).toEqual(
        decodeAll(1_000, whole),
      );
    };
    fc.assert(fc.property(bytes, cuts, run), { numRuns: 1_000 });
  });
});

describe("readLineBatches", () => {
  test("gives all lines that came in one piece at once", async () => {
    const { socket, peer } = await connected();
    peer.end("one\ntwo\r\nthree\n");
    await received(socket, 15);
    const batches = await collect(readLineBatches(socket, 99));
    expect(batches.filter((batch) => batch.length > 0)).toEqual([
      ["one", "two", "three"],
    ]);
  });

  test("gives the lines of later pieces later", async () => {
    const connection = await connected();
    const batches = collect(readLineBatches(connection.socket, 99));
    await sendApart(connection, ["one\ntw", "o\r", "\n", "three\nfour\n"]);
    connection.peer.end();
    const notEmpty = (await batches).filter((batch) => batch.length > 0);
    expect(notEmpty).toEqual([["one"], ["two"], ["three", "four"]]);
  });

  test("gives a last line that has no end", async () => {
    const { socket, peer } = await connected();
    peer.end("one\ntwo");
    expect((await collect(readLineBatches(socket, 99))).flat()).toEqual(["one", "two"]);
  });

  test("gives no line when nothing was sent", async () => {
    const { socket, peer } = await connected();
    peer.end();
    expect((await collect(readLineBatches(socket, 99))).flat()).toEqual([]);
  });

  test("gives a megabyte of lines whole and in order", async () => {
    const { socket, peer } = await connected();
    const lines = Array.from({ length: 60_000 }, (_, n) => `line nummer ${n} 😀`);
    peer.end(lines.join("\n"));
    expect((await collect(readLineBatches(socket, 99))).flat()).toEqual(lines);
  });

  test("can still answer when the peer has finished sending", async () => {
    const { socket, peer } = await connected();
    peer.end("hello\n");
    await collect(readLineBatches(socket, 99));
    socket.end("bye");
    expect(Buffer.concat(await collect<Buffer>(peer)).toString()).toBe("bye");
    await closed(socket);
  });

  test("throws a RangeError for a line over the limit, and leaves the socket open", async () => {
    const { socket, peer } = await connected();
    peer.write("much too long");
    await expect(collect(readLineBatches(socket, 4))).rejects.toThrow(
      new RangeError("Cannot read a line: longer than 4 bytes"),
    );
    expect(socket.destroyed).toBe(false);
    socket.end("too long\n");
    peer.end();
    expect(Buffer.concat(await collect<Buffer>(peer)).toString()).toBe("too long\n");
    await closed(socket);
  });

  test("throws when the peer resets the connection", async () => {
    const { socket, peer } = await connected();
    const all = collect(readLineBatches(socket, 99));
    peer.write("one\n");
    await received(socket, 4);
    peer.resetAndDestroy();
    await expect(all).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("throws when the connection was reset before the loop", async () => {
    const { socket, peer } = await connected();
    socket.on("error", () => {});
    peer.resetAndDestroy();
    await closed(socket);
    await expect(collect(readLineBatches(socket, 99))).rejects.toMatchObject({
      code: "ECONNRESET",
    });
  });

  describe("when its loop is left early", () => {
    test("does not destroy the socket: what was not written yet still arrives", async () => {
      const { socket, peer } = await connected();
      peer.write("/quit\nmore\n");
      for await (const [line] of readLineBatches(socket, 99)) {
        expect(line).toBe("/quit");
        socket.write("bye");
        break;
      }
      expect(socket.destroyed).toBe(false);
      socket.end("!");
      expect(Buffer.concat(await collect<Buffer>(peer)).toString()).toBe("bye!");
    });

    test("leaves no listener of its own behind", async () => {
      const { socket, peer } = await connected();
      const listeners = () =>
        socket.eventNames().map((name) => socket.listenerCount(name));
      const before = listeners();
      peer.write("/quit\n");
      for await (const batch of readLineBatches(socket, 99)) {
        if (batch.length > 0) break;
      }
      expect(listeners()).toEqual(before);
    });
  });
});
