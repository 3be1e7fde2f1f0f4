import { acceptanceSlope } from '../../src/agents/maker/quoting/flow-belief.ts';
import type { QuotingTerms, QuotingView } from '../../src/agents/maker/quoting/quoter.ts';
import type { Forecast } from '../../src/forecast/forecaster.ts';
import type { Chain } from '../../src/market/chain.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { TEST_FACTORS, TEST_SPOT } from './fake-desk.ts';
import { plainTerms, smallChain } from './small-chain.ts';

export const TERMS: QuotingTerms = { riskAversion: 0.002, widthMultiplier: 1, leanCap: 1, size: 1 };
export const TEST_FEE = 21;

const CHAIN = smallChain();

/** What tests set of a view; the rest is plain: nothing held, no forecast, exact values, a fee of 21 dollars, empty books. */
export interface ViewChanges {
  readonly chain?: Chain;
  readonly terms?: Partial<QuotingTerms>;
  readonly exposures?: readonly number[];
  readonly units?: Float64Array;
  readonly dollarGamma?: number;
  readonly forecast?: Forecast;
  readonly variances?: readonly number[];
  readonly covariance?: Float64Array;
  readonly perYear?: number | Float64Array;
  readonly buyers?: number;
  readonly balanceDecay?: number;
  readonly beta?: number;
  readonly fee?: number;
  readonly valueSd?: number;
  readonly toxicity?: number;
  readonly bid?: Float64Array;
  readonly ask?: Float64Array;
  readonly isQuoted?: (series: number) => boolean;
}

/** A view of a small chain at the test's surface. */
export function quotingView(changes: ViewChanges = {}): QuotingView {
  const chain = changes.chain ?? CHAIN;
  const theo = new TheoChain(chain, plainTerms(chain));
  theo.move(TEST_FACTORS, TEST_SPOT, 0);
  theo.valueAll();
  const n = chain.options.length;
  const column = (value: number): Float64Array => new Float64Array(n).fill(value);
  const covariance = changes.covariance ?? new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  if (changes.covariance === undefined) {
    (changes.variances ?? [0.5, 0.2, 0.4, 0.2]).forEach((variance, f) => {
      covariance[f * FACTOR_COUNT + f] = variance;
    });
  }
  const perYear = changes.perYear ?? 1e5;
  return {
    chain,
    theo,
    nowYears: 0,
    terms: { ...TERMS, ...changes.terms },
    units: changes.units ?? column(0),
    exposures: Float64Array.from(changes.exposures ?? [0, 0, 0, 0]),
    dollarGamma: changes.dollarGamma ?? 0,
    forecast: changes.forecast,
    covariance,
    perYear: typeof perYear === 'number' ? column(perYear) : perYear,
    buyers: column(changes.buyers ?? 0.5),
    balanceDecay: changes.balanceDecay ?? 0,
    beta: Float64Array.from(chain.options, ({ expiry }) => changes.beta ?? acceptanceSlope(theo, expiry, 0.0063)),
    fee: column(changes.fee ?? TEST_FEE),
    valueSd: column(changes.valueSd ?? 0),
    toxicity: column(changes.toxicity ?? 0),
    bid: changes.bid ?? column(Number.NaN),
    ask: changes.ask ?? column(Number.NaN),
    isQuoted: Uint8Array.from(chain.options, (_, i) => (changes.isQuoted?.(i) === false ? 0 : 1)),
  };
}

/** A forecast that the factors move to these changes by one horizon, and stay there. */
export function steadyForecast(changes: readonly number[], seconds = 1): Forecast {
  return { horizonsSeconds: [seconds], change: Float64Array.from(changes), scale: new Float64Array(FACTOR_COUNT).fill(0.01) };
}
