// What most readings never use is a script of its own, loaded when it is first needed: the
// search, the list of keys, the marks on what was found.

/** What the script brings. */
export interface Extras {
  openSearch(): void;
  showKeys(): void;
  markFound(words: readonly string[]): void;
  fadeEdges(): void;
}

/** The name in the address that holds the words: `08-chat.html?found=race#select`. */
export const FOUND = "found";

interface Loading {
  /** Set by the script. */
  siteExtras?: Extras;
}

/** Does something with it, as soon as it is there. */
export async function withExtras(use: (extras: Extras) => void): Promise<void> {
  const { root = "", extras = "" } = document.documentElement.dataset;
  await load(`${root}${extras}`);
  const { siteExtras } = globalThis as Loading;
  if (siteExtras) use(siteExtras);
}

const scripts = new Map<string, Promise<void>>();

/** Loads a script, once, by a tag: a page that is opened from a file may not fetch. */
export function load(address: string): Promise<void> {
  const known = scripts.get(address);
  if (known) return known;
  const loaded = new Promise<void>((resolve) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    document.head.append(script);
  });
  scripts.set(address, loaded);
  return loaded;
}

/** Marks the words that a result of the search leads to. */
export function markFound(): void {
  const words = new URLSearchParams(location.search).get(FOUND)?.split(" ") ?? [];
  if (words.length === 0 || !("highlights" in CSS)) return;
  // The page's own address is without them.
  history.replaceState(history.state, "", location.pathname + location.hash);
  void withExtras((extras) => extras.markFound(words));
}

/** Opens the search. */
export function openSearch(): void {
  void withExtras((extras) => extras.openSearch());
}
