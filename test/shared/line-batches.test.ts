// line-batches: lines are the same however their bytes were split, and none is too long.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LineDecoder,
  LineTooLong,
  readLineBatches,
  textOf,
} from "../../examples/shared/line-batches.ts";
import {
  closed,
  collect,
  collectGarbage,
  connected,
  growth,
  received,
  sendApart,
} from "./helpers.ts";

/** The lines of each call of decode, then those of end(). */
function decodeEach(limit: number, ...pieces: (string | Uint8Array)[]): string[][] {
  const decoder = new LineDecoder(limit, textOf);
  const batches = pieces.map((piece) => decoder.decode(Buffer.from(piece)));
  return [...batches, decoder.end()];
}

function decodeAll(limit: number, ...pieces: (string | Uint8Array)[]): string[] {
  return decodeEach(limit, ...pieces).flat();
}

/** The lines of all calls, and the message of the error that ended them, if one did. */
function outcome(limit: number, ...pieces: (string | Uint8Array)[]) {
  const decoder = new LineDecoder(limit, textOf);
  const lines: string[] = [];
  try {
    for (const piece of pieces) lines.push(...decoder.decode(Buffer.from(piece)));
    lines.push(...decoder.end());
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    return { lines, error: error.message };
  }
  return { lines, error: undefined };
}

describe("a line", () => {
  test("ends at a newline", () => {
    expect(decodeEach(99, "one\ntwo\n")).toEqual([["one", "two"], []]);
  });

  test("ends at CR LF", () => {
    expect(decodeEach(99, "one\r\ntwo\r\n")).toEqual([["one", "two"], []]);
  });

  test.each([
    { name: "a return alone", text: "a\rb" },
    { name: "U+2028", text: "a\u2028b" },
    { name: "U+2029", text: "a\u2029b" },
    { name: "U+0085", text: "a\u0085b" },
    { name: "a form feed", text: "a\fb" },
    { name: "NUL", text: "a\0b" },
    // Their bytes or code units contain 0x0A, or seem to when split wrongly.
    { name: "U+0A0A", text: "a\u0a0ab" },
    { name: "U+010A", text: "a\u010ab" },
  ])("does not end at $name", ({ text }) => {
    expect(decodeAll(99, `${text}\n`)).toEqual([text]);
  });

  test("loses only the last of several CRs", () => {
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

  test("may be split between CR and LF", () => {
    expect(decodeEach(99, "one\r", "\ntwo")).toEqual([[], ["one"], ["two"]]);
  });

  test("may be split inside a character", () => {
    const bytes = Buffer.from("aé€😀\n");
    const pieces = [...bytes].map((byte) => Buffer.from([byte]));
    expect(decodeAll(99, ...pieces)).toEqual(["aé€😀"]);
  });

  test("has U+FFFD for bytes that are not UTF-8, and still ends at its newline", () => {
    const bytes = [0x61, 0xff, 0x62, 0x0a, 0xe2, 0x82, 0x0a, 0x63, 0x0a];
    expect(decodeAll(99, Buffer.from(bytes))).toEqual(["a\ufffdb", "\ufffd", "c"]);
  });

  test("that is not UTF-8 is the same wherever it is split", () => {
    const bytes = Buffer.from([0x61, 0xf0, 0x9f, 0x98, 0x62, 0x80, 0x0d, 0x0a, 0xc3]);
    const whole = decodeAll(99, bytes);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(decodeAll(99, bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    }
  });
});

describe("the end", () => {
  test("yields a last line without a newline", () => {
    expect(decodeEach(99, "one\ntwo")).toEqual([["one"], ["two"]]);
  });

  test("yields nothing when the last line was complete", () => {
    expect(decodeEach(99, "one\n")).toEqual([["one"], []]);
  });

  test("yields nothing when nothing was received", () => {
    expect(decodeEach(99)).toEqual([[]]);
  });

  test("yields the last line only once", () => {
    const decoder = new LineDecoder(99, textOf);
    decoder.decode(Buffer.from("one"));
    expect(decoder.end()).toEqual(["one"]);
    expect(decoder.end()).toEqual([]);
  });

  test("keeps a CR without LF, which does not end a line", () => {
    expect(decodeAll(99, "one\r")).toEqual(["one\r"]);
    expect(decodeAll(99, "\r")).toEqual(["\r"]);
  });
});

describe("the limit", () => {
  const tooLong = "Cannot read a line: longer than 4 bytes";

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "cannot be %d bytes",
    (limit) => {
      const error = new RangeError(`Cannot limit lines to ${limit} bytes`);
      expect(() => new LineDecoder(limit, textOf)).toThrow(error);
    },
  );

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
    { end: "a return", text: "abcd\r" },
  ])("must not be passed by a line that ends with $end", ({ text }) => {
    expect(outcome(4, text)).toEqual({ lines: [], error: tooLong });
    expect(outcome(4, ...text)).toEqual({ lines: [], error: tooLong });
  });

  test("does not affect the lines before the one that exceeds it, however they are split", () => {
    const expected = { lines: ["one", "two"], error: tooLong };
    for (const last of ["three", "three\n", "three\nfour\n", "three\r\n"]) {
      const text = `one\ntwo\r\n${last}`;
      expect(outcome(4, text)).toEqual(expected);
      expect(outcome(4, ...text)).toEqual(expected);
    }
  });

  test("is final: no line is yielded after the one that exceeds it", () => {
    const decoder = new LineDecoder(4, textOf);
    expect(decoder.decode(Buffer.from("ok\nabc"))).toEqual(["ok"]);
    expect(decoder.tooLong).toBe(false);
    expect(decoder.decode(Buffer.from("def"))).toEqual([]);
    expect(decoder.tooLong).toBe(true);
    expect(() => decoder.decode(Buffer.from("\n"))).toThrow(tooLong);
    expect(() => decoder.decode(Buffer.from("more\n"))).toThrow(tooLong);
    expect(() => decoder.end()).toThrow(tooLong);
    expect(decoder.tooLong).toBe(true);
  });

  test("is exceeded by one byte more, unless that byte is a CR", () => {
    for (const [last, passed] of [
      ["e", true],
      ["\r", false],
    ] as const) {
      for (const pieces of [[`abcd${last}`], ["abcd", last], ["a", `bcd${last}`]]) {
        const decoder = new LineDecoder(4, textOf);
        for (const piece of pieces) decoder.decode(Buffer.from(piece));
        expect(decoder.tooLong).toBe(passed);
      }
    }
  });

  test("applies to a last line without a newline, where no CR is dropped", () => {
    const decoder = new LineDecoder(4, textOf);
    expect(decoder.decode(Buffer.from("abcd\r"))).toEqual([]);
    expect(() => decoder.end()).toThrow(tooLong);
    expect(decoder.tooLong).toBe(true);
    expect(() => decoder.end()).toThrow(tooLong);
  });

  test("counts bytes, not characters", () => {
    expect(decodeAll(4, "éé\n")).toEqual(["éé"]);
    expect(outcome(4, "ééé\n")).toEqual({ lines: [], error: tooLong });
  });

  test("applies to each line: several may be longer together", () => {
    const text = "abcd\r\n".repeat(1_000);
    const lines = new Array(1_000).fill("abcd");
    expect(decodeAll(4, text)).toEqual(lines);
    expect(decodeAll(4, ...text)).toEqual(lines);
  });

  test("is detected before the line has ended, and applies to a line of many pieces", () => {
    const decoder = new LineDecoder(4, textOf);
    expect(decoder.decode(Buffer.from("ok\nab"))).toEqual(["ok"]);
    expect(decoder.decode(Buffer.from("cd"))).toEqual([]);
    expect(decoder.tooLong).toBe(false);
    expect(decoder.decode(Buffer.from("ef"))).toEqual([]);
    expect(decoder.tooLong).toBe(true);
  });

  test("may be 1", () => {
    expect(decodeAll(1, "a\nb\r\n\nc")).toEqual(["a", "b", "", "c"]);
    expect(() => decodeAll(1, "ab\n")).toThrow(LineTooLong);
  });
});

describe("whatever the text and its pieces", () => {
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

  test("the lines are those of the unsplit text", () => {
    const run = (text: string, positions: number[]) => {
      const pieces = cutAt(Buffer.from(text), positions);
      expect(decodeAll(1_000, ...pieces)).toEqual(decodeAll(1_000, text));
    };
    fc.assert(fc.property(text, cuts, run), { numRuns: 1_000 });
  });

  test("the lines match those of String.split", () => {
    const run = (text: string, positions: number[]) => {
      const pieces = cutAt(Buffer.from(`${text}.`), positions);
      expect(decodeAll(1_000, ...pieces)).toEqual(`${text}.`.split(/\r?\n/));
    };
    fc.assert(fc.property(text, cuts, run), { numRuns: 1_000 });
  });

  test("neither the limit nor the lines before it depend on the pieces", () => {
    const run = (text: string, positions: number[], limit: number) => {
      const all = `${text}.`.split(/\r?\n/);
      const first = all.findIndex((line) => Buffer.byteLength(line) > limit);
      const pieces = cutAt(Buffer.from(`${text}.`), positions);
      expect(outcome(limit, ...pieces)).toEqual({
        lines: first === -1 ? all : all.slice(0, first),
        error:
          first === -1 ? undefined : `Cannot read a line: longer than ${limit} bytes`,
      });
    };
    const limit = fc.integer({ min: 1, max: 20 });
    fc.assert(fc.property(text, cuts, limit, run), { numRuns: 1_000 });
  });

  test("random bytes yield the same lines, then the same error, when split", () => {
    const byte = fc.oneof(fc.constantFrom(0x0a, 0x0d), fc.nat(255));
    const bytes = fc.array(byte, { maxLength: 60, size: "max" });
    const run = (bytes: number[], positions: number[], limit: number) => {
      const whole = Buffer.from(bytes);
      const expected = outcome(limit, whole);
      expect(outcome(limit, ...cutAt(whole, positions))).toEqual(expected);
      const single = bytes.map((byte) => Uint8Array.of(byte));
      expect(outcome(limit, ...single)).toEqual(expected);
    };
    const limit = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(1_000));
    fc.assert(fc.property(bytes, cuts, limit, run), { numRuns: 1_000 });
  });
});

describe("the memory for an incomplete line", () => {
  const MEGABYTE = 1024 * 1024;

  test("takes at most twice its bytes, even when they arrive one by one", async () => {
    const decoder = new LineDecoder(2 * MEGABYTE, textOf);
    const grown = await growth(decoder, () => {
      // A new object each time, as with each read of a socket.
      for (let n = 0; n < MEGABYTE; n += 1) decoder.decode(Buffer.from("x"));
    });
    // Garbage collected meanwhile can make it slightly less than the bytes themselves.
    expect(grown).toBeGreaterThan(MEGABYTE / 2);
    expect(grown).toBeLessThan(2.5 * MEGABYTE);
    expect(decoder.end()).toEqual(["x".repeat(MEGABYTE)]);
  });

  test("does not depend on the size of the piece that it arrived in", async () => {
    const decoders = Array.from({ length: 100 }, () => new LineDecoder(99, textOf));
    const grown = await growth(decoders, () => {
      for (const decoder of decoders) {
        const piece = Buffer.alloc(64 * 1024, "line\n");
        expect(decoder.decode(piece).length).toBe(13_107);
      }
    });
    // 64 KiB is 13,107 lines, and one byte of the next.
    expect(decoders[0]?.end()).toEqual(["l"]);
    expect(grown).toBeLessThan(MEGABYTE / 2);
  });

  test("is released when the line has ended, or was too long", async () => {
    for (const end of ["\n", "xx"]) {
      const decoders = Array.from(
        { length: 100 },
        () => new LineDecoder(100_001, textOf),
      );
      const grown = await growth(decoders, () => {
        for (const decoder of decoders) {
          decoder.decode(Buffer.alloc(100_000, "x"));
          decoder.decode(Buffer.from(end));
        }
      });
      expect(grown).toBeLessThan(MEGABYTE / 2);
    }
  });

  test("is a copy: the caller may reuse the piece", () => {
    const decoder = new LineDecoder(99, textOf);
    const piece = Buffer.from("one");
    decoder.decode(piece);
    piece.fill("x");
    expect(decoder.decode(Buffer.from(" two\n"))).toEqual(["one two"]);
  });
});

describe("readLineBatches", () => {
  test("yields all lines of a piece at once", async () => {
    const { socket, peer } = await connected();
    peer.end("one\ntwo\r\nthree\n");
    await received(socket, 15);
    const batches = await collect(readLineBatches(socket, 99));
    expect(batches.filter((batch) => batch.length > 0)).toEqual([
      ["one", "two", "three"],
    ]);
  });

  test("yields the lines of later pieces later", async () => {
    const connection = await connected();
    const batches = collect(readLineBatches(connection.socket, 99));
    await sendApart(connection, ["one\ntw", "o\r", "\n", "three\nfour\n"]);
    connection.peer.end();
    const notEmpty = (await batches).filter((batch) => batch.length > 0);
    expect(notEmpty).toEqual([["one"], ["two"], ["three", "four"]]);
  });

  test("yields a last line without a newline", async () => {
    const { socket, peer } = await connected();
    peer.end("one\ntwo");
    expect((await collect(readLineBatches(socket, 99))).flat()).toEqual(["one", "two"]);
  });

  test("yields no line when nothing was sent", async () => {
    const { socket, peer } = await connected();
    peer.end();
    expect((await collect(readLineBatches(socket, 99))).flat()).toEqual([]);
  });

  test("yields a megabyte of lines completely and in order", async () => {
    const { socket, peer } = await connected();
    const lines = Array.from({ length: 60_000 }, (_, n) => `line nummer ${n} 😀`);
    peer.end(lines.join("\n"));
    expect((await collect(readLineBatches(socket, 99))).flat()).toEqual(lines);
  });

  test("can still answer after the peer's half-close", async () => {
    const { socket, peer } = await connected();
    peer.end("hello\n");
    await collect(readLineBatches(socket, 99));
    socket.end("bye");
    expect(Buffer.concat(await collect<Buffer>(peer)).toString()).toBe("bye");
    await closed(socket);
  });

  test("yields the lines before one over the limit, then throws", async () => {
    const { socket, peer } = await connected();
    peer.write("one\ntwo\nmuch too long\n");
    await received(socket, 22);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const batch of readLineBatches(socket, 4)) seen.push(...batch);
    })();
    // The peer neither sends more nor ends: the error must not wait for that.
    await expect(reading).rejects.toBeInstanceOf(LineTooLong);
    expect(seen).toEqual(["one", "two"]);
  });

  test("throws at once for an invalid limit", async () => {
    const { socket } = await connected();
    const error = new RangeError("Cannot limit lines to NaN bytes");
    await expect(collect(readLineBatches(socket, Number.NaN))).rejects.toThrow(error);
  });

  test("does not keep received buffers alive while it waits for more", async () => {
    const { socket, peer } = await connected();
    const memory: WeakRef<ArrayBufferLike>[] = [];
    const read = socket.read.bind(socket);
    socket.read = (size) => {
      const bytes: Buffer | null = read(size);
      if (bytes !== null) memory.push(new WeakRef(bytes.buffer));
      return bytes;
    };
    const batches = readLineBatches(socket, 99);
    peer.write("hello\nhal");
    expect((await batches.next()).value).toEqual(["hello"]);
    const more = batches.next();
    await collectGarbage();
    expect(memory.map((piece) => piece.deref())).toEqual([undefined]);
    peer.write("f\n");
    expect((await more).value).toEqual(["half"]);
  });

  test("throws for a line over the limit, and leaves the socket open", async () => {
    const { socket, peer } = await connected();
    peer.write("much too long");
    await expect(collect(readLineBatches(socket, 4))).rejects.toThrow(new LineTooLong(4));
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
    test("does not destroy the socket: pending writes still arrive", async () => {
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

    test("leaves later bytes to the next reader, without an incomplete line", async () => {
      const { socket, peer } = await connected();
      peer.write("4\n8\n15\nhalf");
      await received(socket, 11);
      for await (const batch of readLineBatches(socket, 99)) {
        expect(batch).toEqual(["4", "8", "15"]);
        break;
      }
      peer.end(" a line\n23\n");
      const rest = await collect(readLineBatches(socket, 99));
      expect(rest.flat()).toEqual([" a line", "23"]);
    });

    test("leaves no listener behind", async () => {
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
