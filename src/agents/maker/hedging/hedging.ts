import { NANOS_PER_SECOND } from '../../../core/units.ts';
import type { Report } from '../../../market/order.ts';
import type { AgentSetup, Desk } from '../../agent.ts';
import type { HedgeInspection } from '../../inspection.ts';
import type { MarketWatch } from '../market-watch.ts';
import type { MakerParams } from '../params.ts';
import type { PositionRisk } from '../position-risk.ts';
import type { QuotingView } from '../quoting/quoter.ts';
import { DeltaHedger } from './delta-hedger.ts';
import type { Hedger } from './hedger.ts';

/** All hedging of a maker: what it looks at once per cycle, and what it tells of it. */
export class Hedging {
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  readonly #quoting: QuotingView;
  readonly #delta: DeltaHedger;

  constructor(params: MakerParams, setup: AgentSetup, watch: MarketWatch, quoting: QuotingView, hedger: Hedger) {
    const { chain, feePerUnit } = setup;
    this.#setup = setup;
    this.#watch = watch;
    this.#quoting = quoting;
    this.#delta = new DeltaHedger(chain.underlying, params.hedging, hedger, { limit: params.limits.delta, feePerUnit });
  }

  open(desk: Desk): void {
    this.#delta.open(desk);
  }

  hear(report: Readonly<Report>): void {
    this.#delta.hear(report);
  }

  /** What was under way has ended with the session. */
  forget(): void {
    this.#delta.forget();
  }

  /** The latest hedge, and why it was sent. */
  get last(): HedgeInspection | undefined {
    return this.#delta.last;
  }

  /** One look at the position, after quotes have been made. @param flatten nothing is to be held any longer. */
  act(desk: Desk, risk: Readonly<PositionRisk>, flatten: boolean): void {
    const spot = this.#watch.lastPerpetual;
    if (spot === undefined) return;
    const { lotSize } = this.#setup.chain.underlying;
    const { delta, gamma } = risk;
    const { rate } = this.#setup.valuation;
    const nowSeconds = desk.now / NANOS_PER_SECOND;
    this.#delta.hedge(desk, { quoting: this.#quoting, delta, gamma, spot, lotSize, rate, nowSeconds }, flatten);
  }
}
