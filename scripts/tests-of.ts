// Which tests are those of a step.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, type Step } from "../behaviours/steps.ts";
import { shortNameOf } from "./find-step.ts";

/**
 * The arguments of vitest that run the tests of a step, and hide those that do not run.
 *
 * @param pattern What their titles must match, too; empty for all.
 */
export function testsOf(step: Step, pattern = ""): string[] {
  const { slug, part } = step;
  const hide = "--hideSkippedTests";
  if (part === "chat") {
    const title = pattern === "" ? "" : `.*(?:${pattern})`;
    return ["test/steps.test.ts", "-t", `^${slug} ${title}`, hide];
  }
  const titles = pattern === "" ? [] : ["-t", pattern];
  if (part === "machines") return ["test/machines/", ...titles, hide];
  const name = shortNameOf(step);
  const folder = `test/reactor/${name}/`;
  if (existsSync(join(ROOT, folder))) return [folder, ...titles, hide];
  // The steps without a folder share the files above, where titles name the step.
  const shared = readdirSync(join(ROOT, "test/reactor"))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/reactor/${file}`);
  const named = `^(?=.*\\b${name}\\b)${pattern === "" ? "" : `(?=.*(?:${pattern}))`}`;
  return [...shared, "-t", named, hide];
}
