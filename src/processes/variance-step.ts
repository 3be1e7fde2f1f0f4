import type { SpotParameters } from './world-spec.ts';

/** Above this squared coefficient of variation of the next variance its law is an atom at 0 and an exponential tail (Andersen 2008: 1 to 2 will do). */
const PSI_CRITICAL = 1.5;

/**
 * One step of the square-root variance dv = κ(θ − v)dt + ξ√v dW over a length that stays the same: the quadratic-exponential scheme of
 * Andersen (2008, J. Comput. Finance 11(3), section 3.2). Mean and variance of the next value are exact for every length of step, it is
 * never below 0, and one draw makes it.
 *
 * With it come what the spot needs: the integrals ∫v dt and ∫√v dW given both ends, and the cumulant of the second. Their weights are those of
 * a bridge of constant noise, g(v + v′) + (dt − 2g)θ with g = tanh(κ·dt/2)/κ, which are Andersen's central ones (dt/2 each) where κ·dt is
 * small, and have the right means where it is not.
 */
export class VarianceStep {
  /** The next variance, by the last call of {@link move}. */
  next = 0;
  /** The next variance less its mean. */
  surprise = 0;
  /** Expected ∫v dt, given both ends. */
  integral = 0;
  /** Mean variance of ∫√v dW that its two ends do not tell. */
  untold = 0;
  /** ∫√v dW, given both ends, is this times {@link surprise}; 0 where the variance has no noise. */
  readonly noisePerSurprise: number;
  readonly #keep: number;
  readonly #gain: number;
  readonly #spreadOfStart: number;
  readonly #spreadOfMean: number;
  readonly #bridge: number;
  readonly #rest: number;
  readonly #untoldOfStart: number;
  readonly #untoldOfMean: number;
  /** Of the law of the last step: scale and offset of the square, or weight of the atom and rate of the tail. */
  #quadratic = true;
  #scale = 0;
  #offset = 0;
  #atom = 0;
  #tail = 0;

  constructor({ kappa, volOfVol }: SpotParameters, years: number) {
    this.#keep = Math.exp(-kappa * years);
    this.#gain = -Math.expm1(-kappa * years);
    const perSpeed = kappa > 0 ? this.#gain / kappa : years;
    const half = this.#gain / (1 + this.#keep);
    const square = volOfVol * volOfVol;
    this.#spreadOfStart = square * this.#keep * perSpeed;
    this.#spreadOfMean = (square * this.#gain * perSpeed) / 2;
    this.#bridge = perSpeed / (1 + this.#keep);
    this.#rest = Math.max(0, years - 2 * this.#bridge);
    this.noisePerSurprise = volOfVol > 0 ? 2 / ((1 + this.#keep) * volOfVol) : 0;
    // E[∫v dt] less the variance of what the surprise tells; both are linear in where the step starts.
    this.#untoldOfStart = perSpeed * half * half;
    this.#untoldOfMean = years - perSpeed - 2 * half * this.#bridge;
  }

  /** From variance `v` towards `theta`; `uniform` in (0, 1) and its normal quantile are the one draw. */
  move(v: number, theta: number, uniform: number, quantile: number): void {
    const mean = v * this.#keep + theta * this.#gain;
    const spread = v * this.#spreadOfStart + theta * this.#spreadOfMean;
    const psi = spread / mean / mean;
    // Also where nothing moves: 0/0 is no number.
    this.#quadratic = !(psi > PSI_CRITICAL);
    if (!(psi > 0)) this.#settle(mean);
    else if (this.#quadratic) this.#square(mean, psi, quantile);
    else this.#exponential(mean, psi, uniform);
    this.integral = this.#bridge * (v + this.next) + this.#rest * theta;
    this.untold = v * this.#untoldOfStart + theta * this.#untoldOfMean;
  }

  /** Without noise the variance goes to its mean. */
  #settle(mean: number): void {
    this.#scale = 0;
    this.#offset = 0;
    this.next = mean;
    this.surprise = 0;
  }

  /** A non-central square a(b + Z)² (equations 23, 27 and 28). */
  #square(mean: number, psi: number, z: number): void {
    const inverse = 2 / psi;
    const squareOfOffset = inverse - 1 + Math.sqrt(inverse * (inverse - 1));
    this.#scale = mean / (1 + squareOfOffset);
    this.#offset = Math.sqrt(squareOfOffset);
    const root = this.#offset + z;
    this.next = this.#scale * root * root;
    // Not as a difference: for short steps it would lose all its digits.
    this.surprise = this.#scale * (2 * this.#offset * z + z * z - 1);
  }

  /** 0 with probability p, else exponential (equations 25, 29 and 30). */
  #exponential(mean: number, psi: number, uniform: number): void {
    this.#atom = (psi - 1) / (psi + 1);
    this.#tail = (1 - this.#atom) / mean;
    this.next = uniform <= this.#atom ? 0 : Math.log((1 - this.#atom) / (1 - uniform)) / this.#tail;
    this.surprise = this.next - mean;
  }

  /**
   * ln E[e^(k·surprise)] of the last step (proposition 9): what the spot must give back to stay a martingale. For a k so large that the
   * expectation does not exist, which takes a long step and a correlation above 0, half of k² times the variance, as for a normal.
   */
  cumulant(k: number): number {
    if (this.#quadratic) {
      const x = k * this.#scale;
      const shift = x * this.#offset;
      if (2 * x < 1) return (2 * shift * shift) / (1 - 2 * x) - Math.log1p(-2 * x) / 2 - x;
      return 2 * shift * shift + x * x;
    }
    const mean = (1 - this.#atom) / this.#tail;
    if (k < this.#tail) return Math.log(this.#atom + ((1 - this.#atom) * this.#tail) / (this.#tail - k)) - k * mean;
    return (k * k * mean * mean * (1 + this.#atom)) / (1 - this.#atom) / 2;
  }
}
