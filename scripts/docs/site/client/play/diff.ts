// The lines that differ between two texts. Loaded when a reader opens the diff of an edit.
import { diffLines } from "diff";
import { el } from "./dom.ts";

/** What the script exports. */
export interface DiffOfTexts {
  /** The lines to remove, numbered as in `before`, and to add, as in `after`. */
  changedLines(before: string, after: string): HTMLElement[];
}

const changedLines: DiffOfTexts["changedLines"] = (before, after) => {
  let [old, line] = [1, 1];
  return diffLines(before, after).flatMap(({ added, removed, count, value }) => {
    const first = added ? line : old;
    if (!added) old += count;
    if (!removed) line += count;
    if (!added && !removed) return [];
    const [sign, tag] = added ? (["+", "ins"] as const) : (["-", "del"] as const);
    const lines = value.replace(/\n$/, "").split("\n");
    return lines.map((text, index) =>
      el(tag, {}, `${`${first + index}`.padStart(4)} ${sign} ${text}\n`),
    );
  });
};
Object.assign(globalThis, { changedLines });
