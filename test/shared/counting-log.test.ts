// counting-log: an output that fails or is full blocks nothing, and lost lines are counted.
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CountingLog } from "../../examples/shared/counting-log.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An output that takes a given number of bytes, and then fails with a code. */
class Output {
  text = "";
  room = Number.POSITIVE_INFINITY;
  code = "EAGAIN";

  write = (bytes: Buffer): number => {
    if (this.room === 0) throw Object.assign(new Error(this.code), { code: this.code });
    const taken = bytes.subarray(0, this.room);
    this.room -= taken.length;
    this.text += taken;
    return taken.length;
  };
}

function logTo(output: Output, limit = 20): CountingLog {
  return new CountingLog(-1, (lost) => `lost ${lost}.\n`, { limit, write: output.write });
}

test("lines are written at once", () => {
  const output = new Output();
  const log = logTo(output);
  log.write("one\n");
  expect(output.text).toBe("one\n");
  log.write("two\n");
  expect(output.text).toBe("one\ntwo\n");
  expect(vi.getTimerCount()).toBe(0);
});

test("lines wait in order for a full output, and none is written twice", () => {
  const output = new Output();
  const log = logTo(output);
  output.room = 6;
  for (const line of ["one\n", "two\n", "three\n"]) log.write(line);
  expect(output.text).toBe("one\ntw");
  output.room = Number.POSITIVE_INFINITY;
  vi.advanceTimersByTime(1_000);
  expect(output.text).toBe("one\ntwo\nthree\n");
  expect(log.lost).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("lines beyond the limit are counted, and the count is logged when there is room", () => {
  const output = new Output();
  output.room = 0;
  const log = logTo(output);
  for (let i = 0; i < 10; i += 1) log.write(`line${i}\n`);
  expect(log.lost).toBe(7);
  output.room = Number.POSITIVE_INFINITY;
  vi.advanceTimersByTime(1_000);
  expect(output.text).toBe("line0\nline1\nline2\nlost 7.\n");
  log.write("on\n");
  expect(output.text).toBe("line0\nline1\nline2\nlost 7.\non\n");
});

test.each(["ENOSPC", "EPIPE", "EIO", "EBADF"])(
  "lines that fail with %s are counted, and the count is logged when output works again",
  (code) => {
    const output = new Output();
    output.code = code;
    output.room = 2;
    const log = logTo(output);
    log.write("one\n");
    log.write("two\n");
    expect(log.lost).toBe(2);
    output.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(1_000);
    // The partial line has a line end now.
    expect(output.text).toBe("on\nlost 2.\n");
    log.write("three\n");
    expect(output.text).toBe("on\nlost 2.\nthree\n");
  },
);

test("written lines and reported losses add up to what was logged", () => {
  const step = fc.record({
    room: fc.oneof(fc.constant(0), fc.nat(30), fc.constant(1_000_000)),
    code: fc.constantFrom("EAGAIN", "ENOSPC"),
    lines: fc.nat(5),
  });
  const run = (steps: { room: number; code: string; lines: number }[]) => {
    const output = new Output();
    const log = logTo(output, 40);
    let logged = 0;
    for (const { room, code, lines } of steps) {
      Object.assign(output, { room, code });
      for (let i = 0; i < lines; i += 1) {
        logged += 1;
        log.write(`line ${logged}.\n`);
      }
      vi.advanceTimersByTime(1_000);
    }
    output.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(1_000);
    const written = output.text.match(/^line \d+\.$/gm)?.length ?? 0;
    const lost = [...output.text.matchAll(/^lost (\d+)\.$/gm)];
    const sum = lost.reduce((all, [, count]) => all + Number(count), written);
    expect(sum, output.text).toBe(logged);
  };
  fc.assert(fc.property(fc.array(step), run), { numRuns: 500 });
});
