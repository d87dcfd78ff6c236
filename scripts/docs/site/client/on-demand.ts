// Rarely used features are in a separate script, loaded on first use: the search, the list
// of shortcuts, the marks on search results.

/** What the script exports. */
export interface Extras {
  openSearch(): void;
  showKeys(): void;
  markFound(words: readonly string[]): void;
  fadeEdges(): void;
}

/** The address field with the words to mark: `08-chat.html?found=race#select`. */
export const FOUND = "found";

interface Loading {
  /** Set by the script. */
  siteExtras?: Extras;
}

/** Uses the script, once it is loaded. */
export async function withExtras(use: (extras: Extras) => void): Promise<void> {
  const { root = "", extras = "" } = document.documentElement.dataset;
  await load(`${root}${extras}`);
  const { siteExtras } = globalThis as Loading;
  if (siteExtras) use(siteExtras);
}

const scripts = new Map<string, Promise<void>>();

/** Loads a script once, with a tag, because a page opened from a file cannot fetch. */
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

/** Marks the words of the search result that led here. */
export function markFound(): void {
  const words = new URLSearchParams(location.search).get(FOUND)?.split(" ") ?? [];
  if (words.length === 0 || !("highlights" in CSS)) return;
  // Removes the words from the page's address.
  history.replaceState(history.state, "", location.pathname + location.hash);
  void withExtras((extras) => extras.markFound(words));
}

/** Opens the search. */
export function openSearch(): void {
  void withExtras((extras) => extras.openSearch());
}
