import { type AgentId, agentId, MONEY_PER_DOLLAR, type Money, NANOS_PER_SECOND } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { type Match, opposite } from '../market/order.ts';
import { FACTOR_COUNT, type FactorName } from '../pricing/factors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AgentDesk } from './desk.ts';
import { ForecastPnl } from './forecast-pnl.ts';
import { ForecastRecord } from './forecast-record.ts';
import type { ImpactedWorld } from './impacted-world.ts';
import { type MarkoutMarks, Markouts } from './markouts.ts';
import { Recorder } from './recorder.ts';
import { ScreenMarks } from './screen-marks.ts';

/** What the records read. */
export interface RecordedParts {
  readonly scenario: Scenario;
  readonly kernel: Kernel;
  readonly world: ImpactedWorld;
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  readonly attribution: Attribution;
  readonly subject: AgentDesk;
}

/** Everything that is kept of a run for its reader: accounts are posted here, the rest only reads. Nothing in it feeds back. */
export class RunRecords {
  readonly recorder: Recorder;
  readonly forecasts: ForecastRecord;
  readonly markouts: Markouts;
  /** What the subject earned by moves of the surface, by its forecast and by its inventory. */
  readonly surfacePnl: ForecastPnl;
  /** Marks of the subject's positions as a screen gives them. */
  readonly screen: ScreenMarks;
  readonly #parts: RecordedParts;
  readonly #factors = new Float64Array(FACTOR_COUNT);
  readonly #forecastStep: number;
  readonly #earned = (factor: FactorName): number => this.#parts.attribution.amount(this.#parts.subject.id, factor);
  #regime: number | undefined;
  #state: string | undefined;

  constructor(parts: RecordedParts) {
    const { scenario, world } = parts;
    const stepSeconds = world.stepNanos / NANOS_PER_SECOND;
    this.#parts = parts;
    this.#forecastStep = Math.max(1, Math.round(scenario.forecast.stepSeconds / stepSeconds));
    this.recorder = new Recorder(scenario.agents.length, scenario.durationSeconds / stepSeconds);
    this.forecasts = new ForecastRecord(world);
    this.markouts = new Markouts(scenario.chain, stepSeconds);
    world.factorsInto(this.#factors);
    this.surfacePnl = new ForecastPnl(this.#factors);
    this.screen = new ScreenMarks(scenario.chain, parts.exchange, parts.subject);
  }

  get #seconds(): number {
    return this.#parts.kernel.now / NANOS_PER_SECOND;
  }

  /** Books a match in the ledger and by cause, and notes it. */
  matched(match: Readonly<Match>, makerFee: Money, takerFee: Money): void {
    const { ledger, attribution, scenario, subject } = this.#parts;
    const listing = scenario.chain.instruments[match.instrument];
    if (listing === undefined) return;
    ledger.post(match, makerFee, takerFee);
    attribution.fill(match.taker, match.instrument, match.takerSide, match.price, match.lots, takerFee);
    attribution.fill(match.maker, match.instrument, opposite(match.takerSide), match.price, match.lots, makerFee);
    const price = match.price * listing.tickSize;
    const size = match.lots * listing.lotSize;
    const print = { instrument: match.instrument, seconds: this.#seconds, price, size, aggressor: match.takerSide };
    this.recorder.print(print, listing.kind === 'option');
    if (match.maker === subject.id || match.taker === subject.id) this.#ownFill(match, price, size);
  }

  #ownFill(match: Readonly<Match>, price: number, size: number): void {
    const { scenario, subject, world } = this.#parts;
    const listing = scenario.chain.instruments[match.instrument];
    if (listing === undefined) return;
    const passive = match.maker === subject.id;
    const side = passive ? opposite(match.takerSide) : match.takerSide;
    const counterparty = scenario.agents[passive ? match.taker : match.maker]?.kind.kind ?? '';
    const { instrument, price: ticks, lots } = match;
    this.markouts.note({ instrument, side, price: ticks, size: lots, counterparty, regime: world.regimeName() }, this.#marks());
    const verb = side === 'buy' ? 'bought' : 'sold';
    const text = `${verb} ${size.toFixed(2)} ${listing.symbol} at ${price.toFixed(2)} (${passive ? 'quote hit' : 'took'}, ${counterparty})`;
    this.recorder.line(this.#seconds, listing.kind === 'option' ? 'fill' : 'hedge', text);
  }

  #marks(): MarkoutMarks {
    const { attribution, world } = this.#parts;
    return { values: attribution, spot: world.spot(), level: world.factor(0), step: world.step };
  }

  /** The world has moved one step: samples, scores, and notes what changed. */
  stepped(): void {
    const { world, attribution, subject } = this.#parts;
    this.recorder.step(this.#seconds, world.spot(), subject.id, (agent) => attribution.total(agentId(agent)));
    this.screen.step();
    this.markouts.step(this.#marks());
    world.factorsInto(this.#factors);
    // It has not seen this step yet: what it says is what held over the one before.
    this.surfacePnl.step(subject.agent.targetExposures?.(), this.#factors, this.#earned);
    // One step after a forecast was due the subject has made it. Looked at before scoring: it may be due at this very step.
    if (world.step % this.#forecastStep === 1 || this.#forecastStep === 1) this.#lookAtSubject();
    this.forecasts.step();
    if (this.#regime !== undefined && this.#regime !== world.regime()) {
      this.recorder.line(this.#seconds, 'regime', `regime changes to ${world.regimeName()}`);
    }
    this.#regime = world.regime();
  }

  #lookAtSubject(): void {
    const inspection = this.#parts.subject.agent.inspect?.();
    if (inspection === undefined) return;
    this.forecasts.note(inspection.forecast);
    // What is behind the colon is in figures, and other ones each time.
    const [state] = inspection.state.split(':');
    if (this.#state !== undefined && this.#state !== state) {
      this.recorder.line(this.#seconds, 'limit', `${this.#parts.subject.name} is ${inspection.state}`);
    }
    this.#state = state;
  }

  /** An agent tells its reader something. */
  noted(agent: AgentId, text: string): void {
    if (agent === this.#parts.subject.id) this.recorder.line(this.#seconds, 'limit', text);
  }

  /** The perpetual was funded. @param rate share of the index that longs paid for the interval. */
  funded(rate: number): void {
    const [payer, paid] = rate < 0 ? ['shorts', 'longs'] : ['longs', 'shorts'];
    this.recorder.line(this.#seconds, 'info', `funding: ${payer} pay ${paid} ${(Math.abs(rate) * 10_000).toFixed(3)} bp of the index`);
  }

  sessionChanged(isOpen: boolean): void {
    this.recorder.line(this.#seconds, 'info', isOpen ? 'the market opens' : 'the market closes');
  }

  /** An expired series is about to be paid out. */
  settled(option: OptionSeries, moneyPerLot: Money): void {
    const perUnit = moneyPerLot / MONEY_PER_DOLLAR / option.lotSize;
    const { world } = this.#parts;
    this.markouts.settled(option.id, perUnit, world.spot(), world.factor(0));
    this.recorder.line(this.#seconds, 'info', `${option.symbol} settles at ${perUnit.toFixed(2)}`);
  }
}
