import type { Chain } from '../../market/chain.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { Desk } from '../agent.ts';

/** What limits are set on. */
export const MEASURES = ['delta', 'gamma', 'vega', 'theta'] as const;
export type Measure = (typeof MEASURES)[number];
export const MEASURE_COUNT = MEASURES.length;

/** Units of the measures, for a position or for one contract. */
export const MEASURE_UNITS: Readonly<Record<Measure, string>> = {
  delta: 'units',
  gamma: 'units per 1 %',
  vega: '$ per vol point',
  theta: '$ per day',
};

/** Where a limit holds: 0 is everything, `1 + e` the options of expiry e. */
export type Scope = number;
export const WHOLE: Scope = 0;
export const scopeOf = (expiry: number): Scope => 1 + expiry;

/** Tables of measures by scope: entry `scope · MEASURE_COUNT + measure`, measures in the order of {@link MEASURES}. */
export const measureTable = (chain: Chain): Float64Array => new Float64Array((1 + chain.expiries.length) * MEASURE_COUNT);

/** What one contract of a series has of each measure, long. */
export function contractMeasures(theo: TheoChain, series: number, out: Float64Array): Float64Array {
  out[0] = theo.delta[series] ?? 0;
  out[1] = ((theo.gamma[series] ?? 0) * theo.spot) / 100;
  out[2] = (theo.vega[series] ?? 0) / 100;
  out[3] = (theo.theta[series] ?? 0) / 365;
  return out;
}

/** Measures of a position, in all and by expiry. The underlying counts in the whole alone. */
export class Exposures {
  /** A {@link measureTable}. */
  readonly table: Float64Array;
  readonly #chain: Chain;
  readonly #one = new Float64Array(MEASURE_COUNT);

  constructor(chain: Chain) {
    this.#chain = chain;
    this.table = measureTable(chain);
  }

  /** Sums the position that the desk reports. */
  look(theo: TheoChain, desk: Desk): void {
    const { table } = this;
    const { underlying } = this.#chain;
    table.fill(0);
    table[0] = desk.position(underlying.id) * underlying.lotSize;
    for (const option of this.#chain.options) {
      const units = desk.position(option.id) * option.lotSize;
      if (units === 0) continue;
      contractMeasures(theo, option.id - 1, this.#one);
      const expiry = scopeOf(option.expiry) * MEASURE_COUNT;
      for (let m = 0; m < MEASURE_COUNT; m += 1) {
        const amount = units * (this.#one[m] ?? 0);
        table[m] = (table[m] ?? 0) + amount;
        table[expiry + m] = (table[expiry + m] ?? 0) + amount;
      }
    }
  }
}
