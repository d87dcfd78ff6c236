// Keys: n and p go on and back, t to the top, ? says which there are.

const KEYS = [
  ["n", "next page"],
  ["p", "page before"],
  ["t", "top of this page"],
  ["/ or Ctrl K", "search"],
  ["?", "this list"],
] as const;

export function listenToKeys(): void {
  const go = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.closest("input, select, textarea, [contenteditable], dialog")) return;
    if (event.key === "n") go(".ways .next");
    else if (event.key === "p") go(".ways .prev");
    else if (event.key === "t") scrollTo({ top: 0 });
    else if (event.key === "?") showKeys();
  });
}

let dialog: HTMLDialogElement | undefined;

function showKeys(): void {
  dialog ??= makeDialog();
  dialog.showModal();
}

function makeDialog(): HTMLDialogElement {
  const made = document.createElement("dialog");
  made.className = "keys";
  made.setAttribute("aria-label", "Keys");
  const list = document.createElement("dl");
  for (const [key, what] of KEYS) {
    const [term, said] = [document.createElement("dt"), document.createElement("dd")];
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    said.textContent = what;
    list.append(term, said);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => made.close());
  made.append(list, close);
  made.addEventListener("click", ({ target }) => {
    if (target === made) made.close();
  });
  document.body.append(made);
  return made;
}
