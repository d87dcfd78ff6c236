// A piece of code as it stands in a page.
//
//   figure.listing             id: `code-handleuser`
//   figcaption                 a.file, .symbol, .range, .since, a.permalink
//   pre > code                 one for each part; its style sets the counter `line`
//   .line                      with its line feed; `.line.new` is new in this step
//   .gap                       between two parts; empty, for what is drawn there
//
// Line numbers and the marks of new lines come from the style sheet, so that what is
// selected and copied is the code and nothing else.
import { definitionsOf } from "./definitions.ts";
import {
  dedented,
  type Link,
  paint,
  type Token,
  tokensOf,
  tokensOfFile,
} from "./highlight.ts";
import { type Html, html, trusted } from "./html.ts";
import { linkTo, sourcePage } from "./links.ts";
import { newLinesOf, type Part, type Source, stepBefore } from "./source.ts";

/** Where something is set. */
export interface Setting {
  /** The page's place in the site: `asides/select.html`. */
  readonly page: string;
  /** Makes an anchor of some words that no other element of the page has. */
  readonly anchor: (text: string) => string;
}

type Lines = readonly (readonly Token[])[];

/**
 * Parts of one source as HTML, see the head of the file.
 *
 * @param plain Whether lines that are new in the step are shown like all others.
 */
export async function renderListing(
  parts: readonly Part[],
  setting: Setting,
  plain: boolean,
): Promise<string> {
  const [first] = parts;
  if (!first) return "";
  const { source } = first;
  const lines = await tokensOfFile(source.path);
  const groups = groupsOf(parts, lines);
  const code = groups.flat().filter((number) => !isBlank(lines[number - 1]));
  const news = plain ? new Set<number>() : newLinesOf(source);
  const fresh = code.filter((number) => news.has(number));
  // When all is new the caption says it, and no line needs a mark.
  const all = fresh.length === code.length;
  const marked = new Set(all ? [] : fresh);
  const link = linksOf(source.path, setting.page);
  const drawn = groups.map((numbers) => drawGroup(lines, numbers, marked, link));
  const gap = html`<span class="gap"></span>`;
  const symbols = parts.flatMap(({ symbol }) => symbol ?? []);
  const id = setting.anchor(["code", ...symbols].join("-").replace(/[.#]+/g, "-"));
  const since = fresh.length === 0 ? undefined : all ? "all new" : "new";
  const caption = [
    fileLink(source, groups, setting),
    symbols.length > 0 && html` <span class="symbol">${namesOf(symbols)}</span>`,
    symbols.length > 0 && html` <span class="range">${rangeOf(groups)}</span>`,
    since &&
      html` <span class="since">${since} since ${stepBefore(source)?.slug.split("-")[0]}</span>`,
  ];
  return html`<figure class="listing" id="${id}">
<figcaption>${caption} <a class="permalink" href="#${id}" aria-label="Link to this code">#</a></figcaption>
<pre tabindex="0">${drawn.flatMap((one, index) => (index === 0 ? [one] : [gap, one]))}</pre>
</figure>
`.toString();
}

/** Code that stands in no file: a fence of a page. */
export async function renderFence(
  text: string,
  language: string,
  label?: string,
): Promise<string> {
  const lines = await tokensOf(text, language);
  const code = lines.map((line) => `${paint(line)}\n`).join("");
  const pre = html`<pre tabindex="0" data-language="${language}"><code>${trusted(code)}</code></pre>`;
  if (label === undefined) return html`<div class="fence">${pre}</div>\n`.toString();
  return html`<figure class="listing sketch">
<figcaption><span class="symbol">${label}</span></figcaption>
${pre}
</figure>
`.toString();
}

/** The line numbers of what stands together: parts that only blank lines part are one. */
function groupsOf(parts: readonly Part[], lines: Lines): number[][] {
  const groups: number[][] = [];
  const sorted = [...parts].sort((a, b) => (a.numbers[0] ?? 0) - (b.numbers[0] ?? 0));
  for (const { numbers } of sorted) {
    const filled = (number: number) => !isBlank(lines[number - 1]);
    const first = numbers.find(filled) ?? 0;
    const last = numbers.findLast(filled) ?? 0;
    const shown = numbers.filter((number) => number >= first && number <= last);
    const before = groups.at(-1);
    const end = before?.at(-1) ?? 0;
    const between = Array.from({ length: Math.max(0, first - end - 1) }, (_, index) => {
      return end + 1 + index;
    });
    if (before && between.every((number) => !filled(number))) {
      before.push(...between, ...shown.filter((number) => number > end));
    } else groups.push(shown);
  }
  return groups;
}

function drawGroup(
  lines: Lines,
  numbers: readonly number[],
  marked: ReadonlySet<number>,
  link: (line: number) => Link,
): Html {
  const texts = dedented(numbers.map((number) => lines[number - 1] ?? []));
  const rows = numbers.map((number, index) => {
    // A region mark is not shown, but it counts.
    const jumps = index > 0 && number !== (numbers[index - 1] ?? 0) + 1;
    const jump = jumps ? ` style="counter-set:line ${number}"` : "";
    const name = marked.has(number) ? "line new" : "line";
    return `<span class="${name}"${jump}>${paint(texts[index] ?? [], [], link(number))}\n</span>`;
  });
  const start = (numbers[0] ?? 1) - 1;
  return html`<code style="counter-reset:line ${start}">${trusted(rows.join(""))}</code>`;
}

/**
 * Where the names in a line of a file lead, as seen from a page. In the line that defines
 * one it leads nowhere.
 */
export function linksOf(file: string, page: string): (line: number) => Link {
  const definitions = file.endsWith(".ts") ? definitionsOf(file) : new Map();
  return (line) => (name) => {
    const found = definitions.get(name);
    if (!found || (found.path === file && found.line === line)) return undefined;
    return linkTo(page, `${sourcePage(found.path)}#L${found.line}`);
  };
}

function fileLink({ path }: Source, groups: number[][], { page }: Setting): Html {
  const start = groups[0]?.[0] ?? 1;
  const href = linkTo(page, `${sourcePage(path)}${start === 1 ? "" : `#L${start}`}`);
  return html`<a class="file" href="${href}">${path}</a>`;
}

/** `handleUser, Names`; a region is named without its mark. */
function namesOf(symbols: readonly string[]): string {
  return symbols.map((symbol) => symbol.replace(/^#/, "")).join(", ");
}

/** `lines 32–56, 60`. */
function rangeOf(groups: readonly (readonly number[])[]): string {
  const ranges = groups.map((numbers) =>
    numbers.length === 1 ? `${numbers[0]}` : `${numbers[0]}–${numbers.at(-1)}`,
  );
  return `${groups.flat().length === 1 ? "line" : "lines"} ${ranges.join(", ")}`;
}

function isBlank(line: readonly Token[] = []): boolean {
  return line.every(({ text }) => text.trim() === "");
}
