// What stops the build of the pages: it names the file, the line and what was expected.
import { Failure } from "../cli.ts";
import { distance } from "../nearest.mjs";

/** A place in a page. */
export interface Place {
  /** From the repository's folder: `docs/08-chat.md`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Something in a page that cannot be rendered. */
export class DocsError extends Failure {
  /** @param problem As in `Cannot show the code: there is no Roms, but Room and Rooms`. */
  constructor({ file, line }: Place, problem: string) {
    super(`${file}:${line}: ${problem}`);
    this.name = "DocsError";
  }
}

/**
 * Of the names there are, those that were perhaps meant; all of them when none is near.
 *
 * @returns As in `Room or Rooms`.
 */
export function nearestOf(name: string, names: Iterable<string>): string {
  const all = [...names];
  const near = all.filter((one) => distance(one.toLowerCase(), name.toLowerCase()) <= 2);
  const like = all.filter((one) => one.toLowerCase().includes(name.toLowerCase()));
  const [shown] = [near, like, all].filter((list) => list.length > 0);
  return shown?.join(" or ") ?? "nothing";
}
