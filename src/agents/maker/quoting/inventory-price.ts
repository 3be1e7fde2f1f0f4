import { choleskyFactor, eigensystem } from '../../../core/symmetric-matrix.ts';

/**
 * What inventory in several risks costs a maker, and how fast its quotes work it off: the closed form of the quadratic quoting problem with n factors
 * (Bergault, Evangelista, Guéant and Vieira 2021; models 4d). With the risks' covariance Σ per year and the liquidity D = Σ_i z_i H_i″ b_i b_iᵀ of
 * the quoted series, M solves M D M = ½γΣ:
 *
 *   M = √(γ/2) D^(−½) (D^½ Σ D^½)^½ D^(−½).
 *
 * With D = LLᵀ and LᵀΣL = U diag(q²) Uᵀ the same matrix is √(γ/2) Σ_k q_k w_k w_kᵀ, w_k = L^(−T) u_k. With p_k = L u_k, which are dual to the w_k,
 * 2MD = Σ_k κ_k w_k p_kᵀ, κ_k = √(2γ) q_k: n modes, each worked off at a speed of its own, so that e^(−2MDs) = Σ_k e^(−κ_k s) w_k p_kᵀ. Each test of
 * test/agents/maker/quoting/inventory-price.test.ts holds one of these against the formula in D^(−½).
 *
 * Matrices are row by row, vectors have one entry per risk, modes are rows.
 */
export class InventoryPrice {
  /** Number of risks, and of modes. */
  readonly size: number;
  /** M, dollars per (dollar of exposure)². */
  readonly m: Float64Array;
  /** κ of each mode, per year, ascending. */
  readonly speeds: Float64Array;
  /** p_k: how much of a mode is in a shift of the factors. */
  readonly into: Float64Array;
  /** w_k: the shift of the factors that is one of a mode. */
  readonly outOf: Float64Array;
  #isQuoted = false;

  constructor(size: number) {
    this.size = size;
    this.m = new Float64Array(size * size);
    this.speeds = new Float64Array(size);
    this.into = new Float64Array(size * size);
    this.outOf = new Float64Array(size * size);
  }

  /**
   * Takes in the market.
   *
   * Quoted series need not span all risks: at-the-money options of one expiry span one or two of five. D then has no inverse. So each risk gets `ridge`
   * times the mean liquidity, all measured in a year's standard deviation of the risk: as if customers came, that much more seldom, who trade
   * the risk alone. What nobody quoted can carry is then worked off slowly and costs much, and the rest is as without the ridge, to
   * the order of its root.
   *
   * @param liquidity D of the quoted series; positive semi-definite.
   * @param covariance Σ per year; positive semi-definite. What is negative in it by rounding counts as 0.
   */
  update(liquidity: ArrayLike<number>, covariance: ArrayLike<number>, riskAversion: number, ridge: number): void {
    const { size: n, m, speeds, into, outOf } = this;
    const scale = Array.from({ length: n }, (_, f) => Math.sqrt(Math.max(0, covariance[f * n + f] ?? 0)) || 1);
    const s = (f: number): number => scale[f] ?? 1;
    let mean = 0;
    for (let f = 0; f < n; f += 1) mean += ((liquidity[f * n + f] ?? 0) * s(f) * s(f)) / n;
    this.#isQuoted = mean > 0;
    if (!this.#isQuoted) {
      this.#nothingQuoted();
      return;
    }
    const scaled = new Float64Array(n * n);
    for (let f = 0; f < n; f += 1) {
      for (let g = 0; g < n; g += 1) {
        scaled[f * n + g] = (liquidity[f * n + g] ?? 0) * s(f) * s(g) + (f === g ? ridge * mean : 0);
      }
    }
    const l = choleskyFactor(scaled, n);
    const correlated = (f: number, g: number): number => (covariance[f * n + g] ?? 0) / (s(f) * s(g));
    const { values, vectors } = eigensystem(congruent(l, correlated, n), n);
    m.fill(0);
    for (let k = 0; k < n; k += 1) {
      const root = Math.sqrt(Math.max(0, values[k] ?? 0));
      speeds[k] = Math.sqrt(2 * riskAversion) * root;
      // p = L u and, from below, w = L^(−T) u.
      for (let f = 0; f < n; f += 1) {
        let sum = 0;
        for (let g = 0; g <= f; g += 1) sum += (l[f * n + g] ?? 0) * (vectors[k * n + g] ?? 0);
        into[k * n + f] = sum / s(f);
      }
      for (let f = n - 1; f >= 0; f -= 1) {
        let sum = vectors[k * n + f] ?? 0;
        for (let g = f + 1; g < n; g += 1) sum -= ((l[g * n + f] ?? 0) * (outOf[k * n + g] ?? 0)) / s(g);
        outOf[k * n + f] = (sum / (l[f * n + f] ?? 1)) * s(f);
      }
      const weight = Math.sqrt(riskAversion / 2) * root;
      for (let f = 0; f < n; f += 1) {
        for (let g = 0; g < n; g += 1) {
          m[f * n + g] = (m[f * n + g] ?? 0) + weight * (outOf[k * n + f] ?? 0) * (outOf[k * n + g] ?? 0);
        }
      }
    }
  }

  /** All of the liquidity changes to this share of it: M goes as 1/√D. */
  scaleLiquidity(share: number): void {
    const root = Math.sqrt(share);
    for (let n = 0; n < this.m.length; n += 1) {
      this.m[n] = (this.m[n] ?? 0) / root;
      this.into[n] = (this.into[n] ?? 0) * root;
      this.outOf[n] = (this.outOf[n] ?? 0) / root;
    }
    for (let k = 0; k < this.size; k += 1) this.speeds[k] = (this.speeds[k] ?? 0) * root;
  }

  /** Without quotes inventory is neither priced nor worked off: the modes are the risks. */
  #nothingQuoted(): void {
    const { size: n, m, speeds, into, outOf } = this;
    for (const matrix of [m, into, outOf, speeds]) matrix.fill(0);
    for (let f = 0; f < n; f += 1) {
      into[f * n + f] = 1;
      outOf[f * n + f] = 1;
    }
  }

  /** M x: what one more dollar of exposure to each risk costs with the exposures x. */
  times(x: ArrayLike<number>, out: Float64Array): Float64Array {
    const n = this.size;
    for (let f = 0; f < n; f += 1) {
      let sum = 0;
      for (let g = 0; g < n; g += 1) sum += (this.m[f * n + g] ?? 0) * (x[g] ?? 0);
      out[f] = sum;
    }
    return out;
  }

  /** x such that D x = y, with the ridge; 0 where nothing is quoted. */
  liquidityInverse(y: ArrayLike<number>, out: Float64Array): Float64Array {
    return this.#isQuoted ? this.#spectral(y, this.outOf, () => 1, out) : out.fill(0);
  }

  /**
   * Shift of the risks for exposures y that come in a year by themselves, at a rate that goes to 0 at `decay` per year: (2MD + decay)^(−1) M y, which is
   * ½ D^(−1) y where it lasts (economics 1). Positive y is sold, and raises.
   */
  flowLean(y: ArrayLike<number>, decay: number, out: Float64Array): Float64Array {
    if (!this.#isQuoted) return out.fill(0);
    return this.#spectral(y, this.outOf, (speed) => (speed === 0 ? 0 : (0.5 * speed) / (speed + decay)), out);
  }

  /** Exposures B with M B = c. A mode without risk would be held without end: it counts as a thousandth of the riskiest. */
  exposuresFor(c: ArrayLike<number>, out: Float64Array): Float64Array {
    const most = this.speeds[this.size - 1] ?? 0;
    if (most <= 0) return out.fill(0);
    // √(γ/2) q = κ/2.
    return this.#spectral(c, this.into, (speed) => 2 / Math.max(speed, most / 1000), out);
  }

  /** Σ_k weight(κ_k) v_k (v_kᵀ x). */
  #spectral(x: ArrayLike<number>, modes: Float64Array, weight: (speed: number) => number, out: Float64Array): Float64Array {
    const n = this.size;
    out.fill(0);
    for (let k = 0; k < n; k += 1) {
      let along = 0;
      for (let f = 0; f < n; f += 1) along += (modes[k * n + f] ?? 0) * (x[f] ?? 0);
      along *= weight(this.speeds[k] ?? 0);
      for (let f = 0; f < n; f += 1) out[f] = (out[f] ?? 0) + along * (modes[k * n + f] ?? 0);
    }
    return out;
  }
}

/** Lᵀ A L for a lower triangular L. */
function congruent(l: Float64Array, a: (f: number, g: number) => number, n: number): Float64Array {
  const right = new Float64Array(n * n);
  const out = new Float64Array(n * n);
  for (let f = 0; f < n; f += 1) {
    for (let g = 0; g < n; g += 1) {
      let sum = 0;
      for (let k = g; k < n; k += 1) sum += a(f, k) * (l[k * n + g] ?? 0);
      right[f * n + g] = sum;
    }
  }
  for (let f = 0; f < n; f += 1) {
    for (let g = 0; g < n; g += 1) {
      let sum = 0;
      for (let k = f; k < n; k += 1) sum += (l[k * n + f] ?? 0) * (right[k * n + g] ?? 0);
      out[f * n + g] = sum;
    }
  }
  return out;
}
