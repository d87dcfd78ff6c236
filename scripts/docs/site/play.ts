// The playground: the scripts that run a step in its page, loaded when a reader asks for
// it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, STEPS, type Step } from "../../../behaviours/steps.ts";
import { Failure } from "../../cli.ts";
import { bundleMachine } from "../../simulate/page/bundle.ts";
import { markOf } from "./assets.ts";
import { MISTAKES } from "./mistakes.ts";

const CACHE = join(ROOT, "node_modules/.cache/simulate");
/** The sources of the machine. */
const INPUTS = ["scripts/simulate", "behaviours", "examples/shared", "package-lock.json"];

/** The scripts that pages load for it, with a hash of the content. */
export interface PlayAddresses {
  readonly machine: string;
  /** The panel on a step's page. */
  readonly panel: string;
  readonly duel: string;
  /** By the step's slug. */
  readonly steps: ReadonlyMap<string, string>;
}

interface Playground {
  /** The scripts, by name in the site's folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly addresses: PlayAddresses;
}

let isSaid = false;

/**
 * Builds the playground.
 *
 * @param scripts The panel, in which CHECKS, DIAGRAM and DIFF are replaced by addresses; these
 * two; and the duel.
 * @param titles The titles of the steps' pages, by slug.
 * @returns undefined, after a message, when Node's library is not available: the pages then
 * have no buttons.
 */
export async function buildPlayground(
  scripts: {
    readonly panel: string;
    readonly duel: string;
    readonly diagram: string;
    readonly diff: string;
  },
  titles: ReadonlyMap<string, string>,
): Promise<Playground | undefined> {
  let bundle: Awaited<ReturnType<typeof bundleMachine>>;
  try {
    bundle = await cachedMachine();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!isSaid)
      console.error(`The pages are built without the playground.\n${error.message}`);
    isSaid = true;
    return undefined;
  }
  const checks = `checksOfThePage=${bundle.checks};\n`;
  const machine = `${licences()}machineOfThePage=${bundle.machine};\n`;
  const panel = scripts.panel
    .replace("CHECKS", marked("checks.js", checks))
    .replace("DIAGRAM", marked("diagram.js", scripts.diagram))
    .replace("DIFF", marked("diff.js", scripts.diff));
  const steps = STEPS.map((step) => {
    const text = stepScript(step, titles.get(step.slug) ?? step.slug);
    return { slug: step.slug, name: `play/${step.slug}.js`, text };
  });
  return {
    files: new Map([
      ["machine.js", machine],
      ["play.js", panel],
      ["duel.js", scripts.duel],
      ["diagram.js", scripts.diagram],
      ["diff.js", scripts.diff],
      ["checks.js", checks],
      ...steps.map(({ name, text }) => [name, text] as const),
    ]),
    addresses: {
      machine: marked("machine.js", machine),
      panel: marked("play.js", panel),
      duel: marked("duel.js", scripts.duel),
      steps: new Map(steps.map(({ slug, name, text }) => [slug, marked(name, text)])),
    },
  };
}

function marked(name: string, text: string): string {
  return `${name}?${markOf(text)}`;
}

/** The step's server, the files that it reads, and a mistake to make in it. */
function stepScript({ number, slug, folder }: Step, title: string): string {
  const text = readFileSync(join(folder, "server.ts"), "utf8");
  const help = join(folder, "help.txt");
  const files = existsSync(help)
    ? { [`examples/${slug}/help.txt`]: readFileSync(help, "utf8") }
    : {};
  const mistake = MISTAKES.get(number);
  const step = JSON.stringify({ number, slug, title, text, files, mistake });
  return `(globalThis.playedSteps??={})[${JSON.stringify(slug)}]=${step};\n`;
}

/** Bundling takes seconds, so the result for the same files is cached. */
async function cachedMachine(): ReturnType<typeof bundleMachine> {
  const hash = createHash("sha256").update(process.version);
  for (const input of INPUTS)
    for (const file of filesIn(input)) hash.update(file).update(readFileSync(file));
  const file = join(CACHE, `page-${hash.digest("hex").slice(0, 16)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const bundle = await bundleMachine();
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(file, JSON.stringify(bundle));
  return bundle;
}

function filesIn(input: string): string[] {
  const path = join(ROOT, input);
  if (!/\/[\w-]+$/.test(path)) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The licences of Node and Sucrase, which have the same text. */
function licences(): string {
  const text = readFileSync(join(ROOT, "node_modules/sucrase/LICENSE"), "utf8");
  return `/*! Parts of Node.js (Copyright Node.js contributors; Joyent, Inc. and other Node\ncontributors) and of Sucrase, both under this licence:\n\n${text}*/\n`;
}
