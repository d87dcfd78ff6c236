// socket: reading, writing and lines over real connections.

import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { finish, read, readLines, write } from "../../examples/shared/socket.ts";
import {
  closed,
  collect,
  connected,
  ignoreErrors,
  received,
  sendApart,
  turns,
  watch,
} from "./helpers.ts";

/** Far more than the system's buffers of a connection hold. */
const FLOOD = Buffer.alloc(32 * 1024 * 1024, "flood ");

/** The number of listeners per event. */
function listeners(socket: Socket): Record<string, number> {
  const counts = socket.eventNames().map((name) => [name, socket.listenerCount(name)]);
  return Object.fromEntries(counts);
}

describe("read", () => {
  test("returns at most the size, and the rest later", async () => {
    const { socket, peer } = await connected();
    peer.write("hello world");
    await received(socket, 11);
    expect(`${await read(socket, 5)}`).toBe("hello");
    expect(`${await read(socket, 1)}`).toBe(" ");
    expect(`${await read(socket, 100)}`).toBe("world");
  });

  test("returns the available bytes without waiting for more", async () => {
    const { socket, peer } = await connected();
    peer.write("hi");
    expect(`${await read(socket, 100)}`).toBe("hi");
  });

  test("waits until something arrives", async () => {
    const { socket, peer } = await connected();
    const bytes = read(socket, 100);
    const watched = watch(bytes);
    await turns(5);
    expect(watched.settled).toBe(false);
    peer.write("late");
    expect(`${await bytes}`).toBe("late");
  });

  test("returns null after the client's half-close, and null again", async () => {
    const { socket, peer } = await connected();
    peer.end();
    expect(await read(socket, 16)).toBeNull();
    expect(await read(socket, 16)).toBeNull();
  });

  test("returns null when the end arrives while it waits", async () => {
    const { socket, peer } = await connected();
    const bytes = read(socket, 16);
    await turns(3);
    peer.end();
    expect(await bytes).toBeNull();
  });

  test("returns everything that was sent before it returns null", async () => {
    const { socket, peer } = await connected();
    peer.end("bye");
    await received(socket, 3);
    await turns(3);
    expect(`${await read(socket, 2)}`).toBe("by");
    expect(`${await read(socket, 2)}`).toBe("e");
    expect(await read(socket, 2)).toBeNull();
  });

  test("still returns null when the socket was destroyed after the end", async () => {
    const { socket, peer } = await connected();
    peer.end();
    expect(await read(socket, 16)).toBeNull();
    socket.destroy();
    expect(await read(socket, 16)).toBeNull();
  });

  test.each([0, -1, Number.NaN])("throws for a size of %d bytes", async (size) => {
    const { socket, peer } = await connected();
    peer.write("hi");
    await received(socket, 2);
    const error = new RangeError(`Cannot read ${size} bytes at a time`);
    await expect(read(socket, size)).rejects.toThrow(error);
    expect(`${await read(socket, 1)}`).toBe("h");
  });

  test("throws when the peer resets the connection while it waits", async () => {
    const { socket, peer } = await connected();
    const bytes = read(socket, 16);
    peer.resetAndDestroy();
    await expect(bytes).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("throws when the connection was reset before", async () => {
    const { socket, peer } = await connected();
    ignoreErrors(socket);
    peer.resetAndDestroy();
    await closed(socket);
    await expect(read(socket, 16)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("throws when the socket is destroyed while it waits", async () => {
    const { socket } = await connected();
    const bytes = read(socket, 16);
    socket.destroy();
    await expect(bytes).rejects.toThrow("Cannot read: closed");
  });

  test("throws when the socket was destroyed before", async () => {
    const { socket } = await connected();
    socket.destroy();
    await expect(read(socket, 16)).rejects.toThrow("Cannot read: closed");
  });

  test("throws the error that the socket was destroyed with", async () => {
    const { socket } = await connected();
    const error = new Error("enough");
    const bytes = read(socket, 16);
    socket.destroy(error);
    await expect(bytes).rejects.toBe(error);
  });

  test("leaves no listeners behind, whatever its result", async () => {
    const { socket, peer } = await connected();
    ignoreErrors(socket);
    const before = listeners(socket);
    peer.write("at once");
    await received(socket, 7);
    await read(socket, 16);
    expect(listeners(socket)).toEqual(before);

    const waited = read(socket, 16);
    await turns();
    peer.write("waited for");
    await waited;
    expect(listeners(socket)).toEqual(before);

    const lost = read(socket, 16);
    peer.resetAndDestroy();
    await expect(lost).rejects.toThrow();
    const after = listeners(socket);
    for (const event of ["readable", "end", "error", "close"]) {
      expect(after[event] ?? 0).toBeLessThanOrEqual(before[event] ?? 0);
    }
  });

  test("returns 12 kB completely, 16 bytes at a time", async () => {
    const { socket, peer } = await connected();
    const sent = Buffer.from(Array.from({ length: 12_000 }, (_, n) => n % 251));
    const before = listeners(socket);
    peer.write(sent);
    const pieces: Buffer[] = [];
    for (let length = 0; length < sent.length; ) {
      const bytes = await read(socket, 16);
      if (bytes === null) throw new Error("ended early");
      expect(bytes.length).toBeGreaterThan(0);
      expect(bytes.length).toBeLessThanOrEqual(16);
      length += bytes.length;
      pieces.push(bytes);
    }
    expect(Buffer.concat(pieces).equals(sent)).toBe(true);
    expect(listeners(socket)).toEqual(before);
  });
});

describe("write", () => {
  test("sends text as UTF-8, and bytes as they are", async () => {
    const { socket, peer } = await connected();
    await write(socket, "aé😀");
    await write(socket, new Uint8Array([0, 255]));
    socket.end();
    const expected = Buffer.concat([Buffer.from("aé😀"), Buffer.from([0, 255])]);
    expect(Buffer.concat(await collect<Buffer>(peer)).equals(expected)).toBe(true);
  });

  test("resolves when the system has taken everything", async () => {
    const { socket } = await connected();
    await write(socket, "hello");
    expect(socket.writableLength).toBe(0);
  });

  test("waits for a peer that does not read, until it does", async () => {
    const { socket, peer } = await connected();
    peer.pause();
    const writing = write(socket, FLOOD);
    const watched = watch(writing);
    await turns(50);
    expect(watched.settled).toBe(false);
    peer.resume();
    await writing;
    expect(socket.writableLength).toBe(0);
    socket.end();
    await new Promise((resolve) => peer.once("end", resolve));
    expect(peer.bytesRead).toBe(FLOOD.length);
  });

  test("rejects when the peer resets the connection while it waits", async () => {
    const { socket, peer } = await connected();
    ignoreErrors(socket);
    peer.pause();
    const writing = write(socket, FLOOD);
    await turns(5);
    peer.resetAndDestroy();
    await expect(writing).rejects.toMatchObject({ code: expect.any(String) });
  });

  test("rejects when the socket is destroyed while it waits", async () => {
    const { socket, peer } = await connected();
    peer.pause();
    const writing = write(socket, FLOOD);
    await turns(5);
    socket.destroy();
    await expect(writing).rejects.toThrow();
  });

  test("rejects for each of several writes that a reset aborts", async () => {
    const { socket, peer } = await connected();
    ignoreErrors(socket);
    peer.pause();
    const writing = Promise.allSettled([
      write(socket, FLOOD),
      write(socket, "second"),
      write(socket, "third"),
    ]);
    await turns(5);
    peer.resetAndDestroy();
    const statuses = (await writing).map((result) => result.status);
    expect(statuses).toEqual(["rejected", "rejected", "rejected"]);
  });

  test("rejects when the connection was reset before", async () => {
    const { socket, peer } = await connected();
    ignoreErrors(socket);
    peer.resetAndDestroy();
    await closed(socket);
    await expect(write(socket, "late")).rejects.toThrow();
  });

  test("rejects when the socket was destroyed before", async () => {
    const { socket } = await connected();
    socket.destroy();
    await expect(write(socket, "late")).rejects.toThrow();
  });
});

describe("readLines", () => {
  test("yields lines without their line ends", async () => {
    const { socket, peer } = await connected();
    peer.end("one\ntwo\r\n\nfour\n");
    expect(await collect(readLines(socket))).toEqual(["one", "two", "", "four"]);
  });

  test("yields a last line without a newline", async () => {
    const { socket, peer } = await connected();
    peer.end("one\ntwo");
    expect(await collect(readLines(socket))).toEqual(["one", "two"]);
  });

  test("yields no line when nothing was sent", async () => {
    const { socket, peer } = await connected();
    peer.end();
    expect(await collect(readLines(socket))).toEqual([]);
  });

  test("yields a line as soon as it is complete", async () => {
    const { socket, peer } = await connected();
    const lines = readLines(socket);
    peer.write("one\ntw");
    expect(await lines.next()).toEqual({ done: false, value: "one" });
    peer.write("o\n");
    expect(await lines.next()).toEqual({ done: false, value: "two" });
  });

  test("treats CR LF as one line end, even in two packets", async () => {
    const connection = await connected();
    const lines = collect(readLines(connection.socket));
    await sendApart(connection, ["one\r", "\ntwo\r", "\n\r", "\nfour"]);
    connection.peer.end();
    expect(await lines).toEqual(["one", "two", "", "four"]);
  });

  test("treats only a newline as a line end", async () => {
    const { socket, peer } = await connected();
    peer.end("one\rtwo\u2028three\n\r");
    expect(await collect(readLines(socket))).toEqual(["one\rtwo\u2028three", "\r"]);
  });

  test("decodes a character that arrives in two packets", async () => {
    const connection = await connected();
    const lines = collect(readLines(connection.socket));
    const bytes = Buffer.from("é😀\n");
    const pieces = [...bytes].map((byte) => Buffer.from([byte]));
    await sendApart(connection, pieces);
    connection.peer.end();
    expect(await lines).toEqual(["é😀"]);
  });

  test("yields a line of a megabyte", async () => {
    const { socket, peer } = await connected();
    const long = "0123456789abcde😀".repeat(60_000);
    peer.end(`${long}\nshort\n`);
    const [first, ...others] = await collect(readLines(socket));
    expect(first === long).toBe(true);
    expect(others).toEqual(["short"]);
  });

  test("loses no line in a slow loop, however many are queued when the client ends", async () => {
    const { socket, peer } = await connected();
    const sent = Array.from({ length: 5_000 }, (_, n) => `${n}`);
    peer.end(sent.join("\n"));
    const lines: string[] = [];
    for await (const line of readLines(socket)) {
      if (lines.length === 0) await turns(20);
      lines.push(line);
    }
    expect(lines).toEqual(sent);
  });

  test("stops reading while its loop is paused, and resumes with it", async () => {
    const { socket, peer } = await connected();
    const lines = readLines(socket);
    await write(peer, "first\n");
    expect(await lines.next()).toEqual({ done: false, value: "first" });
    const line = "0123456789abcde ".repeat(512);
    const count = FLOOD.length / line.length;
    const writing = write(peer, `${line}\n`.repeat(count));
    const watched = watch(writing);
    await turns(50);
    expect(watched.settled).toBe(false);
    peer.end();
    const all = await collect(lines);
    expect(all.length).toBe(count);
    expect(all.every((one) => one === line)).toBe(true);
    await writing;
  });

  test("throws in the loop when the peer resets the connection", async () => {
    const { socket, peer } = await connected();
    const lines = readLines(socket);
    peer.write("one\n");
    expect(await lines.next()).toEqual({ done: false, value: "one" });
    const second = lines.next();
    peer.resetAndDestroy();
    await expect(second).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("throws when the socket is destroyed here", async () => {
    const { socket, peer } = await connected();
    const lines = readLines(socket);
    peer.write("one\n");
    expect(await lines.next()).toEqual({ done: false, value: "one" });
    const second = lines.next();
    socket.destroy();
    await expect(second).rejects.toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
  });

  describe("when its loop is left early", () => {
    test("does not destroy the socket", async () => {
      const { socket, peer } = await connected();
      peer.write("/quit\nmore\n");
      for await (const line of readLines(socket)) {
        expect(line).toBe("/quit");
        break;
      }
      expect(socket.destroyed).toBe(false);
      socket.end("bye");
      expect(Buffer.concat(await collect<Buffer>(peer)).toString()).toBe("bye");
    });

    test("leaves later bytes to the next reader, without those already read", async () => {
      const { socket, peer } = await connected();
      peer.write("4\n8\n15\nhalf");
      await received(socket, 11);
      for await (const line of readLines(socket)) {
        expect(line).toBe("4");
        break;
      }
      peer.end(" a line\n23\n");
      expect(await collect(readLines(socket))).toEqual([" a line", "23"]);
    });

    test("leaves no error listener: handling a reset is up to the server", async () => {
      const { socket, peer } = await connected();
      socket.on("error", () => {});
      peer.write("/quit\n");
      for await (const _ of readLines(socket)) break;
      peer.resetAndDestroy();
      await closed(socket);
      expect(socket.errored).toMatchObject({ code: "ECONNRESET" });
    });
  });
});

describe("finish", () => {
  test("ends our half, and closes when the peer has ended its half", async () => {
    const { socket, peer } = await connected();
    finish(socket);
    await once(peer.resume(), "end");
    expect(socket.destroyed).toBe(false);
    peer.end();
    await closed(socket);
  });

  test.each([
    ["stopped in its loop", true],
    ["stopped while it waited", false],
  ])("reads on and drops what comes when a line reader has %s", async (_, leaves) => {
    const { socket, peer } = await connected();
    const lines = readLines(socket);
    peer.write("/quit\nmore\n".repeat(10_000));
    await lines.next();
    // The second way is that of `select`: asked once more, and never read.
    if (leaves) await lines.return();
    else void lines.next();
    finish(socket);
    peer.end("more\n".repeat(1_000_000));
    await closed(socket);
    expect(socket.bytesRead).toBe(110_000 + 5_000_000);
  });

  test("lets the peer read our last bytes, even if its own are never read", async () => {
    const { socket, peer } = await connected();
    await write(peer, "more\n".repeat(1_000));
    const words = "our last words ".repeat(100_000);
    void write(socket, words);
    finish(socket);
    const read = Buffer.concat(await collect<Buffer>(peer));
    expect(read.toString() === words).toBe(true);
  });
});
