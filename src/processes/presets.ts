import type { ImpactPreset } from './spot-impact.ts';
import type { DemandParameters, RegimeSpec, SpotParameters, SurfaceParameters } from './world-spec.ts';

/** A named set of regimes, with the chain between them (models 4a, 4b; figures and their sources in docs/conventions.md). */
export interface WorldPreset {
  readonly daysPerYear: number;
  readonly regimes: readonly RegimeSpec[];
  readonly transitionsPerDay: readonly (readonly number[])[];
  readonly halfLifeDays: readonly number[];
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
  dailySd: readonly number[],
  corr: number,
  jump: number,
): SurfaceParameters {
  return {
    premium: means[0],
    slope: means[1],
    skew: means[2],
    curvature: means[3],
    dailySd,
    spotLevelCorrelation: corr,
    levelPerSpotJump: jump,
  };
}

function demand(activity: number, continuation: number, halfLife: number, impact: number, putTilt: number): DemandParameters {
  return { activity, continuation, pressureHalfLifeMinutes: halfLife, impact, putTilt };
}

/** Daily transition rates of a three-state Gaussian hidden Markov model on log VIX closes, 1990 to 2026-07 (models 4a). */
const INDEX_TRANSITIONS = [
  [0, 0.0184, 0],
  [0.0159, 0, 0.0132],
  [0, 0.0149, 0],
];

const BTC_SD = { calm: [0.045, 0.006, 0.03, 0.03], normal: [0.055, 0.006, 0.03, 0.03], stressed: [0.074, 0.012, 0.03, 0.04] };
const INDEX_SD = { calm: [0.052, 0.006, 0.02, 0.03], normal: [0.065, 0.006, 0.02, 0.03], stressed: [0.074, 0.012, 0.02, 0.04] };

export const WORLD_PRESETS = {
  btc: {
    daysPerYear: 365,
    halfLifeDays: [25, 8, 12, 10],
    impact: { dollarsPerBp: 1.4e6, permanentShare: 1 / 3, halfLifeMinutes: 5 },
    transitionsPerDay: INDEX_TRANSITIONS.map((row) => row.map((rate) => 2 * rate)),
    regimes: [
      {
        name: 'calm',
        spot: spot(6, 0.33, 1, -0.05, [8, 0, 0.03, 0]),
        surface: surface([0.02, 0.11, 0.05, Math.log(0.95)], BTC_SD.calm, -0.2, -1),
        demand: demand(0.7, -0.6, 20, 0.0015, 0),
      },
      {
        name: 'normal',
        spot: spot(6, 0.47, 1.5, -0.15, [12, -0.003, 0.045, 0]),
        surface: surface([0.03, 0.07, -0.17, Math.log(0.95)], BTC_SD.normal, -0.3, -1.5),
        demand: demand(1, 0.2, 10, 0.0015, 0),
      },
      {
        name: 'stressed',
        spot: spot(8, 0.8, 2.6, -0.3, [30, -0.015, 0.07, 0.05]),
        surface: surface([-0.05, -0.21, -0.32, 0], BTC_SD.stressed, -0.5, -3),
        demand: demand(3, 0.8, 5, 0.0015, 0.1),
      },
    ],
  },
  index: {
    daysPerYear: 252,
    halfLifeDays: [25, 8, 12, 10],
    impact: { dollarsPerBp: 30e6, permanentShare: 1 / 3, halfLifeMinutes: 5 },
    transitionsPerDay: INDEX_TRANSITIONS,
    regimes: [
      {
        name: 'calm',
        spot: spot(4, 0.11, 0.28, -0.7, [1, -0.015, 0.015, 0]),
        surface: surface([0.03, 0.045, -0.72, Math.log(0.85)], INDEX_SD.calm, -0.75, -3),
        demand: demand(0.7, -0.6, 20, 0.0015, 0),
      },
      {
        name: 'normal',
        spot: spot(4, 0.16, 0.42, -0.75, [2, -0.02, 0.025, 0]),
        surface: surface([0.03, 0.025, -0.7, Math.log(0.85)], INDEX_SD.normal, -0.75, -3),
        demand: demand(1, 0.2, 10, 0.0015, 0),
      },
      {
        name: 'stressed',
        spot: spot(5, 0.32, 0.95, -0.75, [5, -0.03, 0.04, 0.02]),
        surface: surface([0.08, -0.12, -0.65, Math.log(0.85)], INDEX_SD.stressed, -0.75, -3),
        demand: demand(3, 0.8, 5, 0.0015, 0.1),
      },
    ],
  },
} as const satisfies Record<string, WorldPreset>;

export type PresetName = keyof typeof WORLD_PRESETS;
