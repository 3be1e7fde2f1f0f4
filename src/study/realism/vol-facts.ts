import { mean } from '../statistics.ts';
import type { Fact } from './fact.ts';
import type { MarketSamples } from './market-samples.ts';
import { changes, correlation, firstComponentShare, halfLife, varianceRatio } from './series-statistics.ts';

const STEP_MINUTES = 10;
const STEPS_PER_DAY = 1440 / STEP_MINUTES;
const REGIME_STEPS_MINIMUM = 30;
const MINUTES_PER_DAY = 1440;
const PANEL = 'Deribit BTC panel 2025-12..2026-05, by month';

const logAtm = (samples: MarketSamples): number[] => samples.minutes.map((minute) => Math.log(minute.atmVols[1]));
const everyTen = (values: readonly number[]): number[] => values.filter((_, i) => i % STEP_MINUTES === 0);
const perRootDay = (moves: readonly number[]): number => Math.sqrt(mean(moves.map((move) => move * move)) * STEPS_PER_DAY);

/** Changes of the log at-the-money vol over ten minutes that lie in one regime throughout, as a standard deviation per day. */
export function regimeSd(samples: MarketSamples, regime: string): number | undefined {
  const log = logAtm(samples);
  const inside = changes(log, STEP_MINUTES).filter((_, i) =>
    samples.minutes.slice(i, i + STEP_MINUTES + 1).every((minute) => minute.regime === regime),
  );
  return inside.length < REGIME_STEPS_MINIMUM ? undefined : perRootDay(inside);
}

function sdFact(regime: string, low: number, high: number, source: string): Fact {
  return {
    name: `atm-vol-sd-${regime}`,
    group: 'implied vol',
    about: `sd of changes of ln 30-day at-the-money vol per day, regime ${regime}, from ten minutes`,
    band: { low, high },
    source,
    measure: (samples) => regimeSd(samples, regime),
  };
}

/** Of the world's surface, sampled by the minute. */
export const VOL_FACTS: readonly Fact[] = [
  sdFact('calm', 0.027, 0.052, 'DVOL 2021-24: p10 of weeks 0.027; VIX 1990-2026, calm state 0.052'),
  sdFact('normal', 0.041, 0.065, 'DVOL 2021-24: median of weeks 0.041; VIX 1990-2026, middle state 0.065'),
  sdFact('stressed', 0.055, 0.09, 'DVOL 2021-24, top third 0.055; BTC panel, month of February 2026 0.086; VIX 0.074'),
  {
    name: 'atm-vol-spot-correlation',
    group: 'implied vol',
    about: 'correlation of ten-minute changes of ln 30-day at-the-money vol with returns of the index',
    band: { low: -0.75, high: -0.29 },
    source: PANEL,
    measure: (samples) => correlation(changes(everyTen(logAtm(samples))), changes(everyTen(samples.minutes.map((m) => Math.log(m.spot))))),
  },
  {
    name: 'skew-sd',
    group: 'implied vol',
    about: 'sd of changes of the 30-day 25-delta skew per day, vol, from ten minutes',
    band: { low: 0.0086, high: 0.031 },
    source: PANEL,
    measure: (samples) =>
      samples.minutes.length < 40
        ? undefined
        : perRootDay(
            changes(
              samples.minutes.map((m) => m.skew),
              STEP_MINUTES,
            ),
          ),
  },
  {
    name: 'first-component',
    group: 'implied vol',
    about: 'share of the first principal component in ten-minute changes of at-the-money vols at 7, 30 and 90 days',
    band: { low: 0.908, high: 0.979 },
    source: PANEL,
    measure: (samples) => firstComponentShare([0, 1, 2].map((i) => changes(everyTen(samples.minutes.map((m) => m.atmVols[i] ?? 0))))),
  },
  {
    name: 'atm-vol-variance-ratio',
    group: 'implied vol',
    about: 'variance ratio of ln 30-day at-the-money vol, 30 min over 5 min',
    band: { low: 0.9, high: 1.2 },
    source: 'DVOL hourly 2021-24: 1.12 at 6 h over 1 h, 1.01 at 24 h over 1 h',
    measure: (samples) =>
      varianceRatio(
        logAtm(samples).filter((_, i) => i % 5 === 0),
        6,
      ),
  },
  {
    name: 'atm-vol-half-life',
    group: 'implied vol',
    about: 'half-life of ln 30-day at-the-money vol, days; only from runs that can tell it from a random walk',
    band: { low: 20, high: 60 },
    source: 'VIX 1990-2026: 34 d; DVOL 2021-24: 37 d',
    measure(samples) {
      const minutes = halfLife(logAtm(samples));
      return minutes === undefined ? undefined : minutes / MINUTES_PER_DAY;
    },
  },
];
