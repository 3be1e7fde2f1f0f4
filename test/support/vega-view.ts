import type { QuotingTerms, QuotingView } from '../../src/agents/maker/quoting/quoter.ts';
import type { Forecast } from '../../src/forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { STEP, STEPS, TWO_BETA, TWO_COVARIANCE, TWO_PER_YEAR, TWO_RISK_AVERSION } from './two-factor-market.ts';
import { BBG_BETA, BBG_RISK_AVERSION, BBG_VARIANCE, type VegaOption } from './vega-market.ts';

/** What the views of idealised markets differ in. */
interface Market {
  readonly price: Float64Array;
  readonly vega: Float64Array;
  /** By series and factor. */
  readonly exposures: Float64Array;
  readonly covariance: Float64Array;
  readonly perYear: Float64Array;
  readonly riskAversion: number;
  readonly beta: number;
}

/** What is held and expected. */
export interface Held {
  /** Exposures of the position, dollars per unit of each factor. */
  readonly exposures?: readonly number[];
  /** In vol. */
  readonly fee?: number;
  readonly buyers?: number;
  readonly forecast?: Forecast | undefined;
}

/** A maker's view of a market that has nothing but factors: no spot, no gamma, no books. One contract is one clip. */
function factorsOnly(market: Market, { exposures = [], fee = 0, buyers = 0.5, forecast }: Held): QuotingView {
  const n = market.vega.length;
  const column = (value: number): Float64Array => new Float64Array(n).fill(value);
  const terms: QuotingTerms = { riskAversion: market.riskAversion, widthMultiplier: 1, leanCap: 1e9, size: 1 };
  return {
    chain: { expiries: [], options: [] },
    theo: { price: market.price, vega: market.vega, exposures: market.exposures, gamma: column(0), delta: column(0), spot: 1 },
    nowYears: 0,
    terms,
    units: column(0),
    exposures: Float64Array.from({ length: FACTOR_COUNT }, (_, f) => exposures[f] ?? 0),
    dollarGamma: 0,
    forecast,
    covariance: market.covariance,
    perYear: market.perYear,
    buyers: column(buyers),
    balanceDecay: 0,
    beta: column(market.beta),
    fee: market.vega.map((vega) => fee * vega),
    valueSd: column(0),
    toxicity: column(0),
    bid: column(Number.NaN),
    ask: column(Number.NaN),
    isQuoted: new Uint8Array(n).fill(1),
  } as unknown as QuotingView;
}

/** A maker's view of a market whose only factor is the vol itself: exposures to the level are vegas. */
export function vegaView(options: readonly VegaOption[], held: Held = {}): QuotingView {
  const exposures = new Float64Array(options.length * FACTOR_COUNT);
  for (const [i, { size, vega }] of options.entries()) exposures[i * FACTOR_COUNT] = size * vega;
  const covariance = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  covariance[0] = BBG_VARIANCE;
  return factorsOnly(
    {
      price: Float64Array.from(options, ({ size, price }) => size * price),
      vega: Float64Array.from(options, ({ size, vega }) => size * vega),
      exposures,
      covariance,
      perYear: Float64Array.from(options, ({ perYear }) => perYear),
      riskAversion: BBG_RISK_AVERSION,
      beta: BBG_BETA,
    },
    held,
  );
}

/** A maker's view of the market of the two-factor problem. */
export function twoFactorView(held: Held = {}): QuotingView {
  const n = STEPS.length;
  const exposures = new Float64Array(n * FACTOR_COUNT);
  for (const [i, [level, slope]] of STEPS.entries()) exposures.set([level * STEP, slope * STEP], i * FACTOR_COUNT);
  const covariance = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  const [level, both, slope] = TWO_COVARIANCE;
  covariance.set([level, both]);
  covariance.set([both, slope], FACTOR_COUNT);
  return factorsOnly(
    {
      price: new Float64Array(n),
      vega: Float64Array.from(STEPS, ([across]) => across * STEP),
      exposures,
      covariance,
      perYear: new Float64Array(n).fill(TWO_PER_YEAR),
      riskAversion: TWO_RISK_AVERSION,
      beta: TWO_BETA,
    },
    held,
  );
}
