// The files of a step, by name.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, type Step } from "../../behaviours/steps.ts";

/** The text of each file that makes a step: `server.ts`, and `help.txt` if it has one. */
export function filesOfStep(step: Step): Map<string, string> {
  return new Map(
    filesOf(step).map((name) => [name, readFileSync(join(step.folder, name), "utf8")]),
  );
}
