import type { Chain } from '../market/chain.ts';
import { powerLawBend, powerLawSlope, slopeWeight, type TenorShape } from './factors.ts';
import type { Slice } from './ssvi.ts';

/** Where a chain stands before a move, in columns as {@link TheoChain} has them; borrowed. */
export interface ChainState {
  /** The smile of each expiry, and the years that it was made for: never 0. */
  readonly slices: readonly Readonly<Slice>[];
  readonly smileYears: Readonly<Float64Array>;
  /** Level, slope, skew, curvature. */
  readonly factors: Readonly<Float64Array>;
  /** Years left and forward of each expiry. */
  readonly years: Readonly<Float64Array>;
  readonly forward: Readonly<Float64Array>;
  /** Vol and vega (per 1.00 of vol) of each series. */
  readonly vol: Readonly<Float64Array>;
  readonly vega: Readonly<Float64Array>;
}

/** A move of a chain's state, time held. */
export interface ChainMove {
  /** Move of the spot as a fraction of it. */
  readonly spotReturn: number;
  /** Moves of level, slope, skew, curvature. */
  readonly factors: Readonly<Float64Array>;
}

/**
 * The second order of a move: what values of series gain beyond their delta and their exposures to the factors, to the third order. They belong to
 * the derivatives of {@link TheoChain}: vol is a function of the factors and of log-moneyness k = ln(strike/forward), so that the smile
 * moves with the spot in both orders. With V(S, x) the value, u = dS/S, ν the vega, s = σ√T, primes for derivatives along the move dx of the factors and
 * indices k for those by k:
 *
 *   gamma  ½ V_SS dS²       = ½ ν u² (1/(s√T) + 2 d₂ σ_k/s + d₁d₂ σ_k²/σ + σ_k + σ_kk)
 *   vanna  Σ V_Sf dS dx_f   = −ν u (d₂ σ′/s + d₁d₂ σ_k σ′/σ + σ_k′)
 *   volga  ½ Σ V_fg dx_f dx_g = ½ ν (d₁d₂ σ′²/σ + σ″)
 *
 * Chain rule on the Greeks of Black and Scholes (Haug 2007, ch. 2) and on SSVI (Gatheral and Jacquier 2014); derivatives along one direction
 * take the place of the matrices. In dollars per unit of the underlying, the same for call and put, as their difference is a forward.
 * Where a repair or a floor of the surface is at work, the form without it counts, as in the first derivatives.
 * Accuracy: 1e-5 of the sum of the terms against differences of values, which can tell no more (test/pricing/second-order.test.ts).
 */
export class SecondOrder {
  /** Per strike, in the order of the chain. Borrowed until the next {@link value}. */
  readonly gamma: Float64Array;
  readonly vanna: Float64Array;
  readonly volga: Float64Array;
  readonly #tenors: readonly TenorShape[];
  /** Index of each expiry's first strike. */
  readonly #first: readonly number[];
  readonly #logStrikes: Float64Array;

  constructor(chain: Chain, tenors: readonly TenorShape[]) {
    const strikes = chain.options.length / 2;
    this.#tenors = tenors;
    this.gamma = new Float64Array(strikes);
    this.vanna = new Float64Array(strikes);
    this.volga = new Float64Array(strikes);
    this.#first = chain.expiries.map(({ index }) => chain.options.findIndex((option) => option.expiry === index) / 2);
    this.#logStrikes = Float64Array.from({ length: strikes }, (_, i) => Math.log(chain.options[2 * i]?.strike ?? Number.NaN));
  }

  /** Fills the columns of one expiry. An expiry that is over has nothing of the second order. */
  value(expiry: number, from: ChainState, move: ChainMove): void {
    const { gamma, vanna, volga } = this;
    const slice = from.slices[expiry];
    const tenor = this.#tenors[expiry];
    const end = this.#first[expiry + 1] ?? gamma.length;
    if (slice === undefined || tenor === undefined) return;
    const u = move.spotReturn;
    // Along the move: at-the-money vol v, then θ = v²T, the skew ρ, and ln φ.
    const { theta, rho } = slice;
    const years = from.smileYears[expiry] ?? 1;
    const phi = slice.psi / theta;
    const levelMove = move.factors[0] ?? 0;
    const slopeMove = move.factors[1] ?? 0;
    const rho1 = move.factors[2] ?? 0;
    const etaMove = move.factors[3] ?? 0;
    const levelVol = Math.exp(from.factors[0] ?? 0) * tenor.levelRatio;
    const atm = Math.sqrt(theta / years);
    const atm1 = levelVol * levelMove + tenor.levelRatio * slopeWeight(years) * slopeMove;
    const theta1 = 2 * years * atm * atm1;
    const theta2 = 2 * years * (atm1 * atm1 + atm * levelVol * levelMove * levelMove);
    const slope = powerLawSlope(theta);
    const lnPhi1 = slope * theta1 + etaMove;
    const lnPhi2 = powerLawBend(theta) * theta1 * theta1 + slope * theta2;
    const own = 1 - rho * rho;
    const left = from.years[expiry] ?? 0;
    const rootLeft = Math.sqrt(left);
    const logForward = Math.log(from.forward[expiry] ?? 1);
    for (let at = this.#first[expiry] ?? end; at < end; at += 1) {
      const vega = from.vega[2 * at] ?? 0;
      const vol = from.vol[2 * at] ?? 0;
      gamma[at] = 0;
      vanna[at] = 0;
      volga[at] = 0;
      if (!(vega > 0 && left > 0)) continue;
      const k = (this.#logStrikes[at] ?? Number.NaN) - logForward;
      // w = θ/2 · h(z, ρ), z = φk, h = 1 + ρz + √(z² + 2ρz + 1).
      const z = phi * k;
      const root = Math.sqrt((z + rho) * (z + rho) + own);
      const cube = root * root * root;
      const hz = rho + (z + rho) / root;
      const hr = z + z / root;
      const hzz = own / cube;
      const hzr = 1 + (1 + rho * z) / cube;
      const hrr = (-z * z) / cube;
      const h = 1 + rho * z + root;
      const z1 = z * lnPhi1;
      const z2 = z * (lnPhi1 * lnPhi1 + lnPhi2);
      const h1 = hz * z1 + hr * rho1;
      const h2 = hzz * z1 * z1 + 2 * hzr * z1 * rho1 + hrr * rho1 * rho1 + hz * z2;
      const w1 = (theta1 * h + theta * h1) / 2;
      const w2 = (theta2 * h + 2 * theta1 * h1 + theta * h2) / 2;
      const wk = (theta / 2) * hz * phi;
      const wkk = (theta / 2) * hzz * phi * phi;
      const wk1 = (phi / 2) * (theta1 * hz + theta * (hzz * z1 + hzr * rho1 + hz * lnPhi1));
      // σ = √(w/T).
      const per = 1 / (2 * years);
      const vol1 = (w1 * per) / vol;
      const volk = (wk * per) / vol;
      const vol2 = (w2 * per - vol1 * vol1) / vol;
      const volkk = (wkk * per - volk * volk) / vol;
      const volk1 = (wk1 * per - volk * vol1) / vol;
      const stdev = vol * rootLeft;
      const d2 = -k / stdev - stdev / 2;
      const d1d2 = ((d2 + stdev) * d2) / vol;
      gamma[at] = 0.5 * vega * u * u * (1 / (stdev * rootLeft) + (2 * d2 * volk) / stdev + d1d2 * volk * volk + volk + volkk);
      vanna[at] = -vega * u * ((d2 * vol1) / stdev + d1d2 * volk * vol1 + volk1);
      volga[at] = 0.5 * vega * (d1d2 * vol1 * vol1 + vol2);
    }
  }
}
