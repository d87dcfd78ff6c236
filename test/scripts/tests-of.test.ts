// just test N: which tests it runs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ALL_STEPS, ROOT } from "../../behaviours/steps.ts";
import { findStep } from "../../scripts/find-step.ts";
import { testsOf } from "../../scripts/tests-of.ts";
import EmptyRunReporter from "../empty-run-reporter.ts";

const of = (name: string, pattern?: string) =>
  testsOf(findStep(name, ALL_STEPS), pattern).slice(0, -1);

test("a step of the chat has the behaviours", () => {
  expect(of("6")).toEqual(["test/steps.test.ts", "-t", "^06-concurrent "]);
  expect(of("6", "a|b")[2]).toBe("^06-concurrent .*(?:a|b)");
});

test("a later step has its folder", () => {
  expect(of("r5", "range")).toEqual(["test/reactor/r5/", "-t", "range"]);
  expect(of("m2")).toEqual(["test/machines/"]);
});

test("one without a folder has the tests that name it", () => {
  const [pattern = "", , ...files] = of("r3", "FIFO").reverse();
  expect(files).toContain("test/reactor/http.test.ts");
  expect("a FIFO in the folder blocks no request r3-epoll").toMatch(new RegExp(pattern));
  expect("a FIFO in the folder blocks no request r2-nonblocking").not.toMatch(
    new RegExp(pattern),
  );
  expect("'r3-epoll' sends Date with every answer").not.toMatch(new RegExp(pattern));
});

test.each(ALL_STEPS)("those of $slug are there", (step) => {
  for (const word of testsOf(step).filter((one) => one.startsWith("test/"))) {
    expect(existsSync(join(ROOT, word)), word).toBe(true);
  }
});

test("a run whose title pattern no test has fails, and says why", () => {
  const said = vi.spyOn(console, "error").mockReturnValue();
  const code = process.exitCode;
  try {
    new EmptyRunReporter().onTestRunEnd([]);
    expect(said).toHaveBeenCalledWith(
      expect.stringMatching(/^No test ran: none has such/),
    );
    expect(process.exitCode).toBe(1);
  } finally {
    process.exitCode = code;
    said.mockRestore();
  }
});
