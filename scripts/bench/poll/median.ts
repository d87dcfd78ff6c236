// Medians and quantiles of measurements.

/** Returns NaN when there are no values. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/** @param part From 0 to 1: 0.99 is the 99th percentile. @returns NaN without values. */
export function quantileOf(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * part));
  return sorted[at] ?? Number.NaN;
}
