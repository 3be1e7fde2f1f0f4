import { NANOS_PER_SECOND, nanos, nanosFromMillis } from '../../core/units.ts';
import { FeatureBuilder } from '../../forecast/features.ts';
import type { Forecast, Forecaster, ForecasterModel } from '../../forecast/forecaster.ts';
import type { Trade } from '../../market/data.ts';
import { unitsFromLots } from '../../market/instrument.ts';
import type { Report } from '../../market/order.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { type Agent, type AgentSetup, type Desk, defineAgent, type Settlement } from '../agent.ts';
import type { AgentInspection } from '../inspection.ts';
import { DeltaHedger } from './delta-hedger.ts';
import { forecastLean } from './forecast-lean.ts';
import { MarketWatch } from './market-watch.ts';
import { OwnAccount } from './own-account.ts';
import { type MakerParams, makerParams } from './params.ts';
import { blankRisk, positionRisk } from './position-risk.ts';
import { QuoteBoard } from './quote-board.ts';
import { type Intent, QuotePlan } from './quote-plan.ts';
import { WorkingQuotes } from './working-quotes.ts';

const DAYS_PER_YEAR = 365;
const SECONDS_PER_YEAR = 31_536_000;

/**
 * The market maker: tracks the surface from the others' books, forecasts its factors, chooses strikes and expiries, quotes them
 * around the forecast value with the closed form's leans, hedges delta inside a band, and keeps its limits.
 */
export const maker = defineAgent({
  kind: 'maker',
  summary: 'tracks and forecasts the surface, chooses series, quotes, hedges and keeps limits',
  params: makerParams,
  forecasterKind: (params) => params.forecaster,
  positionPerSeries: (params) => params.limits.positionPerSeries,
  create: (params, setup) => new Maker(params, setup),
});

class Maker implements Agent {
  readonly #params: MakerParams;
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  #features: FeatureBuilder;
  readonly #model: ForecasterModel;
  #forecaster: Forecaster;
  readonly #board: QuoteBoard;
  readonly #working: WorkingQuotes;
  readonly #account: OwnAccount;
  readonly #plan: QuotePlan;
  readonly #hedger: DeltaHedger;
  readonly #risk = blankRisk();
  readonly #lean = new Float64Array(FACTOR_COUNT);
  #forecast: Forecast | undefined;
  /** Where and when the forecast was made. */
  readonly #origin = new Float64Array(FACTOR_COUNT);
  #madeSeconds = 0;
  #nextStep = 0;
  #nextChoice = 0;
  #quotedSpot = 0;
  #stopped: string | undefined;
  #isClosed = false;
  #pnl = 0;

  constructor(params: MakerParams, setup: AgentSetup) {
    this.#params = params;
    this.#setup = setup;
    this.#watch = new MarketWatch(setup, params.tracker);
    this.#features = new FeatureBuilder(this.#watch.tracker.theo, setup.forecastStepSeconds);
    this.#model = setup.forecaster(params.forecaster);
    this.#forecaster = this.#model.start();
    this.#board = new QuoteBoard(params, setup);
    this.#working = new WorkingQuotes(setup.chain.options.length);
    this.#account = new OwnAccount(setup.chain);
    this.#plan = new QuotePlan(setup.chain, this.#watch.tracker.theo, params);
    this.#hedger = new DeltaHedger(setup.chain.underlying, params);
  }

  onOpen(desk: Desk): void {
    this.#watch.open(desk);
    desk.wakeAt(nanos(0));
  }

  onWake(desk: Desk): void {
    this.#cycle(desk);
    desk.wakeAt(nanos(desk.now + nanosFromMillis(this.#params.requoteMillis)));
  }

  /** The underlying's book changed: a large enough move is not slept through. */
  onData(_instrument: number, desk: Desk): void {
    if (!desk.isOpen) return;
    this.#watch.lookAtSpot(desk);
    const spot = this.#watch.lastSpot;
    if (spot === undefined || this.#quotedSpot === 0) return;
    if (Math.abs(Math.log(spot / this.#quotedSpot)) * 10_000 >= this.#params.moveTriggerBp) this.#cycle(desk);
  }

  onTrade(trade: Readonly<Trade>): void {
    const option = this.#setup.chain.instruments[trade.instrument];
    if (option?.kind !== 'option' || !this.#watch.tracker.ready) return;
    const contracts = (trade.aggressor === 'buy' ? 1 : -1) * unitsFromLots(option, trade.lots);
    this.#features.trade(option.id - 1, contracts);
    this.#forecaster.trade?.(option.id - 1, contracts, this.#watch.tracker.theo);
  }

  onReport(report: Readonly<Report>): void {
    this.#account.hear(report);
    this.#working.hear(report);
  }

  onFunding(dollars: number): void {
    this.#account.funded(dollars);
  }

  /** Withdraws all quotes. What happens until the next session is in no book: it will begin as at the first opening, but for its account. */
  onClosed(desk: Desk): void {
    desk.cancelAll();
    this.#isClosed = true;
    this.#watch.forget();
    this.#features = new FeatureBuilder(this.#watch.tracker.theo, this.#setup.forecastStepSeconds);
    this.#forecaster = this.#model.start();
    this.#forecast = undefined;
    this.#lean.fill(0);
    this.#nextStep = 0;
    this.#nextChoice = 0;
    this.#quotedSpot = 0;
  }

  onReopened(): void {
    this.#isClosed = false;
  }

  onSettled(settlement: Settlement): void {
    this.#account.settled(settlement);
    const option = this.#setup.chain.instruments[settlement.instrument];
    if (option?.kind === 'option') this.#watch.tracker.note(option.id - 1, 0, 0);
  }

  /** One look at the market, and what follows from it. */
  #cycle(desk: Desk): void {
    this.#watch.look(desk);
    if (!this.#watch.tracker.ready) return;
    this.#step(desk);
    const { theo } = this.#watch.tracker;
    positionRisk(this.#setup.chain, theo, desk, this.#risk);
    this.#pnl = this.#account.pnl(theo, desk, this.#watch.lastPerpetual);
    if (this.#stopped === undefined && this.#pnl < -this.#params.limits.lossDollars) {
      this.#stopped = `loss of ${(-this.#pnl).toFixed(0)} $ beyond the limit of ${this.#params.limits.lossDollars} $`;
    }
    if (desk.now >= this.#nextChoice) {
      this.#board.choose(desk, this.#watch, this.#risk, this.#lean, this.#levelVariance());
      this.#nextChoice = desk.now + this.#params.reselectSeconds * NANOS_PER_SECOND;
    }
    this.#quote(desk);
    this.#hedger.hedge(desk, this.#risk, this.#watch.lastPerpetual, this.#stopped !== undefined);
  }

  /** Closes a forecast step when its time has come. */
  #step(desk: Desk): void {
    if (desk.now < this.#nextStep) return;
    const step = this.#setup.forecastStepSeconds * NANOS_PER_SECOND;
    this.#nextStep = (Math.floor(desk.now / step) + 1) * step;
    const { tracker } = this.#watch;
    const row = this.#features.step({
      factors: tracker.factors,
      spot: this.#watch.spot,
      basis: this.#watch.basis,
      hours: desk.now / (3600 * NANOS_PER_SECOND),
    });
    this.#forecaster.observe(tracker.factors, row);
    this.#forecast = this.#forecaster.forecast();
    this.#origin.set(tracker.factors);
    this.#madeSeconds = desk.now / NANOS_PER_SECOND;
    if (this.#forecast === undefined) this.#lean.fill(0);
    else forecastLean(this.#forecast, this.#board.inventory.kappa, this.#lean);
  }

  /** Annual variance of the level: from the forecast's own scale at its longest horizon, before that from belief. */
  #levelVariance(): number {
    const forecast = this.#forecast;
    const believed = this.#params.tracker.dailySd[0];
    if (forecast === undefined) return believed * believed * DAYS_PER_YEAR;
    const last = forecast.horizonsSeconds.length - 1;
    const scale = forecast.scale[last * FACTOR_COUNT] ?? 0;
    return (scale * scale * SECONDS_PER_YEAR) / (forecast.horizonsSeconds[last] ?? 1);
  }

  #quote(desk: Desk): void {
    const { theo } = this.#watch.tracker;
    const terms = this.#board.terms(this.#levelVariance());
    this.#quotedSpot = theo.spot;
    this.#plan.begin(desk, this.#risk);
    const intents: Intent[] = [];
    for (const option of this.#setup.chain.options) {
      const selected = this.#board.selections[option.id - 1]?.selected === true && this.#stopped === undefined;
      const made = selected ? this.#board.price(option, this.#watch, this.#risk, this.#lean, terms) : undefined;
      const prices = made === undefined ? undefined : this.#board.sendable(desk, option, made);
      const within = this.#params.requoteShare * (made?.halfSpread ?? 0);
      const bid = this.#plan.intent(desk, option, 'buy', this.#working.steady(option, 'buy', prices?.bid, within));
      const ask = this.#plan.intent(desk, option, 'sell', this.#working.steady(option, 'sell', prices?.ask, within));
      // The side that moves away goes first: the other would else meet its own old order.
      const rises = (prices?.ask ?? 0) >= (this.#working.price(option.id - 1, 'sell') ?? 0);
      intents.push(...(rises ? [ask, bid] : [bid, ask]));
    }
    // What is withdrawn goes first, so that the exchange never sees more than was meant.
    for (const { option, side, price, size } of intents) if (price === undefined) this.#working.set(desk, option, side, undefined, size);
    for (const { option, side, price, size } of intents) if (price !== undefined) this.#working.set(desk, option, side, price, size);
  }

  get #state(): string {
    if (this.#stopped !== undefined) return `stopped: ${this.#stopped}`;
    if (this.#isClosed) return 'waiting for the next session';
    return this.#watch.tracker.ready ? 'quoting' : 'warming-up: no two-sided books yet';
  }

  inspect(): AgentInspection {
    const { tracker } = this.#watch;
    const { limits } = this.#params;
    const forecast = this.#forecast;
    return {
      state: this.#state,
      forecaster: this.#params.forecaster,
      limits: [
        { name: 'delta', unit: 'units', value: Math.abs(this.#risk.delta), limit: limits.delta },
        { name: 'gamma', unit: 'units per 1 %', value: this.#plan.budget.worstGamma, limit: limits.gamma },
        { name: 'vega', unit: '$ per vol point', value: this.#plan.budget.worstVega, limit: limits.vega },
        { name: 'loss', unit: '$', value: Math.max(0, -this.#pnl), limit: limits.lossDollars },
      ],
      factors: tracker.ready ? Array.from(tracker.factors) : undefined,
      forecast:
        forecast === undefined
          ? undefined
          : {
              madeSeconds: this.#madeSeconds,
              origin: Array.from(this.#origin),
              horizonsSeconds: forecast.horizonsSeconds,
              change: Array.from(forecast.change),
              scale: Array.from(forecast.scale),
            },
      learning: this.#forecaster.report?.(),
      warmup: { seen: this.#features.steps, needed: this.#model.warmupSteps },
      theo: (instrument) =>
        tracker.ready && this.#board.selections[instrument - 1]?.selected ? this.#board.quotes[instrument - 1]?.theo : undefined,
      selection: (instrument) => this.#board.selections[instrument - 1] ?? { selected: false, reason: 'not an option' },
    };
  }
}
