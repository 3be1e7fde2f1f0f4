import { inverseNormalCdf } from '../../core/special.ts';
import { type MeanEstimate, meanEstimate } from './mean-test.ts';
import type { Membership, Origins } from './origins.ts';

/** Nominal shares of the intervals that are held against outcomes. */
export const COVERAGE_LEVELS = [0.5, 0.8, 0.95] as const;
export type CoverageLevel = (typeof COVERAGE_LEVELS)[number];

/** Half-width of a normal's central interval in standard deviations: 1.2816 at 80 %. */
export function halfWidth(level: number): number {
  return inverseNormalCdf(0.5 + level / 2);
}

/** 1 at each origin whose outcome lies inside the interval change ± {@link halfWidth}·scale, its ends included. */
export function covered(outcome: ArrayLike<number>, change: ArrayLike<number>, scale: ArrayLike<number>, level: number): Uint8Array {
  const half = halfWidth(level);
  const inside = new Uint8Array(outcome.length);
  for (let i = 0; i < inside.length; i += 1) {
    if (Math.abs((outcome[i] ?? 0) - (change[i] ?? 0)) <= half * (scale[i] ?? 0)) inside[i] = 1;
  }
  return inside;
}

/** Share of outcomes inside, with its 95 % interval: that of a mean of dependent values. */
export function coverage(inside: Uint8Array, origins: Origins, member?: Membership): MeanEstimate | undefined {
  return meanEstimate(inside, origins, member);
}
