// Typed and pasted input, from the key presses that `node:readline` decodes.
import type { Key } from "node:readline";
import { printable } from "../printable.ts";

/** A key, by Node's name for it; or text, which has line ends only if it was pasted. */
export type Typed = { readonly key: string } | { readonly text: string };

/** The keys that Ctrl combinations stand for, as in Emacs and shells. */
const CTRL = { a: "home", b: "left", e: "end", f: "right", n: "down", p: "up" };

export class Keys {
  /** The paste received so far. */
  #pasted: string | undefined;

  /** Takes a `keypress` event. @returns undefined while it is only part of the input. */
  read(text = "", { sequence, name = "", ctrl, meta, shift }: Key): Typed | undefined {
    // Bracketed paste: https://invisible-island.net/xterm/xterm-paste64.html
    if (sequence === "\x1b[200~") {
      this.#pasted = "";
    } else if (sequence === "\x1b[201~") {
      const pasted = (this.#pasted ?? "").replace(/\r\n?/g, "\n");
      this.#pasted = undefined;
      return { text: printable(pasted, "\n") };
    } else if (this.#pasted !== undefined) {
      // Pasted input is text, even a Ctrl-C.
      this.#pasted += text;
    } else {
      const typed = ctrl || meta || name === "tab" ? "" : printable(text);
      if (typed !== "") return { text: typed };
      if (ctrl && name.length === 1)
        return { key: CTRL[name as keyof typeof CTRL] ?? `ctrl ${name}` };
      return { key: shift && name === "tab" ? "shift tab" : name };
    }
    return undefined;
  }
}
