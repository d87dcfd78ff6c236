// out-queue: everything arrives in order, and the queue is bounded and known.
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHUNK, OutQueue } from "../../examples/shared/out-queue.ts";

/** A socket whose writes finish when the test says so. */
class FakeSocket extends Duplex {
  taken = "";
  bytesWritten = 0;
  largest = 0;
  /** Finishes the pending write. */
  accept = () => {};

  constructor() {
    super({ highWaterMark: 4, decodeStrings: true });
    this.on("error", () => {});
  }

  override _read(): void {}

  override _write(bytes: Buffer, _: string, done: () => void): void {
    this.largest = Math.max(this.largest, bytes.length);
    this.accept = () => {
      this.accept = () => {};
      this.taken += bytes;
      done();
    };
  }

  override write(bytes: Buffer | string): boolean {
    this.bytesWritten += bytes.length;
    return super.write(bytes);
  }

  /** Finishes all writes, including those made meanwhile. */
  async acceptAll(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      if (this.writableLength > 0) quiet = 0;
      this.accept();
      await new Promise(setImmediate);
    }
  }
}

function open(limit = 100) {
  const socket = new FakeSocket();
  let readies = 0;
  const count = () => {
    readies += 1;
  };
  const out = new OutQueue(socket as unknown as Socket, limit, count);
  return { socket, out, readies: () => readies };
}

describe("an out-queue", () => {
  test("writes to the socket at once while the system takes everything", async () => {
    const { socket, out } = open();
    out.write("ab");
    expect(out.ready).toBe(true);
    await socket.acceptAll();
    expect(socket.taken).toBe("ab");
    expect(out.bytes).toBe(0);
  });

  test("keeps what the system does not take, in order, and reports when it is empty", async () => {
    const { socket, out, readies } = open();
    out.write("first");
    expect(out.ready).toBe(false);
    out.write("second");
    out.write(Buffer.from("third"));
    expect(out.bytes).toBe(16);
    expect(readies()).toBe(0);
    await socket.acceptAll();
    expect(socket.taken).toBe("firstsecondthird");
    expect(out.ready).toBe(true);
    expect(readies()).toBe(1);
  });

  test("joins queued pieces, up to the size of a chunk", async () => {
    const { socket, out } = open();
    out.write("first");
    const piece = "x".repeat(CHUNK / 4);
    for (let i = 0; i < 9; i += 1) out.write(piece);
    await socket.acceptAll();
    expect(socket.taken.length).toBe(5 + 9 * piece.length);
    expect(socket.largest).toBe(CHUNK);
  });

  test("makes callers wait for room when a write does not fit", async () => {
    const { socket, out } = open(10);
    await out.fits(11);
    out.write("1234567");
    await out.fits(3);
    let fits = false;
    const waits = out.fits(4).then(() => {
      fits = true;
    });
    await new Promise(setImmediate);
    expect(fits).toBe(false);
    socket.accept();
    await waits;
    expect(out.bytes).toBe(0);
  });

  test("does not wait while the socket takes more: no drain would follow", async () => {
    const { socket, out } = open(2);
    out.write("123");
    expect([socket.writableLength, out.ready]).toEqual([3, true]);
    await out.fits(3);
    out.write("456");
    const waits = out.fits(1);
    await socket.acceptAll();
    await waits;
  });

  test("throws in waiting callers when the socket closes", async () => {
    const { socket, out } = open(10);
    out.write("1234567890");
    const waits = out.fits(1);
    socket.destroy();
    await expect(waits).rejects.toThrow("Cannot write: closed");
    out.write("more");
    expect(out.ready).toBe(false);
  });

  test("ends after everything queued, and accepts nothing more", async () => {
    const { socket, out, readies } = open();
    out.write("first");
    out.write("second");
    out.end("last");
    out.end("again");
    out.write("more");
    expect(socket.writableEnded).toBe(false);
    await socket.acceptAll();
    expect(socket.taken).toBe("firstsecondlast");
    expect(socket.writableFinished).toBe(true);
    expect(out.ended).toBe(true);
    expect(readies()).toBe(0);
  });

  test("an error while it writes ends only that client", async () => {
    const { socket, out } = open();
    socket.write = () => {
      throw new Error("no");
    };
    out.write("ab");
    expect(socket.destroyed).toBe(true);
    expect(out.ready).toBe(false);
  });

  test("knows for how long the queue has made no progress", async () => {
    const { socket, out } = open();
    expect(out.stuckFor(0)).toBe(0);
    expect(out.stuckFor(50)).toBe(0);
    out.write("first");
    out.write("second");
    expect(out.stuckFor(100)).toBe(50);
    expect(out.stuckFor(130)).toBe(80);
    socket.accept();
    await new Promise(setImmediate);
    expect(out.stuckFor(140)).toBe(0);
    expect(out.stuckFor(150)).toBe(10);
    await socket.acceptAll();
    expect(out.stuckFor(1_000)).toBe(0);
    out.end();
    // We have ended, and the client has not.
    expect(out.stuckFor(2_000)).toBe(1_000);
  });

  test("loses nothing and keeps the order, whatever is written and finished when", async () => {
    const step = fc.oneof(fc.string({ minLength: 1, maxLength: 9 }), fc.constant(null));
    const run = async (steps: (string | null)[]) => {
      const { socket, out } = open();
      for (const text of steps) {
        if (text === null) {
          socket.accept();
          await new Promise(setImmediate);
        } else out.write(text);
      }
      out.end();
      await socket.acceptAll();
      expect(socket.taken).toBe(steps.join(""));
    };
    await fc.assert(fc.asyncProperty(fc.array(step), run), { numRuns: 200 });
  });
});
