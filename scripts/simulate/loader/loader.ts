// Loads programs into the machine: links TypeScript modules to each other and to Node's.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import { LINKS, type Linked, link } from "./link.ts";
import { BadSyntax } from "./source.ts";

export type Exports = Record<string, unknown>;

/** A module that has been linked and compiled. */
export interface Ready {
  readonly imports: readonly string[];
  readonly run: (...values: unknown[]) => Promise<void>;
}

/** Compiled modules of this thread, by address and text, reused from machine to machine. */
const compiled = new Map<string, Ready>();
/** The modules that a page was built with, by address. */
const ready = new Map<string, Ready>();

/** Registers modules that are already compiled, so their files are not read. */
export function addReady(modules: Readonly<Record<string, Ready>>): void {
  for (const [address, module] of Object.entries(modules)) ready.set(address, module);
}

interface LoaderOptions {
  /** What a program may import by name: `node:net`, `pino`. */
  readonly builtin: (name: string) => Exports | undefined;
  /** The globals of its process, which hide those of the host. */
  readonly globals: Exports;
  /** Files whose text differs from the disk, by address: an edited program. */
  readonly edits?: ReadonlyMap<string, string> | undefined;
  /** Loads modules outside the folder `own`. They are stateless, so loaded only once. */
  readonly outside?: { readonly own: string; readonly loader: Loader };
}

export class Loader {
  readonly #options: LoaderOptions;
  readonly #modules = new Map<string, Promise<Exports>>();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** The text of a file, as it was loaded. */
  textOf(address: string): string {
    return this.#options.edits?.get(address) ?? readFileSync(new URL(address), "utf8");
  }

  /**
   * Loads a module and its imports, each once.
   *
   * @throws What a module throws; {SyntaxError} for one that cannot run.
   */
  load(address: string): Promise<Exports> {
    const loaded = this.#modules.get(address);
    if (loaded) return loaded;
    const module = this.#run(address);
    this.#modules.set(address, module);
    return module;
  }

  async #run(address: string): Promise<Exports> {
    const { imports, run } = this.#compile(address);
    const linked = new Map<string, Exports>();
    for (const name of imports) linked.set(name, await this.#resolve(name, address));
    const exports: Exports = {};
    const links = [
      (name: string) => linked.get(name),
      (getters: object) =>
        Object.defineProperties(exports, Object.getOwnPropertyDescriptors(getters)),
      { url: address },
      (name: string) => this.#resolve(name, address),
    ];
    await run(...links, ...Object.values(this.#options.globals));
    return exports;
  }

  #resolve(name: string, from: string): Promise<Exports> {
    if (!/^\.{0,2}\//.test(name)) return this.#builtin(name, from);
    const { outside } = this.#options;
    const { href } = new URL(name, from);
    if (!this.#has(href))
      return Promise.reject(notFound(`module '${fileURLToPath(href)}'`, from));
    const loader = outside && !href.startsWith(outside.own) ? outside.loader : this;
    return loader.load(href);
  }

  async #builtin(name: string, from: string): Promise<Exports> {
    const found = this.#options.builtin(name);
    if (found === undefined) throw notFound(`package '${name}'`, from);
    return found;
  }

  #has(address: string): boolean {
    const isKnown = ready.has(address) || this.#options.edits?.has(address);
    return isKnown || existsSync(new URL(address));
  }

  #compile(address: string): Ready {
    const built = ready.get(address);
    if (built) return built;
    const text = this.textOf(address);
    const key = `${address}\n${text}`;
    let known = compiled.get(key);
    if (known === undefined) {
      const linked = linkedAt(address, text);
      known = { imports: linked.imports, run: this.#function(address, linked) };
      compiled.set(key, known);
    }
    return known;
  }

  #function(address: string, { code, shift }: Linked): Ready["run"] {
    const names = [...LINKS, ...Object.keys(this.#options.globals)];
    const filename = fileURLToPath(address);
    const options = { filename, columnOffset: -shift };
    return compileFunction(code, names, options) as Ready["run"];
  }
}

/** Links a module. @throws {BadSyntax} Its stack begins with the position, as in Node. */
function linkedAt(address: string, text: string): Linked {
  try {
    return link(text);
  } catch (error) {
    if (error instanceof BadSyntax) {
      const { line, column, code, message } = error;
      const source = text.split("\n")[line - 1];
      const head = code === undefined ? "SyntaxError" : `SyntaxError [${code}]`;
      error.stack = `${address}:${line}\n${source}\n${" ".repeat(column)}^\n\n${head}: ${message}`;
    }
    throw error;
  }
}

/** Node's error for a missing import. @param what "package 'a'". */
function notFound(what: string, from: string): Error {
  const text = `Cannot find ${what} imported from ${fileURLToPath(from)}`;
  const error = Object.assign(new Error(text), { code: "ERR_MODULE_NOT_FOUND" });
  error.stack = `Error [${error.code}]: ${text}`;
  return error;
}
