// The programs of the asides that run for some seconds.
import { describe, expect, test } from "vitest";
import {
  POLLERS,
  unavailableReason,
} from "../../examples/shared/poll/readiness/pollers.ts";
import { runAside } from "./run.ts";

describe("promise-race-leak", () => {
  test("shows that each race leaks some hundred bytes, and select none", async () => {
    const lines = await runAside("promise-race-leak", "--exact");
    expect(lines.slice(0, 3)).toEqual([
      "memory kept after 100,000 rounds",
      "  Promise.race: more than 10 MB",
      "  select:       less than 1 MB",
    ]);
    const [raced = 0, selected = 0] = lines
      .slice(3)
      .map((line) => Number(/(-?\d+) bytes a round/.exec(line)?.[1]));
    expect(raced).toBeGreaterThan(100);
    expect(raced).toBeLessThan(1_000);
    expect(selected).toBeLessThan(10);
  });
});

test("atomics shows lost updates between threads, and two fixes", async () => {
  expect(await runAside("atomics")).toEqual([
    "4 threads add 1 in shared memory, 200,000 times each",
    "  +=          some are lost",
    "  Atomics.add 800,000",
    "  a mutex     800,000",
  ]);
});

test("thread shows that a calculation blocks the loop, unless split up or on another thread", async () => {
  expect(await runAside("thread")).toEqual([
    "what the event loop does while numbers are added up",
    "  in one go:   stands still",
    "  in slices:   goes on",
    "  in a worker: goes on",
  ]);
});

test("never-read shows what awaiting a write prevents", async () => {
  expect(await runAside("never-read")).toEqual([
    "waits:",
    "  the client is stuck",
    "  answers kept here: less than 1 MB",
    "doesNot:",
    "  the client has sent all of its 50 MB",
    "  answers kept here: more than 1 MB",
  ]);
});

describe("birthday", () => {
  test("shows the probabilities in the chapter, by formula and by trial", async () => {
    const lines = await runAside("birthday");
    expect(lines[0]).toContain("150,000 names");
    const rows = lines.flatMap((line) => {
      const [, draws, exact, tried] =
        /^ *(\d+) +([\d.]+) % +([\d.]+) %$/.exec(line) ?? [];
      return draws ? [[Number(draws), Number(exact), Number(tried)] as const] : [];
    });
    const exact = new Map(rows.map(([draws, chance]) => [draws, chance]));
    expect(exact.get(460)).toBeGreaterThan(50);
    expect(exact.get(1_000)).toBeGreaterThan(96);
    // The trials are seeded: three standard deviations are 1.5 %.
    for (const [, chance, tried] of rows) {
      expect(Math.abs(chance - tried)).toBeLessThan(1.5);
    }
    expect(lines.at(-1)).toBe("more likely than not from 457 users on");
  });
});

test("pages shows that memory is allocated when it is touched", async () => {
  expect(await runAside("pages")).toEqual([
    "256 MB allocated: less than 64 MB more in physical memory",
    "each page touched: more than 192 MB more in physical memory",
    "pages that hold what we wrote: 65,536",
  ]);
});

const uring = POLLERS.find(({ name }) => name === "uring");
const noUring = uring ? unavailableReason(uring) : "it is unknown";
if (noUring) console.warn(`\n*** NOT RUN here: multishot: ${noUring} ***\n`);

test.skipIf(noUring)(
  "multishot needs one request for all messages of a connection",
  async () => {
    expect(await runAside("multishot")).toEqual([
      "1,000 connections, 16 messages each, 50 at a time",
      "  one at a time    17,000 requests,  1,000 buffers: 16,000 KiB",
      "  multishot         1,000 requests,     64 buffers:  1,024 KiB",
    ]);
  },
);

test.skipIf(process.platform !== "linux")(
  "herd counts the threads that one connection wakes",
  async () => {
    const lines = await runAside("herd");
    expect(lines.map((line) => Number(/(\d) woken/.exec(line)?.[1] ?? -1))).toEqual([
      -1, 1, 4, 4, 1, 4, 1, 1, -1, -1, -1, -1, -1,
    ]);
    expect(lines.at(-1)).toBe("  some are reset, some still wait");
  },
);

test.skipIf(process.platform !== "linux")(
  "sendfile needs few calls for a large file",
  async () => {
    expect(await runAside("sendfile")).toEqual([
      "64 MB by read and write: 2,048 calls",
      "by sendfile: less than a hundredth of them",
    ]);
  },
);
