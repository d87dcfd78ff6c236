// A module of ECMAScript as the body of a function: what it imports is passed to it, and what
// it exports is read off it.
import { childrenOf, type Node, Source } from "./strip-types.ts";

/** What a module is called with, beside the globals of its program. */
export const LINKS = ["$import", "$export", "$meta", "$load_"];

export interface Linked {
  /** JavaScript that returns a promise; every line and column is that of the module. */
  readonly code: string;
  /** By how many columns the first line moved. */
  readonly shift: number;
  /** What it imports: `node:net`, `../shared/socket.ts`. */
  readonly imports: readonly string[];
}

/**
 * Makes a function's body of a module.
 *
 * ```text
 *   import { on, once as first } from "node:events";
 *   const { on, once: first } = $import("node:events");
 * ```
 *
 * @throws {SyntaxError} When it is not TypeScript that Node could run.
 */
export function link(text: string): Linked {
  const source = new Source(text);
  const imports: string[] = [];
  const names: [as: string, name: string][] = [];
  for (const node of source.body) {
    if (node.type === "ImportDeclaration") {
      if (node.importKind === "type") continue;
      const from = (node.source as Node).value as string;
      imports.push(from);
      source.replace(node.start, node.end, importOf(node, from));
    } else if (node.type === "ExportNamedDeclaration" && node.exportKind !== "type") {
      exportOf(source, node, names);
    } else if (/^Export/.test(node.type) && node.exportKind !== "type") {
      throw new SyntaxError(`Cannot link ${node.type}: only names are exported here`);
    }
    replaceMeta(source, node);
  }
  // Getters: what is exported may get its value later.
  const getters = names.map(([as, name]) => `get ${as}(){return ${name}}`);
  const head = `"use strict";return(async()=>{$export({${getters.join()}});`;
  return { code: `${head}${source}\n})()`, shift: head.length, imports };
}

function importOf(node: Node, from: string): string {
  const call = `$import(${JSON.stringify(from)})`;
  const parts: string[] = [];
  for (const one of node.specifiers as Node[]) {
    const local = (one.local as Node).name as string;
    if (one.type === "ImportNamespaceSpecifier") return `const ${local} = ${call};`;
    if (one.type === "ImportDefaultSpecifier") parts.push(`default: ${local}`);
    else if (one.importKind !== "type") {
      const imported = (one.imported as Node).name as string;
      parts.push(imported === local ? local : `${imported}: ${local}`);
    }
  }
  return parts.length === 0 ? `${call};` : `const { ${parts.join(", ")} } = ${call};`;
}

function exportOf(source: Source, node: Node, names: [string, string][]): void {
  const declaration = node.declaration as Node | null;
  if (declaration === null) {
    for (const one of node.specifiers as Node[]) {
      const name = (one.local as Node).name as string;
      names.push([(one.exported as Node).name as string, name]);
    }
    source.replace(node.start, node.end);
    return;
  }
  source.replace(node.start, declaration.start);
  const declared = (declaration.declarations as Node[] | undefined) ?? [declaration];
  for (const one of declared) {
    const { name } = one.id as unknown as { name: string };
    names.push([name, name]);
  }
}

/** `import.meta` becomes `$meta`, and `import(…)` `$load_(…)`: each as long as it was. */
function replaceMeta(source: Source, node: Node): void {
  if (node.type === "MetaProperty") source.replace(node.start, node.end, "$meta");
  if (node.type === "Import") source.replace(node.start, node.end, "$load_");
  for (const child of childrenOf(node)) replaceMeta(source, child);
}
