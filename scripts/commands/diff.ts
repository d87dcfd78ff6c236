// just diff A B: what differs between two steps or rungs, on the terminal or as a patch.
import { readFileSync } from "node:fs";
import { ALL_STEPS, type Step } from "../../behaviours/steps.ts";
import { readOptions, run, UsageError } from "../cli.ts";
import { filesOfStep, oneFolderUp } from "../diff/files.ts";
import { LOOK_OPTIONS, LOOK_USAGE } from "../diff/options.ts";
import { lookFor, show, withUsage } from "../diff/show.ts";
import { findStep } from "../find-step.ts";
import { findRung, type Program, programOf } from "../programs.ts";

const USAGE = `
just diff A B [options]

Shows what changes from step A to step B, in server.ts and help.txt. A step is a number,
a name, or a part of one; 17a and 18c are rungs on the way to a step. Piped, it is a patch
that turns the files of step A into those of B.

  just diff 6 7                 on the terminal
  just diff 6 7 --side-by-side  in two columns
  just diff 18a 18b             from one rung to the next
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
    return { a: stepOrRung(from), b: stepOrRung(to), look: lookFor(values) };
  });
  const serverOnly = a.kind === "rung" || b.kind === "rung";
  await show(
    { name: a.slug, files: filesOf(a, serverOnly) },
    { name: b.slug, files: filesOf(b, serverOnly) },
    // The path of A for both, because the patch changes A.
    (name) => `examples/${a.step.slug}/${name}`,
    look,
  );
  return 0;
});

function stepOrRung(text: string): Program & { readonly step: Step } {
  const { step, ...rung } = findRung(text) ?? programOf(findStep(text, ALL_STEPS));
  if (step === undefined)
    throw new UsageError(`Cannot compare ${text}: it leads to no step`);
  return { ...rung, step };
}

/** The files of a step or a rung. A rung has only a server, shown as if it were its step's. */
function filesOf({ step, file }: { step: Step; file: string }, serverOnly: boolean) {
  if (!serverOnly) return filesOfStep(step);
  return new Map([["server.ts", oneFolderUp(readFileSync(file, "utf8"))]]);
}
