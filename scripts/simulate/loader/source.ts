// The text of a program, its tokens, and overwritten parts of it. Lines and columns stay
// where they are, so stack traces are right.
import sucrase, { type Token } from "sucrase/dist/parser/index.js";

/** A syntax error in a program that Node cannot run, with its position. */
export class BadSyntax extends SyntaxError {
  override readonly name = "SyntaxError";
  readonly code: string | undefined;
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;

  /** @param at The position in the text. */
  constructor(text: string, at: number, message: string, code?: string) {
    super(message);
    const before = text.slice(0, at).split("\n");
    this.code = code;
    this.line = before.length;
    this.column = before.at(-1)?.length ?? 0;
  }
}

export class Source {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly #characters: string[];

  /** @throws {BadSyntax} When it cannot be parsed. */
  constructor(text: string) {
    this.text = text;
    this.#characters = text.split("");
    try {
      this.tokens = sucrase.parse(text, false, true, false).tokens;
    } catch (error) {
      const { message, pos = 0 } = error as Error & { pos?: number };
      throw new BadSyntax(text, pos, message.replace(/ \(\d+:\d+\)$/, ""));
    }
  }

  /** The text with all replacements. */
  toString(): string {
    return this.#characters.join("");
  }

  /** The text of a token; "" when there is none. */
  word(index: number): string {
    const token = this.tokens[index];
    return token ? this.text.slice(token.start, token.end) : "";
  }

  /** Overwrites a part with text, padded with spaces. Line breaks are kept. */
  replace(start: number, end: number, text = ""): void {
    for (let index = start; index < end; index += 1) {
      const isLineEnd = /[\r\n\u2028\u2029]/.test(this.text[index] ?? "");
      if (!isLineEnd) this.#characters[index] = " ";
    }
    // A longer replacement makes its line longer.
    if (text !== "") this.#characters[start] = text;
    for (let index = start + 1; index < Math.min(end, start + text.length); index += 1) {
      if (this.#characters[index] === " ") this.#characters[index] = "";
    }
  }

  /** Overwrites a range of tokens. */
  replaceTokens(first: number, last: number, text = ""): void {
    const [from, to] = [this.tokens[first], this.tokens[last]];
    if (from && to) this.replace(from.start, to.end, text);
  }

  /** @throws {BadSyntax} At a token. */
  refuse(index: number, message: string, code?: string): never {
    throw new BadSyntax(this.text, this.tokens[index]?.start ?? 0, message, code);
  }
}
