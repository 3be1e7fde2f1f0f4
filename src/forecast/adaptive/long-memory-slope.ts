import { InputError, type Issue } from '../../core/assert.ts';
import { Cusum } from './cusum.ts';

/** What is carried from run to run, one entry per horizon: plain data. */
export interface SlopeState {
  /** Σ forecast · outcome and Σ forecast², both over the expected square of the error, with forgetting. */
  readonly products: readonly number[];
  readonly squares: readonly number[];
  /** Cumulative sums against a slope that has fallen, and how often each alarmed. */
  readonly sums: readonly number[];
  readonly alarms: readonly number[];
}

/** How the slope is kept. */
export interface SlopeTerms {
  readonly horizonsSteps: readonly number[];
  /** Steps of one run, and how many runs the memory holds: at least 10, less is noise (economics of the forecast, 5). */
  readonly stepsPerRun: number;
  readonly memoryRuns?: number;
  /** Slope that validation found, by which the memory is filled at the start. */
  readonly start?: number;
  /** Least Σ forecast²/σ² per step that is expected, about R² in validation; where forecasts turn out bolder, what they are counts. */
  readonly signal?: number;
}

const MEMORY_RUNS = 10;
const SIGNAL = 0.05;
/** Slopes beyond these are not believed. */
const SLOPE_MINIMUM = 0;
const SLOPE_MAXIMUM = 1.5;
/** Slack and threshold of the sum: about one false alarm in 20 runs at the step that one run makes (test/forecast/adaptive/long-memory-slope.test.ts). */
const CUSUM_SLACK = 0.5;
const CUSUM_THRESHOLD = 1.6;

/**
 * Slope of what happened on what was forecast, per horizon, with a memory of ten runs or more: the factor by which forecasts are to be scaled
 * (Mincer and Zarnowitz 1969; about 1 when calibrated). Within one run the slope has a standard deviation near ¾, so a switch on recent skill throws value
 * away: it starts at its validation value and moves slowly. The start counts for as many steps as the memory holds, at the boldness that forecasts have:
 * bolder ones would else be judged by a few outcomes, of which there are two an hour where the horizon is half of one. A one-sided CUSUM over whole runs
 * says when it has fallen for good, at one false alarm in 20 runs or fewer.
 */
export class LongMemorySlope {
  readonly #horizons: readonly number[];
  readonly #keep: number;
  readonly #start: number;
  readonly #signal: number;
  /** Part of the start that is not forgotten yet, and outcomes, by horizon. */
  readonly #startLeft: Float64Array;
  readonly #outcomes: Float64Array;
  readonly #products: Float64Array;
  readonly #squares: Float64Array;
  readonly #cusums: Cusum[];
  readonly #alarms: Float64Array;
  /** Of the present run. */
  readonly #runProducts: Float64Array;
  readonly #runSquares: Float64Array;

  /** @throws InputError when a carried state does not have one finite entry per horizon, or a sum that must be at least 0 is not. */
  constructor(terms: SlopeTerms, carried?: SlopeState) {
    const { horizonsSteps, stepsPerRun, memoryRuns = MEMORY_RUNS, start = 1, signal = SIGNAL } = terms;
    this.#horizons = horizonsSteps;
    this.#keep = Math.exp(-1 / (Math.max(MEMORY_RUNS, memoryRuns) * stepsPerRun));
    this.#start = start;
    this.#signal = signal;
    if (carried !== undefined) checkState(carried, horizonsSteps.length);
    const of = (list: readonly number[] | undefined, otherwise: (h: number) => number): Float64Array =>
      Float64Array.from(horizonsSteps, (_, h) => list?.[h] ?? otherwise(h));
    this.#squares = of(carried?.squares, () => 0);
    this.#products = of(carried?.products, () => 0);
    this.#startLeft = new Float64Array(horizonsSteps.length).fill(carried === undefined ? 1 : 0);
    this.#outcomes = new Float64Array(horizonsSteps.length);
    this.#alarms = of(carried?.alarms, () => 0);
    this.#cusums = horizonsSteps.map((_, h) => {
      const cusum = new Cusum(CUSUM_SLACK, CUSUM_THRESHOLD);
      cusum.sum = carried?.sums[h] ?? 0;
      return cusum;
    });
    this.#runProducts = new Float64Array(horizonsSteps.length);
    this.#runSquares = new Float64Array(horizonsSteps.length);
  }

  /** Factor for the forecasts of a horizon, between 0 and 1.5. */
  slope(horizon: number): number {
    const start = this.#startWeight(horizon);
    const slope = ((this.#products[horizon] ?? 0) + start * this.#start) / ((this.#squares[horizon] ?? 0) + start);
    return Math.max(SLOPE_MINIMUM, Math.min(SLOPE_MAXIMUM, slope));
  }

  /** Σ forecast²/σ² that the start stands for. */
  #startWeight(horizon: number): number {
    const steps = this.#horizons[horizon] ?? 1;
    const outcomes = this.#outcomes[horizon] ?? 0;
    const boldness = outcomes > 0 ? ((this.#runSquares[horizon] ?? 0) * steps) / outcomes : 0;
    return ((this.#startLeft[horizon] ?? 0) * Math.max(this.#signal, boldness)) / ((1 - this.#keep) * steps);
  }

  /** Takes in an outcome of a horizon, when it is known. `scale` is the expected standard deviation of the error. */
  learn(horizon: number, forecast: number, outcome: number, scale: number): void {
    const weight = 1 / (scale * scale * (this.#horizons[horizon] ?? 1));
    const square = forecast * forecast * weight;
    const product = forecast * outcome * weight;
    if (!Number.isFinite(square) || !Number.isFinite(product)) return;
    this.#squares[horizon] = this.#keep * (this.#squares[horizon] ?? 0) + square;
    this.#products[horizon] = this.#keep * (this.#products[horizon] ?? 0) + product;
    this.#startLeft[horizon] = this.#keep * (this.#startLeft[horizon] ?? 0);
    this.#outcomes[horizon] = (this.#outcomes[horizon] ?? 0) + 1;
    this.#runSquares[horizon] = (this.#runSquares[horizon] ?? 0) + square;
    this.#runProducts[horizon] = (this.#runProducts[horizon] ?? 0) + product;
  }

  /** Closes a run: each horizon's slope over it, in standard errors below the start, goes to its CUSUM. An alarm brings the memory down to one run. */
  endRun(): void {
    for (let h = 0; h < this.#horizons.length; h += 1) {
      const start = this.#startWeight(h);
      this.#squares[h] = (this.#squares[h] ?? 0) + start;
      this.#products[h] = (this.#products[h] ?? 0) + start * this.#start;
      const square = this.#runSquares[h] ?? 0;
      const z = square > 0 ? (this.#start - (this.#runProducts[h] ?? 0) / square) * Math.sqrt(square) : 0;
      if (this.#cusums[h]?.step(z) === true) {
        this.#alarms[h] = (this.#alarms[h] ?? 0) + 1;
        this.#squares[h] = Math.max(square, 1e-12);
        this.#products[h] = this.#runProducts[h] ?? 0;
      }
    }
    this.#startLeft.fill(0);
    this.#outcomes.fill(0);
    this.#runSquares.fill(0);
    this.#runProducts.fill(0);
  }

  /** Plain data for the next run; take it after {@link endRun}. */
  state(): SlopeState {
    const start = this.#horizons.map((_, h) => this.#startWeight(h));
    return {
      products: this.#horizons.map((_, h) => (this.#products[h] ?? 0) + (start[h] ?? 0) * this.#start),
      squares: this.#horizons.map((_, h) => (this.#squares[h] ?? 0) + (start[h] ?? 0)),
      sums: this.#cusums.map((cusum) => cusum.sum),
      alarms: Array.from(this.#alarms),
    };
  }
}

function checkState(state: SlopeState, horizons: number): void {
  const issues: Issue[] = [];
  for (const key of ['products', 'squares', 'sums', 'alarms'] as const) {
    const list = state[key];
    const isSound =
      Array.isArray(list) &&
      list.length === horizons &&
      list.every((value) => Number.isFinite(value) && (key === 'products' || value >= 0));
    if (!isSound) issues.push({ path: key, message: `expected ${horizons} finite numbers, one per horizon` });
  }
  if (issues.length === 0 && state.squares.some((square) => !(square > 0)))
    issues.push({ path: 'squares', message: 'expected numbers above 0' });
  if (issues.length > 0) throw new InputError('slope', issues);
}
