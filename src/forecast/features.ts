import { FACTOR_COUNT, FACTORS } from '../pricing/factors.ts';
import type { TheoChain } from '../pricing/theo.ts';
import { FLOW_FEATURES, FlowFeatures } from './flow-features.ts';
import { SPOT_FEATURES, SpotFeatures } from './spot-features.ts';

/** What is known at a forecast step besides the trades since the last one. */
export interface StepObservation {
  /** Tracked factors. */
  readonly factors: Readonly<Float64Array>;
  /** What options are valued on, in dollars; undefined when its book was one-sided. */
  readonly spot: number | undefined;
  /** Premium of the perpetual or future over that, as a fraction of it; undefined where it was not seen, or is the same thing. */
  readonly basis: number | undefined;
  /** Hours since the opening. */
  readonly hours: number;
}

/** Steps over which a factor's slow level is averaged, and of the averages that stay closer to it. */
const CENTRE_STEPS = 60;
const AVERAGE_STEPS = [2, 6, 15] as const;
/** Steps after which an opening is over to 1/e. */
const OPENING_STEPS = 40;

/**
 * Version of the code that makes rows: part of the key of cached data, and to be raised whenever a row would change that has the same names.
 */
export const FEATURES_VERSION = 3;

/** Names of the features, in the order of the rows. A model that was trained on others is refused. */
export const FEATURES: readonly string[] = [
  ...FACTORS.map((name) => `${name}Centred`),
  ...FACTORS.map((name) => `${name}Change`),
  ...FACTORS.flatMap((name) => AVERAGE_STEPS.map((steps) => `${name}Over${steps}`)),
  ...FLOW_FEATURES,
  ...SPOT_FEATURES,
  'spotMissing',
  'stepsMissed',
  'opening',
  'clockSin',
  'clockCos',
];

/**
 * Rolling features of the surface, the flow and the spot: one row per forecast step, from nothing but what its reader has seen.
 * The same code serves in the market and in the making of training data. Factors stand against averages of their own past: what a filter of
 * a noisy view would be made of, within reach of a linear head. Nothing of the books' widths and sizes is among them, since worlds without books
 * have none (decision 15).
 */
export class FeatureBuilder {
  readonly #stepHours: number;
  readonly #row = new Float64Array(FEATURES.length);
  readonly #before = new Float64Array(FACTOR_COUNT);
  readonly #centre = new Float64Array(FACTOR_COUNT);
  readonly #averages = new Float64Array(FACTOR_COUNT * AVERAGE_STEPS.length);
  readonly #flow: FlowFeatures;
  readonly #spot: SpotFeatures;
  #hours = 0;
  #steps = 0;

  /** @param theo the tracker's chain: its exposures weigh the prints. */
  constructor(theo: TheoChain, stepSeconds: number) {
    this.#stepHours = stepSeconds / 3600;
    this.#flow = new FlowFeatures(theo);
    this.#spot = new SpotFeatures(stepSeconds);
  }

  /** Rows built so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Takes in a print. `contracts` is positive when a buyer crossed. `series` is the instrument id − 1. */
  trade(series: number, contracts: number): void {
    this.#flow.trade(series, contracts);
  }

  /** Closes a step and returns its row; borrowed until the next call. */
  step(seen: StepObservation): Readonly<Float64Array> {
    this.#steps += 1;
    const row = this.#row;
    const { prints } = this.#flow;
    let at = this.#closeFactors(seen.factors);
    at = this.#flow.step(row, at);
    at = this.#spot.step(row, at, Math.exp(seen.factors[0] ?? 0), seen.spot, seen.basis, prints);
    row[at++] = seen.spot === undefined ? 1 : 0;
    // A step that lasted longer than the grid has rows missing before it.
    const passed = this.#steps === 1 ? 1 : Math.max(1, (seen.hours - this.#hours) / this.#stepHours);
    this.#hours = seen.hours;
    row[at++] = passed < 1.5 ? 0 : Math.log(passed);
    row[at++] = Math.exp(-(this.#steps - 1) / OPENING_STEPS);
    row[at++] = Math.sin((2 * Math.PI * seen.hours) / 24);
    row[at] = Math.cos((2 * Math.PI * seen.hours) / 24);
    return row;
  }

  /** Against the slow average and the change, factor by factor; then against the quicker averages. None of them holds the value itself yet. */
  #closeFactors(factors: Readonly<Float64Array>): number {
    const row = this.#row;
    const windows = AVERAGE_STEPS.length;
    const isFirst = this.#steps === 1;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const value = factors[f] ?? 0;
      const centre = isFirst ? value : (this.#centre[f] ?? 0);
      row[f] = value - centre;
      row[FACTOR_COUNT + f] = isFirst ? 0 : value - (this.#before[f] ?? 0);
      this.#centre[f] = centre + (value - centre) / Math.min(this.#steps, CENTRE_STEPS);
      this.#before[f] = value;
      for (let w = 0; w < windows; w += 1) {
        const average = isFirst ? value : (this.#averages[f * windows + w] ?? 0);
        row[2 * FACTOR_COUNT + f * windows + w] = value - average;
        this.#averages[f * windows + w] = average + (value - average) / Math.min(this.#steps, AVERAGE_STEPS[w] ?? 1);
      }
    }
    return (2 + windows) * FACTOR_COUNT;
  }
}
