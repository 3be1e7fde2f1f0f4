import { normalPdf } from '../core/special.ts';
import type { Right } from '../market/instrument.ts';
import { blankGreeks, greeks } from '../pricing/black-scholes.ts';
import { durrleman, type Slice, totalVariance } from '../pricing/ssvi.ts';
import { expiryAt, type SmileSurface } from './smile-surface.ts';

/** A European option position. */
export interface OptionPosition {
  readonly kind: 'option';
  readonly right: Right;
  /** In the currency of the spot. */
  readonly strike: number;
  /** Years (act/365) from today to the expiry, > 0. */
  readonly years: number;
  /** Units of the underlying; negative is short. */
  readonly quantity: number;
}

/** The underlying itself, valued at the spot. A perpetual or forward held at the money has the same PnL. */
export interface UnderlyingPosition {
  readonly kind: 'underlying';
  /** Units; negative is short. */
  readonly quantity: number;
}

export type Position = OptionPosition | UnderlyingPosition;

/** What is held. */
export interface Portfolio {
  readonly name: string;
  readonly positions: readonly Position[];
}

/**
 * Value of a portfolio and its derivatives, in the currency of the spot. They are derivatives of that value with the smile moving
 * with the spot (sticky delta), as in {@link shocked}, and so differ from Black and Scholes' own by what the smile adds.
 */
export interface Valuation {
  value: number;
  /** Change of value per 1 of spot: units of the underlying that would hedge it, with the other sign. */
  delta: number;
  /** Change of delta per 1 of spot. */
  gamma: number;
  /** Change of value per vol point (0.01), all vols together. */
  vegaPerPoint: number;
  /** Change of value over one day (1/365 year) at unchanged spot and vols. */
  thetaPerDay: number;
}

const DAYS_PER_YEAR = 365;
const POINTS_PER_VOL = 100;

/**
 * Full revaluation. An option whose expiry has been reached is worth its intrinsic value at the spot.
 * @param surface smiles at the positions' expiries are interpolated by {@link expiryAt} where the surface has none.
 */
export function valuation(positions: readonly Position[], surface: SmileSurface): Valuation {
  const total: Valuation = { value: 0, delta: 0, gamma: 0, vegaPerPoint: 0, thetaPerDay: 0 };
  for (const position of positions) {
    if (position.kind === 'underlying') {
      total.value += position.quantity * surface.spot;
      total.delta += position.quantity;
    } else {
      addOption(position, surface, total);
    }
  }
  return total;
}

const scratch = blankGreeks();

function addOption(position: OptionPosition, surface: SmileSurface, total: Valuation): void {
  const { right, strike, quantity } = position;
  const { spot, rate } = surface;
  const { carry, slice } = expiryAt(surface.expiries, position.years);
  const years = Math.max(0, position.years - surface.yearsPassed);
  const k = Math.log(strike / spot) - carry * years;
  const variance = years === 0 ? 0 : totalVariance(slice, k);
  const vol = years === 0 ? 0 : Math.sqrt(variance / years);
  const own = greeks({ right, strike, years }, { spot, vol, rate, yield: rate - carry }, scratch);
  total.value += quantity * own.price;
  total.vegaPerPoint += (quantity * own.vega) / POINTS_PER_VOL;
  if (years === 0) {
    total.delta += quantity * own.delta;
    return;
  }
  const skew = varianceSlope(slice, k) / (2 * vol * years);
  // k falls by dS/S as the spot rises, and rises by carry·dt as time passes.
  total.delta += quantity * (own.delta - (own.vega * skew) / spot);
  total.thetaPerDay += (quantity * (own.theta + own.vega * skew * carry)) / DAYS_PER_YEAR;
  total.gamma += quantity * stickyGamma(slice, k, variance, strike, spot, Math.exp(-rate * years));
}

/** dw/dk of a slice. */
function varianceSlope({ theta, rho, psi }: Readonly<Slice>, k: number): number {
  const a = (psi / theta) * k + rho;
  return (psi / 2) * (rho + a / Math.sqrt(a * a + 1 - rho * rho));
}

/**
 * ∂²V/∂S² with the smile fixed in k: V is homogeneous of degree 1 in (S, K), so this is (K/S)² · ∂²V/∂K². The second derivative is the
 * discounted density of the smile (Breeden and Litzenberger 1978): g(k)·n(d₂)/(K√w), with Durrleman's g (Gatheral and Jacquier 2014).
 */
function stickyGamma(slice: Readonly<Slice>, k: number, variance: number, strike: number, spot: number, discount: number): number {
  const root = Math.sqrt(variance);
  return ((discount * strike) / (spot * spot)) * ((durrleman(slice, k) * normalPdf(-k / root - root / 2)) / root);
}
