import { inverseNormalCdf, lambertWExp, millsRatio, normalPdf } from '../core/special.ts';
import type { Right } from '../market/instrument.ts';
import { logRatio } from './black-scholes.ts';

/** What one European option on a forward trades at. */
export interface OptionPrice {
  readonly right: Right;
  /** Price of the underlying for delivery at expiry, > 0. */
  readonly forward: number;
  readonly strike: number;
  /** Years to expiry (act/365), > 0. */
  readonly years: number;
  /** Value today of 1 at expiry, > 0. */
  readonly discount: number;
  /** Paid today for one unit of the underlying, in the currency of the forward. */
  readonly price: number;
}

/** Why a price has no implied vol. None of them is an error: screens show such prices. */
export type ImpliedVolFailure =
  /** Forward, strike, years or discount is not positive and finite, discounted values leave the doubles, or the price is not finite. */
  | 'bad-input'
  /** Negative, or below the discounted intrinsic value. */
  | 'below-intrinsic'
  /** Equal to the discounted intrinsic value (0 out of the money): the vol is 0, or too low to show in the price. */
  | 'at-intrinsic'
  /** At or above the discounted forward (call) or strike (put): no vol is high enough. */
  | 'above-maximum'
  /** Between the bounds, but so close to one that the last digits of the price alone would decide the vol. */
  | 'no-information';

/** Time value, or room below the maximum, under this share of the price is rounding: two units in its last place. */
const RESOLUTION = 2 * Number.EPSILON;
/** Smallest double with all its digits. */
const NORMAL_MINIMUM = 2.2250738585072014e-308;
const SQRT_TWO_PI = 2.5066282746310002;
const LOG_SQRT_TWO_PI = 0.9189385332046728;

/**
 * Annual implied vol (0.20 means 20 %) of a price under Black (1976), or the reason why there is none. Never NaN, never throws.
 *
 * Only the time value is inverted, which put and call share. In units of the smaller of forward and strike it is, with
 * x = |ln(forward/strike)|, s = vol·√years, a = x/s, t = s/2, the normal density n and Mills' ratio M,
 *
 *   c(s) = n(t − a)·(M(a − t) − M(a + t)),   c′(s) = n(t − a),   c″(s) = c′(s)·(a² − t²)/s.
 *
 * Below the inflection, a = t, Halley's iteration solves for ln c as a function of a², which is nearly straight in the wing; above it
 * for c, and for ln(1 − c) where c > ½. Two or three steps do, six at most. Source of that division of labour: Jäckel (2015), Let's be
 * rational, Wilmott 75, 40–53.
 * Accuracy (test/pricing/implied-vol.test.ts): the relative error stays within what one rounding of the price and of x causes, on 1128
 *   prices from 1e-8 to 16 standard deviations wide and down to the smallest normal double.
 */
export function impliedVol(option: OptionPrice): number | ImpliedVolFailure {
  const { forward, strike, years, discount, price } = option;
  if (![forward, strike, years, discount].every(isPositive) || !Number.isFinite(price)) return 'bad-input';
  const isCall = option.right === 'call';
  const floor = discount * Math.max(0, isCall ? forward - strike : strike - forward);
  const ceiling = discount * (isCall ? forward : strike);
  const unit = discount * Math.min(forward, strike);
  if (!(unit >= NORMAL_MINIMUM && discount * Math.max(forward, strike) < Infinity)) return 'bad-input';
  if (price < floor) return 'below-intrinsic';
  if (price > ceiling) return 'above-maximum';
  // The smaller of forward and strike may vanish next to the other.
  if (floor === ceiling) return 'no-information';
  if (price === ceiling) return 'above-maximum';
  if (price === floor) return 'at-intrinsic';
  const timeValue = price - floor;
  const room = ceiling - price;
  if (price < NORMAL_MINIMUM || timeValue < RESOLUTION * price || room < RESOLUTION * ceiling) return 'no-information';
  return impliedStdev(Math.abs(logRatio(forward, strike)), timeValue, room, unit) / Math.sqrt(years);
}

/** The s at which c(s) = value/unit = 1 − room/unit. */
function impliedStdev(x: number, value: number, room: number, unit: number): number {
  const share = value / unit;
  const inflection = Math.sqrt(2 * x);
  if (x > 0 && share * SQRT_TWO_PI < millsSpread(inflection / 2, inflection / 2)) {
    // In logs throughout where the share itself would lose digits.
    return stdevBelowInflection(x, share > 1e-290 ? Math.log(share) : Math.log(value) - Math.log(unit));
  }
  return share <= 0.5 ? stdevAboveInflection(x, inflection, share) : stdevNearMaximum(x, inflection, room / unit);
}

function stdevBelowInflection(x: number, logShare: number): number {
  const target = logShare + LOG_SQRT_TWO_PI - x / 2;
  const squared = root(wingGuess(target - Math.log(x)), x / 2, Infinity, (a2) => {
    const a = Math.sqrt(a2);
    const s = x / a;
    const t2 = (s * s) / 4;
    const spread = millsSpread(a, s / 2);
    // The two large terms first: they nearly cancel.
    const error = Math.log(spread) - t2 / 2 - (a2 / 2 + target);
    const slope = spread / s;
    return halley(2 * a2 * slope * error, (error * (slope * (3 + a2 - t2) - 1)) / 2);
  });
  return x / Math.sqrt(squared);
}

function stdevAboveInflection(x: number, inflection: number, share: number): number {
  // c(s) ≤ s·n(0), so that the guess is never too high.
  return root(Math.max(inflection, share * SQRT_TWO_PI), inflection, Infinity, (s) => {
    const a = x / s;
    const t = s / 2;
    const error = share / normalPdf(t - a) - millsSpread(a, t);
    return halley(error, (-error * (a * a - t * t)) / (2 * s));
  });
}

function stdevNearMaximum(x: number, inflection: number, left: number): number {
  // 1 − c = N(a − t) + e^x·N(−a − t), and for small a both are nearly N(−t).
  const guess = -2 * inverseNormalCdf(left / (1 + Math.exp(Math.min(x, 700))));
  const logLeft = Math.log(left) + LOG_SQRT_TWO_PI;
  return root(Math.max(inflection, guess), inflection, Infinity, (s) => {
    const a = x / s;
    const t = s / 2;
    const sum = millsRatio(t - a) + millsRatio(t + a);
    const error = Math.log(sum) - ((t - a) * (t - a)) / 2 - logLeft;
    return halley(error * sum, (-error * (1 + (sum * (a * a - t * t)) / s)) / 2);
  });
}

/** First guess of a² below the inflection from `level` = ln c − x/2 − ln x + ln √(2π), as if c were Bachelier's price. */
function wingGuess(level: number): number {
  // For large a: level = −a²/2 − 3 ln a, which Lambert's W solves. For small a: level = −ln a, to first order.
  if (level < -0.5) return 3 * lambertWExp((-2 / 3) * level - Math.log(3));
  const a = Math.exp(-level);
  const bent = a / (1 + 1.25 * a);
  return bent * bent;
}

/**
 * M(a − t) − M(a + t) for a ≥ 0, t > 0. Where the two are close, from the odd Taylor terms: M⁽ⁿ⁾(a) = (−1)ⁿ·mₙ, with m₀ = M(a),
 * m₁ = 1 − a·m₀ and mₙ₊₁ = n·mₙ₋₁ − a·mₙ. What cancels in the recursion stays below one rounding of s, as a·t ≤ 1.
 */
function millsSpread(a: number, t: number): number {
  if (t > 0.5 || a * t > 1) return millsRatio(a - t) - millsRatio(a + t);
  let even = millsRatio(a);
  let odd = 1 - a * even;
  let weight = 2 * t;
  let sum = weight * odd;
  for (let n = 1; n < 40; n += 2) {
    even = n * even - a * odd;
    odd = (n + 1) * odd - a * even;
    weight *= (t * t) / ((n + 1) * (n + 2));
    const term = weight * odd;
    sum += term;
    if (Math.abs(term) < 1e-17 * sum) break;
  }
  return sum;
}

/** Halley's step from Newton's and the correction of second order, which must not turn it round. */
function halley(newton: number, correction: number): number {
  return newton / Math.max(0.25, 1 - correction);
}

/**
 * Root by third-order steps, kept inside a bracket that every step narrows. `step(v)` is the move to make, and has the sign of root − v.
 */
function root(start: number, low: number, high: number, step: (v: number) => number): number {
  let v = start;
  for (let i = 0; i < 100; i += 1) {
    const move = step(v);
    if (move > 0) low = v;
    else high = v;
    let next = v + move;
    if (!(next >= low && next <= high)) next = high < Infinity ? (low + high) / 2 : 2 * v;
    // The error after a step is of the order of the cube of its size.
    if (Math.abs(next - v) <= 1e-6 * v) return next;
    v = next;
  }
  return v;
}

const isPositive = (value: number): boolean => value > 0 && value < Infinity;
