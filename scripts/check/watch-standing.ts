// just check mine.py --watch: reports between which steps the server is, whenever its file is
// saved.
import type { Result } from "./result.ts";
import { findStanding, holdWhatFits, summary } from "./standing.ts";
import type { Target } from "./target.ts";
import { changes, clock, watchFile } from "./watch.ts";

/**
 * Checks now, and again on each save. The promise never resolves.
 *
 * @param options.patience How long to wait for each expected answer, in milliseconds.
 * @throws {UsageError} When there is no file to watch.
 */
export function watchStanding(options: {
  readonly target: Target;
  readonly patience: number;
}): Promise<never> {
  const { target } = options;
  const again = async (
    before: readonly Result[],
    saves: { readonly waiting: boolean },
  ) => {
    const { results } = await holdWhatFits({ ...options, enough: () => saves.waiting });
    if (saves.waiting) return undefined;
    const news = changes(before, results);
    const text = summary(results, target);
    if (news.length > 0) console.log([clock(), ...news, "", text].join("\n"));
    else console.log(`${clock()} as before: ${text.split("\n", 1)[0]}`);
    return results;
  };
  return watchFile(target, "just check", () => findStanding(options), again);
}
