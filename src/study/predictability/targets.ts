import type { LeanFigures, SkillFigures } from './figures.ts';
import type { Estimate } from './jackknife.ts';
import type { TrackerView } from './view-watch.ts';

/** Where a dimensionless number of a world should lie; an open end is left out. */
export interface Target {
  readonly low?: number;
  readonly high?: number;
}

export type TargetVerdict = 'inside' | 'outside' | 'not measurable';

/** A target held against what was measured. */
export interface TargetFinding {
  readonly name: string;
  readonly about: string;
  readonly target: Target;
  readonly value?: number;
  readonly ci95?: readonly [low: number, high: number];
  readonly verdict: TargetVerdict;
  /** True where the interval lies across an end of the band: with more worlds the verdict might turn. */
  readonly isUnsure?: true;
}

/** What the targets of one factor are read from. */
export interface Measured {
  readonly skill: readonly SkillFigures[];
  readonly leans: readonly LeanFigures[];
  readonly tracker: TrackerView | undefined;
  /** Whether the factor is the level, which alone moves vols at 30 days, and so has figures over a half-spread. */
  readonly isLevel: boolean;
  /** Half-spread of a screen at 30 days in the factor's unit. */
  readonly halfSpread: number | undefined;
  readonly halfLifeSteps: number;
  /** True where no pressure was ever seen: then there must be nothing to forecast. */
  readonly isControl: boolean;
}

const STRESSED = 'stressed';
const TRACKER: Target = { low: 0.05, high: 0.2 };
/** Below this p the tracker's innovations are not white. */
const WHITENESS_P = 0.01;

const minimum = (target: Target): number => target.low ?? Number.NEGATIVE_INFINITY;
const maximum = (target: Target): number => target.high ?? Number.POSITIVE_INFINITY;

/** Inside unless the whole interval is beyond the bound: for what chance alone moves to either side of it. */
function bounded(name: string, about: string, target: Target, estimate: Estimate | undefined): TargetFinding {
  if (estimate === undefined) return { name, about, target, verdict: 'not measurable' };
  const { value, ci95 } = estimate;
  const isInside = ci95[0] <= maximum(target) && ci95[1] >= minimum(target);
  return { name, about, target, value, ci95, verdict: isInside ? 'inside' : 'outside' };
}

/** Inside where the value is. */
function banded(name: string, about: string, target: Target, estimate: Estimate | undefined): TargetFinding {
  if (estimate === undefined) return { name, about, target, verdict: 'not measurable' };
  const { value, ci95 } = estimate;
  const isInside = value >= minimum(target) && value <= maximum(target);
  const isUnsure = [minimum(target), maximum(target)].some((end) => ci95[0] < end && ci95[1] > end);
  return { name, about, target, value, ci95, verdict: isInside ? 'inside' : 'outside', ...(isUnsure ? { isUnsure } : {}) };
}

/** Targets of a world for the study of forecasts, for one factor. */
export function targetFindings(measured: Measured): TargetFinding[] {
  const { skill, leans, tracker, isLevel, halfSpread, halfLifeSteps, isControl } = measured;
  const at = (horizon: SkillFigures['horizon'], regime = 'all'): SkillFigures | undefined =>
    skill.find((row) => row.horizon === horizon && row.regime === regime);
  const path = at('path');
  const whole = skill.filter((row) => row.regime === 'all');
  const best = (estimate: (row: SkillFigures) => Estimate | undefined): Estimate | undefined =>
    whole
      .map(estimate)
      .filter((each) => each !== undefined)
      .sort((a, b) => b.ci95[0] - a.ci95[0])[0];
  const checks = [
    bounded('filter - state', 'R2 of the filter less that of the state, discounted path', { high: 0 }, path?.filterOverState),
    bounded('filter - linear', 'R2 of the filter less that of the linear model, discounted path', { low: 0 }, path?.filterOverLinear),
    bounded(
      'ewma',
      'R2 of an average of the tracked factor, at the horizon where it does best',
      { high: 0 },
      best((row) => row.r2.ewma),
    ),
    ...(isLevel ? [banded('tracker error', 'sd of its error over the half-spread', TRACKER, scaled(tracker?.errorSd, halfSpread))] : []),
    white(tracker),
  ];
  if (isControl) {
    const zero = { high: 0 };
    return [
      bounded(
        'state R2',
        'truth now known, at the horizon where it does best',
        zero,
        best((row) => row.stateR2),
      ),
      bounded('linear R2', 'discounted path', zero, path?.r2.linear),
      bounded('filter R2', 'discounted path', zero, path?.r2.filter),
      ...checks,
    ];
  }
  const filter = leans.find((row) => row.forecast === 'filter' && row.regime === 'all');
  return [
    banded('state R2', 'truth now known, over the inventory half-life', { low: 0.03, high: 0.1 }, at(halfLifeSteps)?.stateR2),
    banded('state R2, stressed', 'the same for origins under stress', { low: 0.08, high: 0.2 }, at(halfLifeSteps, STRESSED)?.stateR2),
    banded('own-lag share', 'R2 of own lags over that of the filter, discounted path', { high: 0.6 }, path?.ownLagsOfFilter),
    ...(isLevel
      ? [
          banded('lean', "rms of the filter's lean over the half-spread", { low: 0.1, high: 0.2 }, filter?.overHalfSpread),
          banded('clipped', "share of the filter's leans beyond one half-spread", { high: 0.05 }, filter?.clipped),
        ]
      : []),
    ...checks,
  ];
}

function scaled(estimate: Estimate | undefined, unit: number | undefined): Estimate | undefined {
  if (estimate === undefined || unit === undefined) return undefined;
  return { value: estimate.value / unit, ci95: [estimate.ci95[0] / unit, estimate.ci95[1] / unit] };
}

function white(tracker: TrackerView | undefined): TargetFinding {
  const finding = { name: 'whiteness', about: "p of a Ljung-Box test of the tracker's innovations, 10 lags", target: { low: WHITENESS_P } };
  const p = tracker?.whitenessP;
  if (p === undefined) return { ...finding, verdict: 'not measurable' };
  return { ...finding, value: p, verdict: p >= WHITENESS_P ? 'inside' : 'outside' };
}
