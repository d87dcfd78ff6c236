// internalBinding("types"): the type of a value, by its tag.

const tagOf = (value: unknown): string =>
  Object.prototype.toString.call(value).slice("[object ".length, -1);
const isObject = (value: unknown) =>
  (typeof value === "object" && value !== null) || typeof value === "function";
const is =
  (...tags: string[]) =>
  (value: unknown) =>
    isObject(value) && tags.includes(tagOf(value));
const never = () => false;

export const typesBinding = {
  isExternal: never,
  isProxy: never,
  isModuleNamespaceObject: is("Module"),
  isDate: is("Date"),
  isArgumentsObject: is("Arguments"),
  isBigIntObject: is("BigInt"),
  isBooleanObject: is("Boolean"),
  isNumberObject: is("Number"),
  isStringObject: is("String"),
  isSymbolObject: is("Symbol"),
  isBoxedPrimitive: is("BigInt", "Boolean", "Number", "String", "Symbol"),
  isNativeError: is("Error", "DOMException"),
  isRegExp: is("RegExp"),
  isAsyncFunction: is("AsyncFunction", "AsyncGeneratorFunction"),
  isGeneratorFunction: is("GeneratorFunction", "AsyncGeneratorFunction"),
  isGeneratorObject: is("Generator", "AsyncGenerator"),
  isPromise: is("Promise"),
  isMap: is("Map"),
  isSet: is("Set"),
  isMapIterator: is("Map Iterator"),
  isSetIterator: is("Set Iterator"),
  isWeakMap: is("WeakMap"),
  isWeakSet: is("WeakSet"),
  isArrayBuffer: is("ArrayBuffer"),
  isDataView: is("DataView"),
  isSharedArrayBuffer: is("SharedArrayBuffer"),
  isAnyArrayBuffer: is("ArrayBuffer", "SharedArrayBuffer"),
};
