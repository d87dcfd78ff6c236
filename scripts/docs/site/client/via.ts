// Shows all commands on all pages as the reader types them: with just, or through npx.
import { choose, onShow } from "./memory.ts";

type Via = "just" | "npx";

const FORMS: Readonly<Record<Via, string>> = { just: "just", npx: "npx -y rust-just" };

/** What precedes a command: the line's beginning, a prompt, a pipe, and its variables. */
const BEFORE = "(?<=(?:^|[$|] |again: )(?:[A-Z_]+=\\S+ )*)";

/** Not in sentences about the two forms; see docs/01-echo.md. */
const CODE = "main code:not(.as-written code)";

export function offerVia(): void {
  const { dataset } = document.documentElement;
  const switches = [...document.querySelectorAll<HTMLInputElement>(".via input")];
  const show = () => {
    const chosen = dataset["via"] as Via | undefined;
    if (chosen) rewrite(chosen);
    for (const one of switches) one.checked = one.value === chosen;
  };
  for (const one of switches) {
    one.addEventListener("change", () => {
      choose("via", one.value);
      show();
    });
  }
  onShow(show, "via");
}

function rewrite(via: Via): void {
  const [from, to] = via === "npx" ? [FORMS.just, FORMS.npx] : [FORMS.npx, FORMS.just];
  const command = new RegExp(`${BEFORE}${from}(?= [a-z]|$)`, "gm");
  for (const code of document.querySelectorAll(CODE)) {
    const found = [...(code.textContent ?? "").matchAll(command)];
    // From the end, so that the positions of the others stay right.
    for (const { index } of found.reverse()) replace(code, index, from.length, to);
  }
  for (const { dataset } of document.querySelectorAll<HTMLElement>(
    "main .output[data-copy]",
  )) {
    dataset["copy"] = dataset["copy"]?.replace(command, to);
  }
}

/** Replaces a part of the text. In highlighted code, it may consist of several nodes. */
function replace(code: Element, start: number, length: number, by: string): void {
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  let at = 0;
  let text = by;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const part = node as Text;
    const begin = Math.max(start - at, 0);
    const end = Math.min(start + length - at, part.length);
    at += part.length;
    if (begin >= end) continue;
    part.replaceData(begin, end - begin, text);
    text = "";
  }
}
