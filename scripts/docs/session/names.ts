// The names of a session: a word stands for the name that the server really gave.

const GIVEN = /^You are ([A-Za-z0-9_-]+)$/;

export class Names {
  readonly #real = new Map<string, string>();

  /** Whether a line is the one expected. Any name will do for a word not yet bound. */
  accepts(expected: string, line: string): boolean {
    const word = GIVEN.exec(expected)?.[1];
    if (word !== undefined && !this.#real.has(word)) return GIVEN.test(line);
    return this.toReal(expected) === line;
  }

  /** As `accepts`, and binds the word of a first `You are WORD` to the name in the line. */
  matches(expected: string, line: string): boolean {
    if (!this.accepts(expected, line)) return false;
    const word = GIVEN.exec(expected)?.[1];
    const name = GIVEN.exec(line)?.[1];
    if (word && name && !this.#real.has(word)) this.#real.set(word, name);
    return true;
  }

  /** The text with each bound word replaced by its name. */
  toReal(text: string): string {
    return replaceWords(text, this.#real);
  }

  /** The text with each name replaced by the word that is bound to it. */
  toWords(text: string): string {
    return replaceWords(
      text,
      new Map(Array.from(this.#real, ([word, name]) => [name, word])),
    );
  }
}

/** All at once: what was put in is not replaced again. */
function replaceWords(text: string, words: ReadonlyMap<string, string>): string {
  return text.replace(/[A-Za-z0-9_-]+/g, (word) => words.get(word) ?? word);
}
