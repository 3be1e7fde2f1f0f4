import type { ActivitySpec } from './activity.ts';
import type { ImpactPreset } from './spot-impact.ts';
import type { DemandParameters, FlowSpec, RegimeSpec, SpotParameters, SurfaceParameters } from './world-spec.ts';

/** A named set of regimes, with the chain between them (models 4a, 4b; figures and their sources in docs/conventions.md). */
export interface WorldPreset {
  readonly daysPerYear: number;
  readonly regimes: readonly RegimeSpec[];
  readonly transitionsPerDay: readonly (readonly number[])[];
  readonly halfLifeDays: readonly number[];
  readonly activity: ActivitySpec;
  readonly flow: FlowSpec & { readonly ratePerHour: number };
  readonly impact: ImpactPreset;
}

const vol = (level: number): number => level * level;

function spot(
  kappa: number,
  volLevel: number,
  volOfVol: number,
  correlation: number,
  jumps: readonly [perYear: number, mean: number, sd: number, variance: number],
): SpotParameters {
  return {
    drift: 0,
    kappa,
    theta: vol(volLevel),
    volOfVol,
    correlation,
    jumpsPerYear: jumps[0],
    jumpMean: jumps[1],
    jumpSd: jumps[2],
    varianceJumpMean: jumps[3],
  };
}

function surface(
  means: readonly [premium: number, slope: number, skew: number, curvature: number],
  [dailySd, withLevel]: readonly [dailySd: readonly number[], withLevel: readonly number[]],
  corr: number,
  jump: number,
): SurfaceParameters {
  return {
    premium: means[0],
    slope: means[1],
    skew: means[2],
    curvature: means[3],
    dailySd,
    withLevel,
    spotLevelCorrelation: corr,
    levelPerSpotJump: jump,
  };
}

function demand(
  activity: number,
  branching: number,
  continuation: number,
  pressure: readonly [halfLifeMinutes: number, impact: number],
  putTilt: number,
): DemandParameters {
  return { activity, branching, continuation, pressureHalfLifeMinutes: pressure[0], impact: pressure[1], putTilt };
}

/**
 * What customers have in common in both markets. Branching, its share of parts of one order and its delays are shaped on 277 trades of one expiry
 * (Deribit, 16 and 17 August 2026): counts of 15 min have 5 times the variance of Poisson's, the next trade is in the same series
 * with probability 0.60 and then of the same sign with 0.92, and 24, 43 and 59 % of the gaps are below 1, 20 and 60 s. The counts alone would ask
 * for a branching of 0.55; the regimes have more (ADR 17).
 */
const ORDERS = {
  activityElasticity: 0.5,
  memoryMinutes: 10,
  sizeScale: 1,
  delays: [
    { share: 0.45, meanSeconds: 1 },
    { share: 0.35, meanSeconds: 10 },
    { share: 0.2, meanSeconds: 60 },
  ],
  splitShare: 0.95,
  sameSide: 0.6,
  hedgerShare: 0.2,
  hedgerResponse: 0.5,
  hedgerRush: 1,
  trendMinutes: 10,
  packageShare: 0.06,
  reservationAlpha: 0.7,
  reservationPerVol: 0.0063,
};

/**
 * Shaped on the sizes of 2.1 million screen prints on Deribit since 2021 (m-ichaels/options-mm): 78.6 % below 1 contract, 15.4 % to 5, 5.7 % to 25,
 * 0.28 % to 100. The mixture gives 80.4, 13.7, 5.7 and 0.29 %: orders are smaller than prints say, as one that meets two makers is two prints.
 */
const BTC_SIZES = [
  { share: 0.78, median: 0.14, logSd: 0.9 },
  { share: 0.22, median: 2.72, logSd: 1 },
];

/** In units of the index, 100 to a contract. A design choice: a mean near 5 contracts, with round lots of 10 and 50. */
const INDEX_SIZES = [
  { share: 0.85, median: 200, logSd: 0.9 },
  { share: 0.12, median: 1000, logSd: 0 },
  { share: 0.03, median: 5000, logSd: 0 },
];

/** Daily transition rates of a three-state Gaussian hidden Markov model on log VIX closes, 1990 to 2026-07 (models 4a). */
const INDEX_TRANSITIONS = [
  [0, 0.0184, 0],
  [0.0159, 0, 0.0132],
  [0, 0.0149, 0],
];

/**
 * Standard deviations per day of level, slope, skew and curvature, and correlations with the level. Bitcoin: shaped on six-hourly changes of the
 * Deribit panel, January to May 2026, where the log level at 30 days moves by 0.03 to 0.035 per day in quiet months and by 0.089 in
 * February, the slope by 0.022 to 0.033 and 0.088, with a correlation of −0.8 to −0.96, and the skew by 0.009 to 0.013 and 0.032 (vol), with −0.3 to
 * −0.8; a part of each is noise of the marks, and pressure comes on top of the level. Correlations with the spot are −0.31 to −0.76 by month.
 */
const BTC_SD = { calm: [0.032, 0.024, 0.04, 0.03], normal: [0.042, 0.042, 0.045, 0.03], stressed: [0.068, 0.09, 0.06, 0.04] };
const BTC_WITH_LEVEL = [1, -0.9, -0.4, -0.2];
const INDEX_SD = { calm: [0.042, 0.007, 0.02, 0.03], normal: [0.05, 0.0125, 0.02, 0.03], stressed: [0.066, 0.04, 0.02, 0.04] };
const INDEX_WITH_LEVEL = [1, -0.92, -0.3, -0.2];

/** A market that never closes has no hour of its own: runs do not say at what time of the day they begin. */
const ROUND_THE_CLOCK: ActivitySpec['shape'] = [
  [0, 1],
  [1, 1],
];
/** Busy at the open, quiet at midday, busy again at the close (models 4b). */
const EXCHANGE_DAY: ActivitySpec['shape'] = [
  [0, 1.4],
  [0.5, 0.8],
  [1, 1.3],
];

export const WORLD_PRESETS = {
  btc: {
    daysPerYear: 365,
    halfLifeDays: [25, 8, 12, 10],
    activity: { sd: 0.9, halfLifeMinutes: 8, spotCorrelation: -0.4, shape: ROUND_THE_CLOCK, dayHours: 24, startHours: 0 },
    impact: { dollarsPerBp: 1.4e6, permanentShare: 1 / 3, halfLifeMinutes: 5 },
    transitionsPerDay: INDEX_TRANSITIONS.map((row) => row.map((rate) => 2 * rate)),
    flow: { ...ORDERS, ratePerHour: 3000, sizes: BTC_SIZES, sizeMaximum: 25 },
    regimes: [
      {
        name: 'calm',
        spot: spot(6, 0.33, 1, -0.05, [8, 0, 0.03, 0]),
        surface: surface([0.02, 0.11, -0.18, Math.log(0.95)], [BTC_SD.calm, BTC_WITH_LEVEL], -0.45, -1),
        demand: demand(0.7, 0.74, -0.5, [20, 0.001], 0),
      },
      {
        name: 'normal',
        spot: spot(6, 0.47, 1.5, -0.15, [12, -0.003, 0.045, 0]),
        surface: surface([0.03, 0.07, -0.2, Math.log(0.95)], [BTC_SD.normal, BTC_WITH_LEVEL], -0.6, -1.5),
        demand: demand(1, 0.74, 0.2, [10, 0.001], 0),
      },
      {
        name: 'stressed',
        spot: spot(8, 0.8, 2.6, -0.3, [30, -0.015, 0.07, 0.05]),
        surface: surface([-0.05, -0.21, -0.32, 0], [BTC_SD.stressed, BTC_WITH_LEVEL], -0.7, -3),
        demand: demand(3, 0.82, 0.85, [5, 0.0016], 0.1),
      },
    ],
  },
  index: {
    daysPerYear: 252,
    halfLifeDays: [25, 8, 12, 10],
    activity: { sd: 0.9, halfLifeMinutes: 8, spotCorrelation: -0.5, shape: EXCHANGE_DAY, dayHours: 6.5, startHours: 0 },
    impact: { dollarsPerBp: 30e6, permanentShare: 1 / 3, halfLifeMinutes: 5 },
    transitionsPerDay: INDEX_TRANSITIONS,
    flow: { ...ORDERS, ratePerHour: 6000, sizes: INDEX_SIZES, sizeMaximum: 10_000 },
    regimes: [
      {
        name: 'calm',
        spot: spot(4, 0.11, 0.28, -0.7, [1, -0.015, 0.015, 0]),
        surface: surface([0.03, 0.045, -0.72, Math.log(0.85)], [INDEX_SD.calm, INDEX_WITH_LEVEL], -0.82, -3),
        demand: demand(0.7, 0.78, -0.5, [20, 0.0000005], 0),
      },
      {
        name: 'normal',
        spot: spot(4, 0.16, 0.42, -0.75, [2, -0.02, 0.025, 0]),
        surface: surface([0.03, 0.025, -0.7, Math.log(0.85)], [INDEX_SD.normal, INDEX_WITH_LEVEL], -0.82, -3),
        demand: demand(1, 0.78, 0.2, [10, 0.0000005], 0),
      },
      {
        name: 'stressed',
        spot: spot(5, 0.32, 0.95, -0.75, [5, -0.03, 0.04, 0.02]),
        surface: surface([0.08, -0.12, -0.65, Math.log(0.85)], [INDEX_SD.stressed, INDEX_WITH_LEVEL], -0.82, -3),
        demand: demand(3, 0.84, 0.85, [5, 0.0000009], 0.1),
      },
    ],
  },
} as const satisfies Record<string, WorldPreset>;

export type PresetName = keyof typeof WORLD_PRESETS;
