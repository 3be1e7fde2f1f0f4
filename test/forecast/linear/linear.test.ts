import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { normal } from '../../../src/core/distributions.ts';
import { LinearRegression } from '../../../src/core/linear-regression.ts';
import { streams } from '../../../src/core/rng.ts';
import { fitLinearForecasters } from '../../../src/forecast/linear/fit-linear.ts';
import { LINEAR_KINDS, parseLinearDocument } from '../../../src/forecast/linear/linear-document.ts';
import { linearForecasterModels } from '../../../src/forecast/linear/linear-model.ts';
import { type Regressor, RegressorRow } from '../../../src/forecast/linear/regressors.ts';
import { RidgeSystem } from '../../../src/forecast/linear/ridge-system.ts';
import { BURN_IN_ROWS } from '../../../src/forecast/lstm/scaling.ts';
import { linearWorld, PHI } from './linear-example.ts';

const data = linearWorld('fit', 32);
const document = fitLinearForecasters(data);
const fit = (kind: string) => document.models.find((model) => model.kind === kind)!;

describe('regressors', () => {
  const forms: Regressor[] = [
    { feature: 'x', form: 'value', steps: 0 },
    { feature: 'x', form: 'value', steps: 3 },
    { feature: 'x', form: 'sum', steps: 4 },
    { feature: 'x', form: 'gap', steps: 5 },
    { feature: 'x', form: 'smooth', steps: 0.3 },
  ];

  test('are those of the whole series, computed anew at each row', () => {
    const rng = streams('rows').stream('test');
    const x = Array.from({ length: 40 }, () => normal(rng));
    const row = new RegressorRow(['x'], { mean: [0], sd: [1] }, forms);
    const path = [0];
    for (const z of x.slice(1)) path.push(path.at(-1)! + z);
    let average = 0;
    for (const [t, z] of x.entries()) {
      row.observe([z]);
      const past = (back: number): number => Math.max(0, t - back);
      average += 0.3 * (path[t]! - average);
      const mean = Array.from({ length: 5 }, (_, back) => path[past(back)]!).reduce((a, b) => a + b, 0) / 5;
      const expected = [1, z, x[past(3)]!, path[t]! - path[past(4)]!, path[t]! - mean, path[t]! - average];
      for (const [i, value] of expected.entries()) expect(row.values[i]).toBeCloseTo(value, 12);
    }
  });

  test('are clipped as the inputs of a net are', () => {
    const row = new RegressorRow(['x'], { mean: [1], sd: [2] }, [{ feature: 'x', form: 'value', steps: 0 }]);
    row.observe([1000]);
    expect([...row.values]).toEqual([1, 5]);
  });
});

test('normal equations of many outputs give what a regression of each gives', () => {
  const rng = streams('ridge').stream('test');
  const system = new RidgeSystem(4, 2);
  const alone = [0, 1].map(() => new LinearRegression(3));
  for (let n = 0; n < 50; n += 1) {
    const x = Float64Array.of(1, normal(rng), normal(rng), normal(rng));
    const y = Float64Array.of(x[1]! - x[3]! + normal(rng), normal(rng));
    system.add(x, y);
    for (const k of [0, 1]) alone[k]!.add([x[0]!, x[1]!, x[3]!], y[k]!);
  }
  for (const k of [0, 1]) {
    const beta = system.solve([0, 1, 3], k, 0);
    alone[k]!.coefficients().forEach((value, i) => {
      expect(beta[i]).toBeCloseTo(value, 10);
    });
    expect(system.squares([0, 1, 3], k, beta).residual).toBeCloseTo(alone[k]!.squares().residual, 8);
    expect(Math.abs(system.solve([0, 1, 3], k, 1e6)[1]!)).toBeLessThan(1e-4);
  }
});

describe('the fits', () => {
  test('find the autoregression, and with all inputs the pull of the flow as well', () => {
    const sd = document.inputScaler.sd[0]!;
    const slope = fit('ar1').coefficients[0]![1 + fit('ar1').regressors.findIndex(({ feature }) => feature === 'aChange')]! / sd;
    // 32 · .85 · 104 rows: the standard error of an autoregression is about .018.
    expect(Math.abs(slope - PHI)).toBeLessThan(0.08);
    expect(fit('linear').heldOutR2[0]).toBeGreaterThan(fit('ar1').heldOutR2[0]! + 0.005);
    expect(fit('local-level').heldOutR2[0]).toBeGreaterThan(0.1);
  });

  test('see nothing in a random walk', () => {
    for (const { heldOutR2 } of document.models) for (const output of [1, 3]) expect(Math.abs(heldOutR2[output]!)).toBeLessThan(0.03);
  });

  test('are the same bytes again, and survive the way through a file', () => {
    expect(fitLinearForecasters(data)).toEqual(document);
    expect(parseLinearDocument('linear.json', JSON.stringify(document))).toEqual(document);
    expect(document.models.map(({ kind }) => kind)).toEqual([...LINEAR_KINDS]);
  });

  test('refuse features without changes of the factors', () => {
    const blind = { ...data, features: ['x', 'bChange', 'aFlow10', 'aFlow20', 'other'] };
    expect(() => fitLinearForecasters(blind)).toThrow(/expected aChange/);
  });
});

test.each([
  ['another format', { format: 'volpit.linear/9' }, /format/],
  ['a changed coefficient', { stepSeconds: 31 }, /damaged or was changed/],
  ['a missing output', { horizonsSeconds: [30] }, /expected 2 entries, found 4/],
])('a file with %s is refused', (_, change, message) => {
  expect(() => parseLinearDocument('linear.json', JSON.stringify({ ...document, ...change }))).toThrow(InputError);
  expect(() => parseLinearDocument('linear.json', JSON.stringify({ ...document, ...change }))).toThrow(message);
});

describe('served', () => {
  const models = linearForecasterModels(document);
  const test1 = linearWorld('served', 40);

  test.each(models.map((model) => [model.kind, model] as const))('%s: R2 and coverage hold on worlds it has not seen', (kind, model) => {
    let [walk, error, covered, count] = [0, 0, 0, 0];
    for (let n = 0; n < test1.count; n += 1) {
      const running = model.start();
      for (let t = 0; t < test1.steps; t += 1) {
        const at = n * test1.steps + t;
        running.observe(new Float64Array(2), Float64Array.from(test1.rows.subarray(at * 5, at * 5 + 5)));
        const forecast = running.forecast();
        expect(forecast === undefined).toBe(t < BURN_IN_ROWS);
        if (forecast === undefined) continue;
        const outcome = test1.targets[at * 4]!;
        const off = outcome - forecast.change[0]!;
        walk += outcome * outcome;
        error += off * off;
        covered += Math.abs(off) <= 1.2816 * forecast.scale[0]! ? 1 : 0;
        count += 1;
      }
    }
    const r2 = 1 - error / walk;
    // The held-out figure is of 520 rows: standard error 2√(R²(1 − R²)/520) = .035.
    expect(Math.abs(r2 - document.models.find((each) => each.kind === kind)!.heldOutR2[0]!)).toBeLessThan(0.1);
    // 4,160 rows: the standard error of the share is .006, and that of the calibration on 520 rows .018.
    expect(Math.abs(covered / count - 0.8)).toBeLessThan(0.06);
  });

  test('a row that is no number is forgotten, with the forecasts of a burn-in', () => {
    const running = models[0]!.start();
    const row = (t: number): Float64Array => Float64Array.from(test1.rows.subarray(t * 5, t * 5 + 5));
    for (let t = 0; t < 30; t += 1) running.observe(new Float64Array(2), row(t));
    running.observe(new Float64Array(2), new Float64Array(5).fill(Number.NaN));
    expect(running.forecast()).toBeUndefined();
    for (let t = 0; t <= BURN_IN_ROWS; t += 1) running.observe(new Float64Array(2), row(t));
    expect(running.forecast()?.change.every(Number.isFinite)).toBe(true);
  });
});
