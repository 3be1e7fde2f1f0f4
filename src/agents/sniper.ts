import { z } from 'zod';
import { fraction, millis, nonNegative, positive, wholePositive } from '../config/quantity.ts';
import { lots, type Nanos, nanos, nanosFromMillis, ticks } from '../core/units.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { priceFromTicks } from '../market/instrument.ts';
import type { Report, Side } from '../market/order.ts';
import { TheoChain } from '../pricing/theo.ts';
import { type Agent, type AgentSetup, type Desk, defineAgent } from './agent.ts';
import { trackerParams } from './maker/beliefs.ts';
import { hedgeUnits } from './maker/hedging/hedge-units.ts';
import { MarketWatch } from './maker/market-watch.ts';
import { blankRisk, positionRisk } from './maker/position-risk.ts';
import { PerpetualTaker } from './perpetual-taker.ts';

const params = z.strictObject({
  moveTriggerBp: positive({
    about: 'move of the perpetual since its last look at vols, in basis points, that makes it look for stale quotes',
  }).default(3),
  edgeTicks: nonNegative({
    about: 'edge after fees, that of the hedge included, that makes it trade, in ticks; the larger of this and edgeVol counts',
  }).default(1),
  edgeVol: fraction({ about: 'edge after fees that makes it trade, in vol' }).prefault(0.002),
  size: positive({ about: 'contracts per order, if so many are quoted' }).default(2),
  ordersPerMove: wholePositive({ about: 'orders it sends after one change of the perpetual at most' }).default(4),
  coolDownMillis: millis({ about: 'time between two orders in a series at least' }).prefault(1000),
  trackMillis: millis({ about: 'time between two looks at vols', minimum: 1 }).prefault(1000),
  settleMillis: millis({ about: 'how long after a move it takes the quotes for stale, and learns no vol from them' }).prefault(200),
  hedge: z
    .strictObject({
      band: nonNegative({ about: 'delta that it leaves open, in units of the underlying; 0: hedges to the lot' }).default(0),
      slippageBp: positive({ about: 'how far from the mid a hedge may trade, in basis points' }).default(10),
    })
    .prefault({}),
  limits: z
    .strictObject({
      positionPerSeries: positive({ about: 'contracts, long or short, open orders included' }).default(10),
      contracts: positive({
        about: 'contracts over all series, long and short added; what makes a position smaller is always allowed',
      }).default(60),
    })
    .prefault({}),
  tracker: trackerParams,
});

type SniperParams = z.output<typeof params>;

/** A quote that is worse than its value; `edge` in dollars per unit, after the fees of the option and of its hedge. */
interface Target {
  readonly option: OptionSeries;
  readonly side: Side;
  readonly edge: number;
}

/**
 * Takes option quotes that have not followed a move of the perpetual yet (Foucault, Röell and Sandås 2003, call it picking off). It knows no truth: vols
 * are those that it tracks in the visible mids while the perpetual is calm, and after a move it values the options at the new perpetual and
 * the old vols. It takes only what the move made cheap or dear, and hedges the delta in the perpetual. Whether it earns depends on its
 * `latency` against that of those who quote.
 */
export const sniper = defineAgent({
  kind: 'sniper',
  summary: 'takes option quotes that a move of the perpetual has left stale, and hedges their delta',
  params,
  positionPerSeries: (p) => p.limits.positionPerSeries,
  create: (p, setup) => new Sniper(p, setup),
});

class Sniper implements Agent {
  readonly #params: SniperParams;
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  /** Values at the perpetual of now and the vols of the last look. */
  readonly #theo: TheoChain;
  readonly #taker: PerpetualTaker;
  readonly #risk = blankRisk();
  /** By instrument id: before this time no further order. */
  readonly #notBefore: Float64Array;
  /** Perpetual at the last look at vols; 0 before the first. */
  #trackedSpot = 0;
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(p: SniperParams, setup: AgentSetup) {
    this.#params = p;
    this.#setup = setup;
    this.#watch = new MarketWatch(setup, p.tracker);
    this.#theo = new TheoChain(setup.chain, setup.valuation);
    this.#taker = new PerpetualTaker(setup.chain.underlying, p.hedge.slippageBp);
    this.#notBefore = new Float64Array(setup.chain.instruments.length);
  }

  onOpen(desk: Desk): void {
    this.#watch.open(desk);
    desk.wakeAt(nanos(0));
  }

  onWake(desk: Desk): void {
    const calm = this.#movedAt + nanosFromMillis(this.#params.settleMillis);
    if (desk.now < calm) {
      desk.wakeAt(nanos(calm));
      return;
    }
    this.#track(desk);
    this.#hedge(desk);
    desk.wakeAt(this.#after(desk, this.#params.trackMillis));
  }

  /** Vols of one session say nothing of the quotes of the next. */
  onClosed(): void {
    this.#watch.forget();
  }

  /** The perpetual's book changed. */
  onData(_instrument: number, desk: Desk): void {
    if (!this.#watch.tracker.ready) return;
    this.#watch.lookAtSpot(desk);
    const { spot } = this.#watch;
    if (spot === undefined) return;
    const move = Math.log(spot / this.#trackedSpot);
    if (Math.abs(move) * 10_000 < this.#params.moveTriggerBp) return;
    this.#movedAt = desk.now;
    this.#theo.move(this.#watch.tracker.factors, spot, desk.nowYears);
    this.#theo.valueAll();
    const targets = this.#targets(desk, Math.sign(move)).sort((a, b) => b.edge - a.edge || a.option.id - b.option.id);
    for (const target of targets.slice(0, this.#params.ordersPerMove)) this.#take(desk, target);
  }

  onReport(report: Readonly<Report>, desk: Desk): void {
    if (report.kind === 'fill') this.#hedge(desk);
  }

  #track(desk: Desk): void {
    this.#watch.look(desk);
    if (this.#watch.tracker.ready) this.#trackedSpot = this.#watch.lastSpot ?? this.#trackedSpot;
  }

  /** Quotes that a move in this direction left behind, in the order of the chain. */
  #targets(desk: Desk, direction: number): Target[] {
    const p = this.#params;
    const { underlying } = this.#setup.chain;
    const { spot } = this.#theo;
    const hedgeFee = this.#setup.feePerUnit(underlying.id, ticks(Math.max(1, Math.round(spot / underlying.tickSize))), 'taker', spot);
    const found: Target[] = [];
    for (const option of this.#setup.chain.options) {
      const i = option.id - 1;
      if (!desk.listed(option.id) || desk.now < (this.#notBefore[option.id] ?? 0)) continue;
      const gain = direction * (this.#theo.delta[i] ?? 0);
      if (gain === 0) continue;
      const side = gain > 0 ? 'buy' : 'sell';
      const bbo = desk.bbo(option.id);
      const at = side === 'buy' ? bbo.ask : bbo.bid;
      if (at === undefined) continue;
      const cost = this.#setup.feePerUnit(option.id, at, 'taker', this.#theo.spot) + hedgeFee * Math.abs(this.#theo.delta[i] ?? 0);
      const edge = (side === 'buy' ? 1 : -1) * ((this.#theo.price[i] ?? 0) - priceFromTicks(option, at)) - cost;
      if (edge > Math.max(p.edgeTicks * option.tickSize, p.edgeVol * (this.#theo.vega[i] ?? 0))) found.push({ option, side, edge });
    }
    return found;
  }

  /** Takes what is shown of a quote, as far as the limits go. */
  #take(desk: Desk, { option, side }: Target): void {
    const bbo = desk.bbo(option.id);
    const price = side === 'buy' ? bbo.ask : bbo.bid;
    const shown = side === 'buy' ? bbo.askLots : bbo.bidLots;
    const size = lots(Math.min(shown, Math.max(1, Math.round(this.#params.size / option.lotSize)), this.#room(desk, option, side)));
    if (price === undefined || size < 1) return;
    if (desk.submit({ instrument: option.id, side, type: 'ioc', price, lots: size }) === undefined) return;
    this.#notBefore[option.id] = this.#after(desk, this.#params.coolDownMillis);
  }

  /** Whole lots that the limits leave on a side of a series, orders under way taken for filled. */
  #room(desk: Desk, option: OptionSeries, side: Side): number {
    const { limits } = this.#params;
    let gross = 0;
    for (const { id, lotSize } of this.#setup.chain.options) {
      gross += (Math.abs(desk.position(id)) + desk.openLots(id, 'buy') + desk.openLots(id, 'sell')) * lotSize;
    }
    const held = desk.position(option.id) * (side === 'buy' ? 1 : -1);
    const open = desk.openLots(option.id, side);
    const inSeries = Math.floor(limits.positionPerSeries / option.lotSize + 1e-9) - held - open;
    // Closing what is held the other way adds nothing to the sum.
    const closing = Math.max(0, -held - open);
    return Math.min(inSeries, closing + Math.max(0, Math.floor((limits.contracts - gross) / option.lotSize + 1e-9)));
  }

  #hedge(desk: Desk): void {
    const spot = this.#watch.lastSpot;
    if (!this.#watch.tracker.ready || spot === undefined) return;
    this.#theo.move(this.#watch.tracker.factors, spot, desk.nowYears);
    this.#theo.valueAll();
    const { lotSize } = this.#setup.chain.underlying;
    const { delta } = positionRisk(this.#setup.chain, this.#theo, desk, this.#risk);
    this.#taker.trade(desk, hedgeUnits(delta, this.#params.hedge.band, lotSize));
  }

  #after(desk: Desk, millis: number): Nanos {
    return nanos(desk.now + nanosFromMillis(millis));
  }
}
