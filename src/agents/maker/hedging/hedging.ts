import { NANOS_PER_SECOND } from '../../../core/units.ts';
import type { Report } from '../../../market/order.ts';
import type { AgentSetup, Desk } from '../../agent.ts';
import type { HedgeInspection } from '../../inspection.ts';
import type { MarketWatch } from '../market-watch.ts';
import type { MakerParams } from '../params.ts';
import type { PositionRisk } from '../position-risk.ts';
import type { QuotingView } from '../quoting/quoter.ts';
import { DeltaHedger } from './delta-hedger.ts';
import { HedgeDelta } from './hedge-delta.ts';
import type { Hedger } from './hedger.ts';

/** All hedging of a maker: what it looks at once per cycle, and what it tells of it. */
export class Hedging {
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  readonly #quoting: QuotingView;
  readonly #delta: HedgeDelta;
  readonly #deltaHedger: DeltaHedger;

  constructor(params: MakerParams, setup: AgentSetup, watch: MarketWatch, quoting: QuotingView, hedger: Hedger) {
    const { chain, feePerUnit } = setup;
    this.#setup = setup;
    this.#watch = watch;
    this.#quoting = quoting;
    this.#delta = new HedgeDelta(chain, params.hedging, setup.forecastStepSeconds);
    this.#deltaHedger = new DeltaHedger(chain.underlying, params.hedging, hedger, { limit: params.limits.delta, feePerUnit });
  }

  open(desk: Desk): void {
    this.#deltaHedger.open(desk);
  }

  hear(report: Readonly<Report>): void {
    this.#deltaHedger.hear(report);
  }

  /** What was under way has ended with the session. */
  forget(): void {
    this.#deltaHedger.forget();
    this.#delta.pause();
  }

  /** The latest hedge, and why it was sent. */
  get last(): HedgeInspection | undefined {
    return this.#deltaHedger.last;
  }

  /** A forecast step has ended: what the tracked surface has done since the last one. */
  step(): void {
    this.#delta.step(this.#watch.tracker.theo);
  }

  /** One look at the position, after quotes have been made. @param flatten nothing is to be held any longer. */
  act(desk: Desk, { gamma }: Readonly<PositionRisk>, flatten: boolean): void {
    const spot = this.#watch.lastPerpetual;
    if (spot === undefined) return;
    const { underlying } = this.#setup.chain;
    const { lotSize } = underlying;
    const { rate } = this.#setup.valuation;
    const quoting = this.#quoting;
    const held = desk.position(underlying.id) * lotSize;
    const delta = this.#delta.position(quoting.theo, quoting.units, held, this.#watch.basis ?? 0);
    const nowSeconds = desk.now / NANOS_PER_SECOND;
    this.#deltaHedger.hedge(desk, { quoting, delta, gamma, spot, lotSize, rate, nowSeconds }, flatten);
  }
}
