// Every line that the file ever had, in one order, with the steps in which it stands.
//
//            from  to
//   import …    1  18      shown in step 6 are the lines with from ≤ 6 ≤ to
//   once(…)     1   1
//   for await   2  18
import { diffFile } from "../../diff/model.ts";

export interface Strand {
  readonly text: string;
  /** The numbers of the first and of the last step that has it. */
  readonly from: number;
  readonly to: number;
  /** Where it stood in the file of its first step, from 1. */
  readonly line: number;
}

/**
 * Weaves the versions of a file, the first of which is that of step 1. Marks of regions are
 * left out. The lines with `from ≤ n ≤ to`, in order, are those of version n.
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
  // Nothing differs, so there are no rows: all that stood goes on standing.
  if (rows.length === 0) {
    return strands.map((strand) =>
      isLast(strand, step) ? { ...strand, to: step } : strand,
    );
  }
  const woven: Strand[] = [];
  let next = 0;
  /** Takes over what has gone earlier, up to the next line of the version before. */
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
