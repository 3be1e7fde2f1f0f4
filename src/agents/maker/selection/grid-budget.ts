import type { LossGrid } from '../../../risk/scenario-losses.ts';
import { ScenarioLosses, worstLoss } from '../../../risk/scenario-losses.ts';
import type { QuotingView } from '../quoting/quoter.ts';

/**
 * Loss in the worst cell of a grid, of the position with all bids of a set filled or with all its offers filled: customers of one direction come in
 * crowds, and the two crowds do not come at once.
 */
export class GridBudget {
  readonly #name: string;
  readonly #limit: number;
  readonly #losses: ScenarioLosses;
  readonly #held: Float64Array;
  readonly #bought: Float64Array;
  readonly #sold: Float64Array;
  readonly #trial: Float64Array;

  /** @param limit dollars; Infinity where there is none. */
  constructor(name: string, view: QuotingView, grid: LossGrid, limit: number) {
    this.#name = name;
    this.#limit = limit;
    this.#losses = new ScenarioLosses(view.chain, grid);
    this.#held = new Float64Array(this.#losses.cells);
    this.#bought = new Float64Array(this.#losses.cells);
    this.#sold = new Float64Array(this.#losses.cells);
    this.#trial = new Float64Array(this.#losses.cells);
  }

  /** Revalues the chain. */
  look(view: QuotingView): void {
    this.#losses.update(view.theo);
  }

  /** Begins with the position alone. @param underlying units of it. */
  startOver(view: QuotingView, underlying: number): void {
    this.#losses.position(view.units, underlying, this.#held);
    this.#bought.set(this.#held);
    this.#sold.set(this.#held);
  }

  /** Worst loss of the position alone, dollars. */
  get used(): number {
    return worstLoss(this.#held);
  }

  /** By how much a clip on the worse of the two sides raises the worst loss of the position, dollars. */
  increase(series: number, size: number): number {
    const bid = worstLoss(this.#with(this.#held, series, size));
    const ask = worstLoss(this.#with(this.#held, series, -size));
    return Math.max(0, Math.max(bid, ask) - this.used);
  }

  /** Why a clip of a series on both sides does not fit beside those added so far; undefined when it does, or makes the worst loss no larger. */
  refusal(series: number, size: number): string | undefined {
    if (this.#limit === Number.POSITIVE_INFINITY) return undefined;
    for (const [sum, signed] of [
      [this.#bought, size],
      [this.#sold, -size],
    ] as const) {
      const worst = worstLoss(this.#with(sum, series, signed));
      if (worst > this.#limit && worst > worstLoss(sum)) {
        return `would need ${worst.toFixed(0)} $ of ${this.#name}, the limit is ${this.#limit} $`;
      }
    }
    return undefined;
  }

  add(series: number, size: number): void {
    this.#bought.set(this.#with(this.#bought, series, size));
    this.#sold.set(this.#with(this.#sold, series, -size));
  }

  #with(sum: Float64Array, series: number, signed: number): Float64Array {
    for (let cell = 0; cell < sum.length; cell += 1) this.#trial[cell] = (sum[cell] ?? 0) + signed * this.#losses.gain(cell, series);
    return this.#trial;
  }
}
