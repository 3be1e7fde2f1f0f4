import { mean, standardDeviation } from '../statistics.ts';
import { between, type Fact, type Target } from './fact.ts';
import type { MarketSamples } from './market-samples.ts';
import { changes, correlation, firstComponentShare, halfLife, varianceRatio } from './series-statistics.ts';

const STEP_MINUTES = 10;
const MINUTES_PER_YEAR = 525_600;
const REGIME_STEPS_MINIMUM = 30;
const RETURNS_MINIMUM = 30;
const PANEL = 'Deribit BTC panel 2025-12..2026-05, by month';
const VIX = 'VIX 1990-2024';

const logAtm = (samples: MarketSamples): number[] => samples.minutes.map((minute) => Math.log(minute.atmVols[1]));
const everyTen = (values: readonly number[]): number[] => values.filter((_, i) => i % STEP_MINUTES === 0);
const tenMinuteLogs = (samples: MarketSamples, tenor: number): number[] =>
  changes(everyTen(samples.minutes.map((minute) => Math.log(minute.atmVols[tenor] ?? 1))));

/** Moves over ten minutes as a standard deviation per day: of those that a year of the preset has. */
function perRootDay(moves: readonly number[], daysPerYear: number): number {
  return Math.sqrt((mean(moves.map((move) => move * move)) * MINUTES_PER_YEAR) / STEP_MINUTES / daysPerYear);
}

/** Changes of the log at-the-money vol over ten minutes that lie in one regime throughout, as a standard deviation per day. */
export function regimeSd(samples: MarketSamples, regime: string): number | undefined {
  const log = logAtm(samples);
  const inside = changes(log, STEP_MINUTES).filter((_, i) =>
    samples.minutes.slice(i, i + STEP_MINUTES + 1).every((minute) => minute.regime === regime),
  );
  return inside.length < REGIME_STEPS_MINIMUM ? undefined : perRootDay(inside, samples.daysPerYear);
}

function sdFact(regime: string, btc: Target, index: Target): Fact {
  return {
    name: `atm-vol-sd-${regime}`,
    group: 'implied vol',
    about: `sd of changes of ln 30-day at-the-money vol per day, regime ${regime}, from ten minutes`,
    targets: { btc, index },
    measure: (samples) => regimeSd(samples, regime),
    ofPanel: (panel) => panel.regimeSd(regime),
  };
}

const thirdOf = (third: string, low: string, all: string): string =>
  `${VIX}, ${third} third of levels: p10 of 21 days ${low}, all days ${all}`;

/** Of how the world's surface moves, sampled by the minute. */
export const VOL_FACTS: readonly Fact[] = [
  sdFact(
    'calm',
    between(0.027, 0.052, 'measured', 'DVOL 2021-24: p10 of weeks 0.027; VIX 1990-2026, calm state 0.052'),
    between(0.037, 0.057, 'measured', thirdOf('lowest', '0.037', '0.057')),
  ),
  sdFact(
    'normal',
    between(0.041, 0.065, 'measured', 'DVOL 2021-24: median of weeks 0.041; VIX 1990-2026, middle state 0.065'),
    between(0.037, 0.068, 'measured', thirdOf('middle', '0.037', '0.068')),
  ),
  sdFact(
    'stressed',
    between(0.055, 0.09, 'measured', 'DVOL 2021-24, top third 0.055; BTC panel, month of February 2026 0.086; VIX 0.074'),
    between(0.042, 0.073, 'measured', thirdOf('highest', '0.042', '0.073')),
  ),
  {
    name: 'atm-vol-spot-correlation',
    group: 'implied vol',
    about: 'correlation of ten-minute changes of ln 30-day at-the-money vol with returns of the index',
    targets: {
      btc: between(-0.75, -0.29, 'measured', PANEL),
      index: between(-0.86, -0.68, 'measured', 'VIX with SPY daily 1993-2024, by year: p10 -0.85, p90 -0.68'),
    },
    ofPanel: (panel) => panel.spotCorrelation(),
    measure: (samples) => correlation(changes(everyTen(logAtm(samples))), changes(everyTen(samples.minutes.map((m) => Math.log(m.spot))))),
  },
  {
    name: 'skew-sd',
    group: 'implied vol',
    about: 'sd of changes of the 30-day 25-delta skew per day, vol, from ten minutes',
    targets: {
      btc: between(0.0086, 0.031, 'measured', PANEL),
      index: between(0.0041, 0.047, 'measured', 'SPXW closes of one expiry: January 2018 0.0041, February 2018 0.047'),
    },
    ofPanel: (panel) => panel.skewSd(),
    measure: (samples) =>
      samples.minutes.length < 40
        ? undefined
        : perRootDay(
            changes(
              samples.minutes.map((m) => m.skew),
              STEP_MINUTES,
            ),
            samples.daysPerYear,
          ),
  },
  {
    name: 'first-component',
    group: 'implied vol',
    about: 'share of the first principal component in ten-minute changes of at-the-money vols at 7, 30 and 90 days',
    targets: {
      btc: between(0.908, 0.979, 'measured', PANEL),
      index: between(0.933, 0.982, 'measured', 'VIX9D, VIX and VIX3M daily 2011-2024, by year: p10 0.933, p90 0.982'),
    },
    ofPanel: (panel) => panel.firstComponent(),
    measure: (samples) => firstComponentShare([0, 1, 2].map((i) => changes(everyTen(samples.minutes.map((m) => m.atmVols[i] ?? 0))))),
  },
  {
    name: 'vol-of-vol-term',
    group: 'implied vol',
    about: 'sd of ten-minute changes of ln at-the-money vol at 7 days over that at 90 days',
    targets: {
      btc: between(2.78, 5, 'measured', `${PANEL}: 2.8 to 5.0`),
      index: between(
        2.5,
        3.5,
        'measured',
        'VIX9D over VIX3M daily 2011-2024, by year: p10 2.3, p90 3.1, taken to 7 and 90 days by a power of time',
      ),
    },
    ofPanel: (panel) => panel.volOfVolTerm(),
    measure(samples) {
      const [short, long] = [0, 2].map((tenor) => tenMinuteLogs(samples, tenor));
      if (short === undefined || long === undefined || short.length < 10) return undefined;
      const [upper, lower] = [standardDeviation(short) ?? 0, standardDeviation(long) ?? 0];
      return lower > 0 ? upper / lower : undefined;
    },
  },
  {
    name: 'atm-vol-variance-ratio',
    group: 'implied vol',
    about: 'variance ratio of ln 30-day at-the-money vol, 30 min over 5 min',
    targets: {
      btc: between(0.9, 1.2, 'measured', 'DVOL hourly 2021-24: 1.12 at 6 h over 1 h, 1.01 at 24 h over 1 h'),
      index: between(
        0.69,
        1.01,
        'measured',
        `${VIX}, by year: median of 6 d over 1 d 0.69, p90 of 2 d over 1 d 1.01; nearer to 1 when shorter`,
      ),
    },
    ofPanel: (panel) => panel.varianceRatio(),
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
    targets: {
      btc: between(20, 60, 'measured', 'VIX 1990-2026: 34 d; DVOL 2021-24: 37 d'),
      index: between(19, 60, 'measured', `${VIX}: 37 d; by ten years 37, 60 and 19 d`),
    },
    ofPanel({ logLevels: { values, stepDays } }) {
      const steps = halfLife(values);
      return steps === undefined ? undefined : steps * stepDays;
    },
    measure(samples) {
      const minutes = halfLife(logAtm(samples));
      return minutes === undefined ? undefined : (minutes * samples.daysPerYear) / MINUTES_PER_YEAR;
    },
  },
];

/** Of where the world's surface stands. */
export const SURFACE_FACTS: readonly Fact[] = [
  {
    name: 'skew-level',
    group: 'implied vol',
    about: 'mean 30-day 25-delta skew, put less call, as a share of the at-the-money vol',
    targets: {
      btc: between(0.064, 0.181, 'measured', 'Deribit BTC panel 2025-12..2026-05: p10 0.064, p90 0.180'),
      index: between(
        0.15,
        0.49,
        'measured',
        '10 to 100 d: SPXW closes of January 2018 from 0.16, of February 2018 to 0.49; SPY 2026-08 0.18 to 0.30; SPX 2011-01-24 0.34',
      ),
    },
    ofPanel: (panel) => panel.skewLevel(),
    measure: ({ minutes }) => (minutes.length === 0 ? undefined : mean(minutes.map(({ skew, atmVols }) => skew / atmVols[1]))),
  },
  {
    name: 'term-slope',
    group: 'implied vol',
    about: 'mean ln of the at-the-money vol at 90 days over that at 30 days',
    targets: {
      btc: between(-0.041, 0.085, 'measured', 'Deribit BTC panel 2025-12..2026-05: p10 -0.041, p90 0.085'),
      index: between(0.016, 0.214, 'measured', 'VIX3M over VIX daily 2011-2024: p10 0.017, p90 0.214'),
    },
    ofPanel: (panel) => panel.termSlope(),
    measure: ({ minutes }) => (minutes.length === 0 ? undefined : mean(minutes.map(({ atmVols }) => Math.log(atmVols[2] / atmVols[1])))),
  },
  {
    name: 'vol-premium',
    group: 'implied vol',
    about: 'mean 30-day at-the-money vol over the realised vol of one-minute returns',
    targets: {
      btc: between(0.74, 1.26, 'measured', `${PANEL}, vol over that of returns of about 6 h: 0.74 to 1.26`),
      index: between(0.89, 2, 'measured', 'VIX over the vol of the next 21 daily returns of SPY, 1993-2024: p10 0.89, p90 2.00'),
    },
    ofPanel: (panel) => panel.premium(),
    measure({ minutes }) {
      const returns = changes(minutes.map(({ spot }) => Math.log(spot)));
      if (returns.length < RETURNS_MINIMUM) return undefined;
      const realised = Math.sqrt(mean(returns.map((value) => value * value)) * MINUTES_PER_YEAR);
      return realised > 0 ? mean(minutes.map(({ atmVols }) => atmVols[1])) / realised : undefined;
    },
  },
];
