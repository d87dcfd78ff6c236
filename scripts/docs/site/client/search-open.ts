// Opens the search. Its box is a script of its own, for most pages are read without it.

const root = document.documentElement.dataset["root"] ?? "";

interface Opening {
  /** Set by the script of the box. */
  openSearch?: () => void;
}

export function offerSearch(): void {
  const opener = document.querySelector<HTMLButtonElement>(".search-open");
  if (!opener) return;
  let loading: Promise<void> | undefined;
  const open = async () => {
    loading ??= load(`${root}${opener.dataset["script"]}`);
    await loading;
    (globalThis as Opening).openSearch?.();
  };
  opener.addEventListener("click", () => void open());
  document.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    if (event.altKey) return;
    const target = event.target as HTMLElement;
    const typing = target.closest("input, select, textarea, [contenteditable], dialog");
    if (control ? event.key.toLowerCase() === "k" : event.key === "/" && !typing) {
      event.preventDefault();
      void open();
    }
  });
}

/** A script tag: a page that is opened from a file may not fetch. */
function load(address: string): Promise<void> {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    document.head.append(script);
  });
}
