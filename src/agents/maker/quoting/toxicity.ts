import { z } from 'zod';
import { nonNegative, positive, seconds } from '../../../config/quantity.ts';
import { SECONDS_PER_YEAR } from '../../../core/units.ts';
import type { OptionSeries } from '../../../market/instrument.ts';
import type { TheoChain } from '../../../pricing/theo.ts';

/** How what fills give back is learnt. */
export const toxicityParams = z
  .strictObject({
    horizonSeconds: seconds({ about: 'time after a fill at which it is judged' }).prefault(60),
    memoryFills: positive({ about: 'fills after which one has lost all but 1/e of its weight' }).default(100),
    priorFills: nonNegative({ about: 'fills that gave nothing back, taken to have been seen before' }).default(30),
  })
  .prefault({})
  .describe('how much quotes widen for what fills have been giving back');

/** A fill that has not been judged yet. */
interface Pending {
  readonly series: number;
  readonly expiry: number;
  /** +1 where the maker bought. */
  readonly sign: number;
  readonly weight: number;
  readonly dueYears: number;
  readonly price: number;
  readonly spot: number;
  readonly delta: number;
  readonly vega: number;
  readonly priced: number;
}

/**
 * What the maker's fills give back: how far its own value, hedged in delta, has gone against it a minute after a fill, in vol, beyond what the quote was
 * already wider for. By expiry,
 *
 *   loss = −sign · [(v' − v) − Δ (S' − S)]/V − priced,   toxicity = max(0, Σ w loss/(Σ w + prior)),
 *
 * over fills whose weights w fade with each one that follows. Of size one clip a fill counts as one, a part of it less. It looks at the maker's own values,
 * as any maker can: fills that were followed by a move of the surface, informed or picked off, and not who was behind them.
 */
export class Toxicity {
  readonly #horizonYears: number;
  readonly #memory: number;
  readonly #prior: number;
  /** By expiry: Σ w loss and Σ w. */
  readonly #loss: Float64Array;
  readonly #weight: Float64Array;
  #pending: Pending[] = [];

  constructor(expiries: number, { horizonSeconds, memoryFills, priorFills }: z.output<typeof toxicityParams>) {
    this.#horizonYears = horizonSeconds / SECONDS_PER_YEAR;
    this.#memory = memoryFills;
    this.#prior = priorFills;
    this.#loss = new Float64Array(expiries);
    this.#weight = new Float64Array(expiries);
  }

  /**
   * Hears of a fill of one of the maker's quotes.
   *
   * @param clips contracts over those of a quote; positive where the maker bought.
   * @param priced what the quote was wider by for an uncertain value, in vol.
   */
  filled(option: OptionSeries, clips: number, priced: number, theo: TheoChain, nowYears: number): void {
    const series = option.id - 1;
    const vega = theo.vega[series] ?? 0;
    if (vega <= 0) return;
    this.#pending.push({
      series,
      expiry: option.expiry,
      sign: Math.sign(clips),
      weight: Math.min(1, Math.abs(clips)),
      dueYears: nowYears + this.#horizonYears,
      price: theo.price[series] ?? 0,
      spot: theo.spot,
      delta: theo.delta[series] ?? 0,
      vega,
      priced,
    });
  }

  /** Judges the fills whose time has come, at the values of now. */
  look(theo: TheoChain, nowYears: number): void {
    let judged = 0;
    for (const fill of this.#pending) {
      if (fill.dueYears > nowYears) break;
      this.#judge(fill, theo);
      judged += 1;
    }
    if (judged > 0) this.#pending = this.#pending.slice(judged);
  }

  /** Forgets the fills that were not judged, as before a night. */
  forget(): void {
    this.#pending = [];
  }

  /** What fills in an expiry give back, in vol; at least 0. */
  of(expiry: number): number {
    const weight = (this.#weight[expiry] ?? 0) + this.#prior;
    return weight === 0 ? 0 : Math.max(0, (this.#loss[expiry] ?? 0) / weight);
  }

  #judge(fill: Pending, theo: TheoChain): void {
    const { series, expiry, sign, weight, price, spot, delta, vega, priced } = fill;
    const move = (theo.price[series] ?? 0) - price - delta * (theo.spot - spot);
    const kept = Math.exp(-weight / this.#memory);
    this.#loss[expiry] = (this.#loss[expiry] ?? 0) * kept + weight * ((-sign * move) / vega - priced);
    this.#weight[expiry] = (this.#weight[expiry] ?? 0) * kept + weight;
  }
}
