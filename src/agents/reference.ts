import { z } from 'zod';
import { millis, nonNegative, positive, seconds, wholePositive } from '../config/quantity.ts';
import type { Rng } from '../core/rng.ts';
import { inverseNormalCdf } from '../core/special.ts';
import { lots, NANOS_PER_SECOND, nanos, nanosFromMillis, type OrderId, type Ticks, ticks } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../market/instrument.ts';
import type { Report, Side } from '../market/order.ts';
import { screenHalfSpread } from '../pricing/flow-shape.ts';
import { type Agent, type AgentSetup, type Desk, defineAgent, type Oracle } from './agent.ts';

const params = z.strictObject({
  remarkMillis: millis({ about: 'time between two looks at the market', minimum: 1 }).prefault(1000),
  lagMillis: millis({ about: 'how late it learns of a new fair value', minimum: 0 }).prefault(5),
  spreadPerVol: positive({ about: 'half-spread in vol at 30 days, as a share of the at-the-money vol; scales as (T/30 d)^-0.4' }).default(
    0.0108,
  ),
  spreadTicksMinimum: wholePositive({ about: 'smallest half-spread, in ticks' }).default(1),
  remarkShare: positive({ about: 'a quote is moved once its fair value has moved by this share of its half-spread' }).default(0.25),
  noiseShare: nonNegative({
    about:
      'standard deviation of the error of each new mark, as a share of the half-spread; independent from series to series and mark to mark',
  }).default(0.25),
  size: positive({ about: 'contracts on each side of a quote' }).default(5),
  refillSeconds: seconds({ about: 'time before a quote that traded is filled up again' }).prefault(3),
});

type ReferenceParams = z.output<typeof params>;

/** One side of a quote: the order that stands for it, and the price it was sent with. */
interface QuotedSide {
  readonly side: Side;
  order: OrderId | undefined;
  ticks: Ticks | undefined;
}

interface Quoted {
  readonly option: OptionSeries;
  readonly bid: QuotedSide;
  readonly ask: QuotedSide;
  /** Lots on each side. */
  readonly size: number;
  /** Fair value behind the two, and when a trade last took from them. */
  marked: number;
  tradedAt: number;
}

const YEARS_30_DAYS = 30 / 365;

/**
 * The rest of the market: it alone is told the world's fair values, sees them late, errs in each mark, and
 * quotes every series around them with a screen-like spread (decision 7; spreads of models 4c).
 */
export const reference = defineAgent({
  kind: 'reference',
  summary: 'stands for the rest of the market: quotes every series around the fair value, late and with errors',
  params,
  rights: { oracle: true },
  create: (p, setup) => new ReferenceMaker(p, setup),
});

/** Looks at every series several times a second: nothing is made anew per look. */
class ReferenceMaker implements Agent {
  readonly #params: ReferenceParams;
  readonly #chain: Chain;
  readonly #oracle: Oracle | undefined;
  readonly #errors: Rng;
  /** By instrument id; none for the underlying. */
  readonly #quoted: readonly (Quoted | undefined)[];
  /** Half-spread in vol of each expiry, as of the present look. */
  readonly #halfSpreadVols: Float64Array;
  /** Uniform on (0, 1), by instrument id, of the present look. */
  readonly #chances: Float64Array;

  constructor(p: ReferenceParams, setup: AgentSetup) {
    this.#params = p;
    this.#chain = setup.chain;
    this.#oracle = setup.oracle;
    this.#errors = setup.stream('errors');
    this.#quoted = setup.chain.instruments.map((listing) => (listing.kind === 'option' ? unquoted(listing, p.size) : undefined));
    this.#halfSpreadVols = new Float64Array(setup.chain.expiries.length);
    this.#chances = new Float64Array(setup.chain.instruments.length);
  }

  onOpen(desk: Desk): void {
    desk.wakeAt(nanosFromMillis(this.#params.lagMillis));
  }

  onWake(desk: Desk): void {
    const oracle = this.#oracle;
    if (oracle === undefined) return;
    this.#widen(oracle);
    for (const option of this.#chain.options) {
      // Drawn whether or not it is used, so that nobody's trades shift the errors that follow.
      this.#chances[option.id] = this.#errors.uniform();
      const quoted = this.#quoted[option.id];
      if (quoted !== undefined && desk.listed(option.id)) this.#look(oracle, quoted, desk);
    }
    desk.wakeAt(nanos(desk.now + nanosFromMillis(this.#params.remarkMillis)));
  }

  /** Quotes of a session do not wait for the next one. */
  onClosed(desk: Desk): void {
    desk.cancelAll();
  }

  onReport(report: Readonly<Report>, desk: Desk): void {
    const quoted = this.#quoted[report.instrument];
    if (quoted === undefined) return;
    if (report.kind === 'fill') quoted.tradedAt = desk.now;
    const gone = (report.kind === 'fill' && report.remaining === 0) || report.kind === 'removed' || report.kind === 'rejected';
    if (gone && quoted.bid.order === report.order) quoted.bid.order = undefined;
    if (gone && quoted.ask.order === report.order) quoted.ask.order = undefined;
  }

  #widen(oracle: Oracle): void {
    const { surface } = oracle.fair;
    for (let expiry = 0; expiry < this.#halfSpreadVols.length; expiry += 1) {
      const tenor = surface.yearsLeft(expiry) / YEARS_30_DAYS;
      this.#halfSpreadVols[expiry] = screenHalfSpread(this.#params.spreadPerVol, surface.vol(expiry, 0), tenor);
    }
  }

  /** Moves or fills up the quote of a series, if there is a reason to. */
  #look(oracle: Oracle, quoted: Quoted, desk: Desk): void {
    const p = this.#params;
    const { option, bid, ask, size } = quoted;
    const fair = oracle.fair.price[option.id - 1] ?? 0;
    const vega = oracle.fair.vega[option.id - 1] ?? 0;
    const half = Math.max(p.spreadTicksMinimum * option.tickSize, (this.#halfSpreadVols[option.expiry] ?? 0) * vega);
    const fresh = bid.order === undefined && ask.order === undefined;
    const moved = Math.abs(fair - quoted.marked) > p.remarkShare * half;
    if (!fresh && !moved && !isShort(quoted, p.refillSeconds, desk)) return;
    quoted.marked = fair;
    const centre = fair + p.noiseShare * half * inverseNormalCdf(this.#chances[option.id] ?? 0.5);
    const below = ticksBelow(option, centre - half);
    const bidPrice = below >= 1 ? below : undefined;
    const askPrice = ticks(Math.max(ticksAbove(option, centre + half), below + 1, 1));
    // The side that moves away goes first: the other would else meet its own old order.
    if (askPrice >= (ask.ticks ?? 0)) {
      place(desk, option, ask, askPrice, size);
      place(desk, option, bid, bidPrice, size);
    } else {
      place(desk, option, bid, bidPrice, size);
      place(desk, option, ask, askPrice, size);
    }
  }
}

function unquoted(option: OptionSeries, contracts: number): Quoted {
  return {
    option,
    bid: { side: 'buy', order: undefined, ticks: undefined },
    ask: { side: 'sell', order: undefined, ticks: undefined },
    size: Math.max(1, Math.round(contracts / option.lotSize)),
    marked: 0,
    tradedAt: -1e18,
  };
}

/** A side traded, and long enough ago to be filled up. */
function isShort({ option, bid, size, tradedAt }: Quoted, refillSeconds: number, desk: Desk): boolean {
  if (!(desk.now - tradedAt > refillSeconds * NANOS_PER_SECOND)) return false;
  // A bid below the first tick is not missing: there is none to fill up.
  return (bid.ticks !== undefined && desk.openLots(option.id, 'buy') < size) || desk.openLots(option.id, 'sell') < size;
}

/** Moves one side of a quote; undefined takes it out. A size that is complete at the same price is left alone. */
function place(desk: Desk, option: OptionSeries, quoted: QuotedSide, price: Ticks | undefined, size: number): void {
  const { side, order, ticks: at } = quoted;
  quoted.ticks = price;
  if (price === undefined) {
    if (order !== undefined) desk.cancel(order);
    quoted.order = undefined;
  } else if (order === undefined) {
    quoted.order = desk.submit({ instrument: option.id, side, type: 'limit', price, lots: lots(size) });
  } else if (at !== price || desk.openLots(option.id, side) < size) {
    quoted.order = desk.replace(order, price, lots(size)) ?? order;
  }
}
