// Keyboard shortcuts: n and p turn pages, t goes to the top, / and Ctrl-K search, ? lists
// them.
import { openSearch, withExtras } from "./on-demand.ts";

export function listenToKeys(): void {
  document.querySelector(".search-open")?.addEventListener("click", openSearch);
  const go = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();
  const actions: Readonly<Record<string, () => void>> = {
    n: () => go(".ways .next"),
    p: () => go(".ways .prev"),
    t: () => scrollTo({ top: 0 }),
    "?": () => void withExtras((extras) => extras.showKeys()),
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const target = event.target as HTMLElement;
    const typing = target.closest("input, select, textarea, [contenteditable], dialog");
    const isSearch = control
      ? event.key.toLowerCase() === "k"
      : event.key === "/" && !typing;
    if (isSearch) {
      event.preventDefault();
      openSearch();
    } else if (!control && !typing) actions[event.key]?.();
  });
}
