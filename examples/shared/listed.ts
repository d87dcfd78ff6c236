// Long lists in lines of bounded length.

/**
 * The entries on as many lines as needed, no entry split, with the title on each line.
 *
 * @param limit The maximum length of a line in UTF-16 units, unless one entry is longer.
 * @returns One line or more: `["Rooms - main (3), attic (1)"]`.
 */
export function listed(
  title: string,
  entries: readonly string[],
  limit: number,
): string[] {
  const lines: string[] = [];
  let line = title;
  for (const entry of entries) {
    if (line === title) line += entry;
    else if (line.length + 2 + entry.length <= limit) line += `, ${entry}`;
    else {
      lines.push(line);
      line = title + entry;
    }
  }
  return [...lines, line];
}
