// The reader's choices, stored in the browser. A script in the head of each page sets them
// on the root element before anything is drawn; see frame.ts.

/** Other sites may share the origin, as all local files do. */
const OURS = "server-book:";

/** The stored value, if any. Storage may be blocked, as in a private window. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(OURS + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores a value; undefined deletes it. Does nothing where storage is blocked. */
export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(OURS + key);
    else localStorage.setItem(OURS + key, value);
  } catch {}
}

/** Sets a choice on the root element, for the stylesheet, and stores it. */
export function choose(key: string, value: string | undefined): void {
  set(key, value);
  remember(key, value);
}

/**
 * Restores choices and calls `show`: now, and when the page is shown, after the browser has put
 * back form fields, or the page as it was before the reader made other choices on others.
 */
export function onShow(show: () => void, ...choices: readonly string[]): void {
  const restore = () => {
    for (const key of choices) {
      // Where storage is blocked, a choice holds on this page.
      try {
        set(key, localStorage.getItem(OURS + key) ?? undefined);
      } catch {}
    }
    show();
  };
  addEventListener("pageshow", restore);
  restore();
}

function set(key: string, value: string | undefined): void {
  const { dataset } = document.documentElement;
  if (value === undefined) delete dataset[key];
  else dataset[key] = value;
}
