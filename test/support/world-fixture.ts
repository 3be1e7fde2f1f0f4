import type { ActivitySpec } from '../../src/processes/activity.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import type { RegimeSpec, WorldSpec } from '../../src/processes/world-spec.ts';

/** A market that always goes at its usual pace. */
export const NO_ACTIVITY: ActivitySpec = {
  sd: 0,
  halfLifeMinutes: 10,
  spotCorrelation: 0,
  shape: [
    [0, 1],
    [1, 1],
  ],
  dayHours: 24,
  startHours: 0,
};

/** A BTC-like world with steps of one second that stays in its normal regime. */
export function worldSpec(changes: Partial<WorldSpec> = {}): WorldSpec {
  const { regimes, transitionsPerDay, daysPerYear, halfLifeDays } = WORLD_PRESETS.btc;
  return {
    stepMillis: 1000,
    spot: 70_000,
    startVol: 0.48,
    factors: [Math.log(0.51), 0.05, -0.17, -0.05],
    daysPerYear,
    regimes,
    startRegime: 1,
    transitionsPerDay,
    regimeSpeed: 0,
    timeline: [],
    halfLifeDays,
    meanReversion: true,
    levelPath: undefined,
    thetaPath: undefined,
    activity: NO_ACTIVITY,
    flow: WORLD_PRESETS.btc.flow,
    impact: { bpPer100Units: 5, permanentShare: 1 / 3, halfLifeMinutes: 5 },
    lookaheadSteps: 0,
    ...changes,
  };
}

/** A regime in which nothing moves by itself. */
export const STILL: RegimeSpec = {
  name: 'still',
  spot: { drift: 0, kappa: 1, theta: 0, volOfVol: 0, correlation: 0, jumpsPerYear: 0, jumpMean: 0, jumpSd: 0, varianceJumpMean: 0 },
  surface: {
    premium: 0,
    slope: 0,
    skew: 0,
    curvature: 0,
    dailySd: [0, 0, 0, 0],
    withLevel: [1, 0, 0, 0],
    spotLevelCorrelation: 0,
    levelPerSpotJump: 0,
  },
  demand: { activity: 1, branching: 0, continuation: 0, pressureHalfLifeMinutes: 10, impact: 0, putTilt: 0 },
};

/** A world that only its timeline moves. */
export const stillWorld = (changes: Partial<WorldSpec> = {}): WorldSpec =>
  worldSpec({ startVol: 0, meanReversion: false, regimes: [STILL, { ...STILL, name: 'other' }], startRegime: 0, ...changes });
