import type { Ticks } from '../../core/units.ts';
import type { Chain } from '../../market/chain.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import type { Side } from '../../market/order.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { Desk } from '../agent.ts';
import type { MakerParams } from './params.ts';
import type { PositionRisk } from './position-risk.ts';
import { RiskBudget } from './risk-budget.ts';

/** One side of a series as the maker wants it; no price: no quote. */
export interface Intent {
  readonly option: OptionSeries;
  readonly side: Side;
  readonly price: Ticks | undefined;
  readonly size: number;
}

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

  /** What one side of a series shall be: this price and a size inside all limits, or nothing. Once per side and cycle. */
  intent(desk: Desk, option: OptionSeries, side: Side, price: Ticks | undefined): Intent {
    const nothing: Intent = { option, side, price: undefined, size: 0 };
    const held = desk.position(option.id) * (side === 'buy' ? 1 : -1);
    const room = Math.floor(this.#params.limits.positionPerSeries / option.lotSize + 1e-9) - held;
    const size = Math.min(Math.max(1, Math.round(this.#params.size / option.lotSize)), room);
    const open = desk.openLots(option.id, side);
    if (price === undefined || size <= 0) {
      this.budget.giveUp(side, ...this.#worth(option, open));
      return nothing;
    }
    if (open > 0 && !this.budget.keep(side, ...this.#worth(option, open))) return nothing;
    if (size <= open || this.budget.grant(side, ...this.#worth(option, size - open))) return { option, side, price, size };
    return open > 0 ? { option, side, price, size: open } : nothing;
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
