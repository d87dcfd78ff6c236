// Who is declared dead, and by whom. The times are the test's.
import { describe, expect, test } from "vitest";
import { Lives } from "../../examples/m2-many/lives.ts";

const OTHERS = ["B"];

/** Hears itself each half second, and others that beat. @returns The lives declared dead. */
function listen(lives: Lives, from: number, to: number, others: string[] = []): string[] {
  const dead: string[] = [];
  for (let now = from; now <= to; now += 500) {
    lives.heard("A", true, now);
    for (const life of others) lives.heard(life, false, now);
    dead.push(...lives.overdue(OTHERS, now));
  }
  return dead;
}

describe("a server that listens", () => {
  test("declares one dead that it has not heard for a lease, and not before", () => {
    const lives = new Lives(0);
    listen(lives, 0, 2_000, ["B"]);
    listen(lives, 2_500, 7_000);
    expect(lives.overdue(OTHERS, 7_000)).toEqual([]);
    expect(lives.overdue(OTHERS, 7_001)).toEqual(["B"]);
  });

  test("declares it dead once, even if the log takes that late", () => {
    const lives = new Lives(0);
    expect(listen(lives, 0, 4_500, ["B"])).toEqual([]);
    expect(listen(lives, 5_000, 20_000)).toEqual(["B"]);
  });

  test("counts one that the log has just named as heard", () => {
    const lives = new Lives(0);
    listen(lives, 0, 60_000);
    expect(lives.overdue(["C"], 60_000)).toEqual([]);
    listen(lives, 60_500, 65_000);
    expect(lives.overdue([], 65_000)).toEqual([]);
    expect(lives.overdue(["C"], 65_100)).toEqual([]);
  });
});

describe("a server that was deaf", () => {
  test.each([
    ["asks first", (lives: Lives) => lives.overdue(OTHERS, 12_000)],
    ["hears itself first", (lives: Lives) => lives.heard("A", true, 12_000)],
  ])("judges nobody until it has listened for a lease: it %s", (_, wakes) => {
    const lives = new Lives(0);
    listen(lives, 0, 2_000, ["B"]);
    wakes(lives);
    listen(lives, 12_000, 16_500);
    expect(lives.overdue(OTHERS, 16_900)).toEqual([]);
    expect(listen(lives, 17_000, 17_500)).toEqual(["B"]);
  });

  test("is deaf when it hears others, but not itself", () => {
    const lives = new Lives(0);
    lives.heard("A", true, 0);
    for (let now = 0; now < 20_000; now += 500) lives.heard("C", false, now);
    expect(lives.overdue(OTHERS, 0)).toEqual([]);
    expect(lives.overdue(OTHERS, 20_000)).toEqual([]);
  });
});
