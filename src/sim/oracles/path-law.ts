import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { SurfaceLaw } from './surface-law.ts';
import { REGRESSORS, STATES } from './surface-state.ts';

/**
 * Expected true change of each factor over each horizon, given the regime of the next step and the state now: exact for the law, by
 *   G_j(h) = change_j + Σ_k P_jk · G_k(h − 1) after a step of regime j.
 * Linear in the state, so one row of {@link REGRESSORS} coefficients per regime, horizon and factor.
 */
export class PathLaw {
  readonly #coefficients: Float64Array;
  readonly #horizons: number;

  constructor(law: SurfaceLaw, horizonsSteps: readonly number[]) {
    const n = law.regimes.length;
    this.#horizons = horizonsSteps.length;
    this.#coefficients = new Float64Array(n * horizonsSteps.length * FACTOR_COUNT * REGRESSORS);
    let before = blank(n);
    for (let ahead = 1; ahead <= Math.max(...horizonsSteps); ahead += 1) {
      const next = law.regimes.map(({ mean, change }, j) => {
        const rows = Float64Array.from(change);
        for (let k = 0; k < n; k += 1) {
          const chance = law.transitions[j * n + k] ?? 0;
          if (chance > 0) addAfter(rows, before[k] ?? rows, mean, chance);
        }
        return rows;
      });
      before = next;
      const h = horizonsSteps.indexOf(ahead);
      if (h < 0) continue;
      for (const [j, rows] of next.entries()) this.#coefficients.set(rows, (j * this.#horizons + h) * FACTOR_COUNT * REGRESSORS);
    }
  }

  /** Expected change of a factor over a horizon when the next step is one of regime `j` (by its place in the law). */
  change(j: number, horizon: number, factor: number, state: Readonly<Float64Array>): number {
    const at = ((j * this.#horizons + horizon) * FACTOR_COUNT + factor) * REGRESSORS;
    let sum = this.#coefficients[at] ?? 0;
    for (let k = 0; k < STATES; k += 1) sum += (this.#coefficients[at + 1 + k] ?? 0) * (state[k] ?? 0);
    return sum;
  }
}

const blank = (n: number): Float64Array[] => Array.from({ length: n }, () => new Float64Array(FACTOR_COUNT * REGRESSORS));

/** Adds `chance` times what `later` expects of the state that follows by `mean`. */
function addAfter(rows: Float64Array, later: Readonly<Float64Array>, mean: readonly number[], chance: number): void {
  for (let f = 0; f < FACTOR_COUNT; f += 1) {
    const offset = f * REGRESSORS;
    rows[offset] = (rows[offset] ?? 0) + chance * (later[offset] ?? 0);
    for (let s = 0; s < STATES; s += 1) {
      const weight = chance * (later[offset + 1 + s] ?? 0);
      if (weight === 0) continue;
      for (let k = 0; k < REGRESSORS; k += 1) rows[offset + k] = (rows[offset + k] ?? 0) + weight * (mean[s * REGRESSORS + k] ?? 0);
    }
  }
}
