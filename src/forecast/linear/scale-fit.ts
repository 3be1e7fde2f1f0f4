import { LOG_SCALE_LIMIT } from '../lstm/scaling.ts';
import type { LinearFit } from './linear-document.ts';
import { product, scaleOf } from './linear-model.ts';
import type { Regressor } from './regressors.ts';
import { RidgeSystem } from './ridge-system.ts';

/** Half-width of a normal's 80 % interval in standard deviations. */
const EIGHTY = 1.2816;
/** Errors below this share of the target's root mean square count as this: the logarithm of one that is 0 by chance must not rule. */
const ERROR_MINIMUM = 0.01;
const PENALTY = 1e-3;

/** Gives the rows of a part of the data with these regressors; outputs in target scales. */
export type RowsOf = (
  regressors: readonly Regressor[],
  part: 'fitted' | 'held-out',
  visit: (rows: { readonly x: Readonly<Float64Array>; readonly input: Readonly<Float64Array>; readonly y: Readonly<Float64Array> }) => void,
) => void;

/**
 * Scales of the errors of fitted models: the logarithm of the absolute error regressed on the standardised features (multiplicative
 * heteroskedasticity, Harvey 1976), then multiplied so that 80 % of the held-out outcomes lie within ±1.2816 of it.
 *
 * @returns by model and output: a constant, and a coefficient per feature.
 */
export function fitScales(
  models: readonly Omit<LinearFit, 'logScale'>[],
  targetScale: Readonly<Float64Array>,
  features: number,
  rows: RowsOf,
): number[][][] {
  return models.map(({ regressors, coefficients }) => {
    const beta = Float64Array.from(coefficients.flat());
    const outputs = targetScale.length;
    const error = new Float64Array(outputs);
    const errors = (x: Readonly<Float64Array>, y: Readonly<Float64Array>): void => {
      for (let k = 0; k < outputs; k += 1) {
        const off = Math.abs(y[k]! * targetScale[k]! - product(beta, k * x.length, x));
        error[k] = Math.max(ERROR_MINIMUM * targetScale[k]!, off);
      }
    };
    const system = new RidgeSystem(1 + features, outputs);
    const z = new Float64Array(1 + features).fill(1);
    const logs = new Float64Array(outputs);
    rows(regressors, 'fitted', ({ x, input, y }) => {
      errors(x, y);
      z.set(input, 1);
      for (let k = 0; k < outputs; k += 1) logs[k] = Math.log(error[k]!);
      system.add(z, logs);
    });
    const all = Array.from(z.keys());
    const fits = Float64Array.from({ length: outputs * z.length });
    for (let k = 0; k < outputs; k += 1) fits.set(system.solve(all, k, PENALTY), k * z.length);
    const ratios: number[][] = Array.from({ length: outputs }, () => []);
    rows(regressors, 'held-out', ({ x, input, y }) => {
      errors(x, y);
      for (let k = 0; k < outputs; k += 1) ratios[k]!.push(error[k]! / scaleOf(fits, k, input));
    });
    return ratios.map((of, k) => {
      of.sort((a, b) => a - b);
      const wide = (of[Math.min(of.length - 1, Math.floor(0.8 * of.length))] ?? EIGHTY) / EIGHTY;
      const row = [...fits.subarray(k * z.length, (k + 1) * z.length)];
      row[0] = (row[0] ?? 0) + Math.log(wide);
      return row.map((value) => Math.max(-10 * LOG_SCALE_LIMIT, Math.min(10 * LOG_SCALE_LIMIT, value)));
    });
  });
}
