// just list: every command, with a line of help from the justfile.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PARTS, ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { misuse, NotFound, readOptions, run } from "../cli.ts";
import { listSteps } from "../find-step.ts";
import { asides, type Program, rungs, solutions } from "../programs.ts";

const USAGE = `
just list [steps | asides | solutions | rungs]

Lists every command, or the programs that just example can run.

  just list            the commands
  just list steps      the steps, with their ideas
  just list asides     the small programs from the pages
  just list solutions  the solutions of the exercises
  just list rungs      the servers on the way to 17 and to 18

  -h, --help  prints this
`;

/** The lists, by name. */
const LISTS: Readonly<Record<string, () => string>> = {
  steps: () => PARTS.map(listSteps).join("\n\n"),
  asides: () => namesOf(asides()),
  solutions: () => namesOf(solutions()),
  rungs: () => namesOf(rungs()),
};

await run(() => {
  const [what, ...more] = readOptions(USAGE, {}).positionals;
  if (more.length > 0) throw misuse("Cannot list two things at once", USAGE);
  if (what === undefined) {
    console.log(commands());
    return undefined;
  }
  const list = LISTS[what];
  if (!list) {
    const problem = `Cannot list "${what}": there is no such list`;
    throw new NotFound(problem, what, Object.keys(LISTS), "just list --help");
  }
  console.log(list());
  const call = `just example ${what === "steps" ? "6" : what === "solutions" ? "6.2" : "NAME"}`;
  console.log(asCalled(`\nRun one with: ${call}`));
  return undefined;
});

/** The commands for readers, then those for authors. */
function commands(): string {
  const justfile = readFileSync(join(ROOT, "justfile"), "utf8");
  const recipes = [
    ...justfile.matchAll(/^# (.+)\n((?:\[.*\]\n)*)([a-z-]+)( .*)?:\n/gm),
  ].map(([, help = "", attributes = "", name = "", args = ""]) => ({
    call: `${name}${args.replaceAll("*", "").replaceAll("_", " ")}`.trimEnd(),
    help: asCalled(help),
    forAuthors: attributes.includes("'authors'"),
  }));
  const width = Math.max(...recipes.map(({ call }) => call.length));
  const rows = (authors: boolean) =>
    recipes
      .filter(({ forAuthors }) => forAuthors === authors)
      .map(({ call, help }) => `  ${call.padEnd(width)}  # ${help}`);
  return [
    asCalled("A server, built in front of you. Begin with: just example 1\n"),
    ...rows(false),
    "\nFor those who change it:\n",
    ...rows(true),
    asCalled("\nEach takes --help: just example --help"),
  ].join("\n");
}

function namesOf(programs: readonly Program[]): string {
  return programs.map(({ slug }) => `  ${slug}`).join("\n");
}
