// Node's own Buffer, inspect and parseArgs in a page: its JavaScript on bindings of ours.
import { Library } from "../../node/library.ts";
import { bufferBinding, ENCODINGS } from "./buffer-binding.ts";
import { constants } from "./os.ts";
import { typesBinding } from "./types-binding.ts";

const nothing = () => {};

const BINDINGS: Record<string, Record<string, unknown>> = {
  buffer: bufferBinding,
  types: typesBinding,
  config: { hasIntl: false },
  constants: { os: constants },
  string_decoder: { encodings: ENCODINGS },
  errors: {},
  uv: {},
  util: {
    constants: {
      ALL_PROPERTIES: 0,
      ONLY_ENUMERABLE: 2,
      kPending: 0,
      kFulfilled: 1,
      kRejected: 2,
    },
    privateSymbols: {
      arrow_message_private_symbol: Symbol("arrow"),
      decorated_private_symbol: Symbol("decorated"),
      untransferable_object_private_symbol: Symbol("untransferable"),
    },
    // What only an engine knows about a value is not shown.
    getPromiseDetails: () => [0, undefined],
    getProxyDetails: nothing,
    previewEntries: () => [[], false],
    getConstructorName: (value: object) => value.constructor?.name ?? "Object",
    getOwnNonIndexProperties: (value: object, filter: number) =>
      Reflect.ownKeys(value).filter(
        (key) =>
          !/^(?:0|[1-9]\d*)$/.test(String(key)) &&
          (filter === 0 || Object.prototype.propertyIsEnumerable.call(value, key)),
      ),
    isInsideNodeModules: () => false,
    isArrayBufferDetached: () => false,
  },
};

const STUBS: Record<string, () => Record<string, unknown>> = {
  "internal/assert": () => nothing as unknown as Record<string, unknown>,
  "internal/options": () => ({ getOptionValue: () => false }),
  "internal/url": () => ({ isURL: (value: unknown) => value instanceof URL }),
  "internal/bootstrap/realm": () => ({ BuiltinModule: { exists: () => false } }),
  "internal/util/colors": () => ({}),
};

const host = new Library({
  stubs: STUBS,
  process: {
    versions: {},
    platform: "linux",
    env: {},
    features: {},
    emitWarning: nothing,
  },
  internalBinding: (name) => BINDINGS[name] ?? {},
});

/** A file of the library. @throws {Error} When the page was built without that file. */
export function hostRequire(id: string): Record<string, unknown> {
  return host.require(id);
}
