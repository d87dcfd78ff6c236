// Node's own library: its JavaScript, unchanged, on bindings of ours.
import { bodyOf } from "./bodies.ts";

type Exports = Record<string, unknown>;
type Module = { exports: Exports };
type Require = (id: string) => Exports;

/** What Node passes to each file of its library (lib/internal/bootstrap/realm.js). */
export const PARAMETERS = [
  "exports",
  "require",
  "module",
  "process",
  "internalBinding",
  "primordials",
];
/** The file that copies the built-ins, out of reach of programs; and its parameters. */
export const PRIMORDIALS = "internal/per_context/primordials";
export const PRIMORDIALS_PARAMETERS = [
  "exports",
  "primordials",
  "privateSymbols",
  "perIsolateSymbols",
];

interface Parts {
  /** The replacements for some of its files, by name. */
  readonly stubs: Readonly<Record<string, (require: Require) => Exports>>;
  /** The `process` that it sees. */
  readonly process: unknown;
  readonly internalBinding: (name: string) => unknown;
}

/** The files of the library, each loaded when it is first required. */
export class Library {
  readonly #parts: Parts;
  readonly #modules = new Map<string, Module>();
  readonly #primordials = {};

  constructor(parts: Parts) {
    this.#parts = parts;
    // The file reads them from the global object.
    bodyOf(PRIMORDIALS, PRIMORDIALS_PARAMETERS)({}, this.#primordials, {}, {});
  }

  /** The names of the loaded files, without the stubs. */
  get loaded(): string[] {
    return [...this.#modules.keys()].filter((id) => !(id in this.#parts.stubs));
  }

  require = (id: string): Exports => {
    const loaded = this.#modules.get(id);
    if (loaded) return loaded.exports;
    const stub = this.#parts.stubs[id]?.(this.require);
    const module: Module = { exports: stub ?? {} };
    this.#modules.set(id, module);
    if (stub === undefined) this.#run(id, module);
    return module.exports;
  };

  #run(id: string, module: Module): void {
    const { process, internalBinding } = this.#parts;
    bodyOf(id, PARAMETERS)(
      module.exports,
      this.require,
      module,
      process,
      internalBinding,
      this.#primordials,
    );
  }
}
