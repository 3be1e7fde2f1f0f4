import type { InstrumentId, Ticks } from '../../core/units.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import type { Report, Side } from '../../market/order.ts';
import type { AgentSetup, Desk } from '../agent.ts';
import type { LimitUse, SideInspection } from '../inspection.ts';
import { type Exposures, MEASURE_UNITS, MEASURES, WHOLE } from './exposures.ts';
import { MassQuoter, type Standing } from './mass-quoter.ts';
import type { MakerParams } from './params.ts';
import { QuotePlan } from './quote-plan.ts';
import type { QuoteBoard } from './quoting/quote-board.ts';
import { RequestAllowance } from './request-allowance.ts';

const BARRED = 'the venue refused it: tried again in a while';
const NO_PRICE = 'no price of at least one tick inside the market';

/** From the prices of the board to quotes at the exchange: one look at all series, inside all limits, in one message. */
export class QuoteCycle {
  readonly #setup: AgentSetup;
  readonly #params: MakerParams;
  readonly #board: QuoteBoard;
  readonly #plan: QuotePlan;
  readonly #quotes: MassQuoter;

  constructor(params: MakerParams, setup: AgentSetup, board: QuoteBoard, theo: ConstructorParameters<typeof QuotePlan>[1]) {
    this.#params = params;
    this.#setup = setup;
    this.#board = board;
    this.#plan = new QuotePlan(setup.chain, theo, params);
    this.#quotes = new MassQuoter(setup.chain.options.length, new RequestAllowance(setup.requestRate));
  }

  hear(report: Readonly<Report>, desk: Desk): void {
    this.#quotes.hear(report, desk);
  }

  /** Takes all quotes out in one message. */
  pull(desk: Desk, reason: string): void {
    this.#quotes.pull(desk);
    this.#plan.clear(reason);
  }

  /** Takes note that the market has closed, and all quotes with it. */
  closed(): void {
    this.#quotes.ended();
    this.#plan.clear('waiting for the next session');
  }

  /** Quotes what is chosen. */
  quote(desk: Desk, position: Exposures): void {
    this.#plan.begin(desk, position.table);
    for (const option of this.#setup.chain.options) this.#decide(desk, option);
    this.#quotes.send(desk);
  }

  #decide(desk: Desk, option: OptionSeries): void {
    const i = option.id - 1;
    const selection = this.#board.selections[i];
    const isBarred = this.#quotes.barred(i, desk);
    const made = selection?.selected === true && !isBarred ? this.#board.price(option) : undefined;
    const prices = made === undefined ? undefined : this.#board.sendable(desk, option, made);
    const reason = isBarred ? BARRED : made === undefined ? (selection?.reason ?? '') : NO_PRICE;
    const within = this.#params.requoteShare * (made?.halfSpread ?? 0);
    const bid = this.#side(desk, option, 'buy', prices?.bid, within, reason);
    const ask = this.#side(desk, option, 'sell', prices?.ask, within, reason);
    this.#quotes.want(option, bid, ask);
  }

  /** One side of a series; `within` is how far a price may be from what stands, for that to stay. */
  #side(desk: Desk, option: OptionSeries, side: Side, wanted: Ticks | undefined, within: number, reason: string): Standing | undefined {
    const price = this.#quotes.steady(option, side, wanted, within);
    const standing = this.#quotes.standing(option.id - 1, side);
    return this.#plan.decide(desk, option, side, { price, standing, most: Number.POSITIVE_INFINITY, reason });
  }

  /** Limits of what open quotes may lead to, with what is used of them. */
  limits(): LimitUse[] {
    const { limits } = this.#params;
    return MEASURES.map((name, m) => ({
      name: name === 'delta' ? 'open delta' : name,
      unit: MEASURE_UNITS[name],
      value: this.#plan.budget.worst(WHOLE, m),
      limit: name === 'delta' ? limits.openDelta : limits[name],
    }));
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
