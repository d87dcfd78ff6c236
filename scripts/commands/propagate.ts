// just propagate N: carries the edit of step N through all later steps.

import { ALL_STEPS, ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { readOptions, run, UsageError } from "../cli.ts";
import { withUsage } from "../diff/show.ts";
import { findStep } from "../find-step.ts";
import { findRung } from "../programs.ts";
import { formatFiles } from "../propagate/format-files.ts";
import { propagate } from "../propagate/propagate.ts";

const USAGE = `
just propagate N [options]

Merges your uncommitted changes in step N into step N+1, and so on to the last step:
server.ts and help.txt. Solutions of exercises get the edit of their step. The rungs, from
17a on, are between the steps; N may be one of them. Written files are formatted. A conflict
stays in its file for you to resolve. In a step or a rung it stops the edit: continue from
there. In a solution it does not, because nothing follows.

  just propagate 10            carries your edit of step 10 to all that follow
  just propagate 10 --dry-run  only lists them

      --base REV  the commit that the steps are compared with (HEAD)
      --dry-run   shows what would change, and writes nothing
  -h, --help      prints this
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      base: { type: "string", default: "HEAD" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const done = withUsage(USAGE, () => {
    const [step, ...more] = positionals;
    if (step === undefined || more.length > 0) {
      throw new UsageError(
        `Cannot carry an edit: name one step, not ${positionals.length}`,
      );
    }
    return propagate({
      root: ROOT,
      slug: slugOf(step),
      base: values.base,
      dryRun: values["dry-run"],
      print: (line) => console.log(asCalled(line)),
      format: (paths) => {
        const problem = formatFiles(ROOT, paths);
        if (problem) console.error(problem);
      },
    });
  });
  return done ? 0 : 1;
});

/** The step or the rung that the user names: `10`, `r2`, `17c`. */
function slugOf(text: string): string {
  return (findRung(text) ?? findStep(text, ALL_STEPS)).slug;
}
