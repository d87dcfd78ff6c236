// What counts as found, in an excerpt and on the page that a result leads to.

/**
 * Matches any of the words, at the start of a word: `race` in `races`, not in `trace`. The
 * search finds a single letter only as a word of its own, so no more of it is matched.
 */
export function patternOf(words: readonly string[], flags: string): RegExp {
  const each = words.map((word) => {
    const escaped = word.replace(/[$]/g, "\\$&");
    return word.length === 1 ? `${escaped}(?![\\p{L}\\p{N}])` : escaped;
  });
  return new RegExp(`(?<![\\p{L}\\p{N}])(${each.join("|")})`, flags);
}
