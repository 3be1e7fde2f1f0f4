import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { MarketRecord } from './market-record.ts';
import type { PathLaw } from './path-law.ts';
import { SurfaceFilter } from './surface-filter.ts';
import type { SurfaceLaw } from './surface-law.ts';
import { momentumAfter, RecordReader, STATE, STATES, stateInto } from './surface-state.ts';

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
    this.#reader = new RecordReader(record);
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
  for (let at = 0; at < change.length; at += 1) change[at] = filter.forecast(Math.floor(at / FACTOR_COUNT), at % FACTOR_COUNT);
  let best = 0;
  for (let j = 1; j < regimes; j += 1) if (filter.regimeChance(j) > filter.regimeChance(best)) best = j;
  return best;
}

/** One who knows the hidden state and the law, on a record. */
export class StateReplay {
  readonly change: Float64Array;
  /** The regime, by its place in the law; the first where the law has none. */
  regime = 0;
  readonly #law: SurfaceLaw;
  readonly #path: PathLaw;
  readonly #record: MarketRecord;
  readonly #state = new Float64Array(STATES);
  #momentum = 0;

  constructor(law: SurfaceLaw, path: PathLaw, horizons: number, record: MarketRecord) {
    this.change = new Float64Array(horizons * FACTOR_COUNT);
    this.#law = law;
    this.#path = path;
    this.#record = record;
  }

  see(step: number): boolean {
    const record = this.#record;
    if (record.seen[step] !== 1) return false;
    this.#momentum = momentumAfter(this.#momentum, record.spotReturn[step] ?? 0);
    this.regime = placeOf(this.#law, record.regime[step] ?? 0);
    stateForecast(this.#path, this.regime, stateInto(record, step, this.#momentum, this.#state), this.change);
    return true;
  }
}

/** Place of a scenario's regime in a law; 0 where it is not in it. */
export const placeOf = (law: SurfaceLaw, regime: number): number =>
  Math.max(
    0,
    law.regimes.findIndex((of) => of.regime === regime),
  );

/** Writes what is expected of a state that is known. */
export function stateForecast(path: PathLaw, place: number, state: Readonly<Float64Array>, change: Float64Array): void {
  for (let at = 0; at < change.length; at += 1) {
    const factor = at % FACTOR_COUNT;
    change[at] = path.change(place, Math.floor(at / FACTOR_COUNT), factor, state) - (state[STATE.error + factor] ?? 0);
  }
}
