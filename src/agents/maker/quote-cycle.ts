import type { InstrumentId, Ticks } from '../../core/units.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import type { Report, Side } from '../../market/order.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { AgentSetup, Desk } from '../agent.ts';
import type { LimitUse, SideInspection } from '../inspection.ts';
import { type Exposures, MEASURE_UNITS, MEASURES, WHOLE } from './exposures.ts';
import { MassQuoter, type Standing } from './mass-quoter.ts';
import type { MakerParams } from './params.ts';
import type { Protection } from './protection/protection.ts';
import { blankRuling, type Ruling } from './protection/ruling.ts';
import { QuotePlan, type SideWish } from './quote-plan.ts';
import type { QuoteBoard } from './quoting/quote-board.ts';
import type { Quote } from './quoting/quoter.ts';
import { RequestAllowance } from './request-allowance.ts';
import type { RiskBudget } from './risk-budget.ts';

const BARRED = 'the venue refused it: tried again in a while';
const NO_PRICE = 'no price of at least one tick inside the market';

/** From the prices of the board to quotes at the exchange: one look at all series, inside all limits, in one message. */
export class QuoteCycle {
  readonly #setup: AgentSetup;
  readonly #params: MakerParams;
  readonly #board: QuoteBoard;
  readonly #plan: QuotePlan;
  readonly #quotes: MassQuoter;
  readonly #protection: Protection;
  readonly #theo: TheoChain;
  readonly #bidRuling = blankRuling();
  readonly #askRuling = blankRuling();
  #isStopped = false;

  /** @param theo the maker's own values. */
  constructor(params: MakerParams, setup: AgentSetup, board: QuoteBoard, protection: Protection, theo: TheoChain) {
    this.#protection = protection;
    this.#theo = theo;
    this.#params = params;
    this.#setup = setup;
    this.#board = board;
    this.#plan = new QuotePlan(setup.chain, theo, params);
    this.#quotes = new MassQuoter(setup.chain.options.length, new RequestAllowance(setup.requestRate));
  }

  hear(report: Readonly<Report>, desk: Desk): void {
    this.#quotes.hear(report, desk);
  }

  /** What limits leave with all that is open counted as filled, as of the last look. */
  get budget(): RiskBudget {
    return this.#plan.budget;
  }

  /** Price at which the agent itself quotes a side; undefined where it does not. */
  standing(series: number, side: Side): Ticks | undefined {
    return this.#quotes.standing(series, side)?.price;
  }

  /** Takes all quotes out in one message. */
  pull(desk: Desk, reason: string): void {
    this.#isStopped = false;
    this.#quotes.pull(desk);
    this.#plan.clear(reason);
  }

  /** The first time takes everything out in one message, hedges that rest as well; after that nothing is left to take. */
  stop(desk: Desk, reason: string): void {
    if (!this.#isStopped) desk.cancelAll();
    this.#isStopped = true;
    this.ended(reason);
  }

  /** Takes note that all quotes are being taken out. */
  ended(reason: string): void {
    this.#quotes.ended();
    this.#plan.clear(reason);
  }

  /** Quotes what is chosen, as far as protection lets it. */
  quote(desk: Desk, position: Exposures): void {
    this.#isStopped = false;
    this.#plan.begin(desk, position.table);
    for (const option of this.#setup.chain.options) this.#decide(desk, option);
    this.#quotes.send(desk);
  }

  #decide(desk: Desk, option: OptionSeries): void {
    const i = option.id - 1;
    const selection = this.#board.selections[i];
    const isBarred = this.#quotes.barred(i, desk);
    const made = selection?.selected === true && !isBarred ? this.#board.price(option) : undefined;
    const held = desk.position(option.id);
    const bid = this.#protection.rule(option, 'buy', held, this.#theo, this.#bidRuling);
    const ask = this.#protection.rule(option, 'sell', held, this.#theo, this.#askRuling);
    const prices = made === undefined ? undefined : this.#board.sendable(desk, option, widened(made, bid.widen, ask.widen));
    const missing = isBarred ? BARRED : made === undefined ? (selection?.reason ?? '') : NO_PRICE;
    const within = this.#params.requoteShare * (made?.halfSpread ?? 0);
    const size = (ruling: Ruling, price: Ticks | undefined): Omit<SideWish, 'price' | 'standing'> => ({
      most: ruling.most,
      reason: price === undefined ? missing : ruling.reason,
      isWider: ruling.widen > 1,
    });
    this.#quotes.want(
      option,
      this.#side(desk, option, 'buy', prices?.bid, within, size(bid, prices?.bid)),
      this.#side(desk, option, 'sell', prices?.ask, within, size(ask, prices?.ask)),
    );
  }

  /** One side of a series; `within` is how far a price may be from what stands, for that to stay. */
  #side(
    desk: Desk,
    option: OptionSeries,
    side: Side,
    wanted: Ticks | undefined,
    within: number,
    size: Omit<SideWish, 'price' | 'standing'>,
  ): Standing | undefined {
    const price = this.#quotes.steady(option, side, wanted, within);
    const standing = this.#quotes.standing(option.id - 1, side);
    return this.#plan.decide(desk, option, side, { price, standing, ...size });
  }

  /** Limits of what open quotes may lead to, with what is used of them. */
  limits(): LimitUse[] {
    return MEASURES.map((name, m) => ({
      name: name === 'delta' ? 'open delta' : name,
      unit: MEASURE_UNITS[name],
      value: this.#plan.budget.worst(WHOLE, m),
      limit: this.#plan.budget.limit(WHOLE, m),
    })).filter(({ limit }) => limit < Number.POSITIVE_INFINITY);
  }

  /** How the two sides of a series stand, and why. */
  decision(instrument: InstrumentId): { readonly bid: SideInspection; readonly ask: SideInspection } | undefined {
    const option = this.#setup.chain.options[instrument - 1];
    if (option === undefined) return undefined;
    return { bid: this.#inspect(option, 'buy'), ask: this.#inspect(option, 'sell') };
  }

  #inspect(option: OptionSeries, side: Side): SideInspection {
    const { price, size, reason } = this.#plan.decision(option.id - 1, side);
    return { price: price === undefined ? undefined : price * option.tickSize, size: size * option.lotSize, reason };
  }
}

/** A quote whose sides are further from its middle, each by a multiple of its own. */
function widened(made: Quote, bidBy: number, askBy: number): Quote {
  if (bidBy === 1 && askBy === 1) return made;
  const middle = (made.bid + made.ask) / 2;
  return { ...made, bid: middle - bidBy * (middle - made.bid), ask: middle + askBy * (made.ask - middle) };
}
