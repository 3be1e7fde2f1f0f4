import { combineHash } from '../../src/core/hash.ts';
import type { FeeSchedule } from '../../src/exchange/rules.ts';
import type { Chain } from '../../src/market/chain.ts';
import type {
  CancelScope,
  FillCause,
  OrderRequest,
  ProtectionSettings,
  QuoteSide,
  RejectReason,
  SeriesQuote,
  Side,
} from '../../src/market/order.ts';

/** What the naive exchange is told of its rules; rates and fractions in thousandths, so that all of its sums are whole. */
export interface NaiveRules {
  readonly agents: number;
  readonly selfTrade: 'cancel-oldest' | 'cancel-newest' | 'cancel-both';
  readonly lotsPerOrder: number;
  readonly ordersPerAgent: number;
  readonly requestRate: { readonly perSecond: number; readonly burst: number } | undefined;
  readonly priceBand: { readonly thousandths: number; readonly ticksMinimum: number } | undefined;
  readonly fees: FeeSchedule;
  /** Millionths per unit, by instrument. */
  readonly delta: readonly number[];
  readonly vega: readonly number[];
}

interface Resting {
  readonly id: number;
  readonly agent: number;
  readonly instrument: number;
  readonly side: Side;
  readonly price: number;
  readonly day: boolean;
  readonly quote: boolean;
  readonly post: OrderRequest['post'];
  lots: number;
}

type Options = Pick<Resting, 'day' | 'quote' | 'post'>;
const QUOTE: Options = { day: false, quote: true, post: undefined };

interface Guard {
  readonly settings: ProtectionSettings;
  since: number;
  lots: number;
  delta: number;
  vega: number;
  frozenUntil: number;
}

/** All that could be prices: more than a fuzz ever names. */
const WHOLE = Array.from({ length: 300 }, (_, i) => i + 1);
const other = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');
/** Millionths as the fraction that they are, for whole sums. */
const millionths = (rate: number): bigint => BigInt(Math.round(rate * 1_000_000));
const ceiling = (numerator: bigint, denominator: bigint): bigint => {
  const whole = numerator / denominator;
  return numerator > 0n && whole * denominator !== numerator ? whole + 1n : whole;
};

/**
 * An exchange that is plainly right and slow: one list of all orders in the order of their arrival, searched each time. It is written from
 * what docs/exchange.md and the comments say, and shares nothing with the real one but the types of requests and a hash function.
 */
export class NaiveExchange {
  /** What was told since the last look, one line each, in the words of exchange-twins.ts. */
  told: string[] = [];
  now = 0;
  /** Cents. */
  indexCents = 10_000;
  readonly #chain: Chain;
  readonly #rules: NaiveRules;
  #orders: Resting[] = [];
  /** The valid prices of each instrument. */
  readonly #prices: readonly (readonly number[])[];
  readonly #phases: ('unlisted' | 'listed' | 'closed')[];
  readonly #last: (number | undefined)[];
  readonly #connected: boolean[];
  #isOpen = true;
  readonly #guards: (Guard | undefined)[];
  /** Requests in each agent's bucket, in units of 1 / 10^9, and when that was so. */
  readonly #buckets: { left: number; at: number }[];
  #tripped: number[] = [];
  #changed = new Set<number>();

  constructor(chain: Chain, rules: NaiveRules) {
    this.#chain = chain;
    this.#rules = rules;
    this.#phases = chain.instruments.map(() => 'listed');
    this.#prices = chain.instruments.map(({ tickTable }) =>
      WHOLE.filter((price) => price % (tickTable.filter(({ from }) => from <= price).at(-1)?.step ?? 1) === 0),
    );
    this.#last = chain.instruments.map(() => undefined);
    this.#connected = Array.from({ length: rules.agents }, () => true);
    this.#guards = Array.from({ length: rules.agents }, () => undefined);
    this.#buckets = this.#connected.map(() => ({ left: 1e9 * (rules.requestRate?.burst ?? 0), at: 0 }));
  }

  submit(agent: number, id: number, request: OrderRequest): void {
    const reason = this.#heldUp(agent) ?? this.#refusal(request, this.open(agent).length);
    if (reason !== undefined) this.#reject(agent, id, request.instrument, request.side, request.price, request.lots, reason);
    else this.#execute(agent, id, request, { day: request.day === true, quote: false, post: request.post });
    this.#end();
  }

  cancel(agent: number, id: number): void {
    const order = this.#owned(agent, id, id, 0, 0);
    if (order !== undefined) this.#removed(order, order.lots);
    this.#end();
  }

  reduce(agent: number, id: number, by: number): void {
    const order = this.#owned(agent, id, id, 0, 0);
    if (order !== undefined && by <= 0) this.#reject(agent, id, 0, 'buy', 0, 0, 'lots-not-positive');
    else if (order !== undefined) this.#removed(order, Math.min(by, order.lots));
    this.#end();
  }

  replace(agent: number, id: number, newId: number, price: number, lots: number): void {
    const order = this.#owned(agent, id, newId, price, lots);
    if (order !== undefined) {
      const request = { ...order, type: 'limit', price, lots } as unknown as OrderRequest;
      const reason = this.#heldUp(agent) ?? this.#refusal(request, this.open(agent).length - 1);
      if (reason !== undefined) this.#reject(agent, newId, order.instrument, order.side, price, lots, reason);
      else {
        this.#removed(order, order.lots);
        this.#execute(agent, newId, request, order);
      }
    }
    this.#end();
  }

  cancelAll(agent: number, scope: CancelScope): void {
    for (const order of this.open(agent)) if (this.#fits(order, scope)) this.#removed(order, order.lots);
    this.#end();
  }

  massQuote(agent: number, message: number, quotes: readonly SeriesQuote[]): void {
    const reason = this.#quotesRefused(agent, quotes);
    if (reason !== undefined) this.#reject(agent, message, quotes[0]?.instrument ?? 0, 'buy', 0, 0, reason);
    else {
      for (const { order, wanted } of this.#sides(agent, quotes)) {
        if (order !== undefined && wanted !== 'keep') this.#removed(order, order.lots);
      }
      for (const { wanted, side, instrument } of this.#sides(agent, quotes)) {
        if (wanted === undefined || wanted === 'keep') continue;
        this.#execute(agent, wanted.order, { instrument, side, type: 'limit', price: wanted.price, lots: wanted.lots }, QUOTE);
      }
      const left = this.#sides(agent, quotes).filter(({ order }) => order !== undefined).length;
      this.told.push(`${agent} quoted #${message} x${left}`);
    }
    this.#end();
  }

  protect(agent: number, settings: ProtectionSettings | undefined): void {
    this.#guards[agent] = settings === undefined ? undefined : freshGuard(settings);
  }

  resetProtection(agent: number): void {
    this.protect(agent, this.#guards[agent]?.settings);
    this.told.push(`${agent} thawed`);
  }

  withhold(instruments: readonly number[]): void {
    for (const instrument of instruments) this.#phases[instrument] = 'unlisted';
  }

  list(instruments: readonly number[]): void {
    for (const instrument of instruments) this.#phases[instrument] = 'listed';
  }

  close(): void {
    this.#isOpen = false;
    for (let agent = 0; agent < this.#rules.agents; agent += 1) {
      for (const order of this.open(agent)) if (order.day || order.quote) this.#removed(order, order.lots);
    }
    this.#end();
  }

  reopen(): void {
    this.#isOpen = true;
  }

  endDay(): void {
    for (let agent = 0; agent < this.#rules.agents; agent += 1) {
      for (const order of this.open(agent)) if (order.day) this.#removed(order, order.lots);
    }
    this.#end();
  }

  disconnect(agent: number): void {
    this.#connected[agent] = false;
    for (const order of this.open(agent)) this.#removed(order, order.lots);
    this.#end();
  }

  connect(agent: number): void {
    this.#connected[agent] = true;
  }

  expire(expiry: number): void {
    const series = this.#chain.options.filter((option) => option.expiry === expiry);
    for (const { id } of series) {
      this.#phases[id] = 'closed';
      for (const side of ['buy', 'sell'] as const) for (const order of this.queue(id, side)) this.#removed(order, order.lots);
    }
    for (const { id } of series) this.told.push(`settle i${id}`);
    this.#end();
  }

  /** An agent's resting orders, oldest first. */
  open(agent: number): Resting[] {
    return this.#orders.filter((order) => order.agent === agent);
  }

  get size(): number {
    return this.#orders.length;
  }

  listed(instrument: number): boolean {
    return this.#phases[instrument] === 'listed';
  }

  lotsAhead(id: number): number | undefined {
    const order = this.#find(id);
    if (order === undefined) return undefined;
    const level = this.queue(order.instrument, order.side).filter(({ price }) => price === order.price);
    return level.slice(0, level.indexOf(order)).reduce((sum, { lots }) => sum + lots, 0);
  }

  /** As `OrderBook.digest` is defined: levels of bids, then of offers, each with its orders. */
  digest(instrument: number): number {
    let hash = 0;
    for (const side of ['buy', 'sell'] as const) {
      const queue = this.queue(instrument, side);
      const levels = new Map<number, Resting[]>();
      for (const order of queue) levels.set(order.price, [...(levels.get(order.price) ?? []), order]);
      hash = combineHash(hash, levels.size);
      for (const [price, level] of levels) {
        const total = level.reduce((sum, { lots }) => sum + lots, 0);
        for (const value of [price, total, level.length, ...level.flatMap(({ id, agent, lots }) => [id, agent, lots])]) {
          hash = combineHash(hash, value);
        }
      }
    }
    return hash;
  }

  // What admission asks.

  #heldUp(agent: number): RejectReason | undefined {
    if (this.#connected[agent] !== true) return 'not-connected';
    if (!this.#isOpen) return 'market-closed';
    const rate = this.#rules.requestRate;
    const bucket = this.#buckets[agent];
    if (rate === undefined || bucket === undefined) return undefined;
    const level = Math.min(1e9 * rate.burst, bucket.left + (this.now - bucket.at) * rate.perSecond);
    if (level < 1e9) return 'too-many-requests';
    bucket.left = level - 1e9;
    bucket.at = this.now;
    return undefined;
  }

  #refusal(request: OrderRequest, restingBeside: number): RejectReason | undefined {
    const { instrument, side, type, price, lots, post } = request;
    const phase = this.#phases[instrument];
    if (phase !== 'listed') return phase === 'closed' ? 'instrument-expired' : 'not-listed';
    if (!(lots > 0)) return 'lots-not-positive';
    if (lots > this.#rules.lotsPerOrder) return 'lots-above-maximum';
    if (type !== 'market') {
      if (!(price > 0)) return 'price-not-positive';
      if (!this.#valid(instrument).includes(price)) return 'price-off-tick';
      const edge = this.#edge(instrument, side);
      if (edge !== undefined && (side === 'buy' ? price > edge : price < edge)) return 'price-outside-band';
    }
    if (type !== 'limit') return undefined;
    if (restingBeside >= this.#rules.ordersPerAgent) return 'too-many-orders';
    if (post === undefined || !this.#crosses(instrument, side, price)) return undefined;
    return post === 'reject' || this.#behind(instrument, side) === undefined ? 'would-trade' : undefined;
  }

  #quotesRefused(agent: number, quotes: readonly SeriesQuote[]): RejectReason | undefined {
    const guard = this.#guards[agent];
    if (guard !== undefined && this.now < guard.frozenUntil) return 'protection-frozen';
    const held = this.#heldUp(agent);
    if (held !== undefined) return held;
    if (new Set(quotes.map(({ instrument }) => instrument)).size < quotes.length) return 'series-quoted-twice';
    // What rests once the old sides are gone, before any of the new ones comes.
    const sides = this.#sides(agent, quotes);
    const going = new Set(sides.flatMap(({ order, wanted }) => (order === undefined || wanted === 'keep' ? [] : [order.id])));
    let count = this.open(agent).length - going.size;
    for (const quote of quotes) {
      const [bid, ask] = this.#sides(agent, [quote]).map(({ order, wanted }) => (wanted === 'keep' ? order?.price : wanted?.price));
      const isNew = [quote.bid, quote.ask].some((side) => side !== undefined && side !== 'keep');
      if (isNew && bid !== undefined && ask !== undefined && bid >= ask) return 'quote-crosses-itself';
      for (const { side, wanted, instrument } of this.#sides(agent, [quote])) {
        if (wanted === undefined || wanted === 'keep') continue;
        const reason = this.#refusal({ instrument, side, type: 'limit', price: wanted.price, lots: wanted.lots }, count);
        if (reason !== undefined) return reason;
        count += 1;
      }
    }
    return undefined;
  }

  /** Each side of each series, with the agent's quote that rests there. */
  #sides(agent: number, quotes: readonly SeriesQuote[]) {
    return quotes.flatMap(({ instrument, bid, ask }) =>
      (['buy', 'sell'] as const).map((side) => {
        const found = this.#orders.filter((o) => o.agent === agent && o.quote && o.instrument === instrument && o.side === side);
        if (found.length > 1) throw new Error(`agent ${agent} has ${found.length} quotes in ${instrument} ${side}`);
        const wanted: QuoteSide | 'keep' | undefined = side === 'buy' ? bid : ask;
        return { instrument, side, wanted, order: found[0] };
      }),
    );
  }

  #valid(instrument: number): readonly number[] {
    return this.#prices[instrument] ?? [];
  }

  #best(instrument: number, side: Side): number | undefined {
    return this.queue(instrument, side)[0]?.price;
  }

  #crosses(instrument: number, side: Side, price: number): boolean {
    const best = this.#best(instrument, other(side));
    return best !== undefined && (side === 'buy' ? price >= best : price <= best);
  }

  /** The valid price next to the other side's best, on this side of it. */
  #behind(instrument: number, side: Side): number | undefined {
    const best = this.#best(instrument, other(side)) ?? 0;
    const valid = this.#valid(instrument);
    return side === 'buy' ? valid.filter((price) => price < best).at(-1) : valid.find((price) => price > best);
  }

  /** Reference ± the wider of fraction and minimum; in two-thousandths of a tick, to be whole. */
  #edge(instrument: number, side: Side): number | undefined {
    const band = this.#rules.priceBand;
    if (band === undefined) return undefined;
    const bid = this.#best(instrument, 'buy');
    const ask = this.#best(instrument, 'sell');
    const last = this.#last[instrument];
    const twice = bid !== undefined && ask !== undefined ? bid + ask : last === undefined ? undefined : 2 * last;
    if (twice === undefined) return undefined;
    const reach = Math.max(2000 * band.ticksMinimum, band.thousandths * twice);
    if (side === 'buy') return Math.floor((1000 * twice + reach) / 2000);
    return Math.max(1, Math.ceil((1000 * twice - reach) / 2000));
  }

  // What matching does.

  /** Best price first, then first come; the sort is stable. */
  queue(instrument: number, side: Side): Resting[] {
    const orders = this.#orders.filter((order) => order.instrument === instrument && order.side === side);
    return orders.sort((a, b) => (side === 'buy' ? b.price - a.price : a.price - b.price));
  }

  #execute(agent: number, id: number, request: OrderRequest, options: Options): void {
    const { instrument, side, type } = request;
    const slides = type === 'limit' && options.post === 'slide' && this.#crosses(instrument, side, request.price);
    const price = slides ? (this.#behind(instrument, side) ?? Number.NaN) : request.price;
    const limit = type === 'market' ? this.#edge(instrument, side) : price;
    if (type === 'fok' && this.#tradable(agent, request) < request.lots) {
      this.told.push(`${agent} removed #${id} i${instrument} ${side} ${price} x${request.lots} left 0`);
      return;
    }
    const best = this.#best(instrument, other(side));
    let left: number = request.lots;
    let isStopped = false;
    for (const maker of this.queue(instrument, other(side))) {
      if (left === 0 || isStopped || (limit !== undefined && (side === 'buy' ? maker.price > limit : maker.price < limit))) break;
      if (maker.agent === agent) {
        isStopped = this.#rules.selfTrade !== 'cancel-oldest';
        if (this.#rules.selfTrade !== 'cancel-newest') this.#removed(maker, maker.lots);
        continue;
      }
      const size = Math.min(left, maker.lots);
      left -= size;
      const cause: FillCause = maker.price !== best ? 'swept' : maker.price === limit ? 'touch' : 'crossed';
      this.#traded(agent, id, side, options, left, maker, size, cause);
    }
    if (left === 0) return;
    if (type === 'limit' && !isStopped) {
      this.#orders.push({ ...options, id, agent, instrument, side, price, lots: left });
      this.#changed.add(instrument);
      this.told.push(`${agent} accepted #${id} i${instrument} ${side} ${price} x${left}`);
    } else this.told.push(`${agent} removed #${id} i${instrument} ${side} ${price} x${left} left 0`);
  }

  /** Lots that an order would trade at its price or better. */
  #tradable(agent: number, { instrument, side, price }: OrderRequest): number {
    let sum = 0;
    for (const maker of this.queue(instrument, other(side))) {
      if (side === 'buy' ? maker.price > price : maker.price < price) break;
      if (maker.agent !== agent) sum += maker.lots;
      else if (this.#rules.selfTrade !== 'cancel-oldest') break;
    }
    return sum;
  }

  #traded(agent: number, id: number, side: Side, options: Options, left: number, maker: Resting, size: number, cause: FillCause): void {
    const { instrument, price } = maker;
    maker.lots -= size;
    if (maker.lots === 0) this.#orders = this.#orders.filter((order) => order !== maker);
    this.#changed.add(instrument);
    this.#last[instrument] = price;
    const takerFee = this.#fee(instrument, price, 'taker') * size;
    const makerFee = this.#fee(instrument, price, 'maker') * size;
    this.told.push(
      `match i${instrument} ${size}@${price} ${agent} #${id} ${side}, ${maker.agent} #${maker.id} ${cause} ${makerFee} ${takerFee}`,
      `${agent} fill #${id} i${instrument} ${side} ${price} x${size} left ${left} taker ${takerFee}`,
      `${maker.agent} fill #${maker.id} i${instrument} ${maker.side} ${price} x${size} left ${maker.lots} maker ${makerFee}`,
    );
    if (maker.quote) this.#counts(maker.agent, instrument, maker.side, size);
    if (options.quote) this.#counts(agent, instrument, side, size);
  }

  /** Of one lot, in millionths of a dollar, rounded against the trader; everything whole until the one division. */
  #fee(instrument: number, price: number, liquidity: 'maker' | 'taker'): number {
    const listing = this.#chain.instruments[instrument];
    if (listing === undefined) throw new Error(`no instrument ${instrument}`);
    const value = BigInt(price) * BigInt(listing.moneyPerTickLot);
    if (listing.kind === 'perpetual') return Number(ceiling(millionths(this.#rules.fees.perpetual[liquidity]) * value, 1_000_000n));
    // Rate in millionths times cents times lots in thousandths of a unit, in millionths of a dollar.
    const fee = millionths(this.#rules.fees.option[liquidity]) * BigInt(this.indexCents) * BigInt(Math.round(listing.lotSize * 1000));
    const cap = millionths(this.#rules.fees.option.premiumCap) * value;
    const scale = 100_000n;
    const capped = fee * 1_000_000n > cap * scale ? [cap, 1_000_000n] : [fee, scale];
    const floored = -fee * 1_000_000n > cap * scale ? [-cap, 1_000_000n] : capped;
    return Number(ceiling(floored[0] ?? 0n, floored[1] ?? 1n));
  }

  #counts(agent: number, instrument: number, side: Side, size: number): void {
    const guard = this.#guards[agent];
    if (guard === undefined || this.now < guard.frozenUntil) return;
    const { settings } = guard;
    if (this.now - guard.since >= settings.intervalNanos) Object.assign(guard, { since: this.now, lots: 0, delta: 0, vega: 0 });
    const sign = side === 'buy' ? 1 : -1;
    guard.lots += size;
    guard.delta += sign * size * (this.#rules.delta[instrument] ?? 0);
    guard.vega += sign * size * (this.#rules.vega[instrument] ?? 0);
    const lotSize = this.#chain.instruments[instrument]?.lotSize ?? 0;
    // All instruments have the same lot here: limits become lots, and what is compared is whole but for their own rounding.
    const isOver = (sum: number, limit: number | undefined, unit: number): boolean =>
      limit !== undefined && sum * lotSize > limit * unit * (1 + 1e-9);
    if (
      isOver(guard.lots, settings.units, 1) ||
      isOver(Math.abs(guard.delta), settings.delta, 1e6) ||
      isOver(Math.abs(guard.vega), settings.vega, 1e6)
    ) {
      Object.assign(guard, freshGuard(settings), {
        frozenUntil: settings.frozenNanos === 0 ? Number.POSITIVE_INFINITY : this.now + settings.frozenNanos,
      });
      this.#tripped.push(agent);
    }
  }

  // What is told.

  #end(): void {
    for (const agent of this.#tripped) {
      for (const order of this.open(agent)) if (order.quote) this.#removed(order, order.lots);
      this.told.push(`${agent} frozen`);
    }
    this.#tripped = [];
    for (const instrument of this.#changed) this.told.push(`changed i${instrument}`);
    this.#changed.clear();
  }

  #removed(order: Resting, by: number): void {
    const { id, agent, instrument, side, price } = order;
    order.lots -= by;
    if (order.lots === 0) this.#orders = this.#orders.filter((each) => each !== order);
    this.#changed.add(instrument);
    this.told.push(`${agent} removed #${id} i${instrument} ${side} ${price} x${by} left ${order.lots}`);
  }

  #reject(agent: number, id: number, instrument: number, side: Side, price: number, lots: number, reason: RejectReason): void {
    this.told.push(`${agent} rejected #${id} i${instrument} ${side} ${price} x${lots} ${reason}`);
  }

  #owned(agent: number, id: number, named: number, price: number, lots: number): Resting | undefined {
    const order = this.#find(id);
    if (order?.agent === agent) return order;
    this.#reject(agent, named, 0, 'buy', price, lots, order === undefined ? 'unknown-order' : 'not-owner');
    return undefined;
  }

  #find = (id: number): Resting | undefined => this.#orders.find((order) => order.id === id);

  #fits(order: Resting, scope: CancelScope): boolean {
    const listing = this.#chain.instruments[order.instrument];
    return (
      (scope.instrument === undefined || scope.instrument === order.instrument) &&
      (scope.expiry === undefined || (listing?.kind === 'option' && listing.expiry === scope.expiry)) &&
      (scope.side === undefined || scope.side === order.side) &&
      (scope.quotes === undefined || scope.quotes === order.quote)
    );
  }
}

const freshGuard = (settings: ProtectionSettings): Guard => ({
  settings,
  since: Number.NEGATIVE_INFINITY,
  lots: 0,
  delta: 0,
  vega: 0,
  frozenUntil: Number.NEGATIVE_INFINITY,
});
