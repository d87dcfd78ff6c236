// just propagate N: carries the edit of step N through all the steps after it.

import { ROOT } from "../../behaviours/steps.ts";
import { Misuse, readOptions, run } from "../cli.ts";
import { withUsage } from "../diff/show.ts";
import { findStep } from "../find-step.ts";
import { propagate } from "../propagate/propagate.ts";

const USAGE = `
Usage: just propagate N [options]

Merges what you have changed in step N, and not committed, into step N+1, and from there
on to the last step: server.ts and help.txt. It stops at a conflict, which it leaves in
the file for you to resolve; then go on from that step.

  --base REV   what the steps are compared with, HEAD if it is not given
  --dry-run    say what would change, and write nothing
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
      slug: findStep(step).slug,
      base: values.base,
      dryRun: values["dry-run"],
      print: (line) => console.log(line),
    });
  });
  return done ? 0 : 1;
});
