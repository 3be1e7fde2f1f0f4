import { NANOS_PER_SECOND, nanos, nanosFromMillis } from '../../core/units.ts';
import type { Trade } from '../../market/data.ts';
import { unitsFromLots } from '../../market/instrument.ts';
import type { Report } from '../../market/order.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import { type Agent, type AgentKind, type AgentSetup, type Desk, defineAgent, type Settlement } from '../agent.ts';
import type { AgentInspection } from '../inspection.ts';
import { kindOf, withoutKind } from './chosen-part.ts';
import { Exposures } from './exposures.ts';
import { Forecasting } from './forecasting.ts';
import { Hedging } from './hedging/hedging.ts';
import { makerInspection } from './maker-inspection.ts';
import { MarketWatch } from './market-watch.ts';
import { OwnAccount } from './own-account.ts';
import { type MakerParams, makerSchema } from './params.ts';
import { BUILT_IN_PARTS, type MakerParts } from './parts.ts';
import { blankRisk, positionRisk } from './position-risk.ts';
import { FLATTEN, PULL, REDUCE_ONLY } from './protection/level.ts';
import { Protection } from './protection/protection.ts';
import { Unwind } from './protection/unwind.ts';
import { QuoteCycle } from './quote-cycle.ts';
import { MakerView } from './quoting/maker-view.ts';
import { QuoteBoard } from './quoting/quote-board.ts';

/**
 * The market maker: tracks the surface from the others' books, forecasts its factors, chooses strikes and expiries, quotes them
 * around the forecast value with the closed form's leans, hedges delta inside a band, and keeps its limits.
 *
 * @param parts the quoters, selectors and hedgers that a scenario can choose from.
 */
export function makerKind(parts: MakerParts): AgentKind {
  return defineAgent({
    kind: 'maker',
    summary: 'tracks and forecasts the surface, chooses series, quotes, hedges and keeps limits',
    params: makerSchema(parts),
    forecasterKind: (params) => params.forecaster,
    positionPerSeries: (params) => params.limits.positionPerSeries,
    create: (params, setup) => new Maker(params, parts, setup),
  });
}

export const maker = makerKind(BUILT_IN_PARTS);

const WAITING = 'waiting for the next session';
const WARMING_UP = 'warming-up: no two-sided books yet';

class Maker implements Agent {
  readonly #params: MakerParams;
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  readonly #forecasting: Forecasting;
  readonly #view: MakerView;
  readonly #board: QuoteBoard;
  readonly #quotes: QuoteCycle;
  readonly #account: OwnAccount;
  readonly #hedging: Hedging;
  readonly #risk = blankRisk();
  readonly #exposures: Exposures;
  readonly #protection: Protection;
  readonly #unwind: Unwind;
  #nextChoice = 0;
  #quotedSpot = 0;
  #lookedSeconds = 0;
  #isClosed = false;
  #pnl = 0;

  constructor(params: MakerParams, parts: MakerParts, setup: AgentSetup) {
    this.#params = params;
    this.#setup = setup;
    this.#watch = new MarketWatch(setup, params.tracker);
    this.#forecasting = new Forecasting(params.forecaster, setup, this.#watch);
    this.#view = new MakerView(params, setup, this.#watch, this.#risk);
    const quoters = kindOf(parts.quoters, params.quoter);
    const quoter = quoters.build(withoutKind(params.quoter));
    const staticQuoter = quoters.build(withoutKind(params.quoter));
    const selector = kindOf(parts.selectors, params.selector).build(withoutKind(params.selector), setup.stream('selector'));
    const hedger = kindOf(parts.hedgers, params.hedger).build(withoutKind(params.hedger));
    this.#board = new QuoteBoard(params, this.#view, { quoter, staticQuoter, selector });
    this.#protection = new Protection(params, setup);
    this.#unwind = new Unwind(params.protection.unwind, setup);
    this.#quotes = new QuoteCycle(params, setup, this.#board, this.#protection, this.#watch.tracker.theo);
    this.#account = new OwnAccount(setup.chain);
    this.#exposures = new Exposures(setup.chain);
    this.#hedging = new Hedging(params, setup, {
      watch: this.#watch,
      quoting: this.#view,
      hedger,
      quotes: this.#quotes,
      wanted: () => this.#board.targetExposures(),
    });
  }

  onOpen(desk: Desk): void {
    this.#watch.open(desk);
    this.#hedging.open(desk);
    this.#protection.open(desk);
    desk.wakeAt(nanos(0));
  }

  onWake(desk: Desk): void {
    this.#cycle(desk);
    desk.wakeAt(nanos(desk.now + nanosFromMillis(this.#params.requoteMillis)));
  }

  /** The underlying's book changed: a large enough move is not slept through. */
  onData(_instrument: number, desk: Desk): void {
    if (!desk.isOpen) return;
    this.#lookAtSpot(desk);
    const spot = this.#watch.lastSpot;
    if (spot === undefined || this.#quotedSpot === 0) return;
    if (Math.abs(Math.log(spot / this.#quotedSpot)) * 10_000 >= this.#params.moveTriggerBp) this.#cycle(desk);
  }

  onTrade(trade: Readonly<Trade>): void {
    const option = this.#setup.chain.instruments[trade.instrument];
    if (option?.kind !== 'option' || !this.#watch.tracker.ready) return;
    this.#view.hear(option.expiry, trade.aggressor);
    this.#forecasting.trade(option.id - 1, (trade.aggressor === 'buy' ? 1 : -1) * unitsFromLots(option, trade.lots));
  }

  onReport(report: Readonly<Report>, desk: Desk): void {
    this.#account.hear(report);
    this.#view.hearReport(report, desk);
    this.#quotes.hear(report, desk);
    this.#protection.hear(report, desk);
    this.#hedging.hear(report);
  }

  onFunding(dollars: number): void {
    this.#account.funded(dollars);
  }

  /** Withdraws all quotes. What happens until the next session is in no book: it will begin as at the first opening, but for its account. */
  onClosed(desk: Desk): void {
    desk.cancelAll();
    this.#quotes.ended(WAITING);
    this.#protection.closed();
    this.#isClosed = true;
    this.#watch.forget();
    this.#forecasting.forget();
    this.#hedging.forget();
    this.#view.forget();
    this.#nextChoice = 0;
    this.#quotedSpot = 0;
  }

  onReopened(desk: Desk): void {
    this.#isClosed = false;
    this.#protection.reopened(desk, this.#pnl);
  }

  onDisconnected(desk: Desk): void {
    this.#protection.connected(desk, false);
  }

  onConnected(desk: Desk): void {
    this.#protection.connected(desk, true);
  }

  onSettled(settlement: Settlement): void {
    this.#account.settled(settlement);
    const option = this.#setup.chain.instruments[settlement.instrument];
    if (option?.kind === 'option') this.#watch.tracker.note(option.id - 1, 0, 0);
  }

  targetExposures(): Readonly<Float64Array> | undefined {
    return this.#board.targetExposures();
  }

  #lookAtSpot(desk: Desk): void {
    this.#watch.lookAtSpot(desk);
    if (this.#watch.spot !== undefined) this.#protection.see(desk, this.#watch.spot);
  }

  /** One look at the market, and what follows from it. */
  #cycle(desk: Desk): void {
    if (this.#protection.takesLost(desk)) this.#watch.startOver();
    this.#watch.look(desk);
    this.#lookedSeconds = desk.now / NANOS_PER_SECOND;
    if (this.#watch.spot !== undefined) this.#protection.see(desk, this.#watch.spot);
    if (!this.#watch.tracker.ready) {
      this.#quotes.pull(desk, WARMING_UP);
      return;
    }
    const { theo } = this.#watch.tracker;
    const hasStepped = this.#forecasting.step(desk);
    positionRisk(this.#setup.chain, theo, desk, this.#risk);
    this.#exposures.look(theo, desk);
    this.#pnl = this.#account.pnl(theo, desk, this.#watch.lastPerpetual);
    this.#protect(desk, theo);
    const forecast = this.#protection.dropsForecast ? undefined : this.#forecasting.forecast;
    const isNews = hasStepped || forecast !== this.#view.forecast;
    this.#view.forecast = forecast;
    if (hasStepped) this.#view.step();
    this.#view.look(desk);
    if (isNews) this.#board.forecastChanged();
    if (hasStepped) this.#hedging.step();
    if (desk.now >= this.#nextChoice) {
      this.#board.choose(desk);
      this.#nextChoice = desk.now + this.#params.reselectSeconds * NANOS_PER_SECOND;
    }
    this.#quotedSpot = theo.spot;
    const { level, state = '' } = this.#protection;
    if (level === FLATTEN) this.#quotes.stop(desk, state);
    else if (level === PULL) this.#quotes.pull(desk, state);
    else this.#quotes.quote(desk, this.#exposures);
    this.#hedging.act(desk, this.#risk, { flatten: level === FLATTEN, options: level < REDUCE_ONLY });
    if (level === FLATTEN) this.#unwind.act(desk, theo);
  }

  #protect(desk: Desk, theo: TheoChain): void {
    this.#protection.look(desk, {
      theo,
      exposures: this.#exposures,
      pnl: this.#pnl,
      margin: this.#board.margin,
      halfSpread: (series) => this.#board.quotes[series]?.neutral ?? 0,
      forecastAgeSteps: this.#forecasting.ageSteps(desk),
    });
  }

  get #state(): string {
    if (this.#isClosed) return WAITING;
    return this.#protection.state ?? (this.#watch.tracker.ready ? 'quoting' : WARMING_UP);
  }

  inspect(): AgentInspection {
    return makerInspection({
      params: this.#params,
      watch: this.#watch,
      view: this.#view,
      board: this.#board,
      quotes: this.#quotes,
      forecasting: this.#forecasting,
      hedging: this.#hedging,
      protection: this.#protection,
      state: this.#state,
      atSeconds: this.#lookedSeconds,
      delta: this.#risk.delta,
      pnl: this.#pnl,
    });
  }
}
