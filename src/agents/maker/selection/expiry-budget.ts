import type { QuotingView } from '../quoting/quoter.ts';

/** A Greek of one unit of a series. */
type GreekOf = (view: QuotingView, series: number) => number;

/** Greeks that may be limited by expiry, with their units. */
export const EXPIRY_GREEKS = {
  vega: { unit: '$ per vol point', of: ({ theo }, i) => (theo.vega[i] ?? 0) / 100 },
  gamma: { unit: 'units per 1 %', of: ({ theo }, i) => ((theo.gamma[i] ?? 0) * theo.spot) / 100 },
  delta: { unit: 'units', of: ({ theo }, i) => theo.delta[i] ?? 0 },
} satisfies Record<string, { readonly unit: string; readonly of: GreekOf }>;
export type ExpiryGreek = keyof typeof EXPIRY_GREEKS;

/** One Greek of the options of each expiry, of the position with all bids of a set filled or with all its offers filled. */
export class ExpiryBudget {
  readonly #greek: ExpiryGreek;
  readonly #limit: number;
  readonly #bought: Float64Array;
  readonly #sold: Float64Array;

  constructor(greek: ExpiryGreek, expiries: number, limit: number) {
    this.#greek = greek;
    this.#limit = limit;
    this.#bought = new Float64Array(expiries);
    this.#sold = new Float64Array(expiries);
  }

  /** Begins with the position alone. */
  startOver(view: QuotingView): void {
    this.#bought.fill(0);
    for (const { id, expiry } of view.chain.options) {
      const held = view.units[id - 1] ?? 0;
      if (held !== 0) this.#bought[expiry] = (this.#bought[expiry] ?? 0) + held * this.#of(view, id - 1);
    }
    this.#sold.set(this.#bought);
  }

  /** Why a clip on both sides does not fit beside those added so far. What lowers an exposure that is over its limit always fits. */
  refusal(view: QuotingView, series: number, size: number): string | undefined {
    const option = view.chain.options[series];
    if (option === undefined) return undefined;
    for (const [sum, signed] of [
      [this.#bought, size],
      [this.#sold, -size],
    ] as const) {
      const before = sum[option.expiry] ?? 0;
      const after = before + signed * this.#of(view, series);
      if (Math.abs(after) > this.#limit && Math.abs(after) > Math.abs(before)) {
        const label = view.chain.expiries[option.expiry]?.label ?? '';
        return `would bring ${this.#greek} in ${label} to ${after.toFixed(1)} ${EXPIRY_GREEKS[this.#greek].unit}, the limit is ${this.#limit}`;
      }
    }
    return undefined;
  }

  add(view: QuotingView, series: number, size: number): void {
    const option = view.chain.options[series];
    if (option === undefined) return;
    const moved = size * this.#of(view, series);
    this.#bought[option.expiry] = (this.#bought[option.expiry] ?? 0) + moved;
    this.#sold[option.expiry] = (this.#sold[option.expiry] ?? 0) - moved;
  }

  #of(view: QuotingView, series: number): number {
    return EXPIRY_GREEKS[this.#greek].of(view, series);
  }
}
