import type { Ticks } from '../../core/units.ts';
import type { Chain } from '../../market/chain.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import type { Side } from '../../market/order.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { Desk } from '../agent.ts';
import type { Standing } from './mass-quoter.ts';
import type { MakerParams } from './params.ts';
import type { PositionRisk } from './position-risk.ts';
import { RiskBudget } from './risk-budget.ts';

/** Fits the quotes of one cycle into the limits of position, vega and gamma, everything open counted as if it were filled. */
export class QuotePlan {
  readonly budget: RiskBudget;
  readonly #chain: Chain;
  readonly #theo: TheoChain;
  readonly #params: MakerParams;

  /** @param theo the maker's own values. */
  constructor(chain: Chain, theo: TheoChain, params: MakerParams) {
    this.budget = new RiskBudget(params.limits.vega, params.limits.gamma);
    this.#chain = chain;
    this.#theo = theo;
    this.#params = params;
  }

  /** Starts a cycle from the position and everything that is open. */
  begin(desk: Desk, risk: Readonly<PositionRisk>): void {
    this.budget.reset(risk.vega, risk.gammaPerPercent);
    for (const option of this.#chain.options) {
      for (const side of ['buy', 'sell'] as const) {
        const open = desk.openLots(option.id, side);
        if (open > 0) this.budget.hold(side, ...this.#worth(option, open));
      }
    }
  }

  /**
   * What one side of a series shall be: this price and a size inside all limits, or nothing. Once per side and cycle.
   *
   * A side that changes counts beside what it takes the place of: that may trade until the exchange has the message.
   *
   * @param standing the side as it is.
   */
  intent(desk: Desk, option: OptionSeries, side: Side, price: Ticks | undefined, standing: Standing | undefined): Standing | undefined {
    const limit = Math.floor(this.#params.limits.positionPerSeries / option.lotSize + 1e-9);
    const held = desk.position(option.id) * (side === 'buy' ? 1 : -1);
    const size = Math.min(Math.max(1, Math.round(this.#params.size / option.lotSize)), limit - held);
    const open = desk.openLots(option.id, side);
    const isKept = price !== undefined && size > 0 && standing?.price === price && standing.size === size;
    if (isKept) return this.budget.keep(side, ...this.#worth(option, open)) ? standing : undefined;
    this.budget.giveUp(side, ...this.#worth(option, open));
    if (price === undefined || size <= 0 || held + open + size > limit) return undefined;
    return this.budget.grant(side, ...this.#worth(option, size)) ? { price, size } : undefined;
  }

  /** Vega (dollars per vol point) and gamma (units for 1 %) of so many lots. */
  #worth(option: OptionSeries, size: number): [vega: number, gamma: number] {
    const units = size * option.lotSize;
    return [
      (units * (this.#theo.vega[option.id - 1] ?? 0)) / 100,
      (units * (this.#theo.gamma[option.id - 1] ?? 0) * this.#theo.spot) / 100,
    ];
  }
}
