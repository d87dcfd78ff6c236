// Holds the pollers and proactors of Linux to all cases on arm64: by qemu-user.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CASES } from "../reactor/conformance/all.ts";
import { buildCases } from "../reactor/conformance/build.ts";
import { outcomesOf } from "../reactor/conformance/places.ts";
import type { Outcome } from "../reactor/conformance/run.ts";
import { PROACTOR_CASES } from "../reactor/proactor/run.ts";
import { needs } from "../requirements.ts";
import { type Arm64, findQemu, openArm64 } from "./arm64.ts";

/** Milliseconds: emulated, a second's work takes ten. What hangs is ended before. */
const PATIENCE = 300_000;
const POLLERS = "test/reactor/conformance/run.js";
const PROACTORS = "test/reactor/proactor/run.js";

const SUBJECTS = [
  { program: POLLERS, name: "epoll", cases: CASES },
  { program: POLLERS, name: "poll", cases: CASES },
  { program: PROACTORS, name: "adapter:epoll", cases: PROACTOR_CASES },
  { program: PROACTORS, name: "adapter:poll", cases: PROACTOR_CASES },
];
/** What cannot be tried on arm64 from here, and what one gets who tries it. */
const NOT_EMULATED = [
  { program: POLLERS, name: "uring", error: "Cannot open an io_uring: ENOSYS" },
  { program: PROACTORS, name: "uring", error: "Cannot open an io_uring: ENOSYS" },
];

const qemu = findQemu();
const here = needs(qemu, "the pollers on arm64", "qemu-user, or no arm64 C library");
let arm64: Arm64;
beforeAll(async () => {
  if (qemu === undefined) return;
  arm64 = await openArm64(qemu);
  buildCases(arm64.folder);
}, PATIENCE);
afterAll(() => arm64?.close());

const run = (program: string, name: string) =>
  outcomesOf([...arm64.command, join(arm64.folder, program), name]);

for (const { program, name, cases } of SUBJECTS) {
  describe.runIf(here)(`${name} on arm64, by qemu-user`, () => {
    let outcomes: Outcome[] = [];
    beforeAll(async () => {
      outcomes = await run(program, name);
    }, PATIENCE);

    test.each(cases.map((one) => one.name))("%s", (title) => {
      const outcome = outcomes.find((one) => one.name === title);
      const { state, reason } = outcome ?? { state: "no answer", reason: undefined };
      expect(state, reason).toMatch(/^(passed|not run)$/);
    });

    test("hardly a case is left out", () => {
      const left = outcomes.filter(({ state }) => state === "not run");
      expect(left.length, JSON.stringify(left)).toBeLessThanOrEqual(1);
    });
  });
}

for (const { program, name, error } of NOT_EMULATED) {
  test.runIf(here)(
    `NOT TRIED on arm64: ${name} of ${program}`,
    { timeout: PATIENCE },
    async () => {
      console.warn(
        `\n*** NOT RUN here: ${name} on arm64, as qemu-user has no io_uring ***\n`,
      );
      // Once it has, this fails: then it belongs to those above.
      await expect(run(program, name)).rejects.toThrow(error);
    },
  );
}
