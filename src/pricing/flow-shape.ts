/**
 * The usual shape of demand and of screens over strikes and tenors: public knowledge, used by the world as a law and by makers
 * as a belief. Sources: models 4c (Deribit prints and screens), economics 6.
 */

/** Share of interest in an expiry by its days to run. */
const TENOR_WEIGHTS: readonly (readonly [daysMaximum: number, weight: number])[] = [
  [2, 0.35],
  [10, 0.25],
  [45, 0.2],
  [120, 0.12],
  [Number.POSITIVE_INFINITY, 0.08],
];

/** Relative interest in an expiry with this many days to run. */
export function tenorWeight(days: number): number {
  return TENOR_WEIGHTS.find(([limit]) => days <= limit)?.[1] ?? 0;
}

/**
 * Relative interest in a strike: 1/(1 + 1.5 d) at d standard deviations from the forward, ×1.5 out of the money, ×0.4 in it.
 */
export function strikeWeight(deviations: number, outOfTheMoney: boolean): number {
  return (outOfTheMoney ? 1.5 : 0.4) / (1 + 1.5 * Math.abs(deviations));
}

/** How spreads in vol fall with tenor: (T/30 d)^−0.4, 1 at 30 days. */
export function tenorSpread(tenorOver30Days: number): number {
  return Math.exp(-0.4 * Math.log(tenorOver30Days));
}

/** Half-spread in vol of a screen: a share of the at-the-money vol, wider for short tenors. */
export function screenHalfSpread(sharePerVol: number, atmVol: number, tenorOver30Days: number): number {
  return sharePerVol * atmVol * tenorSpread(tenorOver30Days);
}
