// The benchmarks of the pollers measure and draw something, and refuse invalid options.
import { expect, test } from "vitest";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { plotWaits } from "../../scripts/bench/poll/lines.ts";
import { medianOf, quantileOf } from "../../scripts/bench/poll/median.ts";
import { measureWaits } from "../../scripts/bench/poll/waits.ts";
import { measureMoves } from "../../scripts/bench/timers/moves.ts";
import { runCommand } from "../run.ts";

test("the median and a quantile", () => {
  expect(medianOf([5, 1, 3])).toBe(3);
  expect(quantileOf([1, 2, 3, 4], 0.99)).toBe(4);
  expect(medianOf([])).toBeNaN();
});

test("each poller has a point per number of descriptors, and a line", () => {
  const pollers = availablePollers();
  const series = measureWaits(pollers, [2, 20], 1);
  expect(series.map(({ poller }) => poller)).toEqual(pollers.map(({ name }) => name));
  for (const { points } of series) {
    expect(points.map(({ watched }) => watched)).toEqual([2, 20]);
    for (const { ns } of points) expect(ns).toBeGreaterThan(0);
  }
  const picture = plotWaits(series);
  expect(picture.match(/<path fill="none"/g)?.length).toBe(pollers.length);
  expect(picture).not.toContain("NaN");
});

test("each timer structure has a point per number of timers", () => {
  const series = measureMoves([10, 50], 1, 2000);
  expect(new Set(series.map(({ name }) => name)).size).toBe(4);
  for (const { points } of series) {
    expect(points.map(({ x }) => x)).toEqual([10, 50]);
    for (const { ns } of points) expect(ns).toBeGreaterThan(0);
  }
});

test("zero rounds are a misuse", async () => {
  const { code, stderr } = await runCommand(["bench", "poll", "--rounds", "0"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Cannot measure 0 rounds");
});
