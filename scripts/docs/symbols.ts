// Finds what a page shows of a source file by its name: `handleUser`, `Room.send`, `loop`.
//
// It reads code as the formatter leaves it, which every commit has passed: what begins at
// the left margin begins something, unless it only closes what is open, is a comment, or
// stands in a text of several lines. Members of a class are the same, two columns in.
import type { Span } from "./highlight.ts";
import { quotedLines } from "./quoted.ts";

/** Lines of a file, from 0, the end not included, with the comment that belongs to them. */
type Lines = Span;

/** What begins at a margin: its own first line, and its lines with the comment above. */
interface Piece {
  readonly head: number;
  readonly lines: Lines;
}

const DECLARATION =
  /^(?:export )?(?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function ?\*?|class|interface|type|const|let|var) ?(?:([\w$]+)|[{[](.*?)[}\]] =)/s;
const MEMBER =
  /^ {2}(?:(?:static|readonly|override|abstract|declare|async|get|set) )*\*? ?(#?[\w$]+)/;
const HAS_MEMBERS = /^(?:export )?(?:default )?(?:abstract )?class /;
const REGION = /^\s*\/\/ #region (\S+)/;
const END_REGION = /^\s*\/\/ #endregion\b/;
const COMMENT = /^\s*(?:\/\/|\/\*)/;

/** All names in a file, in its order, each with its lines. */
export function symbolsOf(text: string): Map<string, Lines> {
  const lines = text.split("\n");
  const quoted = quotedLines(text);
  const symbols = new Map<string, Lines>();
  const add = (name: string, span: Lines) => {
    // An overloaded function is shown with all that it has.
    const [start = span[0]] = symbols.get(name) ?? [];
    symbols.set(name, [start, span[1]]);
  };
  lines.forEach((line, at) => {
    const region = REGION.exec(line)?.[1];
    if (region !== undefined) add(`#${region}`, [at + 1, endOfRegion(lines, at)]);
  });
  const pieces = piecesIn(lines, quoted, [0, lines.length], 0);
  for (const { head, lines: span } of pieces) {
    const [name, ...others] = namesIn(lines.slice(head, span[1]).join("\n"));
    if (name === undefined) continue;
    for (const one of [name, ...others]) add(one, span);
    if (!HAS_MEMBERS.test(lines[head] ?? "")) continue;
    const body = bodyOf(lines, head, span[1]);
    for (const member of piecesIn(lines, quoted, body, 2)) {
      const own = MEMBER.exec(lines[member.head] ?? "")?.[1];
      if (own !== undefined) add(`${name}.${own}`, member.lines);
    }
  }
  const loop = loopOf(lines, pieces);
  if (loop) add("loop", loop);
  return symbols;
}

/** What begins at a margin of so many columns, within some lines. */
function piecesIn(
  lines: readonly string[],
  quoted: ReadonlySet<number>,
  [from, to]: Lines,
  margin: number,
): Piece[] {
  const pieces: { head: number; lines: [number, number] }[] = [];
  let comment: number | undefined;
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? "";
    const last = pieces.at(-1);
    if (quoted.has(at) || line.search(/\S/) > margin) {
      // Inside the piece, or a further line of a comment above the next one.
      if (last && comment === undefined) last.lines[1] = at + 1;
    } else if (line.trim() === "") comment = undefined;
    else if (COMMENT.test(line)) {
      comment = REGION.test(line) || END_REGION.test(line) ? undefined : (comment ?? at);
    } else if (/^\s*[)}\]>]/.test(line)) {
      if (last) last.lines[1] = at + 1;
    } else {
      pieces.push({ head: at, lines: [comment ?? at, at + 1] });
      comment = undefined;
    }
  }
  return pieces;
}

/** One name, or those of `const { ip, port } = …`; none for a statement. */
function namesIn(code: string): string[] {
  const [, name, pattern = ""] = DECLARATION.exec(code) ?? [];
  if (name !== undefined) return [name];
  return pattern
    .split(",")
    .flatMap((part) => /([\w$]+)(?: = .*)?\s*$/.exec(part)?.[1] ?? []);
}

/** The lines between the braces of a class, whose head may take several lines itself. */
function bodyOf(lines: readonly string[], head: number, end: number): Lines {
  const open = lines.findIndex((line, at) => at >= head && /\{(?:\s*\})?$/.test(line));
  return [open + 1, end - 1];
}

/** From the server's creation to the end of the loop that takes its connections. */
function loopOf(lines: readonly string[], pieces: readonly Piece[]): Lines | undefined {
  const loop = pieces.findLast(({ head }) =>
    /^(?:for|while) ?(?:await )?\(/.test(lines[head] ?? ""),
  );
  const server = pieces.find(({ head }) =>
    /^const (?:server|listener)\b/.test(lines[head] ?? ""),
  );
  return loop && [(server ?? loop).lines[0], loop.lines[1]];
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
