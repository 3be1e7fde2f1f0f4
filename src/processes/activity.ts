import { normal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';

const MILLIS_PER_MINUTE = 60_000;
const MILLIS_PER_HOUR = 3_600_000;

/** How the pace of the market varies within the day. */
export interface ActivitySpec {
  /** Standard deviation of the log of the activity's random part; 0 for none. */
  readonly sd: number;
  /** Time in which the autocorrelation of that log falls to a half. */
  readonly halfLifeMinutes: number;
  /** Correlation of its shocks with those of the spot: below 0, falls make the market busier than rises do (leverage). */
  readonly spotCorrelation: number;
  /**
   * What the hour of the day makes of it: pairs of a share of the day, from 0 to 1 in increasing order, and a level of at least 0;
   * linear between them, and used relative to its mean over the day.
   */
  readonly shape: readonly (readonly [share: number, level: number])[];
  /** Length of the day that the shape is of; it repeats. */
  readonly dayHours: number;
  /** Where in the day the run begins. */
  readonly startHours: number;
}

/**
 * Intraday activity A: how many times its usual pace the market goes. It multiplies the variance of the spot's diffusion and of the surface's
 * shocks, and customers follow it with an elasticity ({@link IntradayActivity.elastic}), which is why busy minutes are also moving ones (the mixture of distributions of Clark 1973,
 * Tauchen and Pitts 1983, and Andersen 1996).
 *
 *   A = e^(u − s²/2) · shape,  u an Ornstein-Uhlenbeck process with stationary standard deviation s, started there.
 *
 * The lognormal part is Clark's, and has mean 1; the shape has mean 1 over a day. One draw when made and one per step, whatever the parameters;
 * exact for steps of any length. With sd 0 and a level shape it is exactly 1. Moments against theory: test/processes/activity.test.ts.
 */
export class IntradayActivity {
  /** Of the present step; 1 is the usual. */
  value: number;
  readonly #rng: Rng;
  readonly #stepMillis: number;
  readonly #keep: number;
  readonly #withSpot: number;
  readonly #noise: number;
  readonly #centre: number;
  readonly #shape: DayShape;
  #log: number;

  constructor(spec: ActivitySpec, stepMillis: number, rng: Rng) {
    this.#rng = rng;
    this.#stepMillis = stepMillis;
    const exponent = (-Math.LN2 * stepMillis) / MILLIS_PER_MINUTE / spec.halfLifeMinutes;
    this.#keep = Math.exp(exponent);
    const shock = spec.sd * Math.sqrt(-Math.expm1(2 * exponent));
    this.#withSpot = shock * spec.spotCorrelation;
    this.#noise = shock * Math.sqrt(1 - spec.spotCorrelation * spec.spotCorrelation);
    this.#centre = (spec.sd * spec.sd) / 2;
    this.#shape = new DayShape(spec);
    this.#log = spec.sd * normal(rng);
    this.value = this.#at(0);
  }

  /** Moves on to the world step of this number, the one after the last. `spotShock` is standard normal, of the same step. */
  step(step: number, spotShock = 0): void {
    this.#log = this.#keep * this.#log + this.#withSpot * spotShock + this.#noise * normal(this.#rng);
    this.value = this.#at(step);
  }

  /**
   * How many times its usual rate something has that follows the activity with this elasticity: A^e over its mean under chance. With 1 it is the
   * activity itself, with 0 always 1.
   */
  elastic(elasticity: number): number {
    if (elasticity === 0) return 1;
    return Math.exp(elasticity * Math.log(this.value) + elasticity * (1 - elasticity) * this.#centre);
  }

  #at(step: number): number {
    return Math.exp(this.#log - this.#centre) * this.#shape.at(((step + 0.5) * this.#stepMillis) / MILLIS_PER_HOUR);
  }
}

/** The deterministic part of the activity: piecewise linear over the day, with mean 1. */
export class DayShape {
  readonly #shares: Float64Array;
  readonly #levels: Float64Array;
  readonly #dayHours: number;
  readonly #startHours: number;

  constructor({ shape, dayHours, startHours }: ActivitySpec) {
    const mean = meanLevel(shape);
    this.#shares = Float64Array.from(shape, ([share]) => share);
    this.#levels = Float64Array.from(shape, ([, level]) => level / mean);
    this.#dayHours = dayHours;
    this.#startHours = startHours;
  }

  /** Relative activity, `hours` after the opening of the run. */
  at(hours: number): number {
    const days = (this.#startHours + hours) / this.#dayHours;
    const share = days - Math.floor(days);
    let i = 1;
    while (i < this.#shares.length - 1 && share > (this.#shares[i] ?? 1)) i += 1;
    const from = this.#shares[i - 1] ?? 0;
    const to = this.#shares[i] ?? 1;
    const low = this.#levels[i - 1] ?? 1;
    const high = this.#levels[i] ?? 1;
    return low + ((high - low) * (share - from)) / (to - from);
  }
}

/** Mean over the day, by trapezes; 0 only where all levels are. */
export function meanLevel(shape: ActivitySpec['shape']): number {
  let mean = 0;
  for (let i = 1; i < shape.length; i += 1) {
    const [from, low] = shape[i - 1] ?? [0, 1];
    const [to, high] = shape[i] ?? [1, 1];
    mean += ((to - from) * (low + high)) / 2;
  }
  return mean;
}
