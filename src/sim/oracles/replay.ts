import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { MarketRecord } from './market-record.ts';
import type { PathLaw } from './path-law.ts';
import { SizeWeights } from './print-sizes.ts';
import { StateFilter } from './state-filter.ts';
import { SurfaceFilter } from './surface-filter.ts';
import type { SurfaceLaw } from './surface-law.ts';
import { RecordReader, STATES, stateInto } from './surface-state.ts';

/** The filter on a record, step by step. */
export class FilterReplay {
  /** What is expected, `horizon · factors + factor`: true factor at the horizon less the tracked one now; borrowed. */
  readonly change: Float64Array;
  /** The most likely regime of the next step, by its place in the law. */
  regime = 0;
  readonly filter: SurfaceFilter;
  readonly #reader: RecordReader;
  readonly #regimes: number;

  constructor(law: SurfaceLaw, path: PathLaw, horizons: number, record: MarketRecord, order = 2) {
    this.change = new Float64Array(horizons * FACTOR_COUNT);
    this.filter = new SurfaceFilter(law, path, order);
    this.#reader = new RecordReader(record, new SizeWeights(law.sizes));
    this.#regimes = law.regimes.length;
  }

  /** Sees a step; false where the subject saw nothing. */
  see(step: number): boolean {
    const seen = this.#reader.at(step);
    if (seen === undefined) return false;
    this.filter.see(seen);
    this.regime = filterInto(this.filter, this.#regimes, this.change);
    return true;
  }
}

/** Writes all forecasts of a filter; returns the most likely regime. */
export function filterInto(filter: SurfaceFilter, regimes: number, change: Float64Array): number {
  forecastInto(filter, change);
  let best = 0;
  for (let j = 1; j < regimes; j += 1) if (filter.regimeChance(j) > filter.regimeChance(best)) best = j;
  return best;
}

/** One who knows the hidden state and the law, on a record. */
export class StateReplay {
  readonly change: Float64Array;
  /** The regime, by its place in the law; the first where the law has none. */
  regime = 0;
  readonly filter: StateFilter;
  readonly #law: SurfaceLaw;
  readonly #record: MarketRecord;
  readonly #reader: RecordReader;
  readonly #state = new Float64Array(STATES);

  constructor(law: SurfaceLaw, path: PathLaw, horizons: number, record: MarketRecord) {
    this.change = new Float64Array(horizons * FACTOR_COUNT);
    this.filter = new StateFilter(law, path);
    this.#law = law;
    this.#record = record;
    this.#reader = new RecordReader(record, new SizeWeights(law.sizes));
  }

  see(step: number): boolean {
    const seen = this.#reader.at(step);
    if (seen === undefined) return false;
    this.regime = placeOf(this.#law, this.#record.regime[step] ?? 0);
    this.filter.see(seen, stateInto(this.#record, step, 0, this.#state), this.regime);
    forecastInto(this.filter, this.change);
    return true;
  }
}

/** Writes all forecasts. */
export function forecastInto(filter: SurfaceFilter | StateFilter, change: Float64Array): void {
  for (let at = 0; at < change.length; at += 1) change[at] = filter.forecast(Math.floor(at / FACTOR_COUNT), at % FACTOR_COUNT);
}

/** Place of a scenario's regime in a law; 0 where it is not in it. */
export const placeOf = (law: SurfaceLaw, regime: number): number =>
  Math.max(
    0,
    law.regimes.findIndex((of) => of.regime === regime),
  );
