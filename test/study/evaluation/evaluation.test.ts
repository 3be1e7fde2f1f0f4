import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../../../src/study/evaluation/evaluation.ts';
import type { EvaluationRow } from '../../../src/study/evaluation/evaluation-row.ts';
import type { TargetForecasts } from '../../../src/study/evaluation/forecast-table.ts';
import { madeTable, madeTarget } from '../../support/forecast-tables.ts';

const MODELS = [
  { model: 'rw', used: 0 },
  { model: 'har', used: 0.5 },
  { model: 'lstm', used: 0.9 },
  { model: 'points', used: 0.9, noise: 1, spread: 0 },
];
const target = madeTarget('level', { blocks: 3, length: 300, steps: 5, models: MODELS });
const result = evaluation(madeTable(target, madeTarget('slope', { blocks: 3, length: 300, models: MODELS })), {
  reference: 'har',
  draws: 200,
});

function row(model: string, of = 'level', rows = result.rows): EvaluationRow {
  const found = rows.find((one) => one.model === model && one.target === of);
  if (found === undefined) throw new Error(`no row of ${model}`);
  return found;
}

/** The table's figures by their definitions. */
function naive({ outcome, models, groups }: TargetForecasts, model: string, group?: string) {
  const { change, scale } = models.find((one) => one.model === model) ?? { change: [] };
  const member = groups.find(({ name }) => name === group)?.member;
  const at = [...outcome.keys()].filter((i) => member === undefined || member[i] === 1);
  const mean = (of: (i: number) => number): number => at.reduce((sum, i) => sum + of(i), 0) / at.length;
  const error = (i: number): number => (outcome[i] ?? 0) - (change[i] ?? 0);
  const square = (x: number): number => x * x;
  return {
    n: at.length,
    r2: 1 - mean((i) => square(error(i))) / mean((i) => square(outcome[i] ?? 0)),
    rmse: Math.sqrt(mean((i) => square(error(i)))),
    mae: mean((i) => Math.abs(error(i))),
    coverage80: mean((i) => (Math.abs(error(i)) <= 1.2815515655446004 * (scale?.[i] ?? 0) ? 1 : 0)),
  };
}

describe('a table of forecasts', () => {
  test('has a row per target and model, in its own order', () => {
    expect(result.rows.map(({ target, model }) => `${target} ${model}`)).toEqual(
      ['level', 'slope'].flatMap((name) => ['rw', 'har', 'lstm', 'points'].map((model) => `${name} ${model}`)),
    );
    expect(result.reference).toBe('har');
  });

  test('is scored as the definitions say, over all origins and by group', () => {
    for (const model of ['rw', 'har', 'lstm', 'points']) {
      const own = row(model);
      const all = naive(target, model);
      expect(own.r2VsRandomWalk.all).toBeCloseTo(all.r2, 12);
      expect(own.r2VsRandomWalk['stressed']).toBeCloseTo(naive(target, model, 'stressed').r2, 12);
      expect([own.rmse, own.mae]).toEqual([expect.closeTo(all.rmse, 12), expect.closeTo(all.mae, 12)]);
      expect([own.n, own.samples, own.groups['calm']]).toEqual([900, 180, { n: 600, samples: 120 }]);
    }
    expect(row('lstm').coverage80).toBeCloseTo(naive(target, 'lstm').coverage80, 12);
    expect(row('lstm').coverageByGroup?.['calm']?.coverage80).toBeCloseTo(naive(target, 'lstm', 'calm').coverage80, 12);
  });

  test('holds models against the reference as against the random walk, and the reference not against itself', () => {
    const [har, lstm] = [row('har'), row('lstm')];
    expect(lstm.r2VsReference?.all).toBeCloseTo(1 - (lstm.rmse * lstm.rmse) / (har.rmse * har.rmse), 12);
    expect(har.r2VsReference).toBeUndefined();
    expect(row('rw').dieboldMarianoVsReference?.statistic).toBeLessThan(0);
  });

  test('finds no difference between the random walk and itself', () => {
    const walk = row('rw');
    expect([walk.r2VsRandomWalk, walk.ci95, walk.dieboldMariano]).toEqual([
      { all: 0, calm: 0, stressed: 0 },
      [0, 0],
      { statistic: 0, p: 1 },
    ]);
    expect([walk.slope, walk.hitRate]).toEqual([undefined, undefined]);
  });

  test('keeps the best model in the confidence set, and puts out one that is clearly worse', () => {
    expect(row('lstm').inConfidenceSet).toBe(true);
    expect(row('points').inConfidenceSet).toBe(false);
  });

  test('says nothing of distributions where a model gives points', () => {
    const { crps, coverage80, pit } = row('points');
    expect([crps, coverage80, pit]).toEqual([undefined, undefined, undefined]);
  });

  test('adjusts p-values for the number of targets', () => {
    const tests = ['level', 'slope'].map((name) => row('har', name).dieboldMariano);
    const [low = 0, high = 0] = tests.map((one) => one?.p ?? 0).sort((a, b) => a - b);
    expect(tests.map((one) => one?.pHolm).sort((a = 0, b = 0) => a - b)).toEqual([2 * low, Math.max(2 * low, high)]);
  });

  test('gives equal bytes for equal tables', () => {
    expect(JSON.stringify(evaluation(madeTable(target), { draws: 100 }))).toBe(
      JSON.stringify(evaluation(madeTable(target), { draws: 100 })),
    );
  });

  test('leaves those that know too much out of sets and families', () => {
    const ceiling = {
      ...target,
      models: target.models.map((one) => (one.model === 'lstm' ? ({ ...one, isCeiling: true } as const) : one)),
    };
    const { rows } = evaluation(madeTable(ceiling), { draws: 100 });
    const [lstm, har] = [row('lstm', 'level', rows), row('har', 'level', rows)];
    expect([lstm.isCeiling, lstm.inConfidenceSet, lstm.dieboldMariano?.pHolm]).toEqual([true, undefined, undefined]);
    expect(har.inConfidenceSet).toBe(true);
  });

  test('names groups as documents do, and leaves out those that are empty', () => {
    const member = new Uint8Array(900);
    const late = member.map((_, i) => (i >= 850 ? 1 : 0));
    const { rows } = evaluation(
      madeTable({
        ...target,
        groups: [
          { name: 'after-shift', member: late },
          { name: 'never', member },
        ],
      }),
      { draws: 50 },
    );
    expect(Object.keys(row('lstm', 'level', rows).r2VsRandomWalk)).toEqual(['all', 'afterShift']);
  });
});

describe('a row', () => {
  const { definitions } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../../docs/schemas/evaluate.schema.json', import.meta.url)), 'utf8'),
  ) as { definitions: { row: object } };
  const check = new Ajv({ allErrors: true, strict: false }).compile(definitions.row);
  const shift = { name: 'after-shift', member: Uint8Array.from(target.outcome, (_, i) => i % 2) };
  const logs = { ...target, kind: 'variance', groups: [...target.groups, shift] } as const;
  const models = [...target.models, { ...target.models[1], model: 'state', isCeiling: true, trials: 12 }] as typeof target.models;
  const { rows } = evaluation(madeTable({ ...logs, models }, target), { reference: 'har', draws: 50 });

  test('is what the published schema says', () => {
    for (const row of rows) {
      check(JSON.parse(JSON.stringify(row)));
      expect(check.errors).toBeNull();
    }
    expect(new Set(rows.flatMap((row) => Object.keys(row)))).toEqual(
      new Set(Object.keys((definitions.row as { properties: object }).properties)),
    );
  });

  test('of variances is held against others by QLIKE, and has no test for nested models', () => {
    const own = row('lstm', 'level', rows);
    const errors = target.outcome.map((truth, i) => truth - (target.models[2]?.change[i] ?? 0));
    expect(own.qlike).toBeCloseTo(errors.reduce((sum, e) => sum + Math.exp(e) - e - 1, 0) / errors.length, 8);
    expect([own.clarkWest, row('lstm').qlike]).toEqual([undefined, undefined]);
    expect(own.dieboldMariano?.statistic).not.toBeCloseTo(row('lstm').dieboldMariano?.statistic ?? 0, 1);
    expect(own.r2VsRandomWalk.all).toBe(row('lstm').r2VsRandomWalk.all);
  });
});

describe('a bad table', () => {
  const broken = (model: string, change: (values: Float64Array) => Float64Array) =>
    madeTable({
      ...target,
      models: target.models.map((one) => (one.model === model ? { ...one, change: change(Float64Array.from(one.change)) } : one)),
    });

  test('is refused with the model, the target and the place', () => {
    expect(() => evaluation(broken('lstm', (values) => values.with(7, Number.NaN)))).toThrow(
      /level 5 steps lstm {2}forecasts a change of NaN at origin 8 of 900/,
    );
    const scale = new Float64Array(900).fill(-1);
    expect(() => evaluation(madeTable({ ...target, models: [{ model: 'x', change: target.outcome, scale }] }))).toThrow(
      /a scale of -1 at origin 1/,
    );
  });

  test('is our bug where arrays do not fit, or a block comes back', () => {
    expect(() => evaluation(broken('lstm', (values) => values.slice(1)))).toThrow(/does not forecast at each origin/);
    expect(() => evaluation(madeTable({ ...target, block: target.block.map((_, i) => i % 2) }))).toThrow(/block 0 are not together/);
    expect(() => evaluation(madeTable(target), { reference: 'nobody' })).toThrow(/no model is named nobody/);
  });
});
