// Shows all commands on all pages as the reader types them: with just, or through npx.
import { choose } from "./memory.ts";

type Via = "just" | "npx";

const NPX = "npx -y rust-just ";

export function offerVia(): void {
  const { dataset } = document.documentElement;
  const switches = [...document.querySelectorAll<HTMLInputElement>(".via input")];
  const chosen = dataset["via"] as Via | undefined;
  if (chosen) rewrite(chosen);
  const show = () => {
    for (const one of switches) one.checked = one.value === dataset["via"];
  };
  for (const one of switches) {
    one.addEventListener("change", () => {
      choose("via", one.value);
      rewrite(one.value as Via);
      show();
    });
  }
  show();
}

function rewrite(via: Via): void {
  for (const code of document.querySelectorAll("main code")) {
    const nodes: Text[] = [];
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      nodes.push(node as Text);
    }
    let before = "\n";
    nodes.forEach((node, index) => {
      const next = nodes[index + 1];
      // In highlighted code, the words of a command are separate nodes.
      const both = before.endsWith("\n") && node.data === "npx " && next;
      if (via === "just" && both && next.data.startsWith("-y rust-just ")) {
        node.data = "just ";
        next.data = next.data.slice("-y rust-just ".length);
      }
      const data = said(node.data, via, before.endsWith("\n"));
      if (data !== node.data) node.data = data;
      before = node.data || before;
    });
  }
  for (const figure of document.querySelectorAll<HTMLElement>(
    "main .output[data-copy]",
  )) {
    figure.dataset["copy"] = said(figure.dataset["copy"] ?? "", via, true);
  }
}

/** Replaces commands, which are at the beginning of a line. */
function said(text: string, via: Via, begins: boolean): string {
  const [from, to] =
    via === "npx" ? [/just (?=[a-z]|$)/y, NPX] : [/npx -y rust-just /y, "just "];
  return text
    .split("\n")
    .map((line, at) => (at > 0 || begins ? line.replace(from, to) : line))
    .join("\n");
}
