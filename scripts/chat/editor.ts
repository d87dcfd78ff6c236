// The input line: text with a cursor, completion choices and a history.
import { type Completion, complete, type Vocabulary, wordBefore } from "./complete.ts";
import { after, before } from "./text.ts";

const MAX_HISTORY = 500;

export class Editor {
  /** Has line ends only while pasted text cannot be sent. */
  text = "";
  /** Always between two graphemes; an index into the string. */
  cursor = 0;
  /** The choices of Tab, and the index of the current one. */
  choice: (Completion & { readonly index: number }) | undefined;
  /** The lines sent, and last the one being typed. */
  readonly #history = [""];
  #place = 0;

  /** The actions of the editing keys. */
  readonly keys: Readonly<Record<string, () => void>> = {
    left: () => this.#show(this.text, before(this.text, this.cursor)),
    right: () => this.#show(this.text, after(this.text, this.cursor)),
    home: () => this.#show(this.text, 0),
    end: () => this.#show(this.text, this.text.length),
    up: () => this.#recall(this.#place - 1),
    down: () => this.#recall(this.#place + 1),
    backspace: () => this.#replace(before(this.text, this.cursor), this.cursor),
    delete: () => this.#replace(this.cursor, after(this.text, this.cursor)),
    "ctrl u": () => this.#replace(0, this.cursor),
    "ctrl k": () => this.#replace(this.cursor, this.text.length),
    "ctrl w": () => this.#replace(wordBefore(this.#left.trimEnd()), this.cursor),
  };

  /** Inserts a text before the cursor. */
  insert(text: string): void {
    this.#replace(this.cursor, this.cursor, text);
  }

  /** Completes the word before the cursor, or moves to the next choice; -1 moves back. */
  complete(by: 1 | -1, vocabulary: Vocabulary): void {
    const {
      from,
      words,
      index: last,
    } = this.choice ?? {
      ...complete(this.#left, vocabulary),
      index: by === 1 ? -1 : 0,
    };
    const index = (last + by + words.length) % words.length;
    const word = words[index];
    if (word === undefined) return;
    this.#replace(from, this.cursor, word);
    // A single match is final: another Tab completes what comes after it.
    if (words.length > 1) this.choice = { from, words, index };
  }

  /** The lines to send. */
  get lines(): string[] {
    // A final line end does not begin another line.
    return this.text === "" ? [] : this.text.replace(/\n$/, "").split("\n");
  }

  /** Moves the text into the history, and clears the line. */
  clear(): void {
    const history = this.#history;
    history.pop();
    if (this.text !== "" && this.text !== history.at(-1)) history.push(this.text);
    if (history.length > MAX_HISTORY) history.shift();
    this.#place = history.push("") - 1;
    this.#show("", 0);
  }

  get #left(): string {
    return this.text.slice(0, this.cursor);
  }

  #replace(from: number, to: number, by = ""): void {
    const start = this.text.slice(0, from) + by;
    const text = start + this.text.slice(to);
    // The inserted text may have merged into one grapheme with what follows.
    const within = start !== "" && start.length < text.length;
    this.#show(text, within ? after(text, before(text, start.length)) : start.length);
  }

  #recall(place: number): void {
    const history = this.#history;
    if (this.#place === history.length - 1) history[this.#place] = this.text;
    const text = history[place];
    if (text === undefined) return;
    this.#place = place;
    this.#show(text, text.length);
  }

  #show(text: string, cursor: number): void {
    [this.text, this.cursor, this.choice] = [text, cursor, undefined];
  }
}
