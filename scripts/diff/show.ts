// What the commands that show a diff share: choosing the form, and showing it.
import { misuse, NotFound, UsageError } from "../cli.ts";
import { type Choice, chooseLook, type LookValues } from "./options.ts";
import { page } from "./pager.ts";
import { patchOf } from "./patch.ts";
import { forTerminal, type Version } from "./terminal.ts";

/** How to show a diff on this process's stdout. Throws what `chooseLook` throws. */
export function lookFor(values: LookValues): Choice {
  const { isTTY = false, columns } = process.stdout;
  return chooseLook(values, { isTTY, columns, env: process.env });
}

/**
 * Shows the differences between two versions, on the terminal or as a patch. If there are none, a
 * line on stderr says so.
 *
 * @param pathOf For a patch: the path of the file that it changes.
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
  // Printed after the pager, which would scroll it off the screen.
  const paged = choice.pager && (await page(text, process.env));
  if (!paged) process.stdout.write(text);
  if (choice.note) console.error(choice.note);
}

/**
 * Runs `action`, and adds the first line of the usage to a `UsageError` that it throws. A `NotFound`
 * already says where to look.
 *
 * @throws {UsageError} And any other error that `action` throws.
 */
export function withUsage<Result>(usage: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof UsageError) || error instanceof NotFound) throw error;
    throw misuse(error.message, usage);
  }
}
