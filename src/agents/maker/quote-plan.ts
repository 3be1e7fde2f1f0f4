import type { Ticks } from '../../core/units.ts';
import type { Chain } from '../../market/chain.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import { type Side, signOf } from '../../market/order.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { Desk } from '../agent.ts';
import { contractMeasures, MEASURE_COUNT } from './exposures.ts';
import type { Standing } from './mass-quoter.ts';
import { measureLimits } from './measure-limits.ts';
import type { MakerParams } from './params.ts';
import { RiskBudget } from './risk-budget.ts';

/** What one side of a series shall be, and why; no price: no quote. */
export interface SideDecision {
  price: Ticks | undefined;
  /** Lots. */
  size: number;
  /** Why it is not quoted, or smaller than meant. */
  reason: string;
}

/** What a side is asked to be. */
export interface SideWish {
  readonly price: Ticks | undefined;
  /** The side as it is. */
  readonly standing: Standing | undefined;
  /** Lots that it may have at most, whatever the limits leave; Infinity where nothing speaks against it. */
  readonly most: number;
  /** Why it has no price, or may have no more than that, or is wider. */
  readonly reason: string;
  /** It is further from its value than it would be without protection. */
  readonly isWider: boolean;
}

/** The reason of a side to which nothing speaks. */
export const IN_FULL = 'quoted in full';
const UNDECIDED: Readonly<SideDecision> = { price: undefined, size: 0, reason: 'not looked at yet' };

/** Fits the quotes of one cycle into the limits of position, delta, gamma, vega and theta, everything open counted as if it were filled. */
export class QuotePlan {
  readonly budget: RiskBudget;
  readonly #chain: Chain;
  readonly #theo: TheoChain;
  readonly #params: MakerParams;
  /** By series, bid before offer. */
  readonly #decisions: readonly SideDecision[];
  readonly #effect = new Float64Array(MEASURE_COUNT);
  readonly #noRoom: string;

  /** @param theo the maker's own values. */
  constructor(chain: Chain, theo: TheoChain, params: MakerParams) {
    this.budget = new RiskBudget(chain, measureLimits(params.limits, chain));
    this.#chain = chain;
    this.#theo = theo;
    this.#params = params;
    this.#decisions = Array.from({ length: 2 * chain.options.length }, () => ({ ...UNDECIDED }));
    this.#noRoom = `limit: ${params.limits.positionPerSeries} contracts of a series`;
  }

  /** Starts a cycle from the position, a `measureTable`, and everything that is open. */
  begin(desk: Desk, position: Readonly<Float64Array>): void {
    const { id, lotSize } = this.#chain.underlying;
    this.budget.reset(position, desk.openLots(id, 'buy') * lotSize, desk.openLots(id, 'sell') * lotSize);
    for (const option of this.#chain.options) {
      for (const side of ['buy', 'sell'] as const) {
        const open = desk.openLots(option.id, side);
        if (open > 0) this.budget.hold(option.expiry, this.#worth(option, side, open));
      }
    }
  }

  /** The latest decision on a side. */
  decision(series: number, side: Side): Readonly<SideDecision> {
    return this.#decisions[2 * series + (side === 'buy' ? 0 : 1)] ?? UNDECIDED;
  }

  /**
   * What one side of a series shall be: the price asked for and a size inside all limits, or nothing. Once per side and cycle.
   *
   * A side that changes counts beside what it takes the place of: that may trade until the exchange has the message.
   */
  decide(desk: Desk, option: OptionSeries, side: Side, wish: SideWish): Standing | undefined {
    const decision: SideDecision = this.decision(option.id - 1, side);
    const size = this.#fit(desk, option, side, wish, decision);
    decision.price = size > 0 ? wish.price : undefined;
    decision.size = size;
    return decision.price === undefined ? undefined : { price: decision.price, size };
  }

  /** No side of any series is quoted. */
  clear(reason: string): void {
    for (const decision of this.#decisions) {
      decision.price = undefined;
      decision.size = 0;
      decision.reason = reason;
    }
  }

  /** Lots that a side may have, 0 for none; the reason goes into the decision. */
  #fit(desk: Desk, option: OptionSeries, side: Side, { price, standing, most, reason, isWider }: SideWish, decision: SideDecision): number {
    const limit = Math.floor(this.#params.limits.positionPerSeries / option.lotSize + 1e-9);
    const held = desk.position(option.id) * signOf(side);
    const full = Math.max(1, Math.round(this.#params.size / option.lotSize));
    const size = Math.min(full, limit - held, most);
    const open = desk.openLots(option.id, side);
    decision.reason = size === full ? (isWider ? reason : IN_FULL) : most <= limit - held ? reason : this.#noRoom;
    const isQuoted = price !== undefined && size > 0;
    if (isQuoted && standing?.price === price && standing.size === size) {
      const shortage = this.budget.keep(option.expiry, this.#worth(option, side, open));
      decision.reason = shortage ?? decision.reason;
      return shortage === undefined ? size : 0;
    }
    if (open > 0) this.budget.giveUp(option.expiry, this.#worth(option, side, open));
    if (!isQuoted) {
      if (price === undefined) decision.reason = reason;
      return 0;
    }
    if (held + open + size > limit) {
      decision.reason = `${this.#noRoom}, until what stands has gone`;
      return 0;
    }
    const shortage = this.budget.grant(option.expiry, this.#worth(option, side, size));
    decision.reason = shortage ?? decision.reason;
    return shortage === undefined ? size : 0;
  }

  /** What so many lots of a side add to each measure when they are filled. Borrowed until the next call. */
  #worth(option: OptionSeries, side: Side, size: number): Float64Array {
    const effect = contractMeasures(this.#theo, option.id - 1, this.#effect);
    const units = signOf(side) * size * option.lotSize;
    for (let m = 0; m < MEASURE_COUNT; m += 1) effect[m] = units * (effect[m] ?? 0);
    return effect;
  }
}
