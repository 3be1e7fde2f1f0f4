import { type InstrumentId, NANOS_PER_SECOND, nanos, nanosFromMillis } from '../../core/units.ts';
import type { Trade } from '../../market/data.ts';
import { unitsFromLots } from '../../market/instrument.ts';
import type { Report } from '../../market/order.ts';
import { type Agent, type AgentKind, type AgentSetup, type Desk, defineAgent, type Settlement } from '../agent.ts';
import type { QuoteExplanation } from '../explanation.ts';
import type { AgentInspection } from '../inspection.ts';
import { explainQuote } from './explanation.ts';
import { Exposures } from './exposures.ts';
import { Forecasting } from './forecasting.ts';
import { Hedging } from './hedging/hedging.ts';
import { MarketWatch } from './market-watch.ts';
import { OwnAccount } from './own-account.ts';
import { type ChosenPart, type MakerParams, makerSchema } from './params.ts';
import { BUILT_IN_PARTS, type MakerParts } from './parts.ts';
import { blankRisk, positionRisk } from './position-risk.ts';
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

/** What builds the part that was chosen. The schema has seen to it that there is one. */
function kindOf<T extends { readonly kind: string }>(kinds: readonly T[], { kind }: ChosenPart): T {
  const found = kinds.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new RangeError(`there is no part of kind ${kind}`);
  return found;
}

const withoutKind = ({ kind: _, ...params }: ChosenPart): object => params;

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
  #nextChoice = 0;
  #quotedSpot = 0;
  #lookedSeconds = 0;
  #stopped: string | undefined;
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
    this.#quotes = new QuoteCycle(params, setup, this.#board, this.#watch.tracker.theo);
    this.#account = new OwnAccount(setup.chain);
    this.#exposures = new Exposures(setup.chain);
    this.#hedging = new Hedging(params, setup, this.#watch, this.#view, hedger);
  }

  onOpen(desk: Desk): void {
    this.#watch.open(desk);
    this.#hedging.open(desk);
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
    this.#view.hear(option.expiry, trade.aggressor);
    this.#forecasting.trade(option.id - 1, (trade.aggressor === 'buy' ? 1 : -1) * unitsFromLots(option, trade.lots));
  }

  onReport(report: Readonly<Report>, desk: Desk): void {
    this.#account.hear(report);
    this.#view.hearReport(report, desk);
    this.#quotes.hear(report, desk);
    this.#hedging.hear(report);
  }

  onFunding(dollars: number): void {
    this.#account.funded(dollars);
  }

  /** Withdraws all quotes. What happens until the next session is in no book: it will begin as at the first opening, but for its account. */
  onClosed(desk: Desk): void {
    desk.cancelAll();
    this.#quotes.closed();
    this.#isClosed = true;
    this.#watch.forget();
    this.#forecasting.forget();
    this.#hedging.forget();
    this.#view.forget();
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

  targetExposures(): Readonly<Float64Array> | undefined {
    return this.#board.targetExposures();
  }

  /** One look at the market, and what follows from it. */
  #cycle(desk: Desk): void {
    this.#watch.look(desk);
    this.#lookedSeconds = desk.now / NANOS_PER_SECOND;
    if (!this.#watch.tracker.ready) return;
    const { theo } = this.#watch.tracker;
    const hasStepped = this.#forecasting.step(desk);
    this.#view.forecast = this.#forecasting.forecast;
    if (hasStepped) this.#view.step();
    positionRisk(this.#setup.chain, theo, desk, this.#risk);
    this.#exposures.look(theo, desk);
    this.#view.look(desk);
    if (hasStepped) {
      this.#board.forecastChanged();
      this.#hedging.step();
    }
    this.#pnl = this.#account.pnl(theo, desk, this.#watch.lastPerpetual);
    if (this.#stopped === undefined && this.#pnl < -this.#params.limits.lossDollars) {
      this.#stopped = `loss of ${(-this.#pnl).toFixed(0)} $ beyond the limit of ${this.#params.limits.lossDollars} $`;
    }
    if (desk.now >= this.#nextChoice) {
      this.#board.choose(desk);
      this.#nextChoice = desk.now + this.#params.reselectSeconds * NANOS_PER_SECOND;
    }
    this.#quote(desk);
    this.#hedging.act(desk, this.#risk, this.#stopped !== undefined);
  }

  #quote(desk: Desk): void {
    this.#quotedSpot = this.#watch.tracker.theo.spot;
    if (this.#stopped !== undefined) {
      this.#quotes.pull(desk, `stopped: ${this.#stopped}`);
      return;
    }
    this.#quotes.quote(desk, this.#exposures);
  }

  get #state(): string {
    if (this.#stopped !== undefined) return `stopped: ${this.#stopped}`;
    if (this.#isClosed) return 'waiting for the next session';
    return this.#watch.tracker.ready ? 'quoting' : 'warming-up: no two-sided books yet';
  }

  #explain(instrument: InstrumentId): QuoteExplanation {
    const option = this.#setup.chain.options[instrument - 1];
    if (option === undefined) throw new RangeError(`instrument ${instrument} is no option`);
    return explainQuote(option, {
      view: this.#view,
      board: this.#board,
      quotes: this.#quotes,
      params: this.#params,
      state: this.#state,
      atSeconds: this.#lookedSeconds,
      forecastAgeSeconds: this.#forecasting.ageSeconds(this.#lookedSeconds),
    });
  }

  inspect(): AgentInspection {
    const { tracker } = this.#watch;
    const { limits } = this.#params;
    return {
      state: this.#state,
      forecaster: this.#params.forecaster,
      riskAversion: this.#params.riskAversion,
      limits: [
        { name: 'delta', unit: 'units', value: Math.abs(this.#risk.delta), limit: limits.delta },
        ...this.#quotes.limits(),
        { name: 'loss', unit: '$', value: Math.max(0, -this.#pnl), limit: limits.lossDollars },
      ],
      factors: tracker.ready ? Array.from(tracker.factors) : undefined,
      forecast: this.#forecasting.inspect(),
      learning: this.#forecasting.learning,
      lastHedge: this.#hedging.last,
      warmup: this.#forecasting.warmup,
      theo: (instrument) =>
        tracker.ready && this.#board.selections[instrument - 1]?.selected ? this.#board.quotes[instrument - 1]?.theo : undefined,
      explain: (instrument) => this.#explain(instrument),
      selection: (instrument) => this.#board.selections[instrument - 1] ?? { selected: false, reason: 'not an option' },
      decision: (instrument) => this.#quotes.decision(instrument),
    };
  }
}
