// TypeScript to JavaScript by overwriting the types with spaces.
import types from "sucrase/dist/parser/tokenizer/types.js";
import type { Source } from "./source.ts";

const { TokenType: tt } = types;
const CODE = "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
const MODIFIERS = new Set([
  tt["_public"],
  tt["_private"],
  tt["_protected"],
  tt["_readonly"],
  tt["_override"],
  tt["_abstract"],
  tt["_declare"],
]);
/** The words with which a statement begins that consists only of types. */
const STATEMENTS = new Set([
  "type",
  "interface",
  "declare",
  "export",
  "function",
  "async",
]);

/**
 * Overwrites the types of a program with spaces.
 *
 * @throws {BadSyntax} For what is more than a type, as in Node: an enum, a namespace.
 */
export function stripTypes(source: Source): void {
  const { tokens } = source;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const word = source.word(index);
    if (token === undefined) break;
    if (token.isType) {
      index = stripRun(source, index);
    } else if (token.type === tt["nonNullAssertion"]) {
      source.replaceTokens(index, index);
    } else if (token.type === tt["_enum"]) {
      refuse(source, index, "enum");
    } else if (MODIFIERS.has(token.type)) {
      index = stripModifier(source, index);
    } else if (word === "import" || word === "export") {
      index = stripTypeOnly(source, index);
    }
  }
}

function refuse(source: Source, index: number, what: string): never {
  const message = `TypeScript ${what} is not supported in strip-only mode`;
  return source.refuse(index, message, CODE);
}

/** Strips consecutive tokens of types. @returns the last of them. */
function stripRun(source: Source, first: number): number {
  const { tokens } = source;
  const word = source.word(first);
  let last = first;
  while (tokens[last + 1]?.isType) last += 1;
  const isNamespace = /^(?:namespace|module)$/.test(word);
  if (isNamespace && /^\w/.test(source.word(first + 1))) {
    refuse(source, first, "namespace declaration");
  }
  // A type in the list of an import takes its comma with it.
  const isName = word === "type" && /^[{,]$/.test(source.word(first - 1));
  const end = isName && source.word(last + 1) === "," ? last + 1 : last;
  // A semicolon replaces the statement, because the previous line may lack one.
  const isStatement = !isName && STATEMENTS.has(word);
  source.replaceTokens(first, end, isStatement ? ";" : "");
  return end;
}

/** Strips `private`, `readonly` …; with `declare` or `abstract`, the complete field. */
function stripModifier(source: Source, index: number): number {
  const { tokens } = source;
  const word = source.word(index);
  if (/^[(,]$/.test(source.word(index - 1))) refuse(source, index, "parameter property");
  let last = index;
  const isField =
    /^(?:declare|abstract)$/.test(word) && source.word(index + 1) !== "class";
  if (isField) while (source.word(last) !== ";" && last < tokens.length - 1) last += 1;
  source.replaceTokens(index, last);
  return last;
}

/** Strips `import type … ;` and `export type { … };`. @returns the last of its tokens. */
function stripTypeOnly(source: Source, index: number): number {
  const { tokens } = source;
  if (source.word(index + 2) === "=" && source.word(index) === "import") {
    refuse(source, index, "import equals declaration");
  }
  if (source.word(index + 1) === "=") refuse(source, index, "export assignment");
  const isTypeOnly =
    source.word(index + 1) === "type" && !/^(?:from|,)$/.test(source.word(index + 2));
  if (!isTypeOnly || tokens[index + 1]?.isType) return index;
  let last = index + 2;
  const isEnd = () => /^["';]/.test(source.word(last)) || last >= tokens.length - 1;
  while (!isEnd() && !(source.word(index) === "export" && source.word(last) === "}")) {
    last += 1;
  }
  if (source.word(last + 1) === ";") last += 1;
  source.replaceTokens(index, last, ";");
  return last;
}
