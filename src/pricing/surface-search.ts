import { normalPdf } from '../core/special.ts';
import { choleskyFactor } from '../core/symmetric-matrix.ts';
import type { Chain } from '../market/chain.ts';
import { FACTOR_COUNT } from './factors.ts';
import { impliedVol } from './implied-vol.ts';
import type { TheoChain } from './theo.ts';

/** Where a surface is looked for when nothing is known: 50 % flat vol without skew, and the standard deviations that stand for it. */
const UNKNOWN = [Math.log(0.5), 0, 0, 0] as const;
const UNKNOWN_SD = [1, 0.3, 0.5, 0.7] as const;
/** Rounds at most, in vol and then in dollars. */
const ROUNDS = 40;
const CONVERGED = 1e-9;
/** Largest change of a factor in a round. */
const STEP_MAXIMUM = 0.5;
/** Series without which no surface is fitted. */
const SERIES_MINIMUM = 2 * FACTOR_COUNT;

/** Two-sided books by series, in dollars; a width of 0 says that there is none. */
export interface NotedBooks {
  readonly mid: Readonly<Float64Array>;
  readonly width: Readonly<Float64Array>;
}

/** How books err, as in the tracker's terms. */
export interface BookNoise {
  /** Standard deviation of a mid's error, as a share of the book's width. */
  readonly noisePerWidth: number;
  /** A mid further than this many standard deviations from its expectation pulls no harder than one at that distance. */
  readonly rejectSd: number;
}

/**
 * Fits the surface's factors to the books of one moment, knowing nothing else: Gauss-Newton with a wide prior and Huber's weights (1964).
 *
 * The weights are what matters. After a move many books are old, and to leave out what is far from the present point makes of the first point whatever it likes: with
 * half of the books from before a move of the spot of 0.1 %, that went astray for 167 surfaces of 200, and this does for 2 at most
 * (test/pricing/surface-search.test.ts; of 2 %, for one in six to eleven). The first rounds are made in implied vols, where the surface is nearly linear in its factors
 * wherever the search stands; on the markets of the test the rounds on mids alone find as many. Errors of mids are even in dollars, and of vols they
 * are not, so mids have the last word. Where no book is an outlier the result is the most likely surface, and the covariance that of its error.
 */
export class SurfaceSearch {
  /** Estimate of the factors after {@link find}. */
  readonly factors = new Float64Array(FACTOR_COUNT);
  /** Covariance of its error, row by row. */
  readonly covariance = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  readonly #chain: Chain;
  readonly #theo: TheoChain;
  readonly #noise: BookNoise;
  readonly #normal = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  readonly #pull = new Float64Array(FACTOR_COUNT);
  readonly #gradient = new Float64Array(FACTOR_COUNT);
  /** By series: implied vol, and the precision of it, 0 where there is none. */
  readonly #vol: Float64Array;
  readonly #precision: Float64Array;

  /** @param theo room for values; left at the last surface that was tried. */
  constructor(chain: Chain, theo: TheoChain, noise: BookNoise) {
    this.#chain = chain;
    this.#theo = theo;
    this.#noise = noise;
    this.#vol = new Float64Array(chain.options.length);
    this.#precision = new Float64Array(chain.options.length);
  }

  /** Looks for the surface at this spot and time; false where fewer than 8 books have a vol. */
  find(books: NotedBooks, spot: number, nowYears: number): boolean {
    this.#theo.move(UNKNOWN, spot, nowYears);
    const level = this.#readVols(books);
    if (level === undefined) return false;
    const point = this.factors;
    point.set(UNKNOWN);
    point[0] = Math.log(level);
    for (const gather of [this.#gatherVols, this.#gatherMids]) {
      for (let round = 0; round < ROUNDS; round += 1) {
        this.#theo.move(point, spot, nowYears);
        this.#begin(point);
        gather.call(this, books);
        if (this.#step(point) < CONVERGED) break;
      }
    }
    this.#invert();
    return true;
  }

  /** Vols of all books with their precisions at the theo's forwards. Returns their median; undefined where they are too few. */
  #readVols({ mid, width }: NotedBooks): number | undefined {
    const theo = this.#theo;
    const found: number[] = [];
    this.#precision.fill(0);
    for (const option of this.#chain.options) {
      const i = option.id - 1;
      const years = theo.yearsLeft(i);
      if ((width[i] ?? 0) <= 0 || years <= 0) continue;
      const { right, strike } = option;
      const forward = theo.forward[option.expiry] ?? 0;
      const discount = theo.discount(option.expiry);
      const vol = impliedVol({ right, forward, strike, years, discount, price: mid[i] ?? 0 });
      if (typeof vol !== 'number') continue;
      const d1 = Math.log(forward / strike) / (vol * Math.sqrt(years)) + (vol * Math.sqrt(years)) / 2;
      const vega = discount * forward * normalPdf(d1) * Math.sqrt(years);
      const sd = (this.#noise.noisePerWidth * (width[i] ?? 0)) / vega;
      if (!Number.isFinite(sd)) continue;
      this.#vol[i] = vol;
      this.#precision[i] = 1 / (sd * sd);
      found.push(vol);
    }
    if (found.length < SERIES_MINIMUM) return undefined;
    return found.sort((a, b) => a - b)[Math.floor(found.length / 2)];
  }

  /** Normal equations of a step away from a point, with the prior alone. */
  #begin(point: Readonly<Float64Array>): void {
    this.#normal.fill(0);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const precision = 1 / ((UNKNOWN_SD[f] ?? 1) * (UNKNOWN_SD[f] ?? 1));
      this.#normal[f * FACTOR_COUNT + f] = precision;
      this.#pull[f] = precision * ((UNKNOWN[f] ?? 0) - (point[f] ?? 0));
    }
  }

  #gatherVols(): void {
    const { surface, forward } = this.#theo;
    for (const option of this.#chain.options) {
      const precision = this.#precision[option.id - 1] ?? 0;
      if (precision === 0) continue;
      const k = Math.log(option.strike / (forward[option.expiry] ?? 1));
      surface.volGradient(option.expiry, k, this.#gradient, 0);
      this.#add((this.#vol[option.id - 1] ?? 0) - surface.vol(option.expiry, k), precision, this.#gradient, 0);
    }
  }

  #gatherMids({ mid, width }: NotedBooks): void {
    const theo = this.#theo;
    theo.valueAll();
    for (let i = 0; i < mid.length; i += 1) {
      if ((this.#precision[i] ?? 0) === 0) continue;
      const sd = this.#noise.noisePerWidth * (width[i] ?? 0);
      this.#add((mid[i] ?? 0) - (theo.price[i] ?? 0), 1 / (sd * sd), theo.exposures, i * FACTOR_COUNT);
    }
  }

  /** Adds a book whose expectation is off by `error`, with the slopes of the expectation. */
  #add(error: number, precision: number, slopes: Readonly<Float64Array>, at: number): void {
    const [normal, pull] = [this.#normal, this.#pull];
    const distance = Math.abs(error) * Math.sqrt(precision);
    const weight = precision * (distance > this.#noise.rejectSd ? this.#noise.rejectSd / distance : 1);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const slope = weight * (slopes[at + f] ?? 0);
      pull[f] = (pull[f] ?? 0) + slope * error;
      for (let g = 0; g <= f; g += 1) normal[f * FACTOR_COUNT + g] = (normal[f * FACTOR_COUNT + g] ?? 0) + slope * (slopes[at + g] ?? 0);
    }
  }

  /** Goes one step; returns how far the factor moved that moved most. */
  #step(point: Float64Array): number {
    const step = solved(choleskyFactor(this.#normal, FACTOR_COUNT), this.#pull);
    let moved = 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const before = point[f] ?? 0;
      const after = clampFactor(f, before + Math.max(-STEP_MAXIMUM, Math.min(STEP_MAXIMUM, step[f] ?? 0)));
      point[f] = after;
      moved = Math.max(moved, Math.abs(after - before));
    }
    return moved;
  }

  /** The covariance is the inverse of the normal equations' matrix. */
  #invert(): void {
    const l = choleskyFactor(this.#normal, FACTOR_COUNT);
    const unit = new Float64Array(FACTOR_COUNT);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      unit.fill(0);
      unit[f] = 1;
      this.covariance.set(solved(l, unit), f * FACTOR_COUNT);
    }
  }
}

/** x such that LLᵀx = b. */
function solved(l: Float64Array, b: Readonly<Float64Array>): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < FACTOR_COUNT; i += 1) {
    for (let j = 0; j < i; j += 1) x[i] = (x[i] ?? 0) - (l[i * FACTOR_COUNT + j] ?? 0) * (x[j] ?? 0);
    x[i] = (x[i] ?? 0) / (l[i * FACTOR_COUNT + i] ?? 1);
  }
  for (let i = FACTOR_COUNT - 1; i >= 0; i -= 1) {
    for (let j = i + 1; j < FACTOR_COUNT; j += 1) x[i] = (x[i] ?? 0) - (l[j * FACTOR_COUNT + i] ?? 0) * (x[j] ?? 0);
    x[i] = (x[i] ?? 0) / (l[i * FACTOR_COUNT + i] ?? 1);
  }
  return x;
}

/** Keeps the search inside values that a surface can have. */
function clampFactor(factor: number, value: number): number {
  if (factor === 0) return Math.max(Math.log(0.02), Math.min(Math.log(5), value));
  return Math.max(-1.5, Math.min(1.5, factor === 2 ? Math.max(-0.95, Math.min(0.95, value)) : value));
}
