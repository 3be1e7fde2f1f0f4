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
 * Relative interest in a strike: 1/(1 + 0.25 d) at d standard deviations from the forward, ×1.5 out of the money, ×0.08 in it. Shaped on contracts of 24
 * hours on Deribit, January to May 2026: 59 to 82 % of them have a delta below 0.35, 12 to 31 % one of 0.35 to 0.65.
 */
export function strikeWeight(deviations: number, outOfTheMoney: boolean): number {
  return (outOfTheMoney ? 1.5 : 0.08) / (1 + 0.25 * Math.abs(deviations));
}

/**
 * Half-spreads in vol at the money, less what fees explain, relative to those at 30 days: between a quiet day on Deribit (half-spreads of 1.75, 0.95,
 * 0.55 and 0.30 points at 1, 7, 30 and 90 days, less 0.87 of fees of 1.44, 0.54, 0.26 and 0.15: 1.56, 1.5, 1 and 0.53) and its hourly chains of
 * 23 and 24 January 2026 (some 1.8, 1 and 0.84 from 7 days on). At a day it is a choice above both: with less, fees would leave hardly anybody
 * who trades.
 */
const TENOR_SPREADS: readonly (readonly [logTenor: number, logSpread: number])[] = [
  [1, 2.4],
  [7, 1.6],
  [30, 1],
  [90, 0.68],
].map(([days = 0, spread = 0]) => [Math.log(days / 30), Math.log(spread)] as const);

/**
 * How spreads in vol go with tenor: 1 at 30 days, linear in the logs; below a day as 1/√T, which is level in dollars at the money, and beyond 90 days
 * on as between 30 and 90.
 */
export function tenorSpread(tenorOver30Days: number): number {
  const log = Math.log(tenorOver30Days);
  let i = 1;
  while (i < TENOR_SPREADS.length - 1 && log > (TENOR_SPREADS[i]?.[0] ?? 0)) i += 1;
  const [x0, y0] = TENOR_SPREADS[i - 1] ?? [0, 0];
  const [x1, y1] = TENOR_SPREADS[i] ?? [1, 0];
  if (log < x0) return Math.exp(y0 - 0.5 * (log - x0));
  return Math.exp(y0 + ((y1 - y0) * (log - x0)) / (x1 - x0));
}

/** Half-spread in vol of a screen: a share of the at-the-money vol, wider for short tenors. */
export function screenHalfSpread(sharePerVol: number, atmVol: number, tenorOver30Days: number): number {
  return sharePerVol * atmVol * tenorSpread(tenorOver30Days);
}
