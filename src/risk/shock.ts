import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../core/units.ts';
import { slopeWeight } from '../pricing/factors.ts';
import { arbitrageFree, type SmileExpiry, type SmileSurface } from './smile-surface.ts';

/** A sudden move of the market. Each field is a change; 0 is none. */
export interface Shock {
  /** Relative move of the spot, > −1: −0.2 is a fall of a fifth. Forwards move with it. */
  readonly spot: number;
  /** Added to the ln of every vol. A relative move s of all vols is ln(1 + s). */
  readonly level: number;
  /** Added to the at-the-money vol at one year; nothing at 30 days, elsewhere as `slopeWeight` has it. 0.01 is one point. */
  readonly slope: number;
  /** Added to the correlation ρ of every smile; negative makes puts dearer. */
  readonly skew: number;
  /** Added to ln η, the steepness of the wings. */
  readonly curvature: number;
  /** Days (86,400 s) that pass after the move, at the new spot. */
  readonly days: number;
}

export const NO_SHOCK: Shock = { spot: 0, level: 0, slope: 0, skew: 0, curvature: 0, days: 0 };

/** No at-the-money vol is shocked below this, unless it was there before. */
const VOL_MINIMUM = 0.01;

/**
 * The market after a shock, free of static arbitrage, and the number of smiles that had to be repaired for it.
 *
 * Smiles belong to log-moneyness ln(strike/forward) and move with the spot (sticky delta). Under `level` alone each vol σ(k)
 * becomes σ(k)·e^level: θ and ψ grow by the square of that, φ = ψ/θ stays. `slope` moves at-the-money vols with φ held. As time
 * passes, each expiry keeps its vol at each log-moneyness, so that θ and ψ shrink with the time that is left; nothing rolls down.
 */
export function shocked(surface: SmileSurface, shock: Shock): { surface: SmileSurface; repairs: number } {
  const yearsPassed = surface.yearsPassed + (shock.days * SECONDS_PER_DAY) / SECONDS_PER_YEAR;
  const expiries = surface.expiries.map((expiry) => moved(expiry, shock, surface.yearsPassed, yearsPassed));
  return arbitrageFree({ ...surface, spot: surface.spot * (1 + shock.spot), yearsPassed, expiries });
}

function moved(expiry: SmileExpiry, shock: Shock, passedBefore: number, passedAfter: number): SmileExpiry {
  const before = expiry.years - passedBefore;
  const after = expiry.years - passedAfter;
  if (after <= 0) return expiry;
  const { theta, rho, psi } = expiry.slice;
  const vol = Math.sqrt(theta / before);
  // Written as a ratio of vols, so that no shock leaves every bit where it was.
  const ratio = Math.max(Math.min(1, VOL_MINIMUM / vol), Math.exp(shock.level) + (shock.slope * slopeWeight(before)) / vol);
  const growth = ratio * ratio * (after / before);
  return { ...expiry, slice: { theta: theta * growth, rho: rho + shock.skew, psi: psi * growth * Math.exp(shock.curvature) } };
}
