// Every line that the file ever had, in one order, with the steps that have it.
//
//            from  to
//   import …    1  18      shown in step 6 are the lines with from ≤ 6 ≤ to
//   once(…)     1   1
//   for await   2  18
import { diffFile } from "../../diff/model.ts";

export interface Strand {
  readonly text: string;
  /** The numbers of the first and the last step that have it. */
  readonly from: number;
  readonly to: number;
  /** Its number in the file of its first step, from 1. */
  readonly line: number;
}

/**
 * Weaves the versions of a file, beginning with that of step 1. Region marks are left out.
 * The lines with `from ≤ n ≤ to`, in order, are version n.
 */
export function weave(versions: readonly string[]): Strand[] {
  let strands: Strand[] = [];
  versions.forEach((text, index) => {
    strands = withVersion(strands, versions[index - 1], text, index + 1);
  });
  return strands;
}

function withVersion(
  strands: readonly Strand[],
  before: string | undefined,
  text: string,
  step: number,
): Strand[] {
  const rows = diffFile("file", before ?? "", text, {
    context: Number.POSITIVE_INFINITY,
  }).hunks.flatMap((hunk) => hunk.rows);
  // No differences, so there are no rows, and every line is kept.
  if (rows.length === 0) {
    return strands.map((strand) =>
      isLast(strand, step) ? { ...strand, to: step } : strand,
    );
  }
  const woven: Strand[] = [];
  let next = 0;
  /** Copies lines removed earlier, up to the next line of the previous version. */
  const nextAlive = () => {
    for (;;) {
      const strand = strands[next++];
      if (strand === undefined || isLast(strand, step)) return strand;
      woven.push(strand);
    }
  };
  for (const { kind, text, newNumber = 0 } of rows) {
    if (kind === "added") {
      woven.push({ text, from: step, to: step, line: newNumber });
      continue;
    }
    const strand = nextAlive();
    if (strand) woven.push(kind === "same" ? { ...strand, to: step } : strand);
  }
  return [...woven, ...strands.slice(next)];
}

function isLast({ to }: Strand, step: number): boolean {
  return to === step - 1;
}
