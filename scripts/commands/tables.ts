// just tables: writes the tables of steps into README.md and examples/README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { Failure, misuse, readOptions, run } from "../cli.ts";
import { TABLES, withTables } from "../step-tables.ts";

const USAGE = `
just tables [options]

Writes the tables of steps, with their ideas and lines, into the files that show them.

  just tables          after a step has changed
  just tables --check  before a commit

      --check  only checks whether they are up to date
  -h, --help   prints this
`;

await run(() => {
  const { values, positionals } = readOptions(USAGE, {
    options: { check: { type: "boolean", default: false } },
  });
  const [more] = positionals;
  if (more !== undefined) throw misuse(`Cannot use "${more}": it takes no names`, USAGE);
  for (const file of TABLES) {
    const path = join(ROOT, file);
    const before = readFileSync(path, "utf8");
    const after = withTables(before, file.includes("/") ? "../" : "");
    if (before === after) console.log(`${file}: up to date`);
    else if (values.check) {
      throw new Failure(`Cannot trust ${file}: its table is old. Run: just tables`);
    } else {
      writeFileSync(path, after);
      console.log(`${file}: written`);
    }
  }
  return undefined;
});
