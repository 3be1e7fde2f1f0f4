import { FACTOR_COUNT, FACTORS } from '../pricing/factors.ts';
import type { TheoChain } from '../pricing/theo.ts';

/** What is known at a forecast step besides the trades since the last one. */
export interface StepObservation {
  /** Tracked factors. */
  readonly factors: Readonly<Float64Array>;
  /** Mid of the underlying in dollars; undefined when its book was one-sided. */
  readonly spot: number | undefined;
  /** Hours since the opening. */
  readonly hours: number;
}

const FLOW_STEPS = [10, 20, 40] as const;
/** Steps over which a factor's slow level is averaged, and longer changes are taken. */
const CENTRE_STEPS = 60;
const LONG_CHANGE_STEPS = 10;
const VARIANCE_STEPS = 40;
const ACTIVITY_STEPS = 40;

/** Names of the features, in the order of the rows. A model that was trained on others is refused. */
export const FEATURES: readonly string[] = [
  ...FACTORS.map((name) => `${name}Centred`),
  ...FACTORS.map((name) => `${name}Change`),
  `levelChange${LONG_CHANGE_STEPS}`,
  `skewChange${LONG_CHANGE_STEPS}`,
  ...FLOW_STEPS.map((steps) => `levelFlow${steps}`),
  ...FLOW_STEPS.map((steps) => `skewFlow${steps}`),
  'slopeFlow20',
  'curvatureFlow20',
  'activity',
  'return',
  'returnAbsolute',
  'realisedOverImplied',
  'spotMissing',
  'clockSin',
  'clockCos',
];

/**
 * Rolling features of the surface, the flow and the spot: one row per forecast step, from nothing but what its reader has seen.
 * The same code serves in the market and in the making of training data. Flow counts each print's contracts, signed by the
 * aggressor, times the series' exposure to a factor over the chain's root-mean-square exposure, with exponential decay.
 */
export class FeatureBuilder {
  readonly #theo: TheoChain;
  readonly #stepSeconds: number;
  readonly #row = new Float64Array(FEATURES.length);
  readonly #centre = new Float64Array(FACTOR_COUNT);
  readonly #past: Float64Array;
  /** Flow since the last step, and its decayed sums: factor by factor, window by window. */
  readonly #fresh = new Float64Array(FACTOR_COUNT);
  readonly #flow = new Float64Array(FACTOR_COUNT * FLOW_STEPS.length);
  #prints = 0;
  #activity = 0;
  #variance = 0;
  #spot: number | undefined;
  #steps = 0;

  /** @param theo the tracker's chain: its exposures weigh the prints. */
  constructor(theo: TheoChain, stepSeconds: number) {
    this.#theo = theo;
    this.#stepSeconds = stepSeconds;
    this.#past = new Float64Array(FACTOR_COUNT * (LONG_CHANGE_STEPS + 1));
  }

  /** Rows built so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Takes in a print. `contracts` is positive when a buyer crossed. `series` is the instrument id − 1. */
  trade(series: number, contracts: number): void {
    this.#prints += 1;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const typical = this.#typicalExposure(f);
      if (typical > 0)
        this.#fresh[f] = (this.#fresh[f] ?? 0) + (contracts * (this.#theo.exposures[series * FACTOR_COUNT + f] ?? 0)) / typical;
    }
  }

  /** Closes a step and returns its row; borrowed until the next call. */
  step(seen: StepObservation): Readonly<Float64Array> {
    this.#steps += 1;
    const slots = LONG_CHANGE_STEPS + 1;
    const now = (this.#steps % slots) * FACTOR_COUNT;
    const before = ((this.#steps - 1) % slots) * FACTOR_COUNT;
    // Until ten steps were seen the slot of "ten steps ago" holds the first one.
    const long = (Math.max(1, this.#steps - LONG_CHANGE_STEPS) % slots) * FACTOR_COUNT;
    this.#past.set(seen.factors, now);
    const row = this.#row;
    let at = 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const value = seen.factors[f] ?? 0;
      const centre = this.#steps === 1 ? value : (this.#centre[f] ?? 0);
      this.#centre[f] = centre + (value - centre) / Math.min(this.#steps, CENTRE_STEPS);
      row[at++] = value - centre;
    }
    for (let f = 0; f < FACTOR_COUNT; f += 1) row[at++] = this.#steps === 1 ? 0 : (seen.factors[f] ?? 0) - (this.#past[before + f] ?? 0);
    row[at++] = (seen.factors[0] ?? 0) - (this.#past[long] ?? 0);
    row[at++] = (seen.factors[2] ?? 0) - (this.#past[long + 2] ?? 0);
    at = this.#closeFlow(at);
    at = this.#closeSpot(at, seen);
    row[at++] = seen.spot === undefined ? 1 : 0;
    row[at++] = Math.sin((2 * Math.PI * seen.hours) / 24);
    row[at] = Math.cos((2 * Math.PI * seen.hours) / 24);
    return row;
  }

  #typicalExposure(factor: number): number {
    const exposures = this.#theo.exposures;
    let sum = 0;
    for (let i = factor; i < exposures.length; i += FACTOR_COUNT) sum += (exposures[i] ?? 0) * (exposures[i] ?? 0);
    return Math.sqrt((sum * FACTOR_COUNT) / exposures.length);
  }

  #closeFlow(start: number): number {
    const row = this.#row;
    const windows = FLOW_STEPS.length;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      for (let w = 0; w < windows; w += 1) {
        const keep = Math.exp(-1 / (FLOW_STEPS[w] ?? 1));
        this.#flow[f * windows + w] = (this.#flow[f * windows + w] ?? 0) * keep + (this.#fresh[f] ?? 0);
      }
    }
    let at = start;
    for (let w = 0; w < windows; w += 1) row[at++] = this.#flow[w] ?? 0;
    for (let w = 0; w < windows; w += 1) row[at++] = this.#flow[2 * windows + w] ?? 0;
    row[at++] = this.#flow[windows + 1] ?? 0;
    row[at++] = this.#flow[3 * windows + 1] ?? 0;
    this.#activity += (this.#prints - this.#activity) / Math.min(this.#steps, ACTIVITY_STEPS);
    row[at++] = Math.log1p(this.#activity);
    this.#fresh.fill(0);
    this.#prints = 0;
    return at;
  }

  /** Return over the step in units of the implied standard deviation; realised over implied vol as a log ratio. */
  #closeSpot(start: number, seen: StepObservation): number {
    const row = this.#row;
    const implied = Math.exp(seen.factors[0] ?? 0);
    const sd = implied * Math.sqrt(this.#stepSeconds / 31_536_000);
    const move = seen.spot === undefined || this.#spot === undefined ? 0 : Math.log(seen.spot / this.#spot) / sd;
    if (seen.spot !== undefined) this.#spot = seen.spot;
    // The ratio starts at 1, as if one implied step had been seen.
    const weight = 1 / Math.min(this.#steps + 1, VARIANCE_STEPS);
    this.#variance = this.#steps === 1 ? 1 : this.#variance + (move * move - this.#variance) * weight;
    let at = start;
    row[at++] = move;
    row[at++] = Math.abs(move);
    row[at++] = 0.5 * Math.log(Math.max(1e-4, this.#variance));
    return at;
  }
}
