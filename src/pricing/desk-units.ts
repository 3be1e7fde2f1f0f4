import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../core/units.ts';
import type { HigherGreeks } from './higher-greeks.ts';

/** Greeks as desks read them. Currency is that of the spot, a point is 0.01 of vol, a day is calendar (1/365 year). */
export interface DeskGreeks {
  /** Currency amount of the underlying that hedges: delta·S. */
  deltaCash: number;
  /** Change of deltaCash when the spot moves by 1 %: gamma·S²/100, the dollar gamma. */
  gammaCashPerPercent: number;
  /** Change of price per point of vol. */
  vegaPerPoint: number;
  /** Change of price per day, at today's rate of decay. Within a few days of expiry the true change over a day is another. */
  thetaPerDay: number;
  /** Change of price per basis point (0.0001) of the rate, and of the yield. */
  rhoPerBasisPoint: number;
  psiPerBasisPoint: number;
  /** Change of delta per point of vol. */
  vannaPerPoint: number;
  /** Change of vegaPerPoint per point of vol. */
  volgaPerPoint: number;
  /** Change of delta per day. */
  charmPerDay: number;
  /** Change of gammaCashPerPercent when the spot moves by 1 %, the square of the spot held: speed·S³/10000. */
  speedCashPerPercent: number;
  /** Change of gammaCashPerPercent per point of vol. */
  zommaCashPerPercentPerPoint: number;
  /** Change of gammaCashPerPercent per day. */
  colorCashPerPercentPerDay: number;
}

const DAYS_PER_YEAR = SECONDS_PER_YEAR / SECONDS_PER_DAY;
const POINTS = 100;
const PERCENTS = 100;
const BASIS_POINTS = 10_000;

/** The mathematical Greeks of `higherGreeks`, for one unit of the underlying at `spot`, in the units of a desk. */
export function deskGreeks(greeks: HigherGreeks, spot: number): DeskGreeks {
  const square = (spot * spot) / PERCENTS;
  return {
    deltaCash: greeks.delta * spot,
    gammaCashPerPercent: greeks.gamma * square,
    vegaPerPoint: greeks.vega / POINTS,
    thetaPerDay: greeks.theta / DAYS_PER_YEAR,
    rhoPerBasisPoint: greeks.rho / BASIS_POINTS,
    psiPerBasisPoint: greeks.psi / BASIS_POINTS,
    vannaPerPoint: greeks.vanna / POINTS,
    volgaPerPoint: greeks.volga / (POINTS * POINTS),
    charmPerDay: greeks.charm / DAYS_PER_YEAR,
    speedCashPerPercent: (greeks.speed * spot * square) / PERCENTS,
    zommaCashPerPercentPerPoint: (greeks.zomma * square) / POINTS,
    colorCashPerPercentPerDay: (greeks.color * square) / DAYS_PER_YEAR,
  };
}
