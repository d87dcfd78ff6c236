// The input line: a reducer from what keys do to a text with a cursor.
import { type Completion, complete, type Vocabulary, wordBefore } from "./complete.ts";
import { after, before, boundary } from "./grapheme.ts";

const MAX_HISTORY = 500;

export interface Editor {
  /** Has line ends only as long as what was pasted cannot be sent. */
  readonly text: string;
  /** Between two graphemes; counted as a string is indexed. */
  readonly cursor: number;
  /** What was sent, the newest last. */
  readonly history: readonly string[];
  /** Where in the history one is; its length stands for the draft. */
  readonly place: number;
  /** What was being typed before going into the history. */
  readonly draft: string;
  /** The choice that the next Tab changes. */
  readonly choice: (Completion & { readonly index: number }) | undefined;
}

export type Edit =
  | { readonly kind: "insert"; readonly text: string }
  | { readonly kind: "complete"; readonly vocabulary: Vocabulary; readonly by: 1 | -1 }
  | {
      readonly kind:
        | "left"
        | "right"
        | "home"
        | "end"
        | "backspace"
        | "delete"
        | "delete to home"
        | "delete to end"
        | "delete word"
        | "older"
        | "newer";
    };

export const EMPTY_EDITOR: Editor = {
  text: "",
  cursor: 0,
  history: [],
  place: 0,
  draft: "",
  choice: undefined,
};

/** The input line after an edit. */
export function edit(editor: Editor, change: Edit): Editor {
  const { text, cursor, place, history } = editor;
  /** Replaces what is between the two places, and puts the cursor behind. */
  const replace = (from: number, to: number, by = ""): Editor => {
    const next = text.slice(0, from) + by + text.slice(to);
    const choice = undefined;
    // What was inserted may have become one grapheme with what follows.
    return { ...editor, text: next, cursor: boundary(next, from + by.length), choice };
  };
  const move = (to: number): Editor => ({ ...editor, cursor: to, choice: undefined });
  switch (change.kind) {
    case "insert":
      return replace(cursor, cursor, change.text);
    case "left":
      return move(before(text, cursor));
    case "right":
      return move(after(text, cursor));
    case "home":
      return move(0);
    case "end":
      return move(text.length);
    case "backspace":
      return replace(before(text, cursor), cursor);
    case "delete":
      return replace(cursor, after(text, cursor));
    case "delete to home":
      return replace(0, cursor);
    case "delete to end":
      return replace(cursor, text.length);
    case "delete word":
      return replace(wordBefore(text.slice(0, cursor).trimEnd()), cursor);
    case "older":
      return recall(editor, place - 1);
    case "newer":
      return recall(editor, Math.min(place + 1, history.length));
    case "complete":
      return chooseNext(editor, change.vocabulary, change.by);
  }
}

/** Takes what is to be sent out of the input line: it is empty then. */
export function take(editor: Editor): { editor: Editor; lines: string[] } {
  const { text, history } = editor;
  if (text === "") return { editor, lines: [] };
  const kept = history.at(-1) === text ? history : [...history, text].slice(-MAX_HISTORY);
  const lines = text.split("\n");
  // An end of the last line is not the beginning of another one.
  if (lines.at(-1) === "") lines.pop();
  return { editor: { ...EMPTY_EDITOR, history: kept, place: kept.length }, lines };
}

function recall(editor: Editor, place: number): Editor {
  if (place < 0 || place === editor.place) return editor;
  const draft = editor.place === editor.history.length ? editor.text : editor.draft;
  const text = editor.history[place] ?? draft;
  return { ...editor, place, draft, text, cursor: text.length, choice: undefined };
}

function chooseNext(editor: Editor, vocabulary: Vocabulary, by: 1 | -1): Editor {
  const { text, cursor, choice } = editor;
  const { from, words } = choice ?? complete(text, cursor, vocabulary);
  if (words.length === 0) return editor;
  const index = choice
    ? (choice.index + by + words.length) % words.length
    : by === 1
      ? 0
      : words.length - 1;
  const word = words[index] ?? "";
  const next = text.slice(0, from) + word + text.slice(cursor);
  // The only one is final: another Tab begins anew, with what comes after it.
  const more = words.length > 1 ? { from, words, index } : undefined;
  return { ...editor, text: next, cursor: from + word.length, choice: more };
}
