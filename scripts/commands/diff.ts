// just diff A B: what differs between two steps, on the terminal or as a patch.

import { ALL_STEPS } from "../../behaviours/steps.ts";
import { Misuse, readOptions, run } from "../cli.ts";
import { filesOfStep } from "../diff/files.ts";
import { LOOK_OPTIONS, LOOK_USAGE } from "../diff/options.ts";
import { lookFor, show, withUsage } from "../diff/show.ts";
import { findStep } from "../find-step.ts";

const USAGE = `
just diff A B [options]

Shows what changes from step A to step B, in server.ts and help.txt. A step is a number,
a name, or a part of one. Piped, it is a patch that turns the files of A into those of B.

  just diff 6 7                 on the terminal
  just diff 6 7 --side-by-side  in two columns
  just diff 6 7 | git apply     makes step 06 the same as step 07

${LOOK_USAGE}
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, { options: LOOK_OPTIONS });
  const { a, b, look } = withUsage(USAGE, () => {
    const [from, to, ...more] = positionals;
    if (from === undefined || to === undefined || more.length > 0) {
      throw new Misuse(`Cannot compare: name two steps, not ${positionals.length}`);
    }
    const steps = ALL_STEPS;
    return { a: findStep(from, steps), b: findStep(to, steps), look: lookFor(values) };
  });
  await show(
    { name: a.slug, files: filesOfStep(a) },
    { name: b.slug, files: filesOfStep(b) },
    // Where A stands, for both: it is A that the patch changes.
    (name) => `examples/${a.slug}/${name}`,
    look,
  );
  return 0;
});
