// just attack: what it lists and refuses, and the arithmetic of a soak.
import { describe, expect, test } from "vitest";
import { samplesIn } from "../../scripts/attack/probe.ts";
import { grows, slopeOf } from "../../scripts/attack/slope.ts";
import { trendsOf } from "../../scripts/attack/soak.ts";
import { soakReport } from "../../scripts/attack/soak-report.ts";
import { someOf } from "../requirements.ts";
import { runCommand } from "../run.ts";

describe.concurrent("just attack", () => {
  test("lists the attacks, and how to run one", async ({ expect }) => {
    const { code, stdout } = await runCommand(["attack"]);
    for (const name of ["escapes", "flood", "deaf", "storm", "soak"]) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +\\S.{20,}$`, "m"));
    }
    expect(stdout).toMatch(/^Run one with: .*attack 18 flood$/m);
    expect(code).toBe(0);
  });

  const mistakes = [
    ["18 flod", /there is no such attack\nDid you mean flood\?\nSee all: .*attack$/m],
    ["flood 18", /the step comes first: .*attack 18 flood$/m],
    ["flood storm", /two attacks at once/],
    [
      "flod",
      /"flod": it is no step and no attack\nDid you mean flood\?\nSee all: .*attack$/m,
    ],
    ["nosuch", /"nosuch": it is no step and no attack\nSee all: .*attack$/m],
    ["soak --for 0", /Cannot set --for to "0": .* from 1 to 86400/],
    ["11 flood", /Cannot attack 11-free-names: it has no rooms yet, take 12 or later/],
    ["r6", /Cannot attack r6-reactor as a chat: it speaks HTTP, try .*attack r6 slow$/m],
    ["99 flood", /there is no step "99"; there are 12 to 18, r9, and m1$/m],
    ["kinda flood", /Cannot attack 07-kinda-chat: it has no rooms yet/],
    ["18z flood", /there is no step "18z"/],
    ["18 flood storm", /two attacks at once/],
    ["18 soak --port 1", /Cannot soak a running server/],
    ["18 soak --for 0", /Cannot set --for to "0": .* from 1 to 86400/],
  ] as const;
  test.each(someOf(mistakes))("refuses %s", async (words, message) => {
    const ended = await runCommand(["attack", ...words.split(" ")]);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
  });

  const calls = [["18", "names"], ["names"], ["all"]];
  test.each(calls)("says that nothing listens there: %s %s", async (...words) => {
    // Nobody listens at port 1 of this machine.
    const ended = await runCommand(["attack", ...words, "--port", "1"]);
    expect(ended.stderr).toMatch(/^Cannot attack port 1: nothing listens there$/m);
    expect(ended.code).toBe(1);
  });
});

describe("the slope", () => {
  const times = Array.from({ length: 30 }, (_, at) => at);

  test("of a line is the line's", () => {
    const { rate, error } = slopeOf(times.map((time) => [time, 5 + 3 * time]));
    expect(rate).toBeCloseTo(3);
    expect(error).toBeCloseTo(0);
  });

  test("is no growth where chance explains it, or where it is small", () => {
    const noise = slopeOf(times.map((time) => [time, (time * 7) % 5]));
    expect(grows(noise, 0)).toBe(false);
    const small = slopeOf(times.map((time) => [time, time]));
    expect(grows(small, 2)).toBe(false);
    expect(grows(small, 0.5)).toBe(true);
  });
});

test("a soak does not grow when it only warms up", () => {
  const samples = Array.from({ length: 60 }, (_, time) => ({
    time,
    heap: 1e6,
    rss: 7e7 + 1e6 * Math.min(time, 12),
    descriptors: 9,
    timers: 1,
  }));
  const trends = trendsOf({ samples, replaced: 600 });
  expect(trends.filter((one) => one.grows)).toEqual([]);
});

test("a soak grows by what each client leaves behind", () => {
  const lines = Array.from({ length: 40 }, (_, at) => {
    const sample = { time: at, heap: 1e6 + 5_000 * at, rss: 5e7, descriptors: 9 };
    return `probe: ${JSON.stringify({ ...sample, timers: 1 + (at % 3) })}\n`;
  });
  const samples = samplesIn(`listening\n${lines.join("")}probe: {"ti`);
  expect(samples).toHaveLength(40);
  const growing = (replaced: number) =>
    trendsOf({ samples, replaced })
      .filter((one) => one.grows)
      .map(({ what }) => what);
  // 5,000 bytes a second: of ten clients that is 500 each, of a hundred 50.
  expect(growing(390)).toEqual(["heap"]);
  expect(growing(3_900)).toEqual([]);
  const report = (seconds: number, replaced: number) => {
    const soaked = { samples, replaced };
    const load = { clients: 9, churn: 9, seconds };
    return soakReport("mine", load, soaked, trendsOf(soaked));
  };
  expect(report(40, 390)).toContain("--for 120");
  expect(report(40, 3_900)).not.toContain("--for");
  expect(report(120, 390)).not.toContain("--for");
});
