import { mean, standardDeviation, sum } from '../statistics.ts';
import { between, type Fact, type Target } from './fact.ts';
import type { MarketSamples, PrintSample, VolumeSample } from './market-samples.ts';
import { autocorrelation, changes } from './series-statistics.ts';

const BIN_SECONDS = 300;
const PRINTS_MINIMUM = 30;
const SAMPLE = 'Deribit trades 2026-08-16/17';
const HALF_HOURS = 'AMZN 2012-06-21, by half-hours';
const VOLUMES = 'contracts of 24 h on Deribit, ten days of January to May 2026';

/** The first match of each order that traded: matches of one order stand together, and count once. */
export function ordersThatTraded(prints: readonly PrintSample[]): PrintSample[] {
  return prints.filter((print, i) => print.takerOrder !== prints[i - 1]?.takerOrder);
}

/** Signs of the orders that traded. */
export function tradeSigns(prints: readonly PrintSample[]): number[] {
  return ordersThatTraded(prints).map((print) => print.sign);
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

function signFact(lag: number, btc: Target, index: Target): Fact {
  return {
    name: `trade-sign-autocorrelation-${lag}`,
    group: 'flow',
    about: `autocorrelation of the signs of option trades at lag ${lag}`,
    targets: { btc, index },
    measure: ({ prints }) => autocorrelation(tradeSigns(prints), lag),
  };
}

function vegaFact(lag: number, btc: readonly [low: number, high: number], index: readonly [low: number, high: number]): Fact {
  return {
    name: `signed-vega-autocorrelation-${lag}`,
    group: 'flow',
    about: `autocorrelation of signed vega flow per 5 min at lag ${lag}`,
    targets: {
      btc: between(...btc, 'measured', `${SAMPLE}, one expiry, signed contracts per 5 min, two standard errors about it`),
      index: between(...index, 'measured', 'AMZN 2012-06-21, signed shares per 5 min, two standard errors about it'),
    },
    measure: (samples) => autocorrelation(signedVega(samples), lag),
  };
}

function volumeFact(name: string, about: string, btc: Target, index: Target, keeps: (series: VolumeSample) => boolean): Fact {
  return {
    name: `volume-${name}`,
    group: 'flow',
    about: `share of the contracts traded ${about}`,
    targets: { btc, index },
    measure: ({ volumes }) => volumeShare(volumes, keeps),
  };
}

/** Share of the contracts that `keeps` takes. */
function volumeShare(volumes: readonly VolumeSample[], keeps: (series: VolumeSample) => boolean): number | undefined {
  const total = (some: readonly VolumeSample[]): number => sum(some.map(({ contracts }) => contracts));
  return volumes.length < PRINTS_MINIMUM ? undefined : total(volumes.filter(keeps)) / total(volumes);
}

const INDEX_VOLUMES = 'SPX 2011-01-24, SPXW of January and February 2018, SPY 2026-08';

/** Of what takers do. */
export const FLOW_FACTS: readonly Fact[] = [
  signFact(
    1,
    between(0.34, 0.62, 'measured', `${SAMPLE}: 0.46, two standard errors below it; AMZN 2012-06-21: 0.62`),
    between(0.53, 0.69, 'measured', `${HALF_HOURS}: p10 0.53, p90 0.68`),
  ),
  signFact(
    5,
    between(0.1, 0.34, 'measured', `${SAMPLE} and AMZN 2012-06-21: 0.22, two standard errors about it`),
    between(0.11, 0.31, 'measured', `${HALF_HOURS}: p10 0.12, p90 0.31`),
  ),
  signFact(
    10,
    between(0, 0.2, 'measured', `${SAMPLE} and AMZN 2012-06-21: 0.08, two standard errors about it`),
    between(-0.03, 0.14, 'measured', `${HALF_HOURS}: p10 -0.02, p90 0.13`),
  ),
  vegaFact(1, [-0.13, 0.22], [-0.16, 0.3]),
  vegaFact(2, [-0.2, 0.14], [-0.27, 0.19]),
  {
    name: 'trade-interval-variation',
    group: 'flow',
    about: 'sd over mean of the times between orders that trade: 1 where they come independently',
    targets: {
      btc: between(1.35, 2.5, 'measured', `${SAMPLE}: 1.73, two standard errors below it; AMZN 2012-06-21: 2.46`),
      index: between(1.7, 2.5, 'measured', `AMZN 2012-06-21: 2.46; ${SAMPLE}: 1.73`),
    },
    measure({ prints }) {
      const gaps = changes(ordersThatTraded(prints).map((print) => print.seconds));
      return gaps.length < PRINTS_MINIMUM ? undefined : (standardDeviation(gaps) ?? 0) / mean(gaps);
    },
  },
  {
    name: 'volume-2-10 d',
    group: 'flow',
    about: 'share of the contracts traded at 2 to 45 d that expire in less than 10 d; of chains with both',
    targets: {
      btc: between(0.32, 0.63, 'measured', `${VOLUMES}: 0.32 to 0.62`),
      index: between(0.15, 0.72, 'measured', `${INDEX_VOLUMES}: 0.15 to 0.72`),
    },
    measure({ volumes, tenors }) {
      if (!tenors.includes('2-10 d') || !tenors.includes('10-45 d')) return undefined;
      return volumeShare(
        volumes.filter(({ tenor }) => tenor === '2-10 d' || tenor === '10-45 d'),
        ({ tenor }) => tenor === '2-10 d',
      );
    },
  },
  volumeFact(
    'puts',
    'in puts',
    between(0.34, 0.71, 'measured', `${VOLUMES}: 0.34 to 0.61; prints of ${SAMPLE}: 0.70`),
    between(0.46, 0.69, 'measured', `${INDEX_VOLUMES}: 0.46 to 0.69`),
    ({ right }) => right === 'put',
  ),
  volumeFact(
    'wings',
    'at |delta| below 0.35',
    between(0.59, 0.83, 'measured', `${VOLUMES}: 0.59 to 0.82; prints of ${SAMPLE}: 0.69`),
    between(0.58, 0.74, 'measured', `${INDEX_VOLUMES}: 0.59 to 0.74`),
    ({ delta }) => delta < 0.35,
  ),
  volumeFact(
    'at-the-money',
    'at |delta| 0.35-0.65',
    between(0.11, 0.32, 'measured', `${VOLUMES}: 0.12 to 0.31; prints of ${SAMPLE}: 0.25`),
    between(0.19, 0.3, 'measured', `${INDEX_VOLUMES}: 0.19 to 0.29`),
    ({ delta }) => delta >= 0.35 && delta <= 0.65,
  ),
];
