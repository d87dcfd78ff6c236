// tally: the first of a kind is reported, the others are counted.
import { afterEach, expect, test, vi } from "vitest";
import { Tally } from "../../examples/shared/tally.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("the first of each kind is a line, and the others are a number at the end", () => {
  vi.useFakeTimers();
  const reports: [string, number][] = [];
  const tally = new Tally(1_000, (kind, times) => reports.push([kind, times]));
  const firsts = ["reset", "reset", "flood", "reset"].map((kind) => tally.isFirst(kind));
  expect(firsts).toEqual([true, false, true, false]);
  vi.advanceTimersByTime(999);
  expect(reports).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(reports).toEqual([["reset", 2]]);
  expect(tally.isFirst("reset")).toBe(true);
});

test("counts are reported once, when flushed", () => {
  vi.useFakeTimers();
  const reports: [string, number][] = [];
  const tally = new Tally(1_000, (kind, times) => reports.push([kind, times]));
  for (let i = 0; i < 5; i += 1) tally.isFirst("reset");
  tally.flush();
  tally.flush();
  vi.advanceTimersByTime(10_000);
  expect(reports).toEqual([["reset", 4]]);
  expect(vi.getTimerCount()).toBe(0);
});
