import { z } from 'zod';
import { positive } from '../../../config/quantity.ts';
import type { QuotingView } from '../quoting/quoter.ts';
import { defineHedger, type HedgingView } from './hedger.ts';

const BASIS_POINTS = 10_000;
/** An option with less time or vol than this does not count: its gamma is a spike that no formula was fitted to. */
const YEARS_MINIMUM = 1e-7;
const VOL_MINIMUM = 1e-4;
/** Change of delta for a doubling of the spot that each contract counts for at least, so that options without gamma still have a vol and a time. */
const GAMMA_FLOOR = 1e-9;

const power = (x: number, exponent: number): number => Math.exp(exponent * Math.log(x));

/** What the formula is about; for a portfolio, its net gamma with the vol and the time of its parts. */
export interface BandTerms {
  /** Proportional cost of a trade, as a fraction. */
  readonly cost: number;
  /** Absolute risk aversion, per dollar. */
  readonly riskAversion: number;
  readonly spot: number;
  readonly vol: number;
  readonly years: number;
  readonly rate: number;
  /** Change of delta per dollar. */
  readonly gamma: number;
}

/**
 * Half-width H1 + H0 of the band around the delta at a modified vol, in units of delta (Zakamouline 2006):
 * H0 = λ/(γ S σ² τ), H1 = 1.12 λ^.31 τ^.05 (e^(−rτ)/σ)^.25 (|Γ|/γ)^.5.
 */
export function zakamoulineHalfWidth({ cost, riskAversion, spot, vol, years, rate, gamma }: BandTerms): number {
  const free = cost / (riskAversion * spot * vol * vol * years);
  const scale = power(cost, 0.31) * power(years, 0.05) * power(Math.exp(-rate * years) / vol, 0.25);
  return free + 1.12 * scale * Math.sqrt(Math.abs(gamma) / riskAversion);
}

/**
 * K of the modified variance σ²(1 + K): above 0 (delta as if vol were higher) for sold gamma, below 0 for bought gamma; |K| = 4.76 λ^.78
 * τ^−.02 (e^(−rτ)/σ)^.25 (γ S² |Γ|)^.15. The sign is not a convention: the no-trade region of Hodges and Neuberger (1989), solved on a lattice, has its
 * middle there (test/agents/maker/hedging/utility-lattice.slow.test.ts).
 */
export function zakamoulineShift({ cost, riskAversion, spot, vol, years, rate, gamma }: BandTerms): number {
  if (gamma === 0) return 0;
  const scale = power(cost, 0.78) * power(years, -0.02) * power(Math.exp(-rate * years) / vol, 0.25);
  return -Math.sign(gamma) * 4.76 * scale * power(riskAversion * spot * spot * Math.abs(gamma), 0.15);
}

/**
 * Zakamouline's approximation of the utility-based hedge, for a portfolio: net gamma, and the mean of vol and time to expiry over the options
 * held, each weighted by the size of its own gamma. The modified vol shifts each option's delta by its vanna.
 */
export const zakamouline = defineHedger({
  kind: 'zakamouline',
  summary: 'no-trade band around the delta at a modified vol, wider with gamma and toward expiry',
  params: z.strictObject({
    costBp: positive({ about: 'belief: cost of trading the underlying, in basis points' }).default(5),
    riskAversion: positive({ about: 'per dollar: sets the width of the no-trade band' }).default(0.0005),
    bandMaximum: positive({ about: 'widest half-band, in units of the underlying' }).default(2),
  }),
  create: ({ costBp, riskAversion, bandMaximum }) => ({
    band: (view: HedgingView) => {
      const { quoting, spot, gamma, lotSize, rate } = view;
      const held = heldOptions(quoting);
      if (held === undefined) return { centre: 0, halfWidth: lotSize };
      const terms = { cost: costBp / BASIS_POINTS, riskAversion, spot, rate, gamma, vol: held.vol, years: held.years };
      const halfWidth = Math.max(lotSize, Math.min(bandMaximum, zakamoulineHalfWidth(terms)));
      // Wanted is a hedge of minus the delta at σ√(1 + K): in terms of the delta at σ, Δ(σ) − Δ(σ√(1 + K)), to first order in the vol.
      const centre = -(Math.sqrt(Math.max(0, 1 + zakamoulineShift(terms))) - 1) * held.vannaVol;
      return { centre, halfWidth };
    },
  }),
});

/** Means of the options held, weighted by their gamma, and Σ units · ∂delta/∂vol · vol; undefined where none is. */
function heldOptions({ units, theo, chain }: QuotingView): { vol: number; years: number; vannaVol: number } | undefined {
  let weight = 0;
  let vol = 0;
  let years = 0;
  let vannaVol = 0;
  for (let i = 0; i < units.length; i += 1) {
    const size = units[i] ?? 0;
    const gamma = theo.gamma[i] ?? 0;
    const own = theo.vol[i] ?? 0;
    const left = theo.yearsLeft(i);
    const option = chain.options[i];
    if (size === 0 || left < YEARS_MINIMUM || own < VOL_MINIMUM || option === undefined) continue;
    const share = Math.abs(size) * (gamma * theo.spot + GAMMA_FLOOR);
    weight += share;
    vol += share * own;
    years += share * left;
    // Black-Scholes: ∂delta/∂vol = −Γ S √τ d2.
    const sd = own * Math.sqrt(left);
    const d2 = Math.log((theo.forward[option.expiry] ?? 1) / option.strike) / sd - sd / 2;
    vannaVol -= size * gamma * theo.spot * sd * d2;
  }
  return weight > 0 ? { vol: vol / weight, years: years / weight, vannaVol } : undefined;
}
