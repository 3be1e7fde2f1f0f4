import { FACTOR_COUNT, FACTORS } from '../pricing/factors.ts';
import type { TheoChain } from '../pricing/theo.ts';

/** Steps after which a print's weight has fallen to 1/e. */
const FLOW_STEPS = [3, 10, 20, 40] as const;
/** The same for prints of one contract, which informed traders are among: what they know comes true over hours. */
const ONE_LOT_STEPS = [20, 60, 180] as const;
/** The same for the balance of signs, and for the split of flow by tenor and wing. */
const SIGN_STEPS = [5, 20] as const;
const SPLIT_STEPS = 20;
const ACTIVITY_STEPS = [5, 40] as const;
/** Contracts: far below a lot, and above what rounding does to a product of lots. */
const ONE_LOT_TOLERANCE = 1e-6;
/** Tenors are short below the first bound and long from the second on, in years. */
const TENOR_YEARS = [14 / 365, 60 / 365] as const;
/** A series is in a wing where the delta of its call is this far from 0 or 1. */
const WING_DELTA = 0.3;
const SPLITS = ['shortFlow20', 'middleFlow20', 'longFlow20', 'putWingFlow20', 'callWingFlow20'] as const;

/** Names of what {@link FlowFeatures} writes, in order. */
export const FLOW_FEATURES: readonly string[] = [
  ...FACTORS.flatMap((name) => [
    `${name}Flow`,
    ...FLOW_STEPS.map((steps) => `${name}Flow${steps}`),
    ...ONE_LOT_STEPS.map((steps) => `${name}OneLotFlow${steps}`),
  ]),
  'signedPrints',
  ...SIGN_STEPS.map((steps) => `signedPrints${steps}`),
  'prints',
  ...ACTIVITY_STEPS.map((steps) => `activity${steps}`),
  ...SPLITS,
];

/**
 * Rolling sums of customers' flow, as a reader of the tape sees it. A print counts with its contracts, signed by the aggressor, times the
 * series' exposure to a factor over the chain's root-mean-square exposure; it decays exponentially from step to step. Splits by tenor and wing
 * are of the exposure to the level, so that tenors add up to its flow. Signs are summed by themselves, since parts of one order come one by one. Prints of
 * exactly one contract are summed again: who trades hides in small round sizes more often when he knows something (Barclay and Warner 1993), and the
 * filter oracle finds the same in the tape by itself (ADR 21).
 */
export class FlowFeatures {
  readonly #theo: TheoChain;
  /** Root-mean-square exposure over the chain at the first print of the step. */
  readonly #typical = new Float64Array(FACTOR_COUNT);
  /** Since the last step. */
  readonly #fresh = new Float64Array(FACTOR_COUNT);
  readonly #freshOneLot = new Float64Array(FACTOR_COUNT);
  readonly #freshSplit = new Float64Array(SPLITS.length);
  readonly #flow = new Float64Array(FACTOR_COUNT * FLOW_STEPS.length);
  readonly #oneLot = new Float64Array(FACTOR_COUNT * ONE_LOT_STEPS.length);
  readonly #split = new Float64Array(SPLITS.length);
  readonly #signs = new Float64Array(SIGN_STEPS.length);
  readonly #activity = new Float64Array(ACTIVITY_STEPS.length);
  #signed = 0;
  #prints = 0;
  #steps = 0;

  /** @param theo the tracker's chain, whose exposures weigh the prints. */
  constructor(theo: TheoChain) {
    this.#theo = theo;
  }

  /** Prints since the last step. */
  get prints(): number {
    return this.#prints;
  }

  /** Takes in a print. `contracts` is positive when a buyer crossed. `series` is the instrument id − 1. */
  trade(series: number, contracts: number): void {
    if (this.#prints === 0) this.#weigh();
    this.#prints += 1;
    this.#signed += Math.sign(contracts);
    const isOneLot = Math.abs(Math.abs(contracts) - 1) < ONE_LOT_TOLERANCE;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const typical = this.#typical[f] ?? 0;
      const flow = typical > 0 ? (contracts * (this.#theo.exposures[series * FACTOR_COUNT + f] ?? 0)) / typical : 0;
      add(this.#fresh, f, flow);
      if (isOneLot) add(this.#freshOneLot, f, flow);
      if (f === 0) this.#divide(series, flow);
    }
  }

  /** Adds flow in the level to its tenor, and to its wing where it is in one. */
  #divide(series: number, flow: number): void {
    const years = this.#theo.yearsLeft(series);
    add(this.#freshSplit, years < TENOR_YEARS[0] ? 0 : years < TENOR_YEARS[1] ? 1 : 2, flow);
    const delta = this.#theo.delta[series] ?? 0;
    const ofCall = delta < 0 ? 1 + delta : delta;
    if (ofCall > 1 - WING_DELTA) add(this.#freshSplit, 3, flow);
    else if (ofCall < WING_DELTA) add(this.#freshSplit, 4, flow);
  }

  /** Closes a step: writes its features from `start` on, and returns where they end. */
  step(row: Float64Array, start: number): number {
    this.#steps += 1;
    let at = start;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const fresh = this.#fresh[f] ?? 0;
      row[at++] = fresh;
      for (let w = 0; w < FLOW_STEPS.length; w += 1) row[at++] = decayed(this.#flow, f * FLOW_STEPS.length + w, FLOW_STEPS[w] ?? 1, fresh);
      const windows = ONE_LOT_STEPS.length;
      for (let w = 0; w < windows; w += 1)
        row[at++] = decayed(this.#oneLot, f * windows + w, ONE_LOT_STEPS[w] ?? 1, this.#freshOneLot[f] ?? 0);
    }
    row[at++] = this.#signed;
    for (let w = 0; w < SIGN_STEPS.length; w += 1) row[at++] = decayed(this.#signs, w, SIGN_STEPS[w] ?? 1, this.#signed);
    row[at++] = Math.log1p(this.#prints);
    for (let w = 0; w < ACTIVITY_STEPS.length; w += 1) {
      const before = this.#activity[w] ?? 0;
      const mean = before + (this.#prints - before) / Math.min(this.#steps, ACTIVITY_STEPS[w] ?? 1);
      this.#activity[w] = mean;
      row[at++] = Math.log1p(mean);
    }
    for (let i = 0; i < SPLITS.length; i += 1) row[at++] = decayed(this.#split, i, SPLIT_STEPS, this.#freshSplit[i] ?? 0);
    this.#fresh.fill(0);
    this.#freshOneLot.fill(0);
    this.#freshSplit.fill(0);
    this.#signed = 0;
    this.#prints = 0;
    return at;
  }

  #weigh(): void {
    const { exposures } = this.#theo;
    this.#typical.fill(0);
    for (let i = 0; i < exposures.length; i += 1) add(this.#typical, i % FACTOR_COUNT, (exposures[i] ?? 0) * (exposures[i] ?? 0));
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.#typical[f] = Math.sqrt(((this.#typical[f] ?? 0) * FACTOR_COUNT) / exposures.length);
  }
}

function add(into: Float64Array, index: number, value: number): void {
  into[index] = (into[index] ?? 0) + value;
}

/** Lets a sum decay by one step, adds what is fresh, and returns it. */
function decayed(sums: Float64Array, index: number, steps: number, fresh: number): number {
  const sum = (sums[index] ?? 0) * Math.exp(-1 / steps) + fresh;
  sums[index] = sum;
  return sum;
}
