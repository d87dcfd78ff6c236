// Colours for code, as a dozen short class names that the style sheet paints in light and
// dark:
//
//   k keyword   s string   c comment   f function   t type   n number or constant
//
// The rest has none. Whole files are highlighted, and then cut: a fragment alone would be
// read wrongly, as the inside of a comment is.
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { createHighlighter, type ThemeRegistration } from "shiki";
import { ROOT } from "../../behaviours/steps.ts";
import { linesOf } from "../diff/line.ts";
import { escapeHtml } from "./html.ts";

/** A piece of a line that looks the same throughout. */
export interface Token {
  readonly text: string;
  /** Of the class names above, or empty. */
  readonly kind: string;
}

/** From one column of a line up to another, from 0, the end not included. */
export type Span = readonly [start: number, end: number];

/** A theme whose colours are only names for us: which class a scope gets. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  k: ["keyword", "storage", "variable.language", "keyword.operator.new"],
  s: [
    "string",
    "string.regexp keyword.operator",
    "string.regexp keyword.control",
    "string.regexp constant",
    "string.regexp punctuation",
    "punctuation.definition.string",
  ],
  c: ["comment", "punctuation.definition.comment"],
  f: ["entity.name.function", "support.function"],
  t: [
    "entity.name.type",
    "support.type",
    "support.class",
    "entity.other.inherited-class",
  ],
  n: ["constant.numeric", "constant.language", "constant.character"],
  "": [
    "keyword.operator",
    "punctuation",
    "meta.template.expression",
    "string variable",
    "variable.other",
    "support.variable",
    "entity.name.type.module",
    "storage.type.function.arrow",
  ],
};
const KINDS = Object.keys(SCOPES);
const COLOURS = new Map(KINDS.map((kind, i) => [`#00000${i}`.toUpperCase(), kind]));
const THEME: ThemeRegistration = {
  name: "classes",
  type: "light",
  colors: { "editor.foreground": "#00000F", "editor.background": "#FFFFFF" },
  settings: KINDS.map((kind, i) => ({
    scope: [...(SCOPES[kind] ?? [])],
    settings: { foreground: `#00000${i}` },
  })),
};
const LANGUAGES = ["ts", "js", "json", "sh", "rust", "html", "css", "c"] as const;
type Language = (typeof LANGUAGES)[number];
const EXTENSIONS: Readonly<Record<string, Language>> = {
  ".ts": "ts",
  ".mjs": "js",
  ".js": "js",
  ".json": "json",
  ".html": "html",
  ".css": "css",
  ".rs": "rust",
  ".c": "c",
};

const highlighter = createHighlighter({ themes: [THEME], langs: [...LANGUAGES] });

/**
 * The lines of a text as tokens. A language that we do not know is shown without colours.
 *
 * @param language As after the marks of a fence: `ts`.
 */
export async function tokensOf(text: string, language: string): Promise<Token[][]> {
  const lines = linesOf(text, "keep").map((line) => line.text);
  const known = LANGUAGES.find((one) => one === language);
  if (known === undefined) return lines.map((line) => [{ text: line, kind: "" }]);
  const painted = (await highlighter).codeToTokensBase(lines.join("\n"), {
    lang: known,
    theme: THEME,
  });
  return painted.map((tokens) => {
    const joined: { text: string; kind: string }[] = [];
    for (const { content, color = "" } of tokens) {
      const blank = content.trim() === "";
      const last = joined.at(-1);
      const kind = blank ? (last?.kind ?? "") : (COLOURS.get(color.toUpperCase()) ?? "");
      if (last?.kind === kind) last.text += content;
      else joined.push({ text: content, kind });
    }
    return joined;
  });
}

const files = new Map<string, { text: string; lines: Promise<Token[][]> }>();

/**
 * The lines of a file of the repository as tokens, region marks among them. A file that
 * has not changed is highlighted once.
 *
 * @param path From the repository's folder.
 */
export function tokensOfFile(path: string): Promise<readonly Token[][]> {
  const text = readFileSync(join(ROOT, path), "utf8");
  const known = files.get(path);
  if (known?.text === text) return known.lines;
  const lines = tokensOf(text, EXTENSIONS[extname(path)] ?? "");
  files.set(path, { text, lines });
  return lines;
}

/** Where a name leads, as an address; undefined for one that leads nowhere. */
export type Link = (name: string) => string | undefined;

/**
 * A line as HTML.
 *
 * @param marked Columns that stand in a `<mark>`.
 * @param link For the names in it, those of members and those in texts left out.
 */
export function paint(
  tokens: readonly Token[],
  marked: readonly Span[] = [],
  link: Link = () => undefined,
): string {
  let line = "";
  let html = "";
  for (const token of tokens) {
    html += wrap(token, line, marked, link);
    line += token.text;
  }
  return html;
}

/**
 * One token, cut where a mark begins or ends.
 *
 * @param before What stands before it in its line.
 */
function wrap(
  { text, kind }: Token,
  before: string,
  marked: readonly Span[],
  link: Link,
) {
  const column = before.length;
  const colour = (from: number, to: number) => {
    const piece = text.slice(from, to);
    const code = "sc".includes(kind || "-")
      ? escapeHtml(piece)
      : withLinks(piece, (before + text.slice(0, from)).at(-1) ?? "", link);
    return kind === "" ? code : `<i class="${kind}">${code}</i>`;
  };
  let html = "";
  let done = 0;
  for (const [start, end] of marked) {
    const from = Math.max(start - column, done);
    const to = Math.min(end - column, text.length);
    if (from >= to) continue;
    if (from > done) html += colour(done, from);
    html += `<mark>${colour(from, to)}</mark>`;
    done = to;
  }
  return done < text.length ? html + colour(done, text.length) : html;
}

/** Code with its names as links; what follows a dot is a member, and has another name. */
function withLinks(code: string, before: string, link: Link): string {
  let last = before;
  return code
    .split(/([A-Za-z_$][\w$]*)/)
    .map((part, at) => {
      const to = at % 2 === 1 && !/[.#\w$]/.test(last) ? link(part) : undefined;
      last = part.at(-1) ?? last;
      if (to === undefined) return escapeHtml(part);
      return `<a class="to" href="${to}" tabindex="-1">${part}</a>`;
    })
    .join("");
}

/** The lines without the blanks that all of them begin with. */
export function dedented(lines: readonly (readonly Token[])[]): Token[][] {
  const depths = lines.flatMap((line) => {
    const depth = line
      .map(({ text }) => text)
      .join("")
      .search(/\S/);
    return depth === -1 ? [] : [depth];
  });
  const depth = Math.min(...depths);
  return lines.map((line) => {
    let rest = depth;
    return line.flatMap((token) => {
      const text = token.text.slice(rest);
      rest -= token.text.length - text.length;
      return text === "" ? [] : [{ ...token, text }];
    });
  });
}
