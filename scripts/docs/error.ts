// What stops the build of the pages: it names the file, the line and what was expected.
import { Failure } from "../cli.ts";

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

/** How many letters must change to make one of the other (Levenshtein, 1965). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
