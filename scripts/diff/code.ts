// Changes in the code of a step, without those in its file's heading and in indentation.
//
//   // 08-chat: …        the heading: what it is, its page, its defect. Every step has its own
//   // Page: …
//   import …             the code, which is compared without indentation
import { diffFile, type FileDiff, type Files, totalOf } from "./model.ts";

/** The number of comment lines that a file begins with. */
export function headingLines(text: string): number {
  const end = text.split("\n").findIndex((line) => !line.startsWith("//"));
  return end === -1 ? 0 : end;
}

/**
 * Compares the code of two versions of a file. Its rows are numbered from the first line
 * below the heading; undefined means no such file.
 */
export function diffCode(
  name: string,
  before: string | undefined,
  after: string | undefined,
): FileDiff {
  const [old, now] = [before, after].map((text) => text && codeOf(text));
  return diffFile(name, old, now, { indentation: "ignore" });
}

/** How many lines of code one step adds to another and removes from it, in all its files. */
export function changeOf(
  before: Files,
  after: Files,
): { added: number; removed: number } {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return totalOf(names.map((name) => diffCode(name, before.get(name), after.get(name))));
}

function codeOf(text: string): string {
  return text.split("\n").slice(headingLines(text)).join("\n");
}
