// just list: every command, with a line of help. The justfile is where they stand.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { readOptions, run } from "../cli.ts";

const USAGE = `
just list

Lists every command.
`;

await run(() => {
  readOptions(USAGE, {});
  const justfile = readFileSync(join(ROOT, "justfile"), "utf8");
  const recipes = [...justfile.matchAll(/^# (.+)\n(?:\[.*\]\n)*([a-z-]+)( .*)?:\n/gm)];
  const rows = recipes.map(([, help = "", name = "", args = ""]) => ({
    call: `${name}${args.replaceAll("*", "").replaceAll("_", " ")}`.trimEnd(),
    help: asCalled(help),
  }));
  const width = Math.max(...rows.map(({ call }) => call.length));
  console.log(asCalled("A server, built in front of you. Begin with: just example 1\n"));
  for (const { call, help } of rows) console.log(`  ${call.padEnd(width)}  # ${help}`);
  console.log(asCalled("\nEach takes --help: just example --help"));
  return undefined;
});
