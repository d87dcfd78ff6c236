// Finds what a page shows of a source file by its name: `handleUser`, `Room.send`, `loop`.
//
// It relies on the formatter, which every commit has passed: a declaration begins at the
// left margin (a method, two columns in), what is inside is indented, and the line that
// ends it stands at the same margin. Only a template that spans lines breaks that rule.
import type { Span } from "./highlight.ts";

/** Lines of a file, from 0, the end not included, with the comment that belongs to them. */
export type Lines = Span;

const DECLARATION =
  /^(?:export )?(?:default )?(?:async )?(?:function\*?|class|interface|type|const|let) (\w+)/;
const METHOD = /^ {2}(?:(?:static|async|get|set|override) )*\*?(#?\w+)(?:<[^(]*)?\(/;
const FIELD = /^ {2}(?:(?:static|readonly) )*(#?\w+)(?:[:?]| =)/;
const REGION = /^\s*\/\/ #region (\S+)/;
const END_REGION = /^\s*\/\/ #endregion\b/;

/** All names in a file, in its order, each with its lines. */
export function symbolsOf(text: string): Map<string, Lines> {
  const lines = text.split("\n");
  const symbols = new Map<string, Lines>();
  const add = (name: string, span: Lines) => {
    // An overloaded function is shown with all that it has.
    const [start = span[0]] = symbols.get(name) ?? [];
    symbols.set(name, [start, span[1]]);
  };
  for (let at = 0; at < lines.length; at += 1) {
    const name = DECLARATION.exec(lines[at] ?? "")?.[1];
    const region = REGION.exec(lines[at] ?? "")?.[1];
    if (region) add(`#${region}`, [at + 1, endOfRegion(lines, at)]);
    if (name === undefined) continue;
    const end = endOf(lines, at, "");
    add(name, [withComment(lines, at), end]);
    for (let inner = at + 1; inner < end; inner += 1) {
      const member = METHOD.exec(lines[inner] ?? "") ?? FIELD.exec(lines[inner] ?? "");
      if (member?.[1] === undefined || !/^(export )?class /.test(lines[at] ?? ""))
        continue;
      const close = endOf(lines, inner, "  ");
      add(`${name}.${member[1]}`, [withComment(lines, inner), close]);
      inner = close - 1;
    }
  }
  const loop = loopOf(lines);
  if (loop) add("loop", loop);
  return symbols;
}

/** From the server's creation to the end of the loop that takes its connections. */
function loopOf(lines: readonly string[]): Lines | undefined {
  const end = lines.findLastIndex((line) => /^(?:for|while) ?(?:await )?\(/.test(line));
  const start = lines.findIndex((line) => /^const (?:server|listener)\b/.test(line));
  if (end === -1) return undefined;
  return [withComment(lines, start === -1 ? end : start), endOf(lines, end, "")];
}

/** The line after the one that ends what begins at `start`. */
function endOf(lines: readonly string[], start: number, margin: string): number {
  const first = lines[start] ?? "";
  if (/[;,]$/.test(first) || (/\}$/.test(first) && first.includes("{"))) return start + 1;
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (!line.startsWith(margin) || /^\s/.test(line.slice(margin.length))) continue;
    // `): Promise<void> {` closes the parameters only.
    if (line === "" || /[{[(]$/.test(line)) continue;
    return at + 1;
  }
  return lines.length;
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

/** Where the comment begins that stands right before a line. */
function withComment(lines: readonly string[], at: number): number {
  let start = at;
  while (/^\s*(?:\/\/(?! #(?:end)?region)|\/\*\*|\*)/.test(lines[start - 1] ?? ""))
    start -= 1;
  return start;
}
