import type { AgentInspection } from '../agents/inspection.ts';
import type { InstrumentId, OrderId } from '../core/units.ts';
import type { Instrument, OptionSeries } from '../market/instrument.ts';
import type { Side } from '../market/order.ts';
import { FACTORS, FactorSurface } from '../pricing/factors.ts';
import { agentRisk } from './agent-risk.ts';
import type { Simulation } from './simulation.ts';
import type { BookLevelView, BookView, ExpiryView, ForecastView, SeriesView, Snapshot, SubjectView } from './snapshot.ts';

const BOOK_LEVELS = 12;
const TRADES_SHOWN = 10;
/** Standard deviations from the forward at which a smile is sampled. */
const SMILE_POINTS = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
const LOG_SHOWN = 60;

interface OwnOrder {
  readonly order: OrderId;
  readonly side: Side;
  readonly price: number;
  readonly lots: number;
}

/** A picture of a run for a screen. Reads only; `selected` is the instrument whose book is wanted. */
export function takeSnapshot(sim: Simulation, selected: InstrumentId): Snapshot {
  const inspection = sim.subject.agent.inspect?.();
  const own = ownOrders(sim);
  const underlying = sim.scenario.chain.underlying;
  const perpetual = sim.exchange.book(underlying.id);
  return {
    scenario: sim.scenario.name,
    seed: sim.seed,
    nowSeconds: sim.nowSeconds,
    horizonSeconds: sim.scenario.durationSeconds,
    events: sim.kernel.events,
    done: sim.done,
    market: {
      regime: sim.world.regimeName(),
      spot: sim.world.spot(),
      bid: dollars(underlying, perpetual.best('buy')),
      ask: dollars(underlying, perpetual.best('sell')),
      realisedVol: sim.records.recorder.realisedVol(sim.world.stepNanos / 1e9),
      prints: sim.records.recorder.prints,
      volume: sim.records.recorder.volume,
    },
    expiries: expiries(sim, inspection),
    series: sim.scenario.chain.options.map((option) => series(sim, option, own.get(option.id) ?? [], inspection)),
    book: book(sim, sim.scenario.chain.instruments[selected] ?? underlying, own.get(selected) ?? []),
    forecast: forecast(inspection),
    subject: subject(sim, inspection),
    ...explained(inspection, selected, underlying.id),
    log: sim.records.recorder.log.slice(-LOG_SHOWN),
  };
}

function explained(
  inspection: AgentInspection | undefined,
  selected: InstrumentId,
  underlying: InstrumentId,
): Pick<Snapshot, 'explanation'> {
  const explanation = selected === underlying ? undefined : inspection?.explain?.(selected);
  return explanation === undefined ? {} : { explanation };
}

const dollars = (listing: Instrument, price: number | undefined): number | undefined =>
  price === undefined ? undefined : price * listing.tickSize;

/** The subject's orders at rest, by instrument, oldest first. */
function ownOrders(sim: Simulation): Map<number, OwnOrder[]> {
  const own = new Map<number, OwnOrder[]>();
  sim.subject.forEachOrder((order, instrument, side) => {
    const at = sim.exchange.book(instrument);
    const lots = at.resting(order);
    const price = at.priceOf(order);
    if (lots === undefined || price === undefined) return;
    const list = own.get(instrument) ?? [];
    list.push({ order, side, price, lots });
    own.set(instrument, list);
  });
  return own;
}

function series(sim: Simulation, option: OptionSeries, own: readonly OwnOrder[], inspection: AgentInspection | undefined): SeriesView {
  const at = sim.exchange.book(option.id);
  const i = option.id - 1;
  const bid = own.find((order) => order.side === 'buy');
  const ask = own.find((order) => order.side === 'sell');
  const selection = inspection?.selection(option.id) ?? { selected: false, reason: 'the subject does not choose series' };
  return {
    id: option.id,
    symbol: option.symbol,
    expiry: option.expiry,
    strike: option.strike,
    right: option.right,
    bid: dollars(option, at.best('buy')),
    bidSize: at.bestLots('buy') * option.lotSize,
    ask: dollars(option, at.best('sell')),
    askSize: at.bestLots('sell') * option.lotSize,
    ourBid: dollars(option, bid?.price),
    ourBidSize: (bid?.lots ?? 0) * option.lotSize,
    ourAsk: dollars(option, ask?.price),
    ourAskSize: (ask?.lots ?? 0) * option.lotSize,
    fair: sim.clock.fair.price[i] ?? 0,
    theo: inspection?.theo(option.id),
    vol: sim.clock.fair.vol[i] ?? 0,
    position: sim.ledger.position(sim.subject.id, option.id) * option.lotSize,
    selected: selection.selected,
    reason: selection.reason,
  };
}

function book(sim: Simulation, listing: Instrument, own: readonly OwnOrder[]): BookView {
  const at = sim.exchange.book(listing.id);
  const levels = (side: Side): BookLevelView[] => {
    const found: BookLevelView[] = [];
    at.levels(side, BOOK_LEVELS, (price, size, orders) => {
      const mine = own.filter((order) => order.side === side && order.price === price);
      const ahead = mine[0] === undefined ? undefined : at.lotsAhead(mine[0].order);
      found.push({
        price: price * listing.tickSize,
        size: size * listing.lotSize,
        orders,
        ours: mine.reduce((sum, order) => sum + order.lots, 0) * listing.lotSize,
        ahead: ahead === undefined ? undefined : ahead * listing.lotSize,
      });
    });
    return found;
  };
  const lastTrades = sim.records.recorder.lastPrints
    .filter((print) => print.instrument === listing.id)
    .slice(-TRADES_SHOWN)
    .map(({ seconds, price, size, aggressor }) => ({ seconds, price, size, aggressor }));
  return { id: listing.id, symbol: listing.symbol, bids: levels('buy'), asks: levels('sell'), lastTrades };
}

function expiries(sim: Simulation, inspection: AgentInspection | undefined): ExpiryView[] {
  const { chain, valuation } = sim.scenario;
  const years = sim.nowSeconds / 31_536_000;
  const world = sim.clock.fair.surface;
  const tracked = surfaceAt(valuation.tenors, inspection?.factors, years);
  const expected = surfaceAt(valuation.tenors, expectedFactors(inspection), years);
  return chain.expiries.map((expiry): ExpiryView => {
    const forward = sim.clock.fair.forward[expiry.index] ?? 0;
    const sd = world.vol(expiry.index, 0) * Math.sqrt(world.yearsLeft(expiry.index));
    return {
      label: expiry.label,
      years: Math.max(0, expiry.years - years),
      forward,
      worldAtmVol: world.vol(expiry.index, 0),
      trackedAtmVol: tracked?.vol(expiry.index, 0),
      forecastAtmVol: expected?.vol(expiry.index, 0),
      smile: SMILE_POINTS.map((deviations) => ({
        strike: forward * Math.exp(deviations * sd),
        world: world.vol(expiry.index, deviations * sd),
        tracked: tracked?.vol(expiry.index, deviations * sd),
      })),
    };
  });
}

function surfaceAt(tenors: FactorSurface['tenors'], factors: readonly number[] | undefined, years: number): FactorSurface | undefined {
  if (factors === undefined) return undefined;
  const surface = new FactorSurface(tenors);
  surface.update(factors, years);
  return surface;
}

/** Tracked factors plus the expected change at the longest horizon. */
function expectedFactors(inspection: AgentInspection | undefined): number[] | undefined {
  const made = inspection?.forecast;
  if (made === undefined || inspection?.factors === undefined) return undefined;
  const last = (made.horizonsSeconds.length - 1) * FACTORS.length;
  return inspection.factors.map((value, f) => value + (made.change[last + f] ?? 0));
}

function forecast(inspection: AgentInspection | undefined): ForecastView {
  const made = inspection?.forecast;
  const horizonsSeconds = made?.horizonsSeconds ?? [];
  const column = (values: readonly number[] | undefined, f: number): number[] =>
    horizonsSeconds.map((_, h) => values?.[h * FACTORS.length + f] ?? 0);
  return {
    kind: inspection?.forecaster ?? 'none',
    horizonsSeconds,
    factors: FACTORS.map((name, f) => ({
      name,
      tracked: inspection?.factors?.[f],
      change: column(made?.change, f),
      scale: column(made?.scale, f),
    })),
    warmup: inspection?.warmup ?? { seen: 0, needed: 0 },
  };
}

function subject(sim: Simulation, inspection: AgentInspection | undefined): SubjectView {
  const { subject: desk, ledger, attribution } = sim;
  const spec = sim.scenario.agents[desk.id];
  return {
    name: desk.name,
    kind: spec?.kind.kind ?? '',
    state: inspection?.state ?? 'running',
    pnl: {
      total: attribution.total(desk.id),
      byCause: attribution.causes.map((cause) => ({ cause, amount: attribution.amount(desk.id, cause) })),
    },
    history: [...sim.records.recorder.history],
    greeks: agentRisk(sim, desk.id),
    limits: inspection?.limits ?? [],
    fills: ledger.fills(desk.id),
    volume: sim.scenario.chain.options.reduce((sum, option) => sum + ledger.traded(desk.id, option.id) * option.lotSize, 0),
    fees: ledger.fees(desk.id) / 1e6,
  };
}
