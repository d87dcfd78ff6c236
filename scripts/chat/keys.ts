// What is typed and pasted: from Node's key presses to what they do here.
import { emitKeypressEvents } from "node:readline";
import type { ReadStream } from "node:tty";
import type { Edit } from "./editor.ts";
import { printable } from "./printable.ts";

export type Action =
  | Exclude<Edit, { kind: "complete" }>
  | { readonly kind: "complete"; readonly by: 1 | -1 }
  /** What the terminal says was pasted, with `\n` at the end of lines. */
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "scroll"; readonly by: 1 | -1 }
  /** Ctrl-D. */
  | { readonly kind: "delete or quit" }
  | { readonly kind: "submit" | "quit" | "redraw" };

/** A key press, as `emitKeypressEvents` tells it. */
export interface Key {
  readonly sequence: string;
  readonly name?: string | undefined;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

const NAMED: Record<string, Action> = {
  return: { kind: "submit" },
  // A line feed: Ctrl-J, or the end of a line that was pasted as it stood.
  enter: { kind: "submit" },
  left: { kind: "left" },
  right: { kind: "right" },
  home: { kind: "home" },
  end: { kind: "end" },
  up: { kind: "older" },
  down: { kind: "newer" },
  pageup: { kind: "scroll", by: -1 },
  pagedown: { kind: "scroll", by: 1 },
  backspace: { kind: "backspace" },
  delete: { kind: "delete" },
};

const CONTROLS: Record<string, Action> = {
  a: { kind: "home" },
  b: { kind: "left" },
  c: { kind: "quit" },
  d: { kind: "delete or quit" },
  e: { kind: "end" },
  f: { kind: "right" },
  k: { kind: "delete to end" },
  l: { kind: "redraw" },
  n: { kind: "newer" },
  p: { kind: "older" },
  u: { kind: "delete to home" },
  w: { kind: "delete word" },
};

/** What a key does; undefined when nothing. */
export function actionOf(text: string | undefined, key: Key): Action | undefined {
  const { name = "", ctrl, meta, shift } = key;
  if (name === "tab") return { kind: "complete", by: shift ? -1 : 1 };
  if (Object.hasOwn(NAMED, name)) return NAMED[name];
  if (ctrl) return Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
  if (meta) return undefined;
  const typed = printable(text ?? "");
  return typed === "" ? undefined : { kind: "insert", text: typed };
}

/** Gathers key presses to actions: what comes at once is inserted at once. */
export class Keys {
  #actions: Action[] = [];
  /** The pieces of what is being pasted. */
  #pasted: string[] | undefined;

  /** Takes a key press. */
  press(text: string | undefined, key: Key): void {
    // Bracketed paste: https://invisible-island.net/xterm/xterm-paste64.html
    if (key.sequence === "\x1b[200~") {
      this.#pasted = [];
    } else if (key.sequence === "\x1b[201~") {
      const pasted = this.#pasted?.join("").replace(/\r\n?/g, "\n") ?? "";
      this.#pasted = undefined;
      if (pasted !== "") this.#add({ kind: "paste", text: printable(pasted, "\n") });
    } else if (this.#pasted !== undefined) {
      // What is pasted is text, even a Ctrl-C.
      this.#pasted.push(text ?? "");
    } else {
      const action = actionOf(text, key);
      if (action !== undefined) this.#add(action);
    }
  }

  /** The actions since the last call. */
  take(): Action[] {
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  #add(action: Action): void {
    const last = this.#actions.at(-1);
    if (last?.kind === "insert" && action.kind === "insert") {
      this.#actions.pop();
      this.#actions.push({ kind: "insert", text: last.text + action.text });
    } else this.#actions.push(action);
  }
}

/** Reads a terminal in raw mode. @returns What ends the reading. */
export function readKeys(input: ReadStream, act: (actions: Action[]) => void) {
  const keys = new Keys();
  let asked = false;
  const onKey = (text: string | undefined, key: Key) => {
    keys.press(text, key);
    if (asked) return;
    asked = true;
    // After all that came in the same read.
    queueMicrotask(() => {
      asked = false;
      const actions = keys.take();
      if (actions.length > 0) act(actions);
    });
  };
  emitKeypressEvents(input);
  input.on("keypress", onKey);
  input.resume();
  return () => {
    input.off("keypress", onKey);
    input.pause();
  };
}
