import { NANOS_PER_SECOND, type Ticks } from '../../../core/units.ts';
import type { Report, Side } from '../../../market/order.ts';
import type { AgentSetup, Desk } from '../../agent.ts';
import type { HedgeInspection } from '../../inspection.ts';
import type { MarketWatch } from '../market-watch.ts';
import type { MakerParams } from '../params.ts';
import type { PositionRisk } from '../position-risk.ts';
import type { QuotingView } from '../quoting/quoter.ts';
import type { RiskBudget } from '../risk-budget.ts';
import { ArbitrageTaker } from './arbitrage/taker.ts';
import { DeltaHedger } from './delta-hedger.ts';
import { HedgeDelta } from './hedge-delta.ts';
import type { Hedger } from './hedger.ts';
import { OptionHedger } from './options/hedger.ts';

/** What hedging needs of the rest of a maker. */
export interface HedgedMaker {
  readonly watch: MarketWatch;
  readonly quoting: QuotingView;
  /** Decides on delta. */
  readonly hedger: Hedger;
  readonly quotes: {
    /** Room under the limits, all that is open counted as filled. */
    readonly budget: RiskBudget;
    /** Price of the maker's own quote on a side of a series. */
    standing(series: number, side: Side): Ticks | undefined;
  };
  /** Exposures that are held on purpose, because of the forecast. */
  wanted(): Readonly<Float64Array> | undefined;
}

/** All hedging of a maker: what it looks at once per cycle, and what it tells of it. */
export class Hedging {
  readonly #setup: AgentSetup;
  readonly #maker: HedgedMaker;
  readonly #delta: HedgeDelta;
  readonly #deltaHedger: DeltaHedger;
  readonly #optionHedger: OptionHedger | undefined;
  readonly #arbitrage: ArbitrageTaker | undefined;
  #last: HedgeInspection | undefined;

  constructor(params: MakerParams, setup: AgentSetup, maker: HedgedMaker) {
    const { chain, feePerUnit } = setup;
    const { limits, hedging, optionHedge, arbitrage } = params;
    this.#setup = setup;
    this.#maker = maker;
    this.#delta = new HedgeDelta(chain, hedging, setup.forecastStepSeconds);
    this.#deltaHedger = new DeltaHedger(chain.underlying, hedging, maker.hedger, { limit: limits.delta, feePerUnit });
    const own = (series: number, side: Side): Ticks | undefined => maker.quotes.standing(series, side);
    const room = { positionPerSeries: limits.positionPerSeries, own };
    const owe = (delta: number, reason: string): void => this.#deltaHedger.owe(delta, reason);
    this.#optionHedger = optionHedge === undefined ? undefined : new OptionHedger(setup, optionHedge, room);
    this.#arbitrage = arbitrage === undefined ? undefined : new ArbitrageTaker(setup, arbitrage, room, owe);
  }

  open(desk: Desk): void {
    this.#deltaHedger.open(desk);
  }

  hear(report: Readonly<Report>): void {
    this.#deltaHedger.hear(report);
    this.#optionHedger?.hear(report);
    this.#arbitrage?.hear(report);
  }

  /** What was under way has ended with the session. */
  forget(): void {
    this.#deltaHedger.forget();
    this.#optionHedger?.forget();
    this.#arbitrage?.forget();
    this.#delta.pause();
  }

  /** The latest hedge, and why it was sent. */
  get last(): HedgeInspection | undefined {
    return this.#last;
  }

  /** Keeps the latest hedge, and tells the reader of the run of it. */
  #tell(hedge: HedgeInspection): void {
    this.#last = hedge;
    const { side, units, reason } = hedge;
    this.#setup.note(`hedge: ${side} ${units.toFixed(2)} ${this.#setup.chain.instruments[hedge.instrument]?.symbol}: ${reason}`);
  }

  /** A forecast step has ended: what the tracked surface has done since the last one. */
  step(): void {
    this.#delta.step(this.#maker.watch.tracker.theo);
  }

  /**
   * One look at the position, after quotes have been made.
   * @param may `flatten`: no delta is to be held any longer; `options`: options may be traded, by a maker that trusts what it sees.
   */
  act(desk: Desk, { gamma }: Readonly<PositionRisk>, may: { readonly flatten: boolean; readonly options: boolean }): void {
    const { watch, quoting, quotes } = this.#maker;
    const spot = watch.lastPerpetual;
    if (spot === undefined) return;
    this.#arbitrage?.settle(quoting);
    if (may.options) {
      this.#arbitrage?.act(desk, quoting, quotes.budget);
      this.#optionHedger?.act(desk, quoting, quotes.budget, this.#maker.wanted());
    }
    const { underlying } = this.#setup.chain;
    const { lotSize } = underlying;
    const { rate } = this.#setup.valuation;
    const held = desk.position(underlying.id) * lotSize;
    const delta = this.#delta.position(quoting.theo, quoting.units, held, watch.basis ?? 0);
    const nowSeconds = desk.now / NANOS_PER_SECOND;
    this.#deltaHedger.hedge(desk, { quoting, delta, gamma, spot, lotSize, rate, nowSeconds }, may.flatten);
    for (const part of [this.#arbitrage, this.#optionHedger, this.#deltaHedger]) {
      if (part?.last?.atSeconds === nowSeconds) this.#tell(part.last);
    }
  }
}
