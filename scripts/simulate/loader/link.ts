// An ECMAScript module as the body of a function, which gets its imports as a parameter and
// reports its exports.
import { Source } from "./source.ts";
import { stripTypes } from "./strip-types.ts";

/** The parameters of a module, besides the globals of its program. */
export const LINKS = ["$import", "$export", "$meta", "$load_"];
/** Sucrase's `IdentifierRole.TopLevelDeclaration`. */
const DECLARES = 2;

export interface Linked {
  /** JavaScript that returns a promise; every line and column is that of the module. */
  readonly code: string;
  /** How many columns the first line has moved to the right. */
  readonly shift: number;
  /** What it imports: `node:net`, `../shared/socket.ts`. */
  readonly imports: readonly string[];
}

/**
 * Turns a module into the body of a function.
 *
 * ```text
 *   import { on, once as first } from "node:events";
 *   const { on, once: first } = $import("node:events");
 * ```
 *
 * @throws {BadSyntax} When the text is not TypeScript that Node could run.
 */
export function link(text: string): Linked {
  const source = new Source(text);
  stripTypes(source);
  const imports: string[] = [];
  const names: [as: string, name: string][] = [];
  const typeOnly = source.toString();
  for (const [index, token] of source.tokens.entries()) {
    // What was stripped needs no linking.
    if (token.isType || typeOnly.slice(token.start, token.end) !== source.word(index))
      continue;
    if (source.word(index) === "import") imports.push(...linkImport(source, index));
    if (source.word(index) === "export") linkExport(source, index, names);
  }
  // Getters, because an export may get its value later.
  const getters = names.map(([as, name]) => `get ${as}(){return ${name}}`);
  const head = `"use strict";return(async()=>{$export({${getters.join()}});`;
  return { code: `${head}${source}\n})()`, shift: head.length, imports };
}

/** Links an import statement, `import.meta` or `import(…)`. @returns what it imports. */
function linkImport(source: Source, index: number): string[] {
  const next = source.word(index + 1);
  // Each replacement is as long as the original.
  if (next === ".") source.replaceTokens(index, index + 2, "$meta");
  if (next === "(") source.replaceTokens(index, index, "$load_");
  // `import.meta`, `import(…)`, or a property with that name.
  if (/^[.(:,}]$/.test(next) || source.word(index - 1) === ".") return [];
  let last = index + 1;
  while (!/^["']/.test(source.word(last)) && last < source.tokens.length) last += 1;
  const from = source.word(last).slice(1, -1);
  const end = source.word(last + 1) === ";" ? last + 1 : last;
  source.replaceTokens(index, end, importOf(source, index + 1, last, from));
  return [from];
}

/** @param first The first token after `import`; `last` is the name of the module. */
function importOf(source: Source, first: number, last: number, from: string): string {
  const call = `$import(${JSON.stringify(from)})`;
  if (first === last) return `${call};`;
  let index = first;
  const parts: string[] = [];
  if (/^\w/.test(source.word(index))) {
    parts.push(`default: ${source.word(index)}`);
    index += source.word(index + 1) === "," ? 2 : 1;
  }
  if (source.word(index) === "*") return `const ${source.word(index + 2)} = ${call};`;
  for (const [name, as] of namesIn(source, index)) {
    parts.push(name === as ? name : `${name}: ${as}`);
  }
  return parts.length === 0 ? `${call};` : `const { ${parts.join(", ")} } = ${call};`;
}

/** `{ a, b as c, type D }` gives a as a, and b as c. @param index Of its brace. */
function namesIn(source: Source, index: number): [name: string, as: string][] {
  const names: [string, string][] = [];
  if (source.word(index) !== "{") return names;
  for (let at = index + 1; source.word(at) !== "}"; at += 1) {
    if (source.tokens[at]?.isType || source.word(at) === ",") continue;
    const isRenamed = source.word(at + 1) === "as";
    names.push([source.word(at), source.word(isRenamed ? at + 2 : at)]);
    if (isRenamed) at += 2;
  }
  return names;
}

function linkExport(source: Source, index: number, names: [string, string][]): void {
  const next = source.word(index + 1);
  if (next === "{") {
    let last = index + 1;
    while (source.word(last) !== "}") last += 1;
    if (source.word(last + 1) === "from") refuse(source, index);
    for (const [name, as] of namesIn(source, index + 1)) names.push([as, name]);
    if (source.word(last + 1) === ";") last += 1;
    source.replaceTokens(index, last);
  } else if (/^(?:const|let|var)$/.test(next)) {
    for (const name of declared(source, index + 2)) names.push([name, name]);
    source.replaceTokens(index, index);
  } else if (/^(?:async|function|class|abstract)$/.test(next)) {
    let at = index + 1;
    while (/^(?:async|function|class|abstract|\*)$/.test(source.word(at))) at += 1;
    names.push([source.word(at), source.word(at)]);
    source.replaceTokens(index, index);
  } else if (source.word(index - 1) !== ".") refuse(source, index);
}

function refuse(source: Source, index: number): never {
  const what = `export ${source.word(index + 1)}`;
  return source.refuse(index, `Cannot link ${what}: only names are exported here`);
}

/** The names that a declaration introduces, starting from its first token. */
function declared(source: Source, first: number): string[] {
  const names: string[] = [];
  let depth = 0;
  for (let index = first; index < source.tokens.length; index += 1) {
    const word = source.word(index);
    if (/^(?:[[({]|\$\{)$/.test(word)) depth += 1;
    if (/^[\])}]$/.test(word)) depth -= 1;
    const isNext = /^(?:;|const|let|var|import|export)$/.test(word);
    if (depth === 0 && isNext) break;
    if (source.tokens[index]?.identifierRole === DECLARES) names.push(word);
  }
  return names;
}
