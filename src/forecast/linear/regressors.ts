import { invariant } from '../../core/assert.ts';
import { type InputScaler, standardised } from '../lstm/scaling.ts';

/**
 * One input of a linear forecaster, made from one feature z as the net sees it: standardised and clipped. Rows before the first are taken to be like
 * the first, and their changes 0.
 * - `value`: z as it was `steps` rows ago; 0 is now.
 * - `sum`: Σ of the last `steps` values of z. Of a feature that is a change over one step, it is the change over so many.
 * - `gap`: of the path whose changes are z, its end less its mean over the last `steps` rows (Corsi 2009: the averages of HAR, as distances).
 * - `smooth`: of the same path, its end less an exponential average with `steps` as the weight of the newest value: the steady state of the Kalman
 *   filter of a local level (Harvey 1989, sec. 4.1).
 */
export interface Regressor {
  readonly feature: string;
  readonly form: 'value' | 'sum' | 'gap' | 'smooth';
  readonly steps: number;
}

/** The same regressor has the same key. */
export const regressorKey = ({ feature, form, steps }: Regressor): string => `${form} ${feature} ${steps}`;

/** Computes regressors row by row, without allocation. The same code fits and serves. */
export class RegressorRow {
  /** A constant 1, then the regressors in their order; borrowed until the next {@link observe}. */
  readonly values: Float64Array;
  /** The row as the net sees it; borrowed. */
  readonly input: Float64Array;
  readonly #mean: Float64Array;
  readonly #sd: Float64Array;
  readonly #columns: Int32Array;
  readonly #forms: readonly Regressor['form'][];
  readonly #steps: Float64Array;
  readonly #slots: number;
  /** Standardised rows, and sums of all of them so far: rings of `slots` rows. */
  readonly #rows: Float64Array;
  readonly #paths: Float64Array;
  #seen = 0;

  constructor(features: readonly string[], scaler: InputScaler, regressors: readonly Regressor[]) {
    this.input = new Float64Array(features.length);
    this.values = new Float64Array(1 + regressors.length);
    this.values[0] = 1;
    this.#mean = Float64Array.from(scaler.mean);
    this.#sd = Float64Array.from(scaler.sd);
    this.#columns = Int32Array.from(regressors, ({ feature }) => features.indexOf(feature));
    invariant(
      this.#columns.every((column) => column >= 0),
      'a regressor needs a feature that is there',
    );
    this.#forms = regressors.map(({ form }) => form);
    this.#steps = Float64Array.from(regressors, ({ steps }) => steps);
    this.#slots = 1 + Math.max(1, ...regressors.map(({ form, steps }) => (form === 'smooth' ? 1 : steps)));
    this.#rows = new Float64Array(this.#slots * features.length);
    this.#paths = new Float64Array(this.#slots * features.length);
  }

  /** Forgets all rows. */
  reset(): void {
    this.#seen = 0;
    this.values.fill(0, 1);
  }

  observe(row: ArrayLike<number>): void {
    const width = this.input.length;
    const first = this.#seen === 0;
    const now = (this.#seen % this.#slots) * width;
    const before = ((this.#seen + this.#slots - 1) % this.#slots) * width;
    for (let i = 0; i < width; i += 1) {
      const z = standardised(row[i]!, this.#mean[i]!, this.#sd[i]!);
      this.input[i] = z;
      this.#rows[now + i] = z;
      // The path starts at 0 with the first row, whose change came before anything was seen.
      this.#paths[now + i] = first ? 0 : this.#paths[before + i]! + z;
    }
    this.#seen += 1;
    for (let n = 0; n < this.#columns.length; n += 1) this.values[1 + n] = this.#value(n, this.values[1 + n]!);
  }

  #value(n: number, before: number): number {
    const column = this.#columns[n]!;
    const steps = this.#steps[n]!;
    switch (this.#forms[n]) {
      case 'value':
        return this.#rows[this.#slot(steps) + column]!;
      case 'sum':
        return this.#paths[this.#slot(0) + column]! - this.#paths[this.#slot(steps) + column]!;
      case 'gap': {
        let sum = 0;
        for (let back = 0; back < steps; back += 1) sum += this.#paths[this.#slot(back) + column]!;
        return this.#paths[this.#slot(0) + column]! - sum / steps;
      }
      default:
        return this.#seen === 1 ? 0 : (1 - steps) * (before + this.input[column]!);
    }
  }

  /** Where the row of `back` steps ago begins; the first row where none is as old. */
  #slot(back: number): number {
    return ((this.#seen - 1 - Math.min(back, this.#seen - 1)) % this.#slots) * this.input.length;
  }
}
