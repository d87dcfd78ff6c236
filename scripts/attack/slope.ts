// How something grows: the straight line through its samples, and how sure that is.

export interface Slope {
  /** By how much it grows in one unit of time. */
  readonly rate: number;
  /** The standard error of the rate. */
  readonly error: number;
}

/**
 * The line of least squares.
 *
 * @param samples Time and value, three or more at different times.
 */
export function slopeOf(samples: readonly (readonly [number, number])[]): Slope {
  const count = samples.length;
  const mean = (of: (sample: readonly [number, number]) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / count;
  const [middle, level] = [mean(([time]) => time), mean(([, value]) => value)];
  let [xx, xy] = [0, 0];
  for (const [time, value] of samples) {
    xx += (time - middle) ** 2;
    xy += (time - middle) * (value - level);
  }
  const rate = xy / xx;
  const rest = samples.reduce(
    (sum, [time, value]) => sum + (value - level - rate * (time - middle)) ** 2,
    0,
  );
  return { rate, error: Math.sqrt(rest / (count - 2) / xx) };
}

/**
 * Whether it grows: by more than chance would explain (three standard errors), and by more
 * than may be overlooked.
 *
 * @param least A growth in one unit of time that does not matter.
 */
export function grows({ rate, error }: Slope, least: number): boolean {
  return rate > least && rate > 3 * error;
}
