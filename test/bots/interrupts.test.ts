// bots/interrupts: one Ctrl-C ends the talk, two end the waiting.
import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { interrupts } from "../../scripts/bots/interrupts.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What has been aborted after the signals, so many milliseconds apart. */
function after(apart: number, ...signals: NodeJS.Signals[]) {
  const source = new EventEmitter();
  const { stop, force } = interrupts(source);
  for (const signal of signals) {
    source.emit(signal);
    vi.advanceTimersByTime(apart);
  }
  return { stop: stop.aborted, force: force.aborted };
}

test("nothing is aborted before a signal", () => {
  expect(after(1_000)).toEqual({ stop: false, force: false });
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends the talk", (signal) => {
  expect(after(1_000, signal)).toEqual({ stop: true, force: false });
});

test("a second one ends the waiting", () => {
  expect(after(1_000, "SIGINT", "SIGINT")).toEqual({ stop: true, force: true });
});

test("one that npm passes on as well is the same", () => {
  expect(after(5, "SIGINT", "SIGINT", "SIGTERM")).toEqual({ stop: true, force: false });
});

test("the talk can be ended without a signal", () => {
  const { stop, force, end } = interrupts(new EventEmitter());
  end();
  expect([stop.aborted, force.aborted]).toEqual([true, false]);
});
