/** What repeated measurements of one thing gave. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [lower = Number.NaN, upper = Number.NaN] = [sorted.at(middle - 1), sorted[middle]];
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2;
}

/** Sums up repeated measurements. */
export function summarize(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * Each measurement by the one of `base` that was made in the same round, so that what disturbs a
 * whole round disturbs no ratio.
 */
export function ratios(values: readonly number[], base: readonly number[]): number[] {
  if (values.length !== base.length)
    throw new RangeError("Every round needs a measurement of both");
  return values.map((value, round) => value / (base[round] ?? Number.NaN));
}

/**
 * The value below which `percent` of the values lie, by nearest rank.
 *
 * @param sorted in ascending order
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}
