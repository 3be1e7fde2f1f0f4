import type { SmileCurve, VarianceJet } from './smile-curve.ts';
import type { Slice } from './ssvi.ts';

/**
 * One expiry's smile in Gatheral's raw SVI form (2004): total variance w(k) = a + b(ρ(k − m) + √((k − m)² + σ²)). It has two
 * parameters more than an SSVI slice and contains it ({@link sviOfSlice}). Nothing in the form keeps it free of arbitrage.
 */
export interface Svi {
  /** Level of total variance; the least is a + bσ√(1 − ρ²). */
  readonly a: number;
  /** ≥ 0: half of the sum of the wings' slopes. */
  readonly b: number;
  /** In (−1, 1). */
  readonly rho: number;
  /** Log-moneyness of the centre. */
  readonly m: number;
  /** > 0: how round the bottom is, in log-moneyness. */
  readonly sigma: number;
}

/** w, w′ and w″ at log-moneyness `k`. */
export function sviJet({ a, b, rho, m, sigma }: Svi, k: number): VarianceJet {
  const x = k - m;
  const root = Math.sqrt(x * x + sigma * sigma);
  return { w: a + b * (rho * x + root), w1: b * (rho + x / root), w2: (b * sigma * sigma) / (root * root * root) };
}

/** Raw SVI as a curve. */
export function sviCurve(svi: Svi): SmileCurve {
  return { at: (k) => sviJet(svi, k), wings: [svi.b * (1 - svi.rho), svi.b * (1 + svi.rho)] };
}

/** The raw SVI that is this SSVI slice, exactly: a = θ(1 − ρ²)/2, b = ψ/2, m = −ρθ/ψ, σ = √(1 − ρ²)θ/ψ (Gatheral and Jacquier 2014, 4.1). */
export function sviOfSlice({ theta, rho, psi }: Readonly<Slice>): Svi {
  const rest = (1 - rho) * (1 + rho);
  return { a: (theta * rest) / 2, b: psi / 2, rho, m: (-rho * theta) / psi, sigma: (Math.sqrt(rest) * theta) / psi };
}
