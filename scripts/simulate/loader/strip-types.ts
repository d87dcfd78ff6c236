// TypeScript to JavaScript by overwriting the types with spaces: every line and column of the
// program stays where it is, and so does every line of a stack trace.
import { parse } from "@babel/parser";

/** A node of the syntax tree: what all have, and fields by name. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Types, and declarations of types: nothing of them is left. */
const TYPES = new Set([
  "TSTypeAnnotation",
  "TSTypeParameterDeclaration",
  "TSTypeParameterInstantiation",
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSDeclareFunction",
  "TSDeclareMethod",
  "TSIndexSignature",
  "TSClassImplements",
]);
/** What only TypeScript can run: as `erasableSyntaxOnly`, we refuse it. */
const REFUSED: Record<string, string> = {
  TSEnumDeclaration: "an enum",
  TSModuleDeclaration: "a namespace",
  TSParameterProperty: "a parameter property",
  TSImportEqualsDeclaration: "import =",
  TSExportAssignment: "export =",
};
const MODIFIERS = ["accessibility", "readonly", "override", "abstract", "declare"];
/** The words of modifiers, `?` and `!` around a name. */
const MODIFIER = /\b(?:public|private|protected|readonly|override|abstract|declare)\b/g;

/** A program: its text, its syntax tree, and what was overwritten. */
export class Source {
  readonly text: string;
  readonly body: readonly Node[];
  readonly #characters: string[];

  /** @throws {SyntaxError} When it is not TypeScript that Node could run. */
  constructor(text: string) {
    const { program } = parse(text, {
      sourceType: "module",
      plugins: ["typescript"],
      createParenthesizedExpressions: true,
    });
    this.text = text;
    this.#characters = text.split("");
    this.body = program.body as unknown as readonly Node[];
    for (const node of this.body) this.#strip(node);
  }

  /** The text now. */
  toString(): string {
    return this.#characters.join("");
  }

  /** Overwrites a part with other text of at most its length, and spaces; lines stay. */
  replace(start: number, end: number, text = ""): void {
    for (let index = start; index < end; index += 1) {
      const isLineEnd = /[\r\n\u2028\u2029]/.test(this.text[index] ?? "");
      if (!isLineEnd) this.#characters[index] = " ";
    }
    // What is longer makes its line longer.
    if (text !== "") this.#characters[start] = text;
    for (let index = start + 1; index < Math.min(end, start + text.length); index += 1) {
      if (this.#characters[index] === " ") this.#characters[index] = "";
    }
  }

  #strip(node: Node): void {
    const refused = REFUSED[node.type];
    if (refused) throw new SyntaxError(`Cannot run ${refused}: Node cannot strip it`);
    if (isOnlyType(node)) {
      this.#blank(node);
      return;
    }
    switch (node.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
        this.replace((node.expression as Node).end, node.end);
        break;
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassMethod":
      case "ClassPrivateMethod":
        this.#stripModifiers(node);
        break;
      case "ClassDeclaration":
        if (node.abstract === true) this.#stripWords(node.start, (node.id as Node).start);
        this.#stripImplements(node);
        break;
      case "ClassExpression":
        this.#stripImplements(node);
        break;
      case "Identifier":
        // `name?: Type` as a parameter.
        if (node.optional === true) this.#stripSign(node.start + nameLength(node), "?");
        break;
    }
    for (const child of childrenOf(node)) this.#strip(child);
  }

  #blank(node: Node): void {
    if (node.type === "ImportSpecifier") {
      const comma = /^\s*,/.exec(this.text.slice(node.end))?.[0].length ?? 0;
      this.replace(node.start, node.end + comma);
      return;
    }
    // A statement's place gets a semicolon: the line before it may have none.
    const isStatement =
      /Declaration$|Function$/.test(node.type) && !/Parameter/.test(node.type);
    this.replace(node.start, node.end, isStatement ? ";" : "");
  }

  #stripModifiers(node: Node): void {
    const key = node.key as Node;
    if (MODIFIERS.some((modifier) => node[modifier])) {
      // The word `static` stays.
      this.#stripWords(node.start, key.start);
    }
    if (node.optional === true) this.#stripSign(key.end, "?");
    if (node.definite === true) this.#stripSign(key.end, "!");
  }

  #stripWords(start: number, end: number): void {
    for (const { index, 0: word } of this.text.slice(start, end).matchAll(MODIFIER)) {
      this.replace(start + index, start + index + word.length);
    }
  }

  #stripSign(from: number, sign: string): void {
    const index = this.text.indexOf(sign, from);
    this.replace(index, index + 1);
  }

  #stripImplements(node: Node): void {
    const [first] = (node.implements as Node[] | undefined) ?? [];
    if (!first) return;
    const start = this.text.lastIndexOf("implements", first.start);
    const last = (node.implements as Node[]).at(-1) as Node;
    this.replace(start, last.end);
  }
}

function isOnlyType(node: Node): boolean {
  if (TYPES.has(node.type) || node.declare === true) return true;
  if (node.exportKind === "type" || node.importKind === "type") return true;
  // An abstract method; a class that is abstract still exists.
  return node.abstract === true && !/^Class(Declaration|Expression)$/.test(node.type);
}

function nameLength(node: Node): number {
  return `${node.name}`.length;
}

/** The nodes right below a node. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" && value !== null && "type" in value && "start" in value
  );
}
