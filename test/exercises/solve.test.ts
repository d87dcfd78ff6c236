// The helper of the exercises: what it takes for solved, and what not.
import { expect, test } from "vitest";
import type { World } from "../../behaviours/world.ts";
import { findProgram } from "../../scripts/programs.ts";
import { holds, solves } from "./solve.ts";

async function answersALongLineOnce({ join }: World) {
  const ann = await join("ann");
  ann.send("this is the best day ever!");
  await ann.sees("this is the best day ever! ❤️");
}

test("tells a server that does it from one that does not", async () => {
  const does = await holds(findProgram("04-lines"), answersALongLineOnce, 15_000);
  expect(does.unmet).toBeUndefined();
  const doesNot = await holds(findProgram("03-modify"), answersALongLineOnce, 1_000);
  expect(doesNot.unmet?.got).toBe('"this is the best ❤️"');
  expect(doesNot.report).toContain("ann → this is the best day ever!");
});

test("lets through what is no shortcoming of the server", async () => {
  const broken = holds(
    findProgram("04-lines"),
    () => Promise.reject(new TypeError("x")),
    1_000,
  );
  await expect(broken).rejects.toThrow(TypeError);
});

test("refuses a program that is no solution of that step", () => {
  const make = () => solves("04-lines", "03-modify", "x", answersALongLineOnce);
  expect(make).toThrow("Cannot test 04-lines: it is no solution of 03-modify");
});
