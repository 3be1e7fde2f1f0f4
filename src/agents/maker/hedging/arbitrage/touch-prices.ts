import type { Ticks } from '../../../../core/units.ts';
import type { Chain } from '../../../../market/chain.ts';
import { midTicks } from '../../../../market/data.ts';
import { type OptionSeries, priceFromTicks } from '../../../../market/instrument.ts';
import type { Side } from '../../../../market/order.ts';
import type { AgentSetup, Desk } from '../../../agent.ts';
import type { QuotingView } from '../../quoting/quoter.ts';
import type { ArbitrageParams } from './params.ts';

const BASIS_POINTS = 10_000;

/**
 * What it costs to buy, and what selling brings, at the best prices of the others: dollars per unit by instrument id, all costs until the expiry
 * included. Not a number where nothing can be traded, or where the agent's own quote stands in the way.
 *
 * An option pays the taker's fee and, at worst, that of its delivery. The perpetual pays to get in and out: twice the fee and half of its spread; it
 * stands at what options are valued on, since its basis is no gain.
 */
export class TouchPrices {
  readonly buy: Float64Array;
  readonly sell: Float64Array;
  /** Lots that can be bought, and sold, at these prices. */
  readonly buyLots: Float64Array;
  readonly sellLots: Float64Array;
  readonly #chain: Chain;
  readonly #setup: AgentSetup;
  readonly #params: Pick<ArbitrageParams, 'deliveryBp' | 'basisBp'>;
  readonly #own: (series: number, side: Side) => Ticks | undefined;

  constructor(
    setup: AgentSetup,
    params: Pick<ArbitrageParams, 'deliveryBp' | 'basisBp'>,
    own: (series: number, side: Side) => Ticks | undefined,
  ) {
    const size = setup.chain.instruments.length;
    this.#chain = setup.chain;
    this.#setup = setup;
    this.#params = params;
    this.#own = own;
    this.buy = new Float64Array(size);
    this.sell = new Float64Array(size);
    this.buyLots = new Float64Array(size);
    this.sellLots = new Float64Array(size);
  }

  look(desk: Desk, view: QuotingView): void {
    const { spot } = view.theo;
    this.#perpetual(desk, spot);
    const delivery = (this.#params.deliveryBp / BASIS_POINTS) * spot;
    for (const option of this.#chain.options) {
      const i = option.id - 1;
      const { bid, ask, bidLots, askLots } = desk.bbo(option.id);
      const trades = view.theo.yearsLeft(i) > 0 && desk.listed(option.id);
      const [ownBid, ownAsk] = [this.#own(i, 'buy'), this.#own(i, 'sell')];
      const canBuy = trades && ask !== undefined && (ownAsk === undefined || ownAsk > ask);
      const canSell = trades && bid !== undefined && (ownBid === undefined || ownBid < bid);
      this.buy[option.id] = canBuy ? this.#dollars(option, ask, 1, spot) + delivery : Number.NaN;
      this.sell[option.id] = canSell ? this.#dollars(option, bid, -1, spot) - delivery : Number.NaN;
      this.buyLots[option.id] = askLots;
      this.sellLots[option.id] = bidLots;
    }
  }

  #perpetual(desk: Desk, spot: number): void {
    const { underlying } = this.#chain;
    const book = desk.bbo(underlying.id);
    const mid = midTicks(book);
    this.buyLots[underlying.id] = book.askLots;
    this.sellLots[underlying.id] = book.bidLots;
    // What is under way there already may be traded against, and is not this trade's.
    const isBusy = desk.openLots(underlying.id, 'buy') + desk.openLots(underlying.id, 'sell') > 0;
    if (mid === undefined || isBusy) {
      this.buy[underlying.id] = Number.NaN;
      this.sell[underlying.id] = Number.NaN;
      return;
    }
    const half = priceFromTicks(underlying, (book.ask ?? 0) - mid);
    const fee = this.#setup.feePerUnit(underlying.id, book.ask ?? (0 as Ticks), 'taker', spot);
    const basis = this.#setup.hasBasis ? (this.#params.basisBp / BASIS_POINTS) * spot : 0;
    const cost = 2 * (half + fee) + basis;
    this.buy[underlying.id] = spot + cost;
    this.sell[underlying.id] = spot - cost;
  }

  #dollars(option: OptionSeries, price: Ticks, sign: 1 | -1, spot: number): number {
    return priceFromTicks(option, price) + sign * this.#setup.feePerUnit(option.id, price, 'taker', spot);
  }
}
