import type * as z from 'zod';
import type { Rng } from '../core/rng.ts';
import type { InstrumentId, Lots, Nanos, OrderId, Ticks } from '../core/units.ts';
import type { ForecasterModel } from '../forecast/forecaster.ts';
import type { Chain } from '../market/chain.ts';
import type { Bbo, Trade } from '../market/data.ts';
import type { CancelScope, Liquidity, OrderRequest, ProtectionSettings, Report, SeriesQuote, Side, WantedQuote } from '../market/order.ts';
import type { TheoChain, ValuationTerms } from '../pricing/theo.ts';
import type { AgentInspection } from './inspection.ts';

/** A participant. It is called by the simulation, and can act only through its desk. */
export interface Agent {
  /** The run begins; the market may be closed still ({@link Desk.isOpen}). */
  onOpen(desk: Desk): void;
  /** At a moment that it asked for. */
  onWake?(desk: Desk): void;
  /** The book of a watched instrument has changed, as far as this agent can know by now. */
  onData?(instrument: InstrumentId, desk: Desk): void;
  /** A print, its own included, late by its data latency: in any instrument, or in those of {@link Desk.watchTrades}. */
  onTrade?(trade: Readonly<Trade>, desk: Desk): void;
  /** What became of one of its own orders, late by its ack latency. */
  onReport?(report: Readonly<Report>, desk: Desk): void;
  /** Its connection to the exchange was lost, and with it all its orders; until it is back, requests are not sent. */
  onDisconnected?(desk: Desk): void;
  onConnected?(desk: Desk): void;
  /** A series has been opened for trading while the run goes on. */
  onListed?(instrument: InstrumentId, desk: Desk): void;
  /**
   * The market has closed until its next session. Its orders for the day and its mass quotes are gone, others rest; until {@link onReopened}
   * nothing is sent but what takes orders out, and wakes wait.
   */
  onClosed?(desk: Desk): void;
  /** A session has opened, other than the one that the run begins in. */
  onReopened?(desk: Desk): void;
  /** Funding of the perpetual was paid on what it truly holds: dollars received, below 0 when it paid. */
  onFunding?(dollars: number, desk: Desk): void;
  /** An expiry was settled, and with it its position in a series. */
  onSettled?(settlement: Settlement, desk: Desk): void;
  /** What it would tell a reader about itself; called between events, changes nothing. */
  inspect?(): AgentInspection;
  /**
   * B*: the exposure to each factor that it wants to hold, at present, because of its forecast and for no other reason; dollars per unit of
   * the factor, in the order of `FACTORS`. Undefined while it has none. Borrowed until the next call, which comes at every step of the world:
   * it must be cheap, and changes nothing. Only the report reads it (docs/attribution.md).
   */
  targetExposures?(): Readonly<Float64Array> | undefined;
}

/** How an agent's position in a series was paid out. */
export interface Settlement {
  readonly instrument: InstrumentId;
  /** Units held, long above 0. */
  readonly units: number;
  readonly dollarsPerUnit: number;
  /** Delivery fee in all. */
  readonly feeDollars: number;
}

/** All that an agent can do. What it sees is already late by its own latency. */
export interface Desk {
  readonly now: Nanos;
  /** The same in years (act/365), as pricing takes it. */
  readonly nowYears: number;
  /** False between two sessions of a market that closes. */
  readonly isOpen: boolean;
  /** The index that options settle on, in dollars: the last price that has reached it; undefined before {@link watchIndex} brings one. */
  readonly indexDollars: number | undefined;
  /** Its position as far as reports have reached it. */
  position(instrument: InstrumentId): Lots;
  /** Lots of its own orders on a side that may still trade, requests under way included. */
  openLots(instrument: InstrumentId, side: Side): Lots;
  /** Best bid and offer of the others, its own orders taken out (decision 10). Borrowed until the next call. */
  bbo(instrument: InstrumentId): Readonly<Bbo>;
  /** Makes this book readable through {@link bbo}, and asks for {@link Agent.onData} after each change. */
  watch(instrument: InstrumentId): void;
  /** Makes this book readable without notices: for agents that look in their own time. */
  watchQuietly(instrument: InstrumentId): void;
  /**
   * Makes the best `levels` levels of each side readable through {@link depth}, and the top through {@link bbo}; asks for
   * {@link Agent.onData} after each change in them. The deepest wish for a book counts. `levels` is a whole number of at least 1.
   */
  watchDepth(instrument: InstrumentId, levels: number): void;
  /**
   * Visits the levels of a side, best first, with the lots of the others: its own orders taken out, as in {@link bbo}, so that a level
   * which holds only its own is not there. Empty before anything has arrived; the top alone where only that was asked for.
   */
  depth(instrument: InstrumentId, side: Side, visit: (price: Ticks, size: Lots) => void): void;
  /**
   * Asks for {@link Agent.onTrade} in this instrument, from now on, and in no other that was not asked for. An agent that never asks
   * hears the prints of all.
   */
  watchTrades(instrument: InstrumentId): void;
  /** Asks for the index as the venue publishes it, at each step of the world. */
  watchIndex(): void;
  /**
   * Sends an order. Undefined, and nothing sent, when the agent's hard position limit would be exceeded were all of its open orders filled, while
   * it has no connection, or while the market is closed.
   */
  submit(request: OrderRequest): OrderId | undefined;
  cancel(order: OrderId): void;
  /** Atomic cancel and new order at the back of the queue. Undefined as for {@link submit}; the old order then stays. */
  replace(order: OrderId, price: Ticks, size: Lots): OrderId | undefined;
  /** Takes lots off an order, which keeps its place in the queue. */
  reduce(order: OrderId, by: Lots): void;
  /** Cancels all of its orders that fit a scope; all of them without one. */
  cancelAll(scope?: CancelScope): void;
  /**
   * Quotes many series in one message, which the exchange carries out in full or refuses as a whole; the report of kind `quoted`, or the
   * refusal, has the id returned. Undefined as for {@link submit}: one side over the position limit holds back the whole message.
   */
  massQuote(quotes: readonly WantedQuote[]): { readonly message: OrderId; readonly quotes: readonly SeriesQuote[] } | undefined;
  /** Sets its market-maker protection, which counts what its mass quotes trade; undefined takes it away. */
  protect(settings: ProtectionSettings | undefined): void;
  /** Asks to be let back in after a freeze. */
  resetProtection(): void;
  /** False before a series is open for trading, and once it has expired. */
  listed(instrument: InstrumentId): boolean;
  /** Asks for {@link Agent.onWake}; at once if `at` is past, and at the next opening if the market is closed then. */
  wakeAt(at: Nanos): void;
}

/** The truth, for those to whom a scenario grants it (decisions 7, 9, 20). */
export interface Oracle {
  /** Fair values of the chain at the present step, and the index they stand on; borrowed, and moved on by the world. */
  readonly fair: TheoChain;
  /** Fundamental value of the perpetual, dollars: the index and its basis. */
  readonly perpetual: number;
  /** Surface factors at the present step; borrowed. */
  readonly factorsNow: Readonly<Float64Array>;
  /** True once an expiry of the chain is over. */
  expired(expiry: number): boolean;
  /** Copies the surface factors as they will be, without what agents do to them; as far ahead as the scenario's horizon allows. */
  factorsAhead(seconds: number, out: Float64Array): void;
}

/** One customer's wish, at the moment it arrives. */
export interface CustomerWish {
  readonly at: Nanos;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly contracts: number;
  readonly reservationVol: number;
  /** The second leg of a package: wanted for as much as the wish before it has traded. */
  readonly follows: boolean;
}

/** What an agent may know at birth. */
export interface AgentSetup {
  readonly name: string;
  readonly chain: Chain;
  readonly valuation: ValuationTerms;
  /** True where the perpetual may stand away from the index: options are then valued on the index ({@link Desk.indexDollars}), hedged in the perpetual. */
  readonly hasBasis: boolean;
  readonly stepNanos: number;
  readonly forecastStepSeconds: number;
  /** A stream of chance of its own for each role. */
  stream(role: string): Rng;
  /** The venue's published fee, dollars per unit of the underlying. */
  feePerUnit(instrument: InstrumentId, price: Ticks, liquidity: Liquidity, indexDollars: number): number;
  /** Tells the reader of the run something; nobody in it hears that. */
  note(text: string): void;
  /** The venue's published limit of requests: so many a second in the long run, `burst` at once; undefined where it has none. */
  readonly requestRate: { readonly perSecond: number; readonly burst: number } | undefined;
  /** Only where its kind asks for it. */
  readonly oracle: Oracle | undefined;
  /** Only for the agent that carries the customers: the wishes of the present world step. */
  readonly wishes: (() => readonly CustomerWish[]) | undefined;
  /** The forecaster of this kind. */
  forecaster(kind: string): ForecasterModel;
}

/** Rights to the truth that a kind of agent asks for; granted by assembly, visible in the scenario's listing. */
export interface AgentRights {
  readonly oracle?: boolean;
  readonly wishes?: boolean;
}

/** A kind of agent, as a catalogue holds it. The type of its parameters stays inside. */
export interface AgentKind {
  readonly kind: string;
  /** One line for the reader. */
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly rights: AgentRights;
  /** Seconds of future that {@link Oracle.factorsAhead} must reach; 0 for most. */
  lookaheadSeconds(params: unknown): number;
  /** Kind of the forecaster that it will ask for, if any. */
  forecasterKind(params: unknown): string | undefined;
  /** Contracts that it may hold per series, long or short; unlimited if undefined. */
  positionPerSeries(params: unknown): number | undefined;
  build(params: unknown, setup: AgentSetup): Agent;
}

/** What {@link defineAgent} is told. */
export interface AgentDefinition<S extends z.ZodObject> {
  readonly kind: string;
  readonly summary: string;
  /** Strict object schema of its parameters; everything must have a default or be asked of the user. */
  readonly params: S;
  readonly rights?: AgentRights;
  readonly lookaheadSeconds?: (params: z.output<S>) => number;
  readonly forecasterKind?: (params: z.output<S>) => string | undefined;
  readonly positionPerSeries?: (params: z.output<S>) => number | undefined;
  readonly create: (params: z.output<S>, setup: AgentSetup) => Agent;
}

/** Ties a name, a schema and a constructor together. Parameters arrive parsed; parsing again is how their type is recovered. */
export function defineAgent<S extends z.ZodObject>(definition: AgentDefinition<S>): AgentKind {
  const typed = (params: unknown): z.output<S> => definition.params.parse(params);
  return {
    kind: definition.kind,
    summary: definition.summary,
    params: definition.params,
    rights: definition.rights ?? {},
    lookaheadSeconds: (params) => definition.lookaheadSeconds?.(typed(params)) ?? 0,
    forecasterKind: (params) => definition.forecasterKind?.(typed(params)),
    positionPerSeries: (params) => definition.positionPerSeries?.(typed(params)),
    build: (params, setup) => definition.create(typed(params), setup),
  };
}
