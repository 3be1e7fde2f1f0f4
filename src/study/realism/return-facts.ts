import { mean } from '../statistics.ts';
import { between, type Fact } from './fact.ts';
import type { MarketSamples } from './market-samples.ts';
import { autocorrelation, changes, correlation, excessKurtosis } from './series-statistics.ts';

const LEVERAGE_MINUTES = 5;
const WINDOWS = 'windows of 2 h of AMZN 2012-06-21 and Bitstamp BTC 2015-05-01';
const SHARE = 'AMZN 2012-06-21 in windows of 2 h';
/** Daily returns are sums of those by the minute: what survives of a fact in them is the least that minutes show. */
const DAILY = 'S&P 500 daily 1999-2018 in windows of 120';

/** Log returns of the index per minute. */
export function minuteReturns({ minutes, spots = minutes.map((minute) => minute.spot) }: MarketSamples): number[] {
  return changes(spots.map(Math.log));
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
    targets: {
      btc: between(1, 20, 'measured', `${WINDOWS}: 1.1 to 18; Cont 2001: 16 for five-minute S&P 500 futures`),
      index: between(0.74, 16, 'measured', `${DAILY}: median 0.74; ${SHARE}: 1.1 to 2.5; Cont 2001: 16 for five-minute S&P 500 futures`),
    },
    measure: (samples) => excessKurtosis(minuteReturns(samples)),
  },
  {
    name: 'return-autocorrelation-1',
    group: 'returns',
    about: 'autocorrelation of one-minute returns at lag 1',
    targets: {
      btc: between(-0.13, 0.1, 'measured', `${WINDOWS}; Cont 2001: absence of autocorrelation`),
      index: between(-0.17, 0.1, 'measured', `${DAILY}, p10 and p90: -0.16 to 0.05; ${SHARE}: -0.08 to 0.10`),
    },
    measure: (samples) => autocorrelation(minuteReturns(samples), 1),
  },
  {
    name: 'volatility-clustering-1',
    group: 'returns',
    about: 'autocorrelation of absolute one-minute returns at lag 1',
    targets: {
      btc: between(0.05, 0.3, 'measured', WINDOWS),
      index: between(0.05, 0.24, 'measured', `${SHARE}: 0.06 to 0.12; S&P 500 daily 1999-2018, all days: 0.24`),
    },
    measure: (samples) => autocorrelation(absolute(samples), 1),
  },
  {
    name: 'volatility-clustering-5',
    group: 'returns',
    about: 'autocorrelation of absolute one-minute returns at lag 5',
    targets: {
      btc: between(-0.22, 0.16, 'measured', `${WINDOWS}: wide, as two hours are short`),
      index: between(-0.22, 0.2, 'measured', `${SHARE}: -0.22 to 0.04; ${DAILY}, p90: 0.20`),
    },
    measure: (samples) => autocorrelation(absolute(samples), 5),
  },
  {
    name: 'leverage',
    group: 'returns',
    about: 'correlation of a return with the mean squared return of the next 5 min',
    targets: {
      btc: between(-0.2, 0, 'measured', 'Bouchaud, Matacz and Potters 2001: negative; AMZN -0.05, Bitstamp -0.13 on one day each'),
      index: between(-0.28, 0, 'measured', `${DAILY}, next 5 days, p10: -0.28; AMZN 2012-06-21: -0.05; Bouchaud and others 2001: negative`),
    },
    measure: (samples) => leverage(minuteReturns(samples)),
  },
];
