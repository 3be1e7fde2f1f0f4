import { mean } from '../statistics.ts';
import type { Fact } from './fact.ts';
import type { MarketSamples } from './market-samples.ts';
import { autocorrelation, changes, correlation, excessKurtosis } from './series-statistics.ts';

const LEVERAGE_MINUTES = 5;
const WINDOWS = 'windows of 2 h of AMZN 2012-06-21 and Bitstamp BTC 2015-05-01';

/** Log returns of the index per minute. */
export function minuteReturns(samples: MarketSamples): number[] {
  return changes(samples.minutes.map((minute) => Math.log(minute.spot)));
}

const absolute = (samples: MarketSamples): number[] => minuteReturns(samples).map(Math.abs);

/** Correlation of each return with the mean squared return of the next five minutes. */
export function leverage(returns: readonly number[]): number | undefined {
  const squares = returns.map((value) => value * value);
  const later = returns.slice(0, -LEVERAGE_MINUTES).map((_, i) => mean(squares.slice(i + 1, i + 1 + LEVERAGE_MINUTES)));
  return correlation(returns.slice(0, later.length), later);
}

/** Of the returns of the index at one minute. */
export const RETURN_FACTS: readonly Fact[] = [
  {
    name: 'return-kurtosis',
    group: 'returns',
    about: 'excess kurtosis of one-minute returns',
    band: { low: 1, high: 20 },
    source: `${WINDOWS}: 1.1 to 18; Cont 2001: 16 for five-minute S&P 500 futures`,
    measure: (samples) => excessKurtosis(minuteReturns(samples)),
  },
  {
    name: 'return-autocorrelation-1',
    group: 'returns',
    about: 'autocorrelation of one-minute returns at lag 1',
    band: { low: -0.13, high: 0.1 },
    source: `${WINDOWS}; Cont 2001: absence of autocorrelation`,
    measure: (samples) => autocorrelation(minuteReturns(samples), 1),
  },
  {
    name: 'volatility-clustering-1',
    group: 'returns',
    about: 'autocorrelation of absolute one-minute returns at lag 1',
    band: { low: 0.05, high: 0.3 },
    source: WINDOWS,
    measure: (samples) => autocorrelation(absolute(samples), 1),
  },
  {
    name: 'volatility-clustering-5',
    group: 'returns',
    about: 'autocorrelation of absolute one-minute returns at lag 5',
    band: { low: -0.22, high: 0.16 },
    source: `${WINDOWS}: wide, as two hours are short`,
    measure: (samples) => autocorrelation(absolute(samples), 5),
  },
  {
    name: 'leverage',
    group: 'returns',
    about: 'correlation of a return with the mean squared return of the next 5 min',
    band: { low: -0.2, high: 0 },
    source: 'Bouchaud, Matacz and Potters 2001: negative; AMZN -0.05, Bitstamp -0.13 on one day each',
    measure: (samples) => leverage(minuteReturns(samples)),
  },
];
