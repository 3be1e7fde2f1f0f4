import type { Fact } from './fact.ts';
import type { MarketSamples, PrintSample } from './market-samples.ts';
import { autocorrelation } from './series-statistics.ts';

const BIN_SECONDS = 300;
const SAMPLE = 'Deribit trades 2026-08-16/17';

/** Signs of the orders that traded: matches of one order count once. */
export function tradeSigns(prints: readonly PrintSample[]): number[] {
  return prints.filter((print, i) => print.takerOrder !== prints[i - 1]?.takerOrder).map((print) => print.sign);
}

/** Vega bought less vega sold by takers in each full five minutes. */
export function signedVega({ prints, simulatedSeconds }: MarketSamples): number[] {
  const bins = new Array<number>(Math.floor(simulatedSeconds / BIN_SECONDS)).fill(0);
  for (const { seconds, sign, vega } of prints) {
    const at = Math.floor(seconds / BIN_SECONDS);
    if (at < bins.length) bins[at] = (bins[at] ?? 0) + sign * vega;
  }
  return bins;
}

function signFact(lag: number, low: number, high: number, source: string): Fact {
  return {
    name: `trade-sign-autocorrelation-${lag}`,
    group: 'flow',
    about: `autocorrelation of the signs of option trades at lag ${lag}`,
    band: { low, high },
    source,
    measure: ({ prints }) => autocorrelation(tradeSigns(prints), lag),
  };
}

function vegaFact(lag: number, low: number, high: number): Fact {
  return {
    name: `signed-vega-autocorrelation-${lag}`,
    group: 'flow',
    about: `autocorrelation of signed vega flow per 5 min at lag ${lag}`,
    band: { low, high },
    source: `${SAMPLE}, one expiry, signed contracts per 5 min, two standard errors about it`,
    measure: (samples) => autocorrelation(signedVega(samples), lag),
  };
}

/** Of what takers do. */
export const FLOW_FACTS: readonly Fact[] = [
  signFact(1, 0.34, 0.62, `${SAMPLE}: 0.46, two standard errors below it; AMZN 2012-06-21: 0.62`),
  signFact(5, 0.1, 0.34, `${SAMPLE} and AMZN 2012-06-21: 0.22, two standard errors about it`),
  signFact(10, 0, 0.2, `${SAMPLE} and AMZN 2012-06-21: 0.08, two standard errors about it`),
  vegaFact(1, -0.13, 0.22),
  vegaFact(2, -0.2, 0.14),
];
