// just propagate N: carries the edit of step N through all the steps after it.

import { ALL_STEPS, ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { Misuse, readOptions, run } from "../cli.ts";
import { withUsage } from "../diff/show.ts";
import { findStep } from "../find-step.ts";
import { findRung } from "../programs.ts";
import { formatFiles } from "../propagate/format-files.ts";
import { propagate } from "../propagate/propagate.ts";

const USAGE = `
just propagate N [options]

Merges what you have changed in step N, and not committed, into step N+1, and from there on
to the last step: server.ts and help.txt. Solutions of exercises get the edit of their step.
The rungs, 17a and on, are on the way to 17 and to 18; N may be one of them. What is written is
formatted. A conflict stays in its file for you to resolve. In a step or a rung it stops the edit: go on
from there. In a solution it does not, since nothing follows.

  just propagate 10            carries your edit of step 10 to all that follow
  just propagate 10 --dry-run  only says to which

      --base REV  what the steps are compared with (HEAD)
      --dry-run   says what would change, and writes nothing
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
      throw new Misuse(`Cannot carry an edit: name one step, not ${positionals.length}`);
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
