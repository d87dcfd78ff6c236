// Draws the lines of a diff, one after the other; see diff-html.ts for the markup.
import type { Row } from "../diff/line.ts";
import type { Pair } from "../diff/line-pairs.ts";
import type { FileDiff } from "../diff/model.ts";
import { paint, type Span, type Token } from "./highlight.ts";
import { escapeHtml } from "./html.ts";
import { linkTo, sourcePage } from "./links.ts";

/** The lines of a file that are shown, or of a part of it. */
export interface Version {
  /** From the repository's folder. */
  readonly path: string;
  readonly text: string;
  /** How many of the lines are the file's heading. */
  readonly heading: number;
  /** With their numbers in the whole file, and their colours. */
  readonly lines: readonly {
    readonly number: number;
    readonly tokens: readonly Token[];
  }[];
}

/** One file of a diff; a version is undefined where there is no such file. */
export interface DrawnFile {
  /** Of the code of both versions; see diff/code.ts. */
  readonly diff: FileDiff;
  readonly before: Version | undefined;
  readonly after: Version | undefined;
}

/** So many lines nobody opens within a page, and they would be most of its weight. */
const MOST_FOLDED = 40;

type Side = "before" | "after";

export class Pen {
  readonly #file: DrawnFile;
  readonly #page: string;
  readonly #parts: string[] = [];
  /** The numbers of the last lines, as the style sheet counts them; NaN after a fold. */
  #o = 0;
  #n = 0;

  /** @param page Its place in the site, for links. */
  constructor(file: DrawnFile, page: string) {
    this.#file = file;
    this.#page = page;
  }

  get html(): string {
    return this.#parts.join("");
  }

  /** Changes, and around them lines that are the same, at most but for their indentation. */
  pairs(pairs: readonly Pair[]): void {
    let changed: Pair[] = [];
    let shifted: Row[] = [];
    const close = () => {
      this.#side(changed, "before");
      this.#side(changed, "after");
      for (const row of shifted) this.#line(row, "before", [], true);
      for (const row of shifted) this.#line(row, "after", [], true);
      [changed, shifted] = [[], []];
    };
    for (const pair of pairs) {
      const same = pair.before === pair.after ? pair.after : undefined;
      const shifts = same !== undefined && this.#isShifted(same);
      if (changed.length > 0 && same !== undefined) close();
      if (shifted.length > 0 && !shifts) close();
      if (same === undefined) changed.push(pair);
      else if (shifts) shifted.push(same);
      else this.#same(same, true);
    }
    close();
  }

  /** The first lines of both versions, folded. */
  heading(old: number, now: number): void {
    this.#parts.push(
      `<details class="fold"><summary>The file's header comment\n</summary>`,
    );
    // Rows count from the first line below it.
    for (let at = 1 - old; at <= 0; at += 1) this.#line(rowAt(at, 0), "before", []);
    for (let at = 1 - now; at <= 0; at += 1) this.#line(rowAt(0, at), "after", []);
    this.#endFold();
  }

  /**
   * Lines that are the same, folded.
   *
   * @param starts Where they begin in the old and in the new code, from 0.
   * @param what What they are, as it is said after their number.
   */
  fold([old, now]: readonly [number, number], count: number, what: string): void {
    const rows = Array.from({ length: count }, (_, at) =>
      rowAt(old + at + 1, now + at + 1),
    );
    const shifted = rows.filter((row) => this.#isShifted(row)).length;
    const how = shifted > 0 ? ", but for indentation" : "";
    const lines = count === 1 ? "line" : "lines";
    const summary = escapeHtml(`${count} ${lines} unchanged${how}${what}`);
    const first = rows[0] && this.#at(rows[0], "after").number;
    const path = this.#file.after?.path;
    if (count > MOST_FOLDED && path !== undefined) {
      const href = linkTo(this.#page, `${sourcePage(path)}#L${first}`);
      this.#parts.push(`<a class="fold" href="${href}">${summary}\n</a>`);
      this.#forget();
      return;
    }
    const name = shifted > 0 ? "fold shifts" : "fold";
    this.#parts.push(`<details class="${name}"><summary>${summary}\n</summary>`);
    this.#forget();
    for (const row of rows) this.#same(row, false);
    this.#endFold();
  }

  /** What was removed in one place, or added, and pads where only the other side has lines. */
  #side(pairs: readonly Pair[], side: Side): void {
    let missing = 0;
    const pad = () => {
      const name = side === "before" ? "old" : "new";
      const style = missing === 1 ? "" : ` style="--n:${missing}"`;
      if (missing > 0) this.#parts.push(`<i class="pad ${name}"${style}></i>`);
      missing = 0;
    };
    for (const pair of pairs) {
      const row = pair[side];
      if (row) {
        pad();
        this.#line(row, side, marksOf(pair, side === "before" ? "removed" : "added"));
      } else missing += 1;
    }
    pad();
  }

  /**
   * A line of one side.
   *
   * @param shifted Whether only its indentation changes. Where that is not shown, the new
   * line alone stands for both, and needs the numbers of both.
   */
  #line(row: Row, side: Side, marks: readonly Span[], shifted = false): void {
    const { number, tokens } = this.#at(row, side);
    const code = `${paint(tokens, marks)}\n`;
    const [tag, jump] =
      side === "before"
        ? ["del", this.#count(number, undefined)]
        : ["ins", this.#count(undefined, number)];
    const numbers = `--o:${this.#at(row, "before").number};--n:${number}`;
    const set = shifted && side === "after" ? numbers : jump;
    const style = set === "" ? "" : ` style="${set}"`;
    this.#parts.push(`<${tag} class="l${shifted ? " re" : ""}"${style}>${code}</${tag}>`);
  }

  /** A line of both sides; one in a fold has no twin, for it stands across both columns. */
  #same(row: Row, twin: boolean): void {
    const { number, tokens } = this.#at(row, "after");
    const old = this.#at(row, "before").number;
    const code = `${paint(tokens)}\n`;
    const jump = this.#count(old, number);
    const style = jump === "" ? "" : ` style="${jump}"`;
    this.#parts.push(`<span class="l same"${style}>${code}</span>`);
    if (!twin) return;
    this.#parts.push(`<span class="l twin" aria-hidden="true">${code}</span>`);
  }

  /**
   * Counts a line, by its numbers in the old file, in the new one, or in both. Where it does
   * not follow the one before it, its style sets the counters.
   */
  #count(o: number | undefined, n: number | undefined): string {
    const jumps =
      (o !== undefined && o !== this.#o + 1) || (n !== undefined && n !== this.#n + 1);
    this.#o = o ?? this.#o;
    this.#n = n ?? this.#n;
    return jumps ? `counter-set:o ${this.#o || 0} n ${this.#n || 0}` : "";
  }

  #endFold(): void {
    this.#parts.push("</details>");
    this.#forget();
  }

  /** A style sheet does not count what is in a fold that is closed. */
  #forget(): void {
    [this.#o, this.#n] = [Number.NaN, Number.NaN];
  }

  #isShifted(row: Row): boolean {
    const [old, now] = [this.#at(row, "before"), this.#at(row, "after")];
    return indentOf(old.tokens) !== indentOf(now.tokens);
  }

  #at({ oldNumber = 0, newNumber = 0 }: Row, side: Side): Version["lines"][number] {
    const version = this.#file[side];
    const number = side === "before" ? oldNumber : newNumber;
    const line = version?.lines[number - 1 + version.heading];
    return line ?? { number: Number.NaN, tokens: [] };
  }
}

/** A line of both, by its numbers in the code of each. */
function rowAt(oldNumber: number, newNumber: number): Row {
  return { kind: "same", text: "", oldNumber, newNumber, ended: true };
}

function indentOf(tokens: readonly Token[]): number {
  const text = tokens.map((token) => token.text).join("");
  return text.length - text.trimStart().length;
}

/** The columns of the words that are not in the other line of a pair. */
function marksOf({ words }: Pair, kind: "removed" | "added"): Span[] {
  if (!words) return [];
  let column = 0;
  const marks: Span[] = [];
  for (const word of words) {
    if (word.kind !== "same" && word.kind !== kind) continue;
    const end = column + word.text.length;
    if (word.kind === kind && word.text.trim() !== "") marks.push([column, end]);
    column = end;
  }
  return marks;
}
