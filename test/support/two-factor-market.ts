import { bestDistance } from '../../src/agents/maker/quoting/hamiltonian.ts';
import { gainTable } from './gain-table.ts';

/** Dollars of exposure between two points of the lattice. */
export const STEP = 80_000;
/** Three options on a level and a slope; one contract is a clip. Exposures are whole steps of the lattice, so that trades need no interpolation. */
export const STEPS: readonly (readonly [level: number, slope: number])[] = [
  [2, -1],
  [2, 0],
  [2, 1],
];
export const TWO_BETA = 150;
export const TWO_PER_YEAR = 7560;
export const TWO_RISK_AVERSION = 1e-3;
/** Variances and covariance of the two factors per year. */
export const TWO_COVARIANCE = [0.01, -0.004, 0.012] as const;

const gain = gainTable(TWO_BETA);

/**
 * The maker's problem in its exposures to two factors, on a lattice of `size` × `size` points around 0, solved backwards by explicit steps: drift μ(t)ᵀB less
 * ½γBᵀΣB, and the gains of both sides of each option; trades that would leave the lattice are not made.
 */
export class TwoFactorProblem {
  readonly #size: number;
  #v: Float64Array;

  constructor(size: number, years: number, step: number, drift: (years: number) => readonly [number, number]) {
    this.#size = size;
    this.#v = new Float64Array(size * size);
    for (let n = Math.round(years / step) - 1; n >= 0; n -= 1) this.#back(step, drift((n + 0.5) * step));
  }

  #back(step: number, [driftLevel, driftSlope]: readonly [number, number]): void {
    const size = this.#size;
    const half = (size - 1) / 2;
    const next = new Float64Array(size * size);
    const [level, both, slope] = TWO_COVARIANCE;
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        const [x, y] = [(i - half) * STEP, (j - half) * STEP];
        const here = this.#v[i * size + j] ?? Number.NaN;
        let rate = driftLevel * x + driftSlope * y - 0.5 * TWO_RISK_AVERSION * (level * x * x + 2 * both * x * y + slope * y * y);
        for (const [across, up] of STEPS) {
          for (const side of [1, -1]) {
            const [a, b] = [i + side * across, j + side * up];
            if (a < 0 || b < 0 || a >= size || b >= size) continue;
            const vega = across * STEP;
            rate += TWO_PER_YEAR * vega * gain((here - (this.#v[a * size + b] ?? Number.NaN)) / vega);
          }
        }
        next[i * size + j] = here + step * rate;
      }
    }
    this.#v = next;
  }

  /** Best distance of a bid (1) or an offer (−1) of an option, in vol points, with so many steps of exposure held. */
  offset(option: number, side: 1 | -1, held: readonly [number, number] = [0, 0]): number {
    const [across = 0, up = 0] = STEPS[option] ?? [];
    const half = (this.#size - 1) / 2;
    const at = (i: number, j: number): number => this.#v[(half + i) * this.#size + half + j] ?? Number.NaN;
    const cost = at(held[0], held[1]) - at(held[0] + side * across, held[1] + side * up);
    return 100 * bestDistance(cost / (across * STEP), TWO_BETA);
  }
}
