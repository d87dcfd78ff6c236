// The script of a page's worker thread: the simulated machine, Node's library, and the
// modules that steps and actors import.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Plugin, transformWithEsbuild } from "vite";
import { ROOT } from "../../../behaviours/steps.ts";
import { LINKS, link } from "../loader/link.ts";
import { globals } from "../node/globals.ts";
import { PARAMETERS, PRIMORDIALS, PRIMORDIALS_PARAMETERS } from "../node/library.ts";
import { readNatives } from "../node/natives.ts";

/** Where the machine in a page finds the repository. */
const BOOK = "file:///book/";
const HERE = fileURLToPath(new URL("./", import.meta.url));
/** The files of Node's library that the machine loads, and those that its Buffer needs. */
const FILES = `
  net events stream stream/promises buffer
  internal/util internal/util/types internal/util/inspect internal/util/parse_args/parse_args
  internal/util/parse_args/utils internal/errors internal/validators internal/buffer
  internal/events/abort_listener internal/events/symbols
  internal/net internal/stream_base_commons
  internal/streams/pipeline internal/streams/end-of-stream
  internal/streams/utils internal/streams/destroy internal/streams/duplex
  internal/streams/legacy internal/streams/readable internal/streams/add-abort-signal
  internal/streams/state internal/streams/from internal/streams/writable
  internal/streams/transform internal/streams/passthrough internal/streams/duplexpair
  internal/fixed_queue
`.match(/\S+/g) as readonly string[];
const ERRORS = "internal/errors";
/** The files of Node's that export functions to no file of the page. */
const SPARE = [ERRORS, "internal/util", "internal/validators", "internal/streams/utils"];
/** `E('ERR_SOMETHING', …);`, up to the next one or a comment in between. */
const DECLARED = /^E\('(\w+)'[\s\S]*?\);\n(?=E\(|\/\/)/gm;
/** A function or a class, at the left margin; or `const something = hideStackFrames(…);`. */
const FUNCTION =
  /^(?:function|class|const) (\w+)(?:\(| extends | = hideStackFrames\()[\s\S]*?^}(?:\);)?\n/gm;
/** What is loaded on the machine besides the steps. */
const ACTORS = ["scripts/simulate/explore/play.ts", "scripts/simulate/page/terminal.ts"];
/** What is also loaded to check a step. */
const BEHAVIOURS = ["behaviours/world.ts", "behaviours/table.ts", "behaviours/client.ts"];
const PARSER = "sucrase/dist/parser/";
/** The parts of the parser that only parse other languages. */
const UNUSED = /sucrase\/dist\/esm\/parser\/plugins\/(?:flow|jsx\/index)\.js$/;
const HOST = ["buffer", "fs", "os", "path", "string_decoder", "url", "util", "vm"];

/** Unnamed functions, as text. */
interface Bundle {
  /** The body of the thread. */
  readonly machine: string;
  /** Returns the modules with the behaviours, which the thread looks up in `checks`. */
  readonly checks: string;
}

/**
 * Bundles and minifies the machine. Takes some seconds.
 *
 * @throws {Failure} When Node's library is not available: see `readNatives`.
 */
export async function bundleMachine(): Promise<Bundle> {
  const own = new Modules();
  for (const file of [...ACTORS, ...sharedByTheSteps()]) own.add(file);
  const behaviours = new Modules(own);
  for (const file of BEHAVIOURS) behaviours.add(file);
  const slugs = JSON.stringify(slugsOfTheSteps());
  const modules = `export const modules=${own};export const slugs=${slugs};`;
  const machine = await bundleThread(await minified(modules));
  const checks = await minified(`checks=function(){return ${behaviours}}`);
  return { machine, checks: checks.trim().replace(/^checks=|;$/g, "") };
}

/** @param modules The text that replaces `host/modules.ts`. */
async function bundleThread(modules: string): Promise<string> {
  const parts = new Map([
    ["node/bodies.ts", await bodies()],
    ["page/host/modules.ts", modules],
  ]);
  const machine: Plugin = {
    name: "machine",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(PARSER) ? `\0${id}` : undefined),
    load(id) {
      if (id.startsWith(`\0${PARSER}`)) return asDefault(id.slice(1));
      if (UNUSED.test(id)) return withoutBodies(readFileSync(id, "utf8"));
      return [...parts].find(([file]) => id.endsWith(`simulate/${file}`))?.[1];
    },
  };
  const host = HOST.map((name) => ({
    find: `node:${name}`,
    replacement: `${HERE}host/${name.replace("_", "-")}.ts`,
  }));
  const result = await build({
    configFile: false,
    root: HERE,
    logLevel: "error",
    plugins: [machine],
    define: { "import.meta.url": JSON.stringify(`${BOOK}behaviours/steps.ts`) },
    resolve: { alias: host },
    build: {
      write: false,
      target: "es2022",
      minify: "esbuild",
      lib: { entry: `${HERE}worker.ts`, formats: ["iife"], name: "machine" },
    },
  });
  const [output] = [result].flat();
  if (!output || !("output" in output)) throw new Error("Cannot bundle the machine");
  return `function(){${output.output[0].code}}`;
}

/** A module of Sucrase as Node imports it: all its exports are its default export. */
function asDefault(name: string): string {
  const file = name.replace(PARSER, `${ROOT}node_modules/sucrase/dist/esm/parser/`);
  return `import * as all from ${JSON.stringify(file)};export default all;`;
}

/** Empties the functions of a module. They are never called. */
function withoutBodies(text: string): string {
  const names = text.matchAll(/^export (?:default )?function (\w+)/gm);
  return [...names].map(([head]) => `${head}(){}`).join(";");
}

/** Node's files as functions: the text that replaces `node/bodies.ts`. */
async function bodies(): Promise<string> {
  const natives = readNatives();
  const all = FILES.map((id) => natives[id]).join("");
  const textOf = (id: string) => {
    const whole = natives[id] ?? "";
    const text = id === ERRORS ? withoutUnused(whole, all) : whole;
    return SPARE.includes(id) ? withoutUnusedFunctions(text, all) : text;
  };
  const functionOf = (id: string, parameters: readonly string[]) =>
    `${JSON.stringify(id)}(${parameters}){${textOf(id)}\n}`;
  const files = [
    functionOf(PRIMORDIALS, PRIMORDIALS_PARAMETERS),
    ...FILES.map((id) => functionOf(id, PARAMETERS)),
  ];
  const find = 'if(!(id in files))throw new Error("Cannot load "+id);return files[id]';
  return `const files={${files.join()}};export function bodyOf(id){${find}}`;
}

/**
 * The file that declares Node's errors, without those that no file of the page uses: four
 * in five of them, and half of the file's size.
 */
function withoutUnused(errors: string, all: string): string {
  return errors.replace(DECLARED, (text, code: string) =>
    all.split(code).length > 2 ? text : "",
  );
}

/** A file of Node's without what it only exports, and no file of the page uses. */
function withoutUnusedFunctions(file: string, all: string): string {
  const unused = [...file.matchAll(FUNCTION)].filter(
    ([, name = ""]) => all.split(name).length === 3 && file.includes(`\n  ${name},\n`),
  );
  return unused.reduce(
    (text, [body, name]) => text.replace(body, "").replace(`\n  ${name},\n`, "\n"),
    file,
  );
}

/** Modules as functions, each with its imports. */
class Modules {
  readonly #known: Modules | undefined;
  readonly #linked = new Map<string, string>();

  /** @param known Modules that are already included elsewhere. */
  constructor(known?: Modules) {
    this.#known = known;
  }

  /** @param file Its path from the root of the repository. */
  add(file: string): void {
    if (this.has(file)) return;
    const { code, imports } = link(readFileSync(`${ROOT}${file}`, "utf8"));
    const names = [...LINKS, ...Object.keys(globals)];
    const parts = `{imports:${JSON.stringify(imports)},run(${names}){${code}}}`;
    this.#linked.set(file, `${JSON.stringify(BOOK + file)}:${parts}`);
    for (const name of imports) {
      if (!name.startsWith(".")) continue;
      this.add(new URL(name, BOOK + file).href.replace(BOOK, ""));
    }
  }

  toString(): string {
    return `{${[...this.#linked.values()].join()}}`;
  }

  has(file: string): boolean {
    return this.#linked.has(file) || (this.#known?.has(file) ?? false);
  }
}

async function minified(text: string): Promise<string> {
  const { code } = await transformWithEsbuild(text, "modules.js", {
    minify: true,
    sourcemap: false,
  });
  return code;
}

function slugsOfTheSteps(): string[] {
  return readdirSync(`${ROOT}examples`).filter((name) => /^\d\d-/.test(name));
}

/** The shared modules that the servers of the eighteen steps import. */
function sharedByTheSteps(): string[] {
  const imported = slugsOfTheSteps().flatMap(
    (slug) => link(readFileSync(`${ROOT}examples/${slug}/server.ts`, "utf8")).imports,
  );
  const shared = imported.filter((name) => name.startsWith("../shared/"));
  return [...new Set(shared)].map((name) => name.replace("..", "examples"));
}
