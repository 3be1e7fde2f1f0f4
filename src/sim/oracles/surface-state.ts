import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { HiddenPath, MarketRecord } from './market-record.ts';
import { type SizeWeights, toldOf } from './print-sizes.ts';

const F = FACTOR_COUNT;
/**
 * What a filter believes something about: the tracker's error in each factor, the pressure in each, the signal in each that informed traders trade on,
 * memory of demand, orders still to come, and recent moves of the spot, which are seen, all of them and falls alone: hedgers come in numbers after
 * falls only.
 */
export const STATE = {
  error: 0,
  pressure: F,
  signal: 2 * F,
  memory: 3 * F,
  excitation: 3 * F + 1,
  momentum: 3 * F + 2,
  fall: 3 * F + 3,
} as const;
export const STATES = 3 * F + 4;
/** A constant, then the state: what the next step is regressed on. */
export const REGRESSORS = 1 + STATES;
/** After a step: the state, then what is seen of it besides the momentum: changes of the tracked factors, telling prints, flow, signed prints. */
export const STEP = { change: STATES, told: STATES + F, flow: STATES + 2 * F, signed: STATES + 3 * F } as const;
export const STEP_SIZE = STATES + 3 * F + 1;
/** Places in a step of what is seen: all from the momentum on. */
export const SEEN: readonly number[] = Array.from({ length: STEP_SIZE - STATE.momentum }, (_, i) => STATE.momentum + i);

/** Returns are clipped to so many implied standard deviations: a jump of the spot says no more than a very large move. */
export const RETURN_LIMIT = 6;
/** Steps over which a move of the spot fades, in the mean. */
export const MOMENTUM_STEPS = 28.85;
const MOMENTUM_KEPT = Math.exp(-1 / MOMENTUM_STEPS);

/** What a maker sees at a forecast step: arrays by factor, borrowed. */
export interface SeenStep {
  readonly tracked: Readonly<Float64Array>;
  readonly flow: Readonly<Float64Array>;
  readonly told: Readonly<Float64Array>;
  readonly signedPrints: number;
  readonly prints: number;
  /** Return of the spot over the step, in implied standard deviations. */
  readonly spotReturn: number;
}

/** Momentum after one more return. */
export function momentumAfter(before: number, spotReturn: number): number {
  return before * MOMENTUM_KEPT + Math.max(-RETURN_LIMIT, Math.min(RETURN_LIMIT, spotReturn));
}

/** The part of the momentum that is a fall. */
export const fallOf = (momentum: number): number => Math.max(0, -momentum);

/** A return of more implied standard deviations than this is a jump of the spot. */
const JUMP_SD = 10;
/** Steps after a jump in which a tracker may still be at a loss. */
export const JUMP_STEPS = 40;

/**
 * By step: 1 where the spot jumped in that step or in the {@link JUMP_STEPS} before it. Nothing foresees a jump, and in sums of squares one outweighs a
 * hundred hours.
 */
export function afterJumps({ steps, spotReturn }: HiddenPath): Uint8Array {
  const marks = new Uint8Array(steps);
  for (let step = 0; step < steps; step += 1) if (Math.abs(spotReturn[step] ?? 0) > JUMP_SD) marks.fill(1, step, step + JUMP_STEPS + 1);
  return marks;
}

/** The hidden state at a step of a path, but for the tracker's error; `momentum` is the caller's. */
export function hiddenInto(path: HiddenPath, step: number, momentum: number, out: Float64Array): Float64Array {
  for (let f = 0; f < F; f += 1) {
    out[STATE.pressure + f] = path.pressure[step * F + f] ?? 0;
    out[STATE.signal + f] = path.signal[step * F + f] ?? 0;
  }
  out[STATE.memory] = path.memory[step] ?? 0;
  out[STATE.excitation] = path.excitation[step] ?? 0;
  out[STATE.momentum] = momentum;
  out[STATE.fall] = fallOf(momentum);
  return out;
}

/** The whole of it at a step of a record that was seen. */
export function stateInto(record: MarketRecord, step: number, momentum: number, out: Float64Array): Float64Array {
  for (let f = 0; f < F; f += 1) out[STATE.error + f] = (record.tracked[step * F + f] ?? 0) - (record.truth[step * F + f] ?? 0);
  return hiddenInto(record, step, momentum, out);
}

/** Reads of a record what a maker saw; what it returns is borrowed until the next call. */
export class RecordReader {
  readonly #record: MarketRecord;
  readonly #told: Float64Array;
  readonly #seen = {
    tracked: new Float64Array(F),
    flow: new Float64Array(F),
    told: new Float64Array(F),
    signedPrints: 0,
    prints: 0,
    spotReturn: 0,
  };

  constructor(record: MarketRecord, weights: SizeWeights) {
    this.#record = record;
    this.#told = toldOf(record, weights);
  }

  /** What was seen at a step; undefined where nothing was. */
  at(step: number): SeenStep | undefined {
    const record = this.#record;
    if (record.seen[step] !== 1) return undefined;
    const seen = this.#seen;
    for (let f = 0; f < F; f += 1) {
      seen.tracked[f] = record.tracked[step * F + f] ?? 0;
      seen.flow[f] = record.flow[step * F + f] ?? 0;
      seen.told[f] = this.#told[step * F + f] ?? 0;
    }
    seen.signedPrints = record.signedPrints[step] ?? 0;
    seen.prints = record.prints[step] ?? 0;
    seen.spotReturn = record.spotReturn[step] ?? 0;
    return seen;
  }
}
