import { inverseNormalCdf, millsRatio, millsRatioRight, normalPdf } from '../core/special.ts';
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
 * For c ≤ ½ a first guess comes from Bachelier's price, whose inverse is a function of one variable. Then Householder's iteration of
 * fourth order solves for ln c as a function of a², which is nearly straight in the wing, for c near the money, where logs would cost
 * digits, and for ln(1 − c) where c > ½. One step does for three of four quotes of a chain, two for nearly all others. The division of
 * labour and the order of the steps follow Jäckel (2015), Let's be rational, Wilmott 75, 40–53; guesses and variables are our own.
 * Accuracy (test/pricing/implied-vol.test.ts): the relative error stays within what one rounding of the price and of x causes, on 1128
 *   prices from 1e-8 to 16 standard deviations wide and down to the smallest normal double: the worst has 1.000 of it.
 */
export function impliedVol(option: OptionPrice): number | ImpliedVolFailure {
  const { forward, strike, years, discount, price } = option;
  if (!(isPositive(forward) && isPositive(strike) && isPositive(years) && isPositive(discount) && Number.isFinite(price)))
    return 'bad-input';
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
  const x = Math.abs(logRatio(forward, strike));
  return impliedStdev(x, Math.sqrt(Math.min(forward, strike) / Math.max(forward, strike)), timeValue, room, unit) / Math.sqrt(years);
}

/** The s at which c(s) = value/unit = 1 − room/unit; `rootRatio` = e^(−x/2). */
function impliedStdev(x: number, rootRatio: number, value: number, room: number, unit: number): number {
  const share = value / unit;
  if (share > 0.5) return stdevNearMaximum(x, room / unit);
  // Stands for s·e^(−a²/2)·(1 − a·M(a)), which it is where t is small.
  const level = SQRT_TWO_PI * share * rootRatio;
  if (x === 0 && level === 0) return 0;
  const u = x / level;
  if (u > WING_START) {
    const logShare = share > 1e-290 ? Math.log(share) : Math.log(value) - Math.log(unit);
    const target = logShare + LOG_SQRT_TWO_PI - x / 2;
    const a = Math.sqrt(wing(Math.log(x) - target));
    return stdevFromLog(x, corrected(x / a, a), target);
  }
  const ratio = centre(u);
  const start = corrected(level * ratio, u / ratio);
  if (start < 0.5 || start * start >= 2 * x) return stdevFromShare(x, start, share);
  return stdevFromLog(x, start, Math.log(share) + LOG_SQRT_TWO_PI - x / 2);
}

/** Solves for ln c as a function of a²; `target` = ln c + ln √(2π) − x/2. */
function stdevFromLog(x: number, start: number, target: number): number {
  const squared = root((x / start) * (x / start), (a2) => {
    const s = x / Math.sqrt(a2);
    const t2 = (s * s) / 4;
    const spread = millsSpread(x / s, s / 2);
    // The two large terms first: they nearly cancel.
    const error = Math.log(spread) - t2 / 2 - (a2 / 2 + target);
    const slope = s / spread;
    const bend = a2 - t2;
    const newton = (2 * error) / slope;
    const second = -(bend - slope + 3) * newton * 0.5;
    const third = (bend * bend - 3 * a2 - t2 - 3 * bend * slope + 2 * slope * slope + 9 * (bend - slope) + 15) * newton * newton * 0.25;
    return a2 * householder(newton, second, third);
  });
  return x / Math.sqrt(squared);
}

/** Solves for c as a function of s. */
function stdevFromShare(x: number, start: number, share: number): number {
  return root(start, (s) => {
    const a = x / s;
    const t = s / 2;
    const newton = share / normalPdf(t - a) - millsSpread(a, t);
    const bend = (a * a - t * t) / s;
    return householder(newton, bend * newton, (bend * bend - (3 * a * a + t * t) / (s * s)) * newton * newton);
  });
}

/** Solves for ln(1 − c) as a function of s; `left` = 1 − c. */
function stdevNearMaximum(x: number, left: number): number {
  // 1 − c = N(a − t) + e^x·N(−a − t), and for small a both are nearly N(−t).
  const guess = -2 * inverseNormalCdf(left / (1 + Math.exp(Math.min(x, 700))));
  const logLeft = Math.log(left) + LOG_SQRT_TWO_PI;
  return root(Math.max(Math.sqrt(2 * x), guess), (s) => {
    const a = x / s;
    const t = s / 2;
    const sum = millsRatio(t - a) + millsRatio(t + a);
    const newton = (Math.log(sum) - ((t - a) * (t - a)) / 2 - logLeft) * sum;
    const bend = (a * a - t * t) / s;
    const slope = -1 / sum;
    const third = bend * bend - (3 * a * a + t * t) / (s * s) - 3 * bend * slope + 2 * slope * slope;
    return householder(newton, (bend - slope) * newton, third * newton * newton);
  });
}

// First guesses: Bachelier's price, to which Black's tends for small t, depends on x and s as s·b(a), b(a) = e^(−a²/2)·(1 − a·M(a)), so
// that its inverse is a function of u = a/b(a) alone. Rational approximations of our own.
/** From here on {@link wing}, below {@link centre}: u at a = 1.5. */
const WING_START = 20.4;

/** u/a as a function of u, for u ≤ 20.4: relative error 5e-6. */
function centre(u: number): number {
  const p = (((0.02429591009492433 * u + 0.611971464832513) * u + 2.7542343042437007) * u + 3.2346271126359665) * u + 1.000005069310908;
  const q = (((0.00007840141953413609 * u + 0.04796390878443593) * u + 0.7647413750410877) * u + 1.9817525041735438) * u + 1;
  return p / q;
}

/** a² as a function of l = ln u, for u ≥ 20.4: relative error 6e-7 as far as a = 39; beyond it tends to 2·l as it should. */
function wing(l: number): number {
  if (l < 23.45) {
    const p =
      (((0.005510974768059424 * l + 0.13351774546295606) * l + 0.17730169516808664) * l + 0.5226036591719501) * l + 0.17388807135312398;
    const q = ((0.0027883868538908026 * l + 0.0891790074146458) * l + 0.4768727194313266) * l + 1;
    return p / q;
  }
  const p =
    (((0.000007722663093753823 * l + 0.004301350062296252) * l + 0.2596221865186824) * l + 0.31662135069404757) * l - 0.6652837101255443;
  const q = ((0.000003863633265441995 * l + 0.002198831871409392) * l + 0.14928213705713822) * l + 1;
  return p / q;
}

/** Bachelier's s, moved towards Black's: to first order in t², the factor of it fitted within 1 %. */
function corrected(s: number, a: number): number {
  return s * (1 + ((s * s) / 4) * (0.1685 / (1 + (0.2059 + 0.3247 * a) * a)));
}

/** 1/(2·3), 1/(4·5), …: from one odd term of a Taylor series to the next. */
const TAYLOR_SHARES = Array.from({ length: 20 }, (_, i) => 1 / ((2 * i + 2) * (2 * i + 3)));

/**
 * M(a − t) − M(a + t) for a ≥ 0, t > 0. Where the two are close, from the odd Taylor terms: M⁽ⁿ⁾(a) = (−1)ⁿ·mₙ, with m₀ = M(a),
 * m₁ = 1 − a·m₀ and mₙ₊₁ = n·mₙ₋₁ − a·mₙ. What cancels in the recursion stays below one rounding of s, as a·t ≤ 1.
 */
function millsSpread(a: number, t: number): number {
  if (t > 0.5 || a * t > 1) return millsRatio(a - t) - millsRatioRight(a + t);
  let even = millsRatioRight(a);
  let odd = 1 - a * even;
  const t2 = t * t;
  let weight = 2 * t;
  let sum = weight * odd;
  let n = 1;
  for (const share of TAYLOR_SHARES) {
    even = n * even - a * odd;
    odd = (n + 1) * odd - a * even;
    weight *= t2 * share;
    const term = weight * odd;
    sum += term;
    if (Math.abs(term) < 1e-17 * sum) break;
    n += 2;
  }
  return sum;
}

/**
 * Householder's step of fourth order from Newton's, ν, with `second` = ν·f″/f′ and `third` = ν²·f‴/f′. Far from the root Halley's,
 * bounded: the correction must not turn the step round.
 */
function householder(newton: number, second: number, third: number): number {
  const factor = (1 + 0.5 * second) / (1 + second + third / 6);
  return newton * (factor > 0.5 && factor < 2 ? factor : 1 / Math.max(0.25, 1 + 0.5 * second));
}

/**
 * Positive root by steps of fourth order, kept inside a bracket that every step narrows. `step(v)` is the move to make, and has the sign
 * of root − v.
 */
function root(start: number, step: (v: number) => number): number {
  let v = start;
  let low = 0;
  let high = Infinity;
  for (let i = 0; i < 100; i += 1) {
    const move = step(v);
    if (move > 0) low = v;
    else high = v;
    let next = v + move;
    if (!(next > 0 && next >= low && next <= high)) next = high < Infinity ? (low + high) / 2 : 2 * v;
    // The error after a step is of the order of the fourth power of its size.
    if (Math.abs(next - v) <= 2e-5 * v) return next;
    v = next;
  }
  return v;
}

const isPositive = (value: number): boolean => value > 0 && value < Infinity;
