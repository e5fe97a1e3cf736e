import type { Random } from "../simulation/random.ts";

/** Where the middle half of some numbers lies, and their middle. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** Quartiles, interpolated between the numbers next to them. */
export function spreadOf(numbers: readonly number[]): Spread {
  if (numbers.length === 0) throw new Error("a spread needs at least one number");
  const sorted = [...numbers].sort((one, other) => one - other);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** The straight line through some points with the least squares between them: `slope * x + offset`. */
export interface Line {
  readonly slope: number;
  readonly offset: number;
}

export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const variance = mean(points.map(([x]) => (x - meanX) ** 2));
  if (!(variance > 0)) throw new Error("a line needs points at two places at least");
  const slope = covariance / variance;
  return { slope, offset: meanY - slope * meanX };
}

/** Each order equally likely. */
export function shuffle<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, rank: random.next() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}
