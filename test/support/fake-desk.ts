import type { AgentSetup, CustomerWish, Desk, Oracle } from '../../src/agents/agent.ts';
import { streams } from '../../src/core/rng.ts';
import {
  type InstrumentId,
  type Lots,
  lots,
  MONEY_PER_DOLLAR,
  money,
  NANOS_PER_SECOND,
  type Nanos,
  nanos,
  type OrderId,
  orderId,
  type Ticks,
  ticks,
} from '../../src/core/units.ts';
import { feePerLot } from '../../src/exchange/rules.ts';
import { randomWalkModel } from '../../src/forecast/baselines.ts';
import type { Chain } from '../../src/market/chain.ts';
import type { Bbo } from '../../src/market/data.ts';
import type {
  CancelScope,
  OrderRequest,
  ProtectionSettings,
  QuoteSide,
  Report,
  SeriesQuote,
  Side,
  WantedQuote,
} from '../../src/market/order.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { plainTerms } from './small-chain.ts';

/** A message as the desk was told to send it; `old` is the order that a replacement is for. */
export interface Message {
  readonly kind: 'submit' | 'cancel' | 'replace' | 'quote' | 'cancel-all' | 'protect' | 'reset-protection';
  readonly order: OrderId | undefined;
  readonly old?: OrderId;
  readonly instrument?: InstrumentId;
  readonly side?: Side;
  readonly type?: string;
  readonly price?: number;
  readonly lots?: number;
  readonly quotes?: readonly SeriesQuote[];
  readonly scope?: CancelScope;
  readonly settings?: ProtectionSettings | undefined;
}

/** A new side of a mass quote. */
export interface SentSide extends QuoteSide {
  readonly instrument: InstrumentId;
  readonly side: Side;
}

/** The new sides of all mass quotes among messages, in their order. */
export const sidesOf = (messages: readonly Message[]): SentSide[] =>
  messages.flatMap(({ quotes = [] }) =>
    quotes.flatMap(({ instrument, bid, ask }) => [
      ...(typeof bid === 'object' ? [{ ...bid, instrument, side: 'buy' as const }] : []),
      ...(typeof ask === 'object' ? [{ ...ask, instrument, side: 'sell' as const }] : []),
    ]),
  );

/** A desk without a market behind it: it shows what a test sets, and notes what it is asked to send. */
export class FakeDesk implements Desk {
  now: Nanos = nanos(0);
  isOpen = true;
  /** What has been published of the index. */
  indexDollars: number | undefined;
  /** Orders that `submit` and `replace` let through; `false`: the hard position limit keeps them back. */
  allows = true;
  readonly sent: Message[] = [];
  readonly watched: InstrumentId[] = [];
  readonly wakes: Nanos[] = [];
  readonly #positions = new Map<InstrumentId, number>();
  readonly #open = new Map<string, number>();
  readonly #books = new Map<InstrumentId, Bbo>();
  #orders = 0;

  get nowYears(): number {
    return this.now / (31_536_000 * NANOS_PER_SECOND);
  }

  at(seconds: number): this {
    this.now = nanos(Math.round(seconds * NANOS_PER_SECOND));
    return this;
  }

  hold(instrument: InstrumentId, size: number): void {
    this.#positions.set(instrument, size);
  }

  open(instrument: InstrumentId, side: Side, size: number): void {
    this.#open.set(`${instrument} ${side}`, size);
  }

  /** Shows a book, in ticks; undefined: an empty side. */
  show(instrument: InstrumentId, bid: number | undefined, ask: number | undefined, size = 10): void {
    this.#books.set(instrument, {
      bid: bid === undefined ? undefined : ticks(bid),
      bidLots: lots(bid === undefined ? 0 : size),
      ask: ask === undefined ? undefined : ticks(ask),
      askLots: lots(ask === undefined ? 0 : size),
    });
  }

  /** What was sent since the last call. */
  heard(): Message[] {
    return this.sent.splice(0);
  }

  position(instrument: InstrumentId): Lots {
    return lots(this.#positions.get(instrument) ?? 0);
  }

  openLots(instrument: InstrumentId, side: Side): Lots {
    return lots(this.#open.get(`${instrument} ${side}`) ?? 0);
  }

  bbo(instrument: InstrumentId): Readonly<Bbo> {
    return this.#books.get(instrument) ?? { bid: undefined, bidLots: lots(0), ask: undefined, askLots: lots(0) };
  }

  watch(instrument: InstrumentId): void {
    this.watched.push(instrument);
  }

  watchQuietly(instrument: InstrumentId): void {
    this.watched.push(instrument);
  }

  watchDepth(instrument: InstrumentId): void {
    this.watched.push(instrument);
  }

  /** The top alone. */
  depth(instrument: InstrumentId, side: Side, visit: (price: Ticks, size: Lots) => void): void {
    const { bid, bidLots, ask, askLots } = this.bbo(instrument);
    const price = side === 'buy' ? bid : ask;
    if (price !== undefined) visit(price, side === 'buy' ? bidLots : askLots);
  }

  watchTrades(): void {}

  watchIndex(): void {}

  submit(request: OrderRequest): OrderId | undefined {
    if (!this.allows) return undefined;
    this.#orders += 1;
    const order = orderId(this.#orders);
    this.sent.push({ kind: 'submit', order, ...request });
    return order;
  }

  cancel(order: OrderId): void {
    this.sent.push({ kind: 'cancel', order });
  }

  replace(old: OrderId, price: Ticks, size: Lots): OrderId | undefined {
    if (!this.allows) return undefined;
    this.#orders += 1;
    const order = orderId(this.#orders);
    this.sent.push({ kind: 'replace', order, old, price, lots: size });
    return order;
  }

  /** Series that take no orders. */
  readonly closed = new Set<InstrumentId>();
  // What no built-in agent uses yet: a call is a mistake of the test.
  reduce = unused;

  cancelAll(scope: CancelScope = {}): void {
    this.sent.push({ kind: 'cancel-all', order: undefined, scope });
  }

  massQuote(wanted: readonly WantedQuote[]): { readonly message: OrderId; readonly quotes: readonly SeriesQuote[] } | undefined {
    if (!this.allows) return undefined;
    const numbered = (side: WantedQuote['bid']): SeriesQuote['bid'] => {
      if (side === undefined || side === 'keep') return side;
      this.#orders += 1;
      return { ...side, order: orderId(this.#orders) };
    };
    this.#orders += 1;
    const message = orderId(this.#orders);
    const quotes = wanted.map(({ instrument, bid, ask }): SeriesQuote => ({ instrument, bid: numbered(bid), ask: numbered(ask) }));
    this.sent.push({ kind: 'quote', order: message, quotes });
    return { message, quotes };
  }

  protect(settings: ProtectionSettings | undefined): void {
    this.sent.push({ kind: 'protect', order: undefined, settings });
  }

  resetProtection(): void {
    this.sent.push({ kind: 'reset-protection', order: undefined });
  }

  listed = (instrument: InstrumentId): boolean => !this.closed.has(instrument);

  wakeAt(at: Nanos): void {
    this.wakes.push(at);
  }
}

/** A report about an order; what is not said is 0. */
export function report(kind: Report['kind'], order: number, instrument: InstrumentId, side: Side, more: Partial<Report> = {}): Report {
  return {
    kind,
    order: orderId(order),
    instrument,
    side,
    price: ticks(0),
    lots: lots(0),
    remaining: lots(0),
    liquidity: 'maker',
    fee: money(0),
    reason: undefined,
    ...more,
  };
}

/** An oracle whose truth a test moves by hand. */
export class FakeOracle implements Oracle {
  readonly fair: TheoChain;
  readonly factorsNow: Float64Array;
  readonly over = new Set<number>();
  /** Of the perpetual over the index, as a fraction. */
  basis = 0;
  /** What `factorsAhead` says; the present if undefined. */
  future: readonly number[] | undefined;

  constructor(chain: Chain, factors: readonly number[] = TEST_FACTORS, spot = TEST_SPOT) {
    this.fair = new TheoChain(chain, plainTerms(chain));
    this.factorsNow = Float64Array.from(factors);
    this.move(spot);
  }

  /** Moves the spot, and the surface if factors are given. */
  move(spot: number, factors: readonly number[] = [...this.factorsNow], nowYears = 0): void {
    this.factorsNow.set(factors);
    this.fair.move(this.factorsNow, spot, nowYears);
    this.fair.valueAll();
  }

  get perpetual(): number {
    return this.fair.spot * (1 + this.basis);
  }

  expired(expiry: number): boolean {
    return this.over.has(expiry);
  }

  factorsAhead(_seconds: number, out: Float64Array): void {
    out.set(this.future ?? this.factorsNow);
  }
}

export const TEST_FACTORS = [Math.log(0.5), 0.05, -0.15, -0.05] as const;
export const TEST_SPOT = 70_000;

/** Fees of the kind that the bundled scenarios have. */
export const TEST_FEES = {
  option: { maker: 0.0003, taker: 0.0003, premiumCap: 0.125 },
  perpetual: { maker: 0, taker: 0.0005 },
} as const;

/** What an agent of a test may know at birth. */
export function fakeSetup(
  chain: Chain,
  more: {
    readonly oracle?: Oracle;
    readonly wishes?: () => readonly CustomerWish[];
    readonly seed?: string;
    readonly name?: string;
    readonly hasBasis?: boolean;
    readonly note?: (text: string) => void;
    readonly requestRate?: AgentSetup['requestRate'];
  } = {},
): AgentSetup {
  const chance = streams(more.seed ?? '1');
  const name = more.name ?? 'agent';
  return {
    name,
    chain,
    valuation: plainTerms(chain),
    hasBasis: more.hasBasis ?? false,
    stepNanos: NANOS_PER_SECOND,
    forecastStepSeconds: 30,
    stream: (role) => chance.stream(`agents/${name}/${role}`),
    feePerUnit: (instrument, price, liquidity, index) => {
      const listing = chain.instruments[instrument];
      return listing === undefined ? 0 : feePerLot(listing, price, liquidity, index, TEST_FEES) / MONEY_PER_DOLLAR / listing.lotSize;
    },
    requestRate: more.requestRate,
    note: more.note ?? (() => {}),
    oracle: more.oracle,
    wishes: more.wishes,
    forecaster: () => randomWalkModel({ stepSeconds: 30, horizonsSteps: [1, 10] }),
  };
}

function unused(): never {
  throw new Error('the desk of this test does not take such requests');
}
