// Finds what a page shows of a source file by its name: `handleUser`, `Room.send`, `loop`.
import { type ParseResult, parse } from "@babel/parser";
import type { Span } from "./highlight.ts";

type Statement = ParseResult["program"]["body"][number];
type Member = Extract<Statement, { type: "ClassDeclaration" }>["body"]["body"][number];
type Located = Pick<Statement, "loc">;

const REGION = /^\s*\/\/ #region (\S+)/;
const END_REGION = /^\s*\/\/ #endregion\b/;

/**
 * All names in a file, in its order, each with its lines: from 0, the end not included, with
 * the comment right above. What is no TypeScript, or is cut off within a declaration, has
 * the names of its regions only.
 */
export function symbolsOf(text: string): Map<string, Span> {
  const lines = text.split("\n");
  const symbols = new Map<string, Span>();
  const add = (name: string, [from, to]: Span) => {
    // An overloaded function is shown with all that it has.
    const [start = from] = symbols.get(name) ?? [];
    symbols.set(name, [start, to]);
  };
  lines.forEach((line, at) => {
    const region = REGION.exec(line)?.[1];
    if (region !== undefined) add(`#${region}`, [at + 1, endOfRegion(lines, at)]);
  });
  const file = parsed(text);
  if (file === undefined) return symbols;
  const spanOf = spansIn(file, lines);
  const { body } = file.program;
  for (const statement of body) {
    const declared = declarationOf(statement);
    for (const name of namesOf(declared)) add(name, spanOf(statement));
    if (declared.type !== "ClassDeclaration") continue;
    for (const member of declared.body.body) {
      const own = nameOfMember(member);
      if (own !== undefined) add(`${declared.id?.name}.${own}`, spanOf(member));
    }
  }
  // From the server's creation to the end of the loop that takes its connections.
  const loop = body.findLast(({ type }) => /^(?:For|While)/.test(type));
  const server = body.find((one) => /^(?:server|listener)$/.test(namesOf(one)[0] ?? ""));
  if (loop) add("loop", [spanOf(server ?? loop)[0], spanOf(loop)[1]]);
  return symbols;
}

function parsed(text: string): ParseResult | undefined {
  try {
    return parse(text, { sourceType: "module", plugins: ["typescript"] });
  } catch {
    return undefined;
  }
}

/** The lines of a node, with the comment that stands right above it. */
function spansIn(file: ParseResult, lines: readonly string[]): (node: Located) => Span {
  const comments = new Set<number>();
  for (const { loc } of file.comments ?? []) {
    if (!loc) continue;
    const first = lines[loc.start.line - 1] ?? "";
    if (first.slice(0, loc.start.column).trim() !== "") continue;
    if (REGION.test(first) || END_REGION.test(first)) continue;
    for (let line = loc.start.line; line <= loc.end.line; line += 1) comments.add(line);
  }
  return ({ loc }) => {
    let first = loc?.start.line ?? 1;
    while (comments.has(first - 1)) first -= 1;
    return [first - 1, loc?.end.line ?? 1];
  };
}

/** What a statement declares, whether it exports that or not. */
function declarationOf(statement: Statement) {
  const isExport =
    statement.type === "ExportNamedDeclaration" ||
    statement.type === "ExportDefaultDeclaration";
  return (isExport && statement.declaration) || statement;
}

/** One name, or those of `const { ip, port } = …`; none for what declares nothing. */
function namesOf(node: ReturnType<typeof declarationOf>): string[] {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => namesIn(id));
  }
  return "id" in node && node.id?.type === "Identifier" ? [node.id.name] : [];
}

/** The names that a pattern binds. */
function namesIn(pattern: unknown): string[] {
  if (typeof pattern !== "object" || pattern === null || !("type" in pattern)) return [];
  const node = pattern as Record<string, unknown>;
  switch (node["type"]) {
    case "Identifier":
      return [String(node["name"])];
    case "AssignmentPattern":
      return namesIn(node["left"]);
    case "ObjectProperty":
      return namesIn(node["value"]);
    case "RestElement":
      return namesIn(node["argument"]);
    default:
      return [node["properties"], node["elements"]].flatMap((some) =>
        Array.isArray(some) ? some.flatMap(namesIn) : [],
      );
  }
}

function nameOfMember(member: Member): string | undefined {
  if (!("key" in member) || ("computed" in member && member.computed)) return undefined;
  const { key } = member;
  if (key.type === "PrivateName") return `#${key.id.name}`;
  return key.type === "Identifier" ? key.name : undefined;
}

function endOfRegion(lines: readonly string[], start: number): number {
  let depth = 1;
  for (let at = start + 1; at < lines.length; at += 1) {
    if (REGION.test(lines[at] ?? "")) depth += 1;
    if (END_REGION.test(lines[at] ?? "")) depth -= 1;
    if (depth === 0) return at;
  }
  return lines.length;
}
