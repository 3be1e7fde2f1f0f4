import type { Slice } from './ssvi.ts';

/** Total variance at one log-moneyness, with its first and second derivative there. */
export interface VarianceJet {
  readonly w: number;
  readonly w1: number;
  readonly w2: number;
}

/** One expiry's total variance w(k) = σ²T over log-moneyness k = ln(strike/forward), in whatever form it was made. */
export interface SmileCurve {
  at(k: number): VarianceJet;
  /** Limits of −w′ for k → −∞ and of w′ for k → ∞, both ≥ 0; by Lee (2004) at most 2 without arbitrage. */
  readonly wings: readonly [left: number, right: number];
}

/** An SSVI slice as a curve. */
export function ssviCurve({ theta, rho, psi }: Readonly<Slice>): SmileCurve {
  const phi = psi / theta;
  const half = theta / 2;
  return {
    at(k) {
      const a = phi * k + rho;
      const root = Math.sqrt(a * a + 1 - rho * rho);
      return {
        w: half * (1 + rho * phi * k + root),
        w1: half * phi * (rho + a / root),
        w2: (half * phi * phi * (1 - rho * rho)) / (root * root * root),
      };
    },
    wings: [(psi / 2) * (1 - rho), (psi / 2) * (1 + rho)],
  };
}

/** w = (1 − share)·from + share·to: the curve that lies this share of the way between two. */
export function blendedCurve(from: SmileCurve, to: SmileCurve, share: number): SmileCurve {
  if (share === 0) return from;
  if (share === 1) return to;
  const mixed = (a: number, b: number): number => a + share * (b - a);
  return {
    at(k) {
      const a = from.at(k);
      const b = to.at(k);
      return { w: mixed(a.w, b.w), w1: mixed(a.w1, b.w1), w2: mixed(a.w2, b.w2) };
    },
    wings: [mixed(from.wings[0], to.wings[0]), mixed(from.wings[1], to.wings[1])],
  };
}

/** w·scale + shift. */
export function scaledCurve(curve: SmileCurve, scale: number, shift = 0): SmileCurve {
  return {
    at(k) {
      const { w, w1, w2 } = curve.at(k);
      return { w: scale * w + shift, w1: scale * w1, w2: scale * w2 };
    },
    wings: [scale * curve.wings[0], scale * curve.wings[1]],
  };
}

/**
 * Durrleman's g = (1 − k w′/(2w))² − (w′²/4)(1/w + ¼) + w″/2 of any smile; a negative value is a butterfly with a negative price.
 * Source: Gatheral and Jacquier (2014), eq. 2.1. For SSVI it equals `durrleman` of pricing/ssvi.ts.
 */
export function durrlemanOf({ w, w1, w2 }: VarianceJet, k: number): number {
  const lead = 1 - (k * w1) / (2 * w);
  return lead * lead - ((w1 * w1) / 4) * (1 / w + 0.25) + w2 / 2;
}
