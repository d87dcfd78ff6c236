// Where the middle of many measurements is, and where the end of most.

/** NaN when there are none. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/** @param part 0.99 for what 99 of 100 do not exceed. */
export function quantileOf(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * part));
  return sorted[at] ?? Number.NaN;
}
