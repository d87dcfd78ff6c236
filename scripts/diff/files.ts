// The files of a step, by name.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, type Step } from "../../behaviours/steps.ts";

/** The text of each file of a step: `server.ts`, and any other. */
export function filesOfStep(step: Step): Map<string, string> {
  return new Map(
    filesOf(step).map((name) => [name, readFileSync(join(step.folder, name), "utf8")]),
  );
}

/**
 * The text of a step's server as it would be in a subfolder. A solution or a rung is compared
 * with this, because its imports go one folder further up.
 */
export function oneFolderDown(text: string): string {
  return text
    .replaceAll('"../shared/', '"../../shared/')
    .replaceAll(' from "./', ' from "../')
    .replaceAll('new URL("help.txt"', 'new URL("../help.txt"');
}

/** The reverse: the text of a solution or a rung as it would be in the folder of its step. */
export function oneFolderUp(text: string): string {
  return text
    .replace(/ from (.)\.\.\/(?=[\w-]+\.ts)/g, " from $1./")
    .replaceAll('"../../shared/', '"../shared/')
    .replaceAll('new URL("../help.txt"', 'new URL("help.txt"');
}
