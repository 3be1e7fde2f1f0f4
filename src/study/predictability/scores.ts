import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { type ForecastFits, MAKER_REGRESSORS, makerRegressors, originSteps } from './forecast-fits.ts';
import type { RecordedWorld } from './recorded-world.ts';
import { SwitchingFilter } from './switching-filter.ts';
import type { SwitchingLaw } from './switching-law.ts';

/** Who forecasts: one who knows the hidden state; one who sees what a maker sees and knows the law; linear models; an average. */
export const FORECASTS = ['state', 'filter', 'linear', 'own-lags', 'ewma'] as const;
export type ForecastName = (typeof FORECASTS)[number];
const N = FORECASTS.length;

/** Sums of a cell: origins, squares of the move from the tracked and from the true factor; per forecast squared error, its square, leans clipped. */
const COUNT = 0;
const WALK = 1;
const MOVE = 2;
const HEAD = 3;
/** Sums of a cell, by horizon and regime. */
export const CELL = HEAD + 3 * N;

/** Steps in which the weight of a value in the average of `ewma` halves. */
export const EWMA_HALF_LIFE_STEPS = 2.5;
const EWMA_WEIGHT = 1 - Math.exp(-Math.LN2 / EWMA_HALF_LIFE_STEPS);

/** What is scored: horizons of the fits in steps, and after them the discounted path. */
export interface ScoreTerms {
  readonly factor: number;
  readonly regimes: number;
  readonly fits: ForecastFits;
  readonly law: SwitchingLaw;
  /** Weight of the forecast at each horizon in the lean ({@link forecastLean}); 0 for horizons that no maker is given. */
  readonly pathWeights: readonly number[];
  /** Half-spread of a screen at 30 days in the factor's unit; undefined where the factor does not move vols at 30 days. */
  readonly halfSpread: number | undefined;
}

/**
 * Sums of one world's squared errors: cell `(regime · (horizons + 1) + horizon)`, the last horizon being the discounted path. Errors are those
 * about the true factor; the state's forecast starts from the truth now, all others from the tracked factor.
 */
export function scoreSums(world: RecordedWorld, terms: ScoreTerms): Float64Array {
  const { factor, fits, pathWeights, halfSpread } = terms;
  const horizons = fits.horizonsSteps;
  const cells = horizons.length + 1;
  const sums = new Float64Array(terms.regimes * cells * CELL);
  const filter = new SwitchingFilter(terms.law);
  const x = new Float64Array(MAKER_REGRESSORS);
  const forecast = new Float64Array(N);
  const path = new Float64Array(N);
  const origins = originSteps(world, Math.max(...horizons));
  let next = 0;
  let average = world.tracked[factor] ?? 0;
  for (let step = 0; next < origins.length; step += 1) {
    const at = step * FACTOR_COUNT + factor;
    const truth = world.truth[at] ?? 0;
    const tracked = world.tracked[at] ?? 0;
    filter.see(world, factor, step);
    average += EWMA_WEIGHT * (tracked - average);
    if (step < (origins[next] ?? 0)) continue;
    next += 1;
    const regime = world.regime[step] ?? 0;
    const offset = regime * cells * CELL;
    makerRegressors(world, factor, step, x);
    path.fill(0);
    let pathOutcome = 0;
    for (const [h, ahead] of horizons.entries()) {
      const outcome = world.truth[at + ahead * FACTOR_COUNT] ?? 0;
      const [constant, pressure, memory] = fits.state(regime, h);
      forecast[0] = constant + pressure * (world.pressure[at] ?? 0) + memory * (world.memory[step] ?? 0);
      forecast[1] = filter.forecast(fits, h);
      forecast[2] = fits.maker(x, h);
      forecast[3] = fits.own(x, h);
      forecast[4] = average - tracked;
      addCell(sums, offset + h * CELL, outcome - tracked, outcome - truth, forecast);
      const weight = pathWeights[h] ?? 0;
      pathOutcome += weight * (outcome - truth);
      for (let n = 0; n < N; n += 1) path[n] = (path[n] ?? 0) + weight * (forecast[n] ?? 0);
    }
    const cell = offset + horizons.length * CELL;
    const whole = pathWeights.reduce((a, b) => a + b, 0);
    addCell(sums, cell, pathOutcome + whole * (truth - tracked), pathOutcome, path);
    for (let n = 0; n < N; n += 1) {
      if (halfSpread !== undefined && Math.abs(path[n] ?? 0) > halfSpread) bump(sums, cell + HEAD + 2 * N + n, 1);
    }
  }
  return sums;
}

function addCell(sums: Float64Array, at: number, fromTracked: number, fromTruth: number, forecast: Float64Array): void {
  bump(sums, at + COUNT, 1);
  bump(sums, at + WALK, fromTracked * fromTracked);
  bump(sums, at + MOVE, fromTruth * fromTruth);
  for (let n = 0; n < N; n += 1) {
    const value = forecast[n] ?? 0;
    const error = (n === 0 ? fromTruth : fromTracked) - value;
    bump(sums, at + HEAD + n, error * error);
    bump(sums, at + HEAD + N + n, value * value);
  }
}

function bump(sums: Float64Array, at: number, by: number): void {
  sums[at] = (sums[at] ?? 0) + by;
}

/** Reads figures off the sums of one horizon, over one regime or all. */
export class ScoreReader {
  readonly #sums: Float64Array;
  readonly #cells: readonly number[];

  /** @param regimes those that are added up. */
  constructor(sums: Float64Array, horizons: number, horizon: number, regimes: readonly number[]) {
    this.#sums = sums;
    this.#cells = regimes.map((regime) => (regime * (horizons + 1) + horizon) * CELL);
  }

  #sum(field: number): number {
    return this.#cells.reduce((sum, cell) => sum + (this.#sums[cell + field] ?? 0), 0);
  }

  get origins(): number {
    return this.#sum(COUNT);
  }

  /** Standard deviation of the true change about 0. */
  get changeSd(): number {
    return Math.sqrt(this.#sum(MOVE) / Math.max(1, this.origins));
  }

  /** 1 − squared error/squared error of the random walk from the tracked factor. What never moves has nothing to forecast. */
  r2(name: ForecastName): number {
    const walk = this.#sum(WALK);
    return walk > 0 ? 1 - this.#sum(HEAD + FORECASTS.indexOf(name)) / walk : 0;
  }

  /** The state's squared error against that of one who knows the truth now and expects no change. */
  get stateR2(): number {
    const move = this.#sum(MOVE);
    return move > 0 ? 1 - this.#sum(HEAD) / move : 0;
  }

  /** Slope of the outcome on the forecast (Mincer and Zarnowitz 1969), without a constant: 1 where forecasts are neither too bold nor too shy. */
  slope(name: ForecastName): number | undefined {
    const n = FORECASTS.indexOf(name);
    const square = this.#sum(HEAD + N + n);
    const outcome = this.#sum(name === 'state' ? MOVE : WALK);
    return square > 0 ? (outcome + square - this.#sum(HEAD + n)) / (2 * square) : undefined;
  }

  /** Root-mean-square forecast, in the factor's unit; of the discounted path it is the lean. */
  rms(name: ForecastName): number {
    return Math.sqrt(this.#sum(HEAD + N + FORECASTS.indexOf(name)) / Math.max(1, this.origins));
  }

  /** Share of leans beyond the half-spread. */
  clipped(name: ForecastName): number {
    return this.#sum(HEAD + 2 * N + FORECASTS.indexOf(name)) / Math.max(1, this.origins);
  }
}
