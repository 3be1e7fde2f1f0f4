import { SECONDS_PER_YEAR } from '../../../core/units.ts';
import type { Forecast } from '../../../forecast/forecaster.ts';
import type { Chain } from '../../../market/chain.ts';
import { ticksBelow, unitsFromLots } from '../../../market/instrument.ts';
import { type Report, type Side, signOf } from '../../../market/order.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import type { AgentSetup, Desk } from '../../agent.ts';
import type { MarketWatch } from '../market-watch.ts';
import type { MakerParams } from '../params.ts';
import type { PositionRisk } from '../position-risk.ts';
import { uncertaintyVol } from './closed-form.ts';
import { FactorMoves } from './factor-moves.ts';
import { FlowBalance } from './flow-balance.ts';
import { acceptanceSlope, believedFlow } from './flow-belief.ts';
import type { QuotingTerms, QuotingView } from './quoter.ts';
import { Toxicity } from './toxicity.ts';

const DAYS_PER_YEAR = 365;
/** Series whose own vol point is worth less than this many ticks are not a market in vol. */
export const VEGA_TICKS_MINIMUM = 0.5;

/** The maker's {@link QuotingView}: columns filled anew at each look at the market, the flow's at each choice of series. */
export class MakerView implements QuotingView {
  readonly chain: Chain;
  readonly terms: QuotingTerms;
  readonly units: Float64Array;
  readonly exposures: Float64Array;
  readonly covariance = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  readonly perYear: Float64Array;
  readonly buyers: Float64Array;
  readonly beta: Float64Array;
  readonly fee: Float64Array;
  readonly valueSd: Float64Array;
  readonly toxicity: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly isQuoted: Uint8Array;
  forecast: Forecast | undefined;
  nowYears = 0;
  readonly #params: MakerParams;
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  readonly #risk: PositionRisk;
  readonly #balance: FlowBalance;
  readonly #moves: FactorMoves;
  readonly #toxicity: Toxicity;
  /** Slope of acceptance, and share of buyers, by expiry. */
  readonly #slopes: Float64Array;
  readonly #shares: Float64Array;

  constructor(params: MakerParams, setup: AgentSetup, watch: MarketWatch, risk: PositionRisk) {
    const series = setup.chain.options.length;
    this.#params = params;
    this.#setup = setup;
    this.#watch = watch;
    this.#risk = risk;
    this.chain = setup.chain;
    const { riskAversion, widthMultiplier, leanCap, size } = params;
    this.terms = { riskAversion, widthMultiplier, leanCap, size };
    this.units = new Float64Array(series);
    this.exposures = risk.exposures;
    this.perYear = new Float64Array(series);
    this.buyers = new Float64Array(series).fill(0.5);
    this.beta = new Float64Array(series);
    this.fee = new Float64Array(series);
    this.valueSd = new Float64Array(series);
    this.toxicity = new Float64Array(series);
    this.bid = new Float64Array(series).fill(Number.NaN);
    this.ask = new Float64Array(series).fill(Number.NaN);
    this.isQuoted = new Uint8Array(series).fill(1);
    this.#slopes = new Float64Array(setup.chain.expiries.length);
    this.#shares = new Float64Array(setup.chain.expiries.length);
    this.#toxicity = new Toxicity(setup.chain.expiries.length, params.toxicity);
    this.#moves = new FactorMoves(params.factorMoves, setup.forecastStepSeconds, params.tracker.dailySd);
    this.#balance = new FlowBalance(setup.chain.expiries.length, params.flowBalance);
  }

  get theo(): QuotingView['theo'] {
    return this.#watch.tracker.theo;
  }

  get balanceDecay(): number {
    return this.#balance.decay;
  }

  get dollarGamma(): number {
    return this.#risk.gamma * this.theo.spot * this.theo.spot;
  }

  /** Takes in the tracked factors at a forecast step. */
  step(): void {
    this.#moves.step(this.#watch.tracker.factors);
  }

  /** Hears a print. */
  hear(expiry: number, aggressor: Side): void {
    this.#balance.hear(expiry, aggressor);
  }

  /** Hears what became of an order: what follows the fill of a quote tells how much its like should be wider. */
  hearReport(report: Readonly<Report>, desk: Desk): void {
    const option = this.chain.instruments[report.instrument];
    if (report.kind !== 'fill' || report.liquidity !== 'maker' || option?.kind !== 'option') return;
    const clips = (signOf(report.side) * unitsFromLots(option, report.lots)) / this.terms.size;
    this.#toxicity.filled(option, clips, uncertaintyVol(this, option.id - 1), this.theo, desk.nowYears);
  }

  /** Forgets what it has heard, as after a night. */
  forget(): void {
    this.forecast = undefined;
    this.#balance.forget();
    this.#moves.forget();
    this.#toxicity.forget();
  }

  /** True where a series moves enough with vol to be quoted in vol. */
  hasVega(series: number): boolean {
    const option = this.chain.options[series];
    return option !== undefined && (this.theo.vega[series] ?? 0) / 100 >= VEGA_TICKS_MINIMUM * option.tickSize;
  }

  /** Takes in the books, the position and the tracked surface as they are now. */
  look(desk: Desk): void {
    const { theo } = this;
    const { tracker } = this.#watch;
    this.nowYears = desk.nowYears;
    this.#believeMoves();
    this.#balance.moveTo(desk.nowYears);
    this.#toxicity.look(theo, desk.nowYears);
    for (const { index } of this.chain.expiries) {
      this.#slopes[index] = acceptanceSlope(theo, index, this.#params.reservationPerVol);
      this.#shares[index] = this.#balance.share(index);
    }
    for (const option of this.chain.options) {
      const i = option.id - 1;
      const price = theo.price[i] ?? 0;
      this.units[i] = desk.position(option.id) * option.lotSize;
      this.beta[i] = this.#slopes[option.expiry] ?? 0;
      this.toxicity[i] = this.#toxicity.of(option.expiry);
      this.buyers[i] = this.#shares[option.expiry] ?? 0.5;
      this.fee[i] = this.#setup.feePerUnit(option.id, ticksBelow(option, Math.max(option.tickSize, price)), 'maker', theo.spot);
      let variance = 0;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const part = (theo.exposures[i * FACTOR_COUNT + f] ?? 0) * tracker.sd(f);
        variance += part * part;
      }
      this.valueSd[i] = Math.sqrt(variance);
      const { bid, ask } = desk.bbo(option.id);
      this.bid[i] = bid === undefined ? Number.NaN : bid * option.tickSize;
      this.ask[i] = ask === undefined ? Number.NaN : ask * option.tickSize;
    }
  }

  /** Takes in what is believed of the flow at this hour. */
  believeFlow(): void {
    believedFlow(this.chain, this.theo, this.nowYears, this.#params.flowPerHour, this.perYear);
  }

  /** Annual variances of the factors from the forecast's own scale at its longest horizon, before that from belief; with the correlations learnt. */
  #believeMoves(): void {
    const { forecast, covariance } = this;
    const last = forecast === undefined ? 0 : forecast.horizonsSeconds.length - 1;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const believed = this.#params.tracker.dailySd[f] ?? 0;
      const scale = forecast?.scale[last * FACTOR_COUNT + f] ?? 0;
      const variance =
        forecast === undefined
          ? believed * believed * DAYS_PER_YEAR
          : (scale * scale * SECONDS_PER_YEAR) / (forecast.horizonsSeconds[last] ?? 1);
      covariance[f * FACTOR_COUNT + f] = variance;
      for (let g = 0; g < f; g += 1) {
        const both = this.#moves.correlation(f, g) * Math.sqrt(variance * (covariance[g * FACTOR_COUNT + g] ?? 0));
        covariance[f * FACTOR_COUNT + g] = both;
        covariance[g * FACTOR_COUNT + f] = both;
      }
    }
  }
}
