// The list of keyboard shortcuts.

const KEYS = [
  ["n", "next page"],
  ["p", "previous page"],
  ["t", "top of this page"],
  ["/ or Ctrl K", "search"],
  ["?", "this list"],
] as const;

let dialog: HTMLDialogElement | undefined;

export function showKeys(): void {
  dialog ??= makeDialog();
  if (!dialog.open) dialog.showModal();
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
