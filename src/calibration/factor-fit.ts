import { atmVol, powerLawPhi, slopeWeight, type TenorShape } from '../pricing/factors.ts';
import { weightedMedian } from './median.ts';
import type { ExpiryFit } from './surface-fit.ts';

/** A fitted surface in the four factors of the simulated one, and what every expiry has beyond them. */
export interface FactorFit {
  /** ln of the at-the-money vol at 30 days. */
  readonly level: number;
  /** At-the-money vol, from 30 days to one year. */
  readonly slope: number;
  /** ρ common to the expiries. */
  readonly skew: number;
  /** ln η. */
  readonly curvature: number;
  /** The same four in the order of `FACTORS`, as `FactorSurface.update` takes them. */
  readonly factors: readonly number[];
  /** In order of expiry. With these a `FactorSurface` at {@link factors} is the fitted surface. */
  readonly tenors: readonly TenorShape[];
}

const YEARS_30_DAYS = 30 / 365;
/** The factor form's vols stay above this share of the 30-day vol, whatever a fitted slope says; the residuals take the rest. */
const VOL_SHARE_MINIMUM = 0.25;

/**
 * Splits fitted slices into four factors and static residuals per expiry.
 *
 * Level: total variance interpolated at 30 days, linear in time (flat vol before the first and after the last expiry). Slope:
 * least squares of the at-the-money vols on its weight, through the level. ρ and ln η: medians over expiries. All weighted by the
 * number of quotes fitted. The residuals absorb what is left, so the split is exact whatever the factors are
 * (test/calibration/factor-fit.test.ts).
 */
export function factorFit(expiries: readonly Pick<ExpiryFit, 'years' | 'theta' | 'rho' | 'psi' | 'quotes'>[]): FactorFit {
  const vol30 = Math.sqrt(varianceAt(expiries, YEARS_30_DAYS) / YEARS_30_DAYS);
  const level = Math.log(vol30);
  const slope = fittedSlope(expiries, vol30);
  const skew = weightedMedian(expiries.map(({ rho, quotes }) => ({ value: rho, weight: quotes })));
  const curvature = weightedMedian(
    expiries.map(({ theta, psi, quotes }) => ({ value: Math.log(psi / (theta * powerLawPhi(theta, 1))), weight: quotes })),
  );
  const eta = Math.exp(curvature);
  const tenors = expiries.map(({ years, theta, rho, psi }) => ({
    years,
    levelRatio: Math.sqrt(theta / years) / atmVol(level, slope, years),
    rhoOffset: rho - skew,
    etaRatio: psi / (theta * powerLawPhi(theta, eta)),
  }));
  return { level, slope, skew, curvature, factors: [level, slope, skew, curvature], tenors };
}

/** At-the-money total variance, linear in time between expiries. */
function varianceAt(expiries: readonly Pick<ExpiryFit, 'years' | 'theta'>[], years: number): number {
  let near = { years: 0, theta: 0 };
  for (const far of expiries) {
    if (far.years >= years) return near.theta + ((far.theta - near.theta) * (years - near.years)) / (far.years - near.years);
    near = far;
  }
  return (near.theta * years) / near.years;
}

function fittedSlope(expiries: readonly Pick<ExpiryFit, 'years' | 'theta' | 'quotes'>[], vol30: number): number {
  let cross = 0;
  let square = 0;
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (const { years, theta, quotes } of expiries) {
    const weight = slopeWeight(years);
    cross += quotes * weight * (Math.sqrt(theta / years) - vol30);
    square += quotes * weight * weight;
    if (weight > 0) least = Math.max(least, (-(1 - VOL_SHARE_MINIMUM) * vol30) / weight);
    if (weight < 0) most = Math.min(most, (-(1 - VOL_SHARE_MINIMUM) * vol30) / weight);
  }
  return square > 0 ? Math.min(most, Math.max(least, cross / square)) : 0;
}
