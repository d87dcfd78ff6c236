// Finds the name that the user may have meant. Plain JavaScript, because run.mjs needs it before
// anything is installed.

/**
 * The names closest to what was typed, closest first. Each name is also compared without the part
 * before its first dash, such as the number of a step.
 *
 * @param {string} typed
 * @param {Iterable<string>} names
 * @param {number} [most] The most names to return.
 * @returns {string[]} Empty when none is close.
 */
export function nearest(typed, names, most = 3) {
  const word = typed.toLowerCase();
  // One letter in three may be wrong, and at most three.
  const limit = Math.min(3, Math.floor(word.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, far: howFar(word, name.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ name }) => name);
}

function howFar(word, name) {
  const parts = [name, name.slice(name.indexOf("-") + 1)];
  return Math.min(...parts.map((part) => distance(word, part)));
}

/**
 * The edit distance between two texts, where swapping two neighbours counts as one edit
 * (optimal string alignment).
 *
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
export function distance(a, b) {
  let before = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(changed, row[j] + 1, next[j - 1] + 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (i > 1 && j > 1 && swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}
