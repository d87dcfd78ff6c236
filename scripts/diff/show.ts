// What the commands that show a diff do alike: choose how, and bring it to the reader.
import { Misuse, misuse, NotFound } from "../cli.ts";
import { type Choice, chooseLook, type LookValues } from "./options.ts";
import { page } from "./pager.ts";
import { patchOf } from "./patch.ts";
import { forTerminal, type Version } from "./terminal.ts";

/** How to show a diff on this process' standard output; throws as `chooseLook` does. */
export function lookFor(values: LookValues): Choice {
  const { isTTY = false, columns } = process.stdout;
  return chooseLook(values, { isTTY, columns, env: process.env });
}

/**
 * Shows what two versions differ in, on the terminal or as a patch. When they do not, one
 * line on the standard error says so.
 *
 * @param pathOf For the patch: where the file that it changes stands.
 */
export async function show(
  before: Version,
  after: Version,
  pathOf: (name: string) => string,
  choice: Choice,
): Promise<void> {
  const text = choice.patch
    ? patchOf(before.files, after.files, pathOf)
    : forTerminal(before, after, choice);
  if (text === "") {
    const both =
      before.name === after.name ? before.name : `${before.name} and ${after.name}`;
    console.error(`There is no difference: ${both}`);
    return;
  }
  // After the pager, which would push it off the screen.
  const paged = choice.pager && (await page(text, process.env));
  if (!paged) process.stdout.write(text);
  if (choice.note) console.error(choice.note);
}

/**
 * Runs `action`, and adds the first line of the usage to a `Misuse` that it throws;
 * a `NotFound` says itself where to look.
 *
 * @throws {Misuse} And whatever else `action` throws.
 */
export function withUsage<Result>(usage: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Misuse) || error instanceof NotFound) throw error;
    throw misuse(error.message, usage);
  }
}
