import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { blankRecord, type MarketRecord } from '../../../src/sim/oracles/market-record.ts';
import { ceilingShares } from '../../../src/study/simulated/ceiling-shares.ts';
import { simulatedTable } from '../../../src/study/simulated/simulated-table.ts';

const STEPS = 80;
const RUNS = 40;
const rng = streams('shares').stream('test');

/** Random walks, seen exactly, of which the next step is partly known: half of its variance, and of that half a quarter. */
const made = Array.from({ length: RUNS }, () => {
  const record = blankRecord(STEPS, 1);
  record.seen.fill(1);
  const known = new Float64Array(STEPS * FACTOR_COUNT);
  const little = new Float64Array(STEPS * FACTOR_COUNT);
  for (let step = 0; step < STEPS; step += 1)
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const at = step * FACTOR_COUNT + f;
      const [a, b] = [0.5 * normal(rng), Math.sqrt(0.25) * normal(rng)];
      record.tracked[at] = record.truth[at]!;
      known[at] = a + b;
      little[at] = a;
      record.truth[at + FACTOR_COUNT] = record.truth[at]! + a + b + Math.sqrt(0.5) * normal(rng);
    }
  return { record, known, little };
});

const table = (records: readonly MarketRecord[], late = 0) =>
  simulatedTable({
    title: 'made up',
    records,
    models: [
      { model: 'rw', forecasts: made.map(() => ({ change: new Float64Array(STEPS * FACTOR_COUNT) })) },
      {
        model: 'linear',
        forecasts: made.map(({ little }) => ({ change: little.map((value, i) => (i < late * FACTOR_COUNT ? Number.NaN : value)) })),
      },
      { model: 'filter', forecasts: made.map(({ known }) => ({ change: known })), isCeiling: true },
      { model: 'lstm', forecasts: made.map(({ known }) => ({ change: known })), trials: 12 },
    ],
    groups: [{ name: 'calm', members: made.map((_, run) => new Uint8Array(STEPS).fill(run % 2)) }],
    stepSeconds: 30,
    horizonsSteps: [1],
    pathWeights: [0.5],
  });

test('outcomes are true factors less tracked ones, from the end of the burn-in to the last outcome inside the run', () => {
  const records = made.map(({ record }) => record);
  const [level] = table(records).targets;
  expect([level?.target, level?.horizon, level?.unit]).toEqual(['level', '30 s', 'log']);
  expect(level?.outcome).toHaveLength(RUNS * (STEPS - 16));
  expect(level?.outcome[0]).toBeCloseTo(records[0]!.truth[17 * FACTOR_COUNT]! - records[0]!.truth[16 * FACTOR_COUNT]!, 12);
  // Models are scored on the same origins: where one is silent nobody counts.
  expect(table(records, 30).targets[0]?.outcome).toHaveLength(RUNS * (STEPS - 30));
  const path = table(records).targets[1]!;
  expect([path.horizon, path.outcome[5]]).toEqual(['path', 0.5 * level!.outcome[5]!]);
});

test('what is known of a model goes with it: a ceiling, and how many settings were tried', () => {
  const [level] = table(made.map(({ record }) => record)).targets;
  expect(level?.models.map(({ isCeiling, trials }) => [isCeiling, trials])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    [true, undefined],
    [undefined, 12],
  ]);
});

test('steps near a jump are nobody’s origins', () => {
  const records = made.map(({ record }, run) => {
    if (run > 0) return record;
    const spotReturn = new Float64Array(STEPS);
    spotReturn[30] = 50;
    return { ...record, spotReturn };
  });
  // Steps 29 to 70 of the first run: its outcome is the jump, or it is within 40 steps after.
  expect(table(records).targets[0]?.outcome).toHaveLength(RUNS * (STEPS - 16) - 42);
});

test('the share of one who knows half of what the filter knows is a half, with an interval that says how sure that is', () => {
  const shares = ceilingShares(table(made.map(({ record }) => record)));
  const linear = shares.find(
    ({ target, horizon, group, model }) => target === 'level' && horizon === '30 s' && group === 'all' && model === 'linear',
  )!;
  expect(linear.n).toBe(RUNS * (STEPS - 16));
  // 2,560 origins: the standard error of an R2 of .5 is about 2√(.25 · .75/2560) = .014.
  expect(Math.abs(linear.r2.value - 0.25)).toBeLessThan(0.05);
  expect(linear.ofFilter!.ci95[0]).toBeLessThan(0.5);
  expect(linear.ofFilter!.ci95[1]).toBeGreaterThan(0.5);
  expect(linear.ofFilter!.ci95[1] - linear.ofFilter!.ci95[0]).toBeLessThan(0.15);
  expect(linear.overFilter.ci95[1]).toBeLessThan(0);
  expect(shares.some(({ group, n }) => group === 'calm' && n === (RUNS / 2) * (STEPS - 16))).toBe(true);
});
