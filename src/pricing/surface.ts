import { invariant } from '../core/assert.ts';
import { butterflyMinimum, calendarMinimum } from './arbitrage.ts';
import { blendedCurve, type SmileCurve, scaledCurve } from './smile-curve.ts';

/** One expiry of a {@link VarianceSurface}. */
export interface SurfaceExpiry {
  /** Left, act/365, > 0. */
  readonly years: number;
  readonly curve: SmileCurve;
}

/** The least of the two quantities that arbitrage makes negative. */
export interface ArbitrageMinimum {
  /** Of Durrleman's g, at the expiries, between them, and beyond both ends. */
  readonly butterfly: number;
  /** Of the growth of total variance from one expiry to the next, as a share; undefined with one expiry. */
  readonly calendar: number | undefined;
}

/** Points in time between two expiries at which butterflies are looked for, as shares of the way. */
const BETWEEN: readonly number[] = [1 / 8, 1 / 4, 3 / 8, 1 / 2, 5 / 8, 3 / 4, 7 / 8];
/** Times beyond the ends, as multiples of the first and of the last expiry. */
const BEFORE = 0.25;
const BEYOND: readonly number[] = [1.25, 2, 4];

/**
 * Vol at any log-moneyness k = ln(strike/forward) and any time, over smiles of whatever form.
 *
 * Between two expiries total variance is linear in time at fixed k, so that calendar arbitrage cannot enter. Before the first its vol is
 * held at each k: w shrinks in proportion, and g stays ≥ 0, since along w → s·w it is concave in s and ≥ 0 at both s = 0 and 1. Beyond
 * the last the forward variance at the money of the last two expiries is added at every k (of one expiry, its own mean variance):
 * the smile keeps its shape in total variance, and its skew fades like 1/T. Butterflies are not excluded between expiries nor beyond
 * the last by any theorem: {@link arbitrageMinimum} looks.
 *
 * Shocks of a portfolio move SSVI parameters, so risk/smile-surface.ts stays in that family between expiries; at the money both are the
 * same (test/pricing/surface.test.ts).
 */
export class VarianceSurface {
  readonly #expiries: readonly SurfaceExpiry[];
  /** Forward variance at the money beyond the last expiry, annual. */
  readonly #farVariance: number;

  /** @throws InvariantError without expiries, or when they are not in order of time. */
  constructor(expiries: readonly SurfaceExpiry[]) {
    const last = expiries.at(-1);
    invariant(last !== undefined, 'a surface needs an expiry');
    for (const [i, { years }] of expiries.entries()) {
      invariant(years > (expiries[i - 1]?.years ?? 0), () => `expiry at ${years} years is not after the one before`);
    }
    this.#expiries = expiries;
    const before = expiries.at(-2);
    const [w, years] = before === undefined ? [0, 0] : [before.curve.at(0).w, before.years];
    this.#farVariance = Math.max(0, (last.curve.at(0).w - w) / (last.years - years));
  }

  /** The smile at `years` > 0. */
  curve(years: number): SmileCurve {
    invariant(years > 0, () => `no smile at ${years} years`);
    const next = this.#expiries.findIndex((expiry) => expiry.years >= years);
    const far = this.#expiries[next];
    if (far?.years === years) return far.curve;
    const near = next < 0 ? this.#expiries.at(-1) : this.#expiries[next - 1];
    if (far === undefined && near !== undefined) return scaledCurve(near.curve, 1, this.#farVariance * (years - near.years));
    invariant(far !== undefined, 'a time before no expiry');
    if (near === undefined) return scaledCurve(far.curve, years / far.years);
    return blendedCurve(near.curve, far.curve, (years - near.years) / (far.years - near.years));
  }

  /** σ²T. */
  totalVariance(k: number, years: number): number {
    return this.curve(years).at(k).w;
  }

  /** Annual implied vol; 0.20 means 20 %. */
  vol(k: number, years: number): number {
    return Math.sqrt(this.totalVariance(k, years) / years);
  }

  /** ∂σ/∂k per 1.00 of log-moneyness: w′/(2σT). */
  skew(k: number, years: number): number {
    const { w, w1 } = this.curve(years).at(k);
    return w1 / (2 * Math.sqrt(w * years));
  }

  /** Looks for static arbitrage on a wide grid; no negative value is none found. */
  arbitrageMinimum(): ArbitrageMinimum {
    const times: number[] = [];
    let calendar: number | undefined;
    for (const [i, far] of this.#expiries.entries()) {
      const near = this.#expiries[i - 1];
      if (near === undefined) times.push(far.years * BEFORE, far.years);
      else {
        calendar = Math.min(calendar ?? Number.POSITIVE_INFINITY, calendarMinimum(near.curve, far.curve));
        times.push(...BETWEEN.map((share) => near.years + share * (far.years - near.years)), far.years);
      }
    }
    const last = this.#expiries.at(-1)?.years ?? 0;
    times.push(...BEYOND.map((multiple) => multiple * last));
    return { butterfly: Math.min(...times.map((years) => butterflyMinimum(this.curve(years)))), calendar };
  }
}
