import { millsRatioRight, normalPdf } from '../core/special.ts';
import type { Right } from '../market/instrument.ts';

/** A European option on one unit of the underlying. */
export interface Contract {
  readonly right: Right;
  /** Currency of the spot, > 0. */
  readonly strike: number;
  /** Years to expiry (act/365), ≥ 0. */
  readonly years: number;
}

/** What a contract is valued at. */
export interface Conditions {
  /** > 0. */
  readonly spot: number;
  /** Annual, ≥ 0; 0.20 means 20 %. */
  readonly vol: number;
  /** Annual, continuously compounded. */
  readonly rate: number;
  /** Continuous dividend yield, or rate of the foreign currency: annual. */
  readonly yield: number;
}

/** Value and sensitivities of one contract, in the units that {@link greeks} states. */
export interface Greeks {
  price: number;
  delta: number;
  gamma: number;
  vega: number;
  theta: number;
  rho: number;
}

/** All zero: to be filled by {@link greeks}. */
export function blankGreeks(): Greeks {
  return { price: 0, delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0 };
}

/** vol·√years below this counts as zero: what is beyond it cannot be told from the limit, and gamma might overflow. */
export const STDEV_MINIMUM = 1e-150;

/**
 * Price and Greeks of a European option under Black–Scholes–Merton, with continuous dividend yield.
 *
 * Units: currency of `spot`, for one unit of the underlying (no contract multiplier).
 *   delta  per 1 of spot            vega   per 1.00 of vol (divide by 100 for one vol point)
 *   gamma  delta per 1 of spot      theta  per calendar year; negative when value decays
 *                                   rho    per 1.00 of rate, the yield held fixed
 * Source: Merton (1973), Bell J. Econ. 4(1), 141–183. Both legs are written with Mills' ratio over the one density they share,
 *   S·e^(−qT)·n(d₁) = K·e^(−rT)·n(d₂), so that the rounding of the exponent cancels between them and the wings keep their digits.
 * Limits: at `years` = 0 or `vol` = 0 the discounted intrinsic value of the forward, gamma and vega 0; exactly at the kink delta is
 *   half its step, so that sums over a chain stay finite.
 * Accuracy (test/pricing/black-scholes.test.ts), against 60 digits from a minute to five years and up to 30 standard deviations:
 *   |error of price| ≤ 8 · 2^−52 · (1 + condition) · price, relative error of each Greek ≤ 1e-12.
 * @param out reused when given, so that revaluing a chain allocates nothing.
 * @throws RangeError on spot or strike ≤ 0, years or vol < 0, a non-finite input, or discounted values outside the doubles: a bug
 *   of the caller.
 */
export function greeks(contract: Contract, at: Conditions, out: Greeks = blankGreeks()): Greeks {
  const { sign, rootYears, stdev, density, spotLeg, strikeLeg } = blackTerms(contract, at, SCRATCH);
  const { years } = contract;
  const { spot, vol, rate } = at;
  out.price = Math.max(0, sign * (spotLeg - strikeLeg));
  out.delta = (sign * spotLeg) / spot;
  out.gamma = density === 0 ? 0 : density / spot / (spot * stdev);
  out.vega = density * rootYears;
  out.theta = sign * (at.yield * spotLeg - rate * strikeLeg) - (density === 0 ? 0 : (density * vol) / (2 * rootYears));
  out.rho = sign * years * strikeLeg;
  return out;
}

/** What price and Greeks of one contract are made of. Mutable: filled by {@link blackTerms}. */
export interface BlackTerms {
  /** 1 for a call, −1 for a put. */
  sign: number;
  /** √years, and vol·√years. */
  rootYears: number;
  stdev: number;
  /** d₁ and d₂; ±Infinity where `stdev` counts as zero, 0 exactly at the kink. */
  d1: number;
  d2: number;
  /** S·e^(−qT)·n(d₁) = K·e^(−rT)·n(d₂). */
  density: number;
  /** S·e^(−qT)·N(±d₁) and K·e^(−rT)·N(±d₂): what is received and paid if exercised, as of today. */
  spotLeg: number;
  strikeLeg: number;
}

export function blankBlackTerms(): BlackTerms {
  return { sign: 1, rootYears: 0, stdev: 0, d1: 0, d2: 0, density: 0, spotLeg: 0, strikeLeg: 0 };
}

const SCRATCH = blankBlackTerms();

/**
 * The terms of {@link greeks}, for those who need others than it gives. Accuracy and limits are stated there.
 * @throws RangeError as {@link greeks} does.
 */
export function blackTerms(contract: Contract, at: Conditions, out: BlackTerms): BlackTerms {
  const { strike, years } = contract;
  const { spot, vol, rate } = at;
  const rootYears = Math.sqrt(years);
  const stdev = vol * rootYears;
  // Worth today of the underlying and of the strike, delivered at expiry.
  const spotValue = spot * Math.exp(-at.yield * years);
  const strikeValue = strike * Math.exp(-rate * years);
  if (!(isPositive(spot) && isPositive(strike) && isPositive(spotValue) && isPositive(strikeValue) && vol >= 0 && stdev < Infinity)) {
    throw new RangeError(`cannot value ${JSON.stringify(contract)} at ${JSON.stringify(at)}`);
  }
  const sign = contract.right === 'call' ? 1 : -1;
  out.sign = sign;
  out.rootYears = rootYears;
  out.stdev = stdev;
  if (stdev > STDEV_MINIMUM) {
    const drift = (logRatio(spot, strike) + (rate - at.yield) * years) / stdev;
    const d1 = drift + stdev / 2;
    const d2 = drift - stdev / 2;
    const density = Math.abs(d1) <= Math.abs(d2) ? spotValue * normalPdf(d1) : strikeValue * normalPdf(d2);
    out.d1 = d1;
    out.d2 = d2;
    out.density = density;
    out.spotLeg = leg(spotValue, density, sign * d1);
    out.strikeLeg = leg(strikeValue, density, sign * d2);
  } else {
    const moneyness = spotValue - strikeValue;
    const exercised = moneyness === 0 ? 0.5 : sign * moneyness > 0 ? 1 : 0;
    out.d1 = moneyness === 0 ? 0 : moneyness * Infinity;
    out.d2 = out.d1;
    out.density = 0;
    out.spotLeg = exercised * spotValue;
    out.strikeLeg = exercised * strikeValue;
  }
  return out;
}

/**
 * Undiscounted price of a European option on a forward, with `stdev` = vol·√years: Black (1976), J. Financ. Econ. 3, 167–179.
 * At `stdev` = 0 the intrinsic value, at Infinity the forward (call) or the strike (put). Accuracy as of {@link greeks}.
 * @throws RangeError on forward or strike ≤ 0 or infinite, or stdev < 0 or NaN: a bug of the caller.
 */
export function blackPrice(right: Right, forward: number, strike: number, stdev: number): number {
  if (!(isPositive(forward) && isPositive(strike) && stdev >= 0)) {
    throw new RangeError(`cannot price a ${right} on ${forward} struck at ${strike} with stdev ${stdev}`);
  }
  const sign = right === 'call' ? 1 : -1;
  if (stdev <= STDEV_MINIMUM) return Math.max(0, sign * (forward - strike));
  const drift = logRatio(forward, strike) / stdev;
  const d1 = drift + stdev / 2;
  const d2 = drift - stdev / 2;
  const density = Math.abs(d1) <= Math.abs(d2) ? forward * normalPdf(d1) : strike * normalPdf(d2);
  return Math.max(0, sign * (leg(forward, density, sign * d1) - leg(strike, density, sign * d2)));
}

/** value·N(d), where `density` = value·n(d). */
function leg(value: number, density: number, d: number): number {
  const tail = density * millsRatioRight(Math.abs(d));
  return d > 0 ? value - tail : tail;
}

/** ln(a/b) of positive numbers, which near a = b does not go through the rounded quotient, nor elsewhere through one that overflows. */
export function logRatio(a: number, b: number): number {
  if (Math.abs(a - b) < 0.25 * b) return Math.log1p((a - b) / b);
  const ratio = a / b;
  return ratio > 1e-300 && ratio < Infinity ? Math.log(ratio) : Math.log(a) - Math.log(b);
}

const isPositive = (value: number): boolean => value > 0 && value < Infinity;
