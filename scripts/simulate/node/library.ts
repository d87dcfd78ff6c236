// Node's own library, running on our kernel: its JavaScript as it is, over bindings of ours.
import { compileFunction } from "node:vm";
import { internalBinding } from "./bindings.ts";
import { readNatives } from "./natives.ts";
import { libraryProcess, stubs } from "./stubs.ts";

type Exports = Record<string, unknown>;
type Module = { exports: Exports };
type Body = (
  exports: Exports,
  require: (id: string) => Exports,
  module: Module,
  process: unknown,
  internalBinding: (name: string) => unknown,
  primordials: unknown,
) => void;

/** What Node passes to each file of its library (lib/internal/bootstrap/realm.js). */
const PARAMETERS = [
  "exports",
  "require",
  "module",
  "process",
  "internalBinding",
  "primordials",
];

/** The files of the library, each loaded when it is first required. */
export class Library {
  readonly #sources = readNatives();
  readonly #modules = new Map<string, Module>();
  readonly #primordials = {};

  constructor() {
    // Copies of the built-ins, which programs cannot change. It reads them off the global.
    const body = compileFunction(
      this.#sourceOf("internal/per_context/primordials"),
      ["exports", "primordials", "privateSymbols", "perIsolateSymbols"],
      { filename: "node:internal/per_context/primordials" },
    );
    body({}, this.#primordials, {}, {});
  }

  /** How many files were loaded. */
  get size(): number {
    return this.#modules.size;
  }

  require = (id: string): Exports => {
    const loaded = this.#modules.get(id);
    if (loaded) return loaded.exports;
    const stub = stubs[id]?.(this.require);
    const module: Module = { exports: stub ?? {} };
    this.#modules.set(id, module);
    if (stub === undefined) this.#run(id, module);
    return module.exports;
  };

  #run(id: string, module: Module): void {
    const body = compileFunction(this.#sourceOf(id), PARAMETERS, {
      filename: `node:${id}`,
    }) as Body;
    const { exports } = module;
    body(
      exports,
      this.require,
      module,
      libraryProcess,
      internalBinding,
      this.#primordials,
    );
  }

  #sourceOf(id: string): string {
    const source = this.#sources[id];
    if (source === undefined) throw new Error(`Cannot load ${id}: Node has no such file`);
    return source;
  }
}
