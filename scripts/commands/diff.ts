// just diff A B: what differs between two steps, rungs or solutions, on the terminal or as a patch.
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { ALL_STEPS, ROOT, type Step } from "../../behaviours/steps.ts";
import { readOptions, run, UsageError } from "../cli.ts";
import { filesOfStep, oneFolderDown, oneFolderUp } from "../diff/files.ts";
import { LOOK_OPTIONS, LOOK_USAGE } from "../diff/options.ts";
import { lookFor, show, withUsage } from "../diff/show.ts";
import { findStep } from "../find-step.ts";
import { findRung, findSolution, type Program, programOf } from "../programs.ts";

const USAGE = `
just diff A B [options]

Shows what changes from step A to step B, in server.ts and help.txt. A step is a number,
a name, or a part of one; 17a and 18c are rungs on the way to a step, and 15.1 is the
solution of an exercise. Piped, it is a patch that turns the files of A into those of B.

  just diff 6 7                 on the terminal
  just diff 6 7 --side-by-side  in two columns
  just diff 18a 18b             from one rung to the next
  just diff 15 15.1             from a step to a solution
  just diff 6 7 | git apply     makes step 06 the same as step 07

${LOOK_USAGE}
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, { options: LOOK_OPTIONS });
  const { a, b, look } = withUsage(USAGE, () => {
    const [from, to, ...more] = positionals;
    if (from === undefined || to === undefined || more.length > 0) {
      throw new UsageError(`Cannot compare: name two steps, not ${positionals.length}`);
    }
    return { a: withStep(from), b: withStep(to), look: lookFor(values) };
  });
  const both = a.kind === "step" && b.kind === "step";
  await show(
    { name: a.slug, files: both ? filesOfStep(a.step) : serverOf(a, a) },
    { name: b.slug, files: both ? filesOfStep(b.step) : serverOf(b, a) },
    // The path of A for both, because the patch changes A.
    (name) => (both ? `examples/${a.step.slug}/${name}` : pathOf(a)),
    look,
  );
  return 0;
});

/** The step, rung or solution that is meant, with its step. */
function withStep(text: string): Program & { readonly step: Step } {
  const inStep = findRung(text) ?? findSolution(text);
  const { step, ...program } = inStep ?? programOf(findStep(text, ALL_STEPS));
  if (step === undefined)
    throw new UsageError(`Cannot compare ${text}: it leads to no step`);
  return { ...program, step };
}

/** Rungs and solutions have only a server. It is shown as if it were where that of `place` is. */
function serverOf({ kind, file }: Program, place: Program) {
  const text = readFileSync(file, "utf8");
  const isBelow = kind !== "step";
  if (isBelow === (place.kind !== "step")) return new Map([["server.ts", text]]);
  return new Map([["server.ts", isBelow ? oneFolderUp(text) : oneFolderDown(text)]]);
}

/** Its path in the repository. */
function pathOf({ file }: Program): string {
  return relative(ROOT, file).split(sep).join("/");
}
