// How a value grows: the straight line through its samples, and the error of its slope.

export interface Slope {
  /** Growth per unit of time. */
  readonly rate: number;
  /** The standard error of the rate. */
  readonly error: number;
}

/**
 * The least-squares line through samples.
 *
 * @param samples Time and value; three or more, at different times.
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
 * Whether a value grows: by more than chance would explain (three standard errors), and by
 * more than a negligible amount.
 *
 * @param least The growth per unit of time up to which it does not matter.
 */
export function grows({ rate, error }: Slope, least: number): boolean {
  return rate > least && rate > 3 * error;
}
