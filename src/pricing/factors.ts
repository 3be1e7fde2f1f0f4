import { repairSlices, type Slice, totalVariance } from './ssvi.ts';

/**
 * The one factor vector that world, tracker, forecast and quoter share (decision 3):
 * - `level`: ln of the at-the-money vol at 30 days,
 * - `slope`: at-the-money vol at one year minus that at 30 days,
 * - `skew`: the SSVI correlation ρ; negative where puts are dearer,
 * - `curvature`: ln η, the steepness of the wings.
 */
export const FACTORS = ['level', 'slope', 'skew', 'curvature'] as const;
export type FactorName = (typeof FACTORS)[number];
export const FACTOR_COUNT = FACTORS.length;

/** What an expiry has of its own, beyond the four factors; fixed over a run. All neutral: (years, 1, 0, 1). */
export interface TenorShape {
  /** From the opening, act/365. */
  readonly years: number;
  /** At-the-money vol over that of the factor form. */
  readonly levelRatio: number;
  /** ρ minus the common ρ. */
  readonly rhoOffset: number;
  /** η over the common η. */
  readonly etaRatio: number;
}

const TAU_YEARS = 90 / 365;
const YEARS_30_DAYS = 30 / 365;
/** Exponent of φ(θ) = η θ^−γ (1 + θ)^(γ−1). Up to ½ the form can be free of arbitrage at every θ (Gatheral and Jacquier 2014). */
const GAMMA = 0.45;
/** No at-the-money vol below 1 %: keeps a slope that ran away from turning a vol negative. */
const VOL_MINIMUM = 0.01;

const decay = (years: number): number => (years < 1e-9 ? 1 : (1 - Math.exp(-years / TAU_YEARS)) / (years / TAU_YEARS));
const DECAY_30 = decay(YEARS_30_DAYS);
const DECAY_SPAN = decay(1) - DECAY_30;

/** Weight of the slope in the at-the-money vol of a tenor: 0 at 30 days, 1 at one year, negative before 30 days (decision 4). */
export function slopeWeight(years: number): number {
  return (decay(years) - DECAY_30) / DECAY_SPAN;
}

/** At-the-money vol of the factor form at a tenor. */
export function atmVol(level: number, slope: number, years: number): number {
  return Math.max(VOL_MINIMUM, Math.exp(level) + slope * slopeWeight(years));
}

/** φ(θ) = η θ^−γ (1 + θ)^(γ−1). */
export function powerLawPhi(theta: number, eta: number): number {
  return eta * Math.exp(-GAMMA * Math.log(theta) + (GAMMA - 1) * Math.log1p(theta));
}

/** d ln φ/dθ. */
export function powerLawSlope(theta: number): number {
  return (GAMMA - 1) / (1 + theta) - GAMMA / theta;
}

/** d² ln φ/dθ². */
export function powerLawBend(theta: number): number {
  return GAMMA / (theta * theta) + (1 - GAMMA) / ((1 + theta) * (1 + theta));
}

/**
 * The implied surface as the factors give it: one SSVI slice per expiry, always free of arbitrage.
 * Moves that leave the arbitrage-free set are projected back ({@link repairSlices}), and counted.
 */
export class FactorSurface {
  /** Number of slices that had to be repaired so far. */
  repairs = 0;
  readonly #tenors: readonly TenorShape[];
  readonly #slices: Slice[];
  readonly #yearsLeft: Float64Array;
  readonly #atm: Float64Array;
  readonly #slopeWeights: Float64Array;
  readonly #levelVol = { value: 0 };

  constructor(tenors: readonly TenorShape[]) {
    this.#tenors = tenors;
    this.#slices = tenors.map(() => ({ theta: 0.01, rho: 0, psi: 0.1 }));
    this.#yearsLeft = new Float64Array(tenors.length);
    this.#atm = new Float64Array(tenors.length);
    this.#slopeWeights = new Float64Array(tenors.length);
  }

  get tenors(): readonly TenorShape[] {
    return this.#tenors;
  }

  /** Slices in order of expiry; borrowed until the next {@link update}. An expiry that is over keeps its last slice. */
  get slices(): readonly Readonly<Slice>[] {
    return this.#slices;
  }

  /** Moves the surface to these factors, `nowYears` after the opening. */
  update(factors: ArrayLike<number>, nowYears: number): void {
    const level = factors[0] ?? 0;
    const slope = factors[1] ?? 0;
    const skew = factors[2] ?? 0;
    const eta = Math.exp(factors[3] ?? 0);
    this.#levelVol.value = Math.exp(level);
    for (let i = 0; i < this.#tenors.length; i += 1) {
      const tenor = this.#tenors[i];
      const slice = this.#slices[i];
      if (tenor === undefined || slice === undefined) continue;
      const years = Math.max(tenor.years - nowYears, 1e-7);
      const weight = slopeWeight(years);
      const vol = Math.max(VOL_MINIMUM, this.#levelVol.value + slope * weight) * tenor.levelRatio;
      this.#yearsLeft[i] = years;
      this.#slopeWeights[i] = weight;
      this.#atm[i] = vol;
      slice.theta = vol * vol * years;
      slice.rho = skew + tenor.rhoOffset;
      slice.psi = slice.theta * powerLawPhi(slice.theta, eta * tenor.etaRatio);
    }
    this.repairs += repairSlices(this.#slices);
  }

  /** Years left of an expiry at the last update; never 0. */
  yearsLeft(expiry: number): number {
    return this.#yearsLeft[expiry] ?? 0;
  }

  /** Implied vol at log-moneyness `k` = ln(strike/forward). */
  vol(expiry: number, k: number): number {
    const slice = this.#slices[expiry];
    if (slice === undefined) return 0;
    return Math.sqrt(totalVariance(slice, k) / this.yearsLeft(expiry));
  }

  /**
   * ∂σ/∂(level, slope, skew, curvature) at fixed strike and forward, into `out[offset…offset+3]`; returns ∂σ/∂k.
   * From the formulas of the slice; where a repair or a floor is at work, the derivative of the form without it.
   * Checked against central differences in test/pricing/factors.test.ts.
   */
  volGradient(expiry: number, k: number, out: Float64Array, offset: number): number {
    const slice = this.#slices[expiry];
    const tenor = this.#tenors[expiry];
    if (slice === undefined || tenor === undefined) return 0;
    const { theta, rho } = slice;
    const phi = slice.psi / theta;
    const a = phi * k + rho;
    const root = Math.sqrt(a * a + 1 - rho * rho);
    const w = (theta / 2) * (1 + rho * phi * k + root);
    const years = this.yearsLeft(expiry);
    const perVariance = 1 / (2 * Math.sqrt(w * years));
    const wPhi = (theta / 2) * k * (rho + a / root);
    const wTheta = w / theta + wPhi * phi * powerLawSlope(theta);
    const volToTheta = (2 * theta) / (this.#atm[expiry] ?? 1);
    out[offset] = perVariance * wTheta * volToTheta * tenor.levelRatio * this.#levelVol.value;
    out[offset + 1] = perVariance * wTheta * volToTheta * tenor.levelRatio * (this.#slopeWeights[expiry] ?? 0);
    out[offset + 2] = perVariance * (theta / 2) * phi * k * (1 + 1 / root);
    out[offset + 3] = perVariance * wPhi * phi;
    return perVariance * (theta / 2) * phi * (rho + a / root);
  }
}
