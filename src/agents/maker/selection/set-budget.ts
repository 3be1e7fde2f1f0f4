import { z } from 'zod';
import { positive } from '../../../config/quantity.ts';
import { MARGIN_GRID, STRESS_GRID } from '../../../risk/scenario-losses.ts';
import type { QuotingView } from '../quoting/quoter.ts';
import { ExpiryBudget } from './expiry-budget.ts';
import { GridBudget } from './grid-budget.ts';

/** Limits on what the quoted set may bring, as if all its bids or all its offers were filled. A limit that is left out does not hold. */
export const budgetParams = z
  .strictObject({
    marginDollars: positive({ about: 'margin by the grid of a venue, in dollars' }).optional(),
    stressDollars: positive({ about: 'loss in the worst cell of spot ±30 % and vol −40 to +100 %, in dollars' }).optional(),
    expiryVega: positive({ about: 'dollars per vol point, of each expiry' }).optional(),
    expiryGamma: positive({ about: 'change of delta in units for a 1 % move, of each expiry' }).optional(),
    expiryDelta: positive({ about: 'delta of the options in units, of each expiry' }).optional(),
  })
  .prefault({})
  .describe('risk that the chosen series may bring if all bids, or all offers, were filled; unlimited by default');

export type BudgetTerms = z.output<typeof budgetParams>;

/** Room for series in the quoted set, under all its limits. A series counts with one clip on each side. */
export class SetBudget {
  readonly margin: GridBudget;
  readonly #view: QuotingView;
  readonly #grids: readonly GridBudget[];
  readonly #expiries: readonly ExpiryBudget[];
  /** Units of the underlying that are held. */
  #underlying = 0;

  constructor(view: QuotingView, terms: BudgetTerms) {
    const { length } = view.chain.expiries;
    this.#view = view;
    this.margin = new GridBudget('margin', view, MARGIN_GRID, terms.marginDollars ?? Number.POSITIVE_INFINITY);
    const stress = terms.stressDollars === undefined ? [] : [new GridBudget('stress loss', view, STRESS_GRID, terms.stressDollars)];
    this.#grids = [this.margin, ...stress];
    this.#expiries = [
      ...(terms.expiryVega === undefined ? [] : [new ExpiryBudget('vega', length, terms.expiryVega)]),
      ...(terms.expiryGamma === undefined ? [] : [new ExpiryBudget('gamma', length, terms.expiryGamma)]),
      ...(terms.expiryDelta === undefined ? [] : [new ExpiryBudget('delta', length, terms.expiryDelta)]),
    ];
  }

  /** Takes in values and position as they are now. @param underlying units of it that are held. */
  look(underlying: number): void {
    this.#underlying = underlying;
    for (const grid of this.#grids) grid.look(this.#view);
    this.startOver();
  }

  /** Empties the set. */
  startOver(): void {
    for (const grid of this.#grids) grid.startOver(this.#view, this.#underlying);
    for (const expiry of this.#expiries) expiry.startOver(this.#view);
  }

  /** Adds a series to the set if it fits; otherwise says which limit it would break, and adds nothing. */
  admit(series: number): string | undefined {
    const { size } = this.#view.terms;
    for (const grid of this.#grids) {
      const refusal = grid.refusal(series, size);
      if (refusal !== undefined) return refusal;
    }
    for (const expiry of this.#expiries) {
      const refusal = expiry.refusal(this.#view, series, size);
      if (refusal !== undefined) return refusal;
    }
    for (const grid of this.#grids) grid.add(series, size);
    for (const expiry of this.#expiries) expiry.add(this.#view, series, size);
    return undefined;
  }
}
