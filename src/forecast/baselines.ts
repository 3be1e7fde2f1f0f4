import { FACTOR_COUNT } from '../pricing/factors.ts';
import type { Forecast, Forecaster, ForecasterModel } from './forecaster.ts';

/** Grid on which the baselines forecast: that of the scenario. */
export interface ForecastGrid {
  readonly stepSeconds: number;
  readonly horizonsSteps: readonly number[];
}

/** Memory of the error scale, in steps, and its start: one daily standard deviation spread over a day. */
const SCALE_STEPS = 240;
const START_DAILY_SD = [0.06, 0.008, 0.03, 0.03];
const SECONDS_PER_DAY = 86_400;
/** Weight of the newest value in the average of the `ewma` forecaster. */
const EWMA_WEIGHT = 0.5;

/** The random walk: nothing is expected to change. The scale is learnt from past changes over each horizon. */
export function randomWalkModel(grid: ForecastGrid): ForecasterModel {
  return baseline('rw', grid, () => 0);
}

/** Expects each factor to return to its exponentially weighted average (weight ½ on the newest): a smoother, known to be a poor one. */
export function ewmaModel(grid: ForecastGrid): ForecasterModel {
  return baseline('ewma', grid, (average, value) => average - value);
}

function baseline(kind: string, grid: ForecastGrid, expected: (average: number, value: number) => number): ForecasterModel {
  const horizonsSeconds = grid.horizonsSteps.map((steps) => steps * grid.stepSeconds);
  return {
    kind,
    stepSeconds: grid.stepSeconds,
    horizonsSeconds,
    features: [],
    warmupSteps: 1,
    start: () => new Baseline(grid, horizonsSeconds, expected),
  };
}

class Baseline implements Forecaster {
  readonly #grid: ForecastGrid;
  readonly #expected: (average: number, value: number) => number;
  readonly #forecast: { horizonsSeconds: readonly number[]; change: Float64Array; scale: Float64Array };
  readonly #average = new Float64Array(FACTOR_COUNT);
  /** Mean squared change over one horizon, per horizon and factor. */
  readonly #squares: Float64Array;
  readonly #past: Float64Array;
  readonly #slots: number;
  #steps = 0;

  constructor(grid: ForecastGrid, horizonsSeconds: readonly number[], expected: (average: number, value: number) => number) {
    const outputs = grid.horizonsSteps.length * FACTOR_COUNT;
    this.#grid = grid;
    this.#expected = expected;
    this.#forecast = { horizonsSeconds, change: new Float64Array(outputs), scale: new Float64Array(outputs) };
    this.#slots = Math.max(...grid.horizonsSteps) + 1;
    this.#past = new Float64Array(this.#slots * FACTOR_COUNT);
    this.#squares = new Float64Array(outputs);
    grid.horizonsSteps.forEach((steps, h) => {
      const days = (steps * grid.stepSeconds) / SECONDS_PER_DAY;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const sd = START_DAILY_SD[f] ?? 0;
        this.#squares[h * FACTOR_COUNT + f] = sd * sd * days;
      }
    });
  }

  observe(factors: Readonly<Float64Array>): void {
    this.#steps += 1;
    this.#past.set(factors, (this.#steps % this.#slots) * FACTOR_COUNT);
    for (const [h, steps] of this.#grid.horizonsSteps.entries()) this.#learn(factors, steps, h);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const value = factors[f] ?? 0;
      const average = this.#steps === 1 ? value : (this.#average[f] ?? 0);
      this.#average[f] = average + EWMA_WEIGHT * (value - average);
      for (let h = 0; h < this.#grid.horizonsSteps.length; h += 1) {
        this.#forecast.change[h * FACTOR_COUNT + f] = this.#expected(this.#average[f] ?? 0, value);
        this.#forecast.scale[h * FACTOR_COUNT + f] = Math.sqrt(this.#squares[h * FACTOR_COUNT + f] ?? 0);
      }
    }
  }

  #learn(factors: Readonly<Float64Array>, steps: number, h: number): void {
    if (this.#steps <= steps) return;
    const then = ((this.#steps - steps) % this.#slots) * FACTOR_COUNT;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const change = (factors[f] ?? 0) - (this.#past[then + f] ?? 0);
      const at = h * FACTOR_COUNT + f;
      this.#squares[at] = (this.#squares[at] ?? 0) + (change * change - (this.#squares[at] ?? 0)) / SCALE_STEPS;
    }
  }

  forecast(): Forecast | undefined {
    return this.#steps === 0 ? undefined : this.#forecast;
  }
}
