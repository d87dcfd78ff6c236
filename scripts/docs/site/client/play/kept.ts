// The reader's edit of each step, kept while the tab is open.

const OURS = "server-book:play:";

/** The kept text, if any. Storage may be blocked, as in a private window. */
export function keptText(name: string): string | undefined {
  try {
    return sessionStorage.getItem(OURS + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a text; undefined deletes it. Does nothing where storage is blocked or full. */
export function keepText(name: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(OURS + name);
    else sessionStorage.setItem(OURS + name, text);
  } catch {}
}
