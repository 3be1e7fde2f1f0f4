import { z } from 'zod';
import { millis, nonNegative, positive, seconds, wholePositive } from '../config/quantity.ts';
import { NANOS_PER_SECOND, nanos, nanosFromMillis, type Ticks, ticks } from '../core/units.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../market/instrument.ts';
import type { Report, Side } from '../market/order.ts';
import { nextAbove, nextBelow } from '../market/tick-table.ts';
import { type Agent, type AgentSetup, type Desk, defineAgent } from './agent.ts';
import type { AgentInspection } from './inspection.ts';
import { reservationPerVol, trackerParams } from './maker/beliefs.ts';
import { hedgeUnits } from './maker/hedging/hedge-units.ts';
import { MarketWatch } from './maker/market-watch.ts';
import { blankRisk, positionRisk } from './maker/position-risk.ts';
import { acceptanceSlope } from './maker/quoting/flow-belief.ts';
import { bestDistance } from './maker/quoting/hamiltonian.ts';
import { WorkingQuotes } from './maker/working-quotes.ts';
import { PerpetualTaker } from './perpetual-taker.ts';

const params = z.strictObject({
  requoteMillis: millis({ about: 'time between two looks at the market', minimum: 1 }).prefault(1000),
  widthMultiplier: positive({
    about: 'half-spread as a multiple of the best one for a maker without position, fee included',
  }).default(1.2),
  reservationPerVol,
  requoteShare: nonNegative({ about: 'a quote is moved once its value has moved by more than this share of its half-spread' }).default(
    0.25,
  ),
  size: positive({ about: 'contracts on each side of a quote' }).default(1),
  seriesMaximum: wholePositive({ about: 'series quoted at once, the nearest to the money first' }).default(24),
  reselectSeconds: seconds({ about: 'time between two choices of the nearest series' }).prefault(60),
  hedge: z
    .strictObject({
      band: nonNegative({ about: 'delta that it leaves open, in units of the underlying' }).default(1),
      slippageBp: positive({ about: 'how far from the mid a hedge may trade, in basis points' }).default(10),
    })
    .prefault({}),
  limits: z
    .strictObject({ positionPerSeries: positive({ about: 'contracts, long or short, open quotes included' }).default(20) })
    .prefault({}),
  tracker: trackerParams,
});

type FixedParams = z.output<typeof params>;

/**
 * The simplest whole market maker. It tracks the surface in the books of the others, quotes the series nearest to the money at the tracked value
 * plus and minus a fixed half-spread, leaves a quote alone until its value has moved by a share of that, hedges delta in the perpetual, and
 * stops adding to a position at its limit. It forecasts nothing, and does not lean against what it holds: what it earns says how hard a market
 * is, and what forecasts and leans add is measured from there.
 */
export const fixed = defineAgent({
  kind: 'fixed',
  summary: 'quotes the tracked value plus and minus a fixed half-spread, and hedges delta: the yardstick',
  params,
  positionPerSeries: (p) => p.limits.positionPerSeries,
  create: (p, setup) => new FixedMaker(p, setup),
});

class FixedMaker implements Agent {
  readonly #params: FixedParams;
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  readonly #working: WorkingQuotes;
  readonly #taker: PerpetualTaker;
  readonly #risk = blankRisk();
  /** By series (instrument id − 1): value behind the standing quote and half its width, dollars, and whether it is one to quote. */
  readonly #centres: Float64Array;
  readonly #halves: Float64Array;
  readonly #chosen: Uint8Array;
  #nextChoice = 0;

  constructor(p: FixedParams, setup: AgentSetup) {
    const series = setup.chain.options.length;
    this.#params = p;
    this.#setup = setup;
    this.#watch = new MarketWatch(setup, p.tracker);
    this.#working = new WorkingQuotes(series);
    this.#taker = new PerpetualTaker(setup.chain.underlying, p.hedge.slippageBp);
    this.#centres = new Float64Array(series);
    this.#halves = new Float64Array(series);
    this.#chosen = new Uint8Array(series);
  }

  onOpen(desk: Desk): void {
    this.#watch.open(desk);
    desk.wakeAt(nanos(0));
  }

  onWake(desk: Desk): void {
    desk.wakeAt(nanos(desk.now + nanosFromMillis(this.#params.requoteMillis)));
    this.#watch.look(desk);
    if (!this.#watch.tracker.ready) return;
    if (desk.now >= this.#nextChoice) {
      this.#choose(desk);
      this.#nextChoice = desk.now + this.#params.reselectSeconds * NANOS_PER_SECOND;
    }
    for (const option of this.#setup.chain.options) this.#quote(desk, option);
    this.#hedge(desk);
  }

  onReport(report: Readonly<Report>): void {
    this.#working.hear(report);
  }

  /** A session begins with a surface of its own. */
  onClosed(desk: Desk): void {
    desk.cancelAll();
    this.#watch.forget();
    this.#nextChoice = 0;
  }

  /** The series that trade, in the order of |delta| from a half. */
  #choose(desk: Desk): void {
    const { delta } = this.#watch.tracker.theo;
    const distance = (option: OptionSeries): number => Math.abs(Math.abs(delta[option.id - 1] ?? 0) - 0.5);
    const trading = this.#setup.chain.options.filter((option) => desk.listed(option.id) && this.#halfSpread(option) !== undefined);
    this.#chosen.fill(0);
    for (const option of trading.sort((a, b) => distance(a) - distance(b) || a.id - b.id).slice(0, this.#params.seriesMaximum)) {
      this.#chosen[option.id - 1] = 1;
    }
  }

  /**
   * Dollars: the distance that is best for a maker without position, fee included (`maker/hamiltonian.ts`), times the multiplier. Undefined
   * where a vol point is worth less than half a tick: that is no market in vol.
   */
  #halfSpread(option: OptionSeries): number | undefined {
    const { theo } = this.#watch.tracker;
    const vega = theo.vega[option.id - 1] ?? 0;
    if (vega / 100 < 0.5 * option.tickSize) return undefined;
    const at = ticksBelow(option, Math.max(option.tickSize, theo.price[option.id - 1] ?? 0));
    const feeVol = this.#setup.feePerUnit(option.id, at, 'maker', theo.spot) / vega;
    return this.#params.widthMultiplier * vega * bestDistance(feeVol, acceptanceSlope(theo, option.expiry, this.#params.reservationPerVol));
  }

  #quote(desk: Desk, option: OptionSeries): void {
    const i = option.id - 1;
    const half = this.#chosen[i] === 1 && desk.listed(option.id) ? this.#halfSpread(option) : undefined;
    if (half === undefined) {
      this.#working.set(desk, option, 'buy', undefined, 0);
      this.#working.set(desk, option, 'sell', undefined, 0);
      return;
    }
    const value = this.#watch.tracker.theo.price[i] ?? 0;
    const [bidSize, askSize] = [this.#size(desk, option, 'buy'), this.#size(desk, option, 'sell')];
    const isWhole = this.#working.size(i, 'buy') === bidSize && this.#working.size(i, 'sell') === askSize;
    if (isWhole && Math.abs(value - (this.#centres[i] ?? 0)) <= this.#params.requoteShare * (this.#halves[i] ?? 0)) return;
    this.#centres[i] = value;
    this.#halves[i] = half;
    const others = desk.bbo(option.id);
    // Rounded away from the value, and never through the best price of the others.
    const { tickTable } = option;
    const below = ticksBelow(option, value - half);
    const above = ticks(Math.max(1, ticksAbove(option, value + half)));
    const bid = others.ask === undefined ? below : ticks(Math.min(below, nextBelow(tickTable, others.ask)));
    const ask = others.bid === undefined ? above : ticks(Math.max(above, nextAbove(tickTable, others.bid)));
    const set = (side: Side, price: Ticks, size: number): void =>
      this.#working.set(desk, option, side, size > 0 && price >= 1 ? price : undefined, size);
    // The side that moves away goes first: the other would else meet its own old order.
    const rises = ask >= (this.#working.price(i, 'sell') ?? 0);
    if (rises) set('sell', ask, askSize);
    set('buy', bid, bidSize);
    if (!rises) set('sell', ask, askSize);
  }

  /** Lots to quote on a side: less where the position comes near its limit. */
  #size(desk: Desk, option: OptionSeries, side: Side): number {
    const held = desk.position(option.id) * (side === 'buy' ? 1 : -1);
    const room = Math.floor(this.#params.limits.positionPerSeries / option.lotSize + 1e-9) - held;
    return Math.max(0, Math.min(Math.max(1, Math.round(this.#params.size / option.lotSize)), room));
  }

  #hedge(desk: Desk): void {
    const { chain } = this.#setup;
    const { delta } = positionRisk(chain, this.#watch.tracker.theo, desk, this.#risk);
    this.#taker.trade(desk, hedgeUnits(delta, this.#params.hedge.band, chain.underlying.lotSize));
  }

  inspect(): AgentInspection {
    const { tracker } = this.#watch;
    return {
      state: tracker.ready ? 'quoting' : 'warming-up: no two-sided books yet',
      forecaster: 'none',
      limits: [],
      factors: tracker.ready ? Array.from(tracker.factors) : undefined,
      forecast: undefined,
      warmup: { seen: 0, needed: 0 },
      theo: (instrument) => (this.#chosen[instrument - 1] === 1 ? this.#centres[instrument - 1] : undefined),
      selection: (instrument) =>
        this.#chosen[instrument - 1] === 1
          ? { selected: true, reason: 'near the money' }
          : { selected: false, reason: 'others are nearer' },
    };
  }
}
