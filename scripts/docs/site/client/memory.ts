// What the reader chose, kept in the browser. The script in the head of each page sets the
// choices on the root element before anything is drawn; see frame.ts.

/** Other sites may be of the same origin, as all files of a disk are. */
const OURS = "server-book:";

/** The value that was kept, if any. Storage may be forbidden, as in a private window. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(OURS + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value, or forgets it. Where storage is forbidden, nothing is kept. */
export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(OURS + key);
    else localStorage.setItem(OURS + key, value);
  } catch {}
}

/** Sets a choice on the root element, where the style sheet sees it, and keeps it. */
export function choose(key: string, value: string | undefined): void {
  const { dataset } = document.documentElement;
  if (value === undefined) delete dataset[key];
  else dataset[key] = value;
  remember(key, value);
}
