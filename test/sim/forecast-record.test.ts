import { describe, expect, test } from 'vitest';
import type { ForecastInspection } from '../../src/agents/inspection.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import type { World } from '../../src/processes/world.ts';
import { ForecastRecord } from '../../src/sim/forecast-record.ts';
import { finished, tinyScenario } from '../support/tiny.ts';

/** What a record reads of a world: steps of two seconds, and factors that are told. */
function stillWorld() {
  const world = { step: 0, stepNanos: 2e9, factors: [0, 0, 0, 0], factor: (f: number) => world.factors[f] ?? 0 };
  return { world, record: new ForecastRecord(world as unknown as World) };
}

/** Horizons of 4 and 10 seconds; the same change and scale for all factors at each. */
function forecast(madeSeconds: number, origin: readonly number[], changes: readonly [number, number], scale = 1): ForecastInspection {
  const horizonsSeconds = [4, 10];
  return {
    madeSeconds,
    origin,
    horizonsSeconds,
    change: changes.flatMap((change) => Array.from({ length: FACTOR_COUNT }, () => change)),
    scale: Array.from({ length: horizonsSeconds.length * FACTOR_COUNT }, () => scale),
  };
}

describe('a forecast', () => {
  test('is scored against the truth at its horizon, and so is the walk from its origin', () => {
    const { world, record } = stillWorld();
    record.note(forecast(2, [1, 2, 3, 4], [0.5, -1]));
    // Made at 2 s: due at 6 s and 12 s, steps 3 and 6.
    for (world.step = 1; world.step <= 7; world.step += 1) {
      world.factors = [10 * world.step, 0.25, 3, 4];
      record.step();
    }
    const at = (horizon: number, factor: number) => record.series.find((s) => s.horizonSeconds === horizon && s.factor === factor);
    expect(record.series).toHaveLength(2 * FACTOR_COUNT);
    expect(at(4, 0)).toEqual({ factor: 0, horizonSeconds: 4, errors: [30 - 1 - 0.5], walkErrors: [29], covered: 0 });
    expect(at(10, 0)).toEqual({ factor: 0, horizonSeconds: 10, errors: [60 - 1 + 1], walkErrors: [59], covered: 0 });
    expect(at(4, 1)).toMatchObject({ errors: [0.25 - 2 - 0.5], walkErrors: [-1.75] });
    expect(at(4, 3)).toMatchObject({ errors: [-0.5], walkErrors: [0], covered: 1 });
  });

  test('that is noted twice counts once, and overlapping ones count each', () => {
    const { world, record } = stillWorld();
    for (const made of [0, 0, 2, 2, 2, 4]) record.note(forecast(made, [0, 0, 0, 0], [made, 0]));
    for (world.step = 1; world.step <= 10; world.step += 1) record.step();
    expect(record.series[0]?.errors).toEqual([-0, -2, -4].map((value) => value + 0));
    expect(record.series[FACTOR_COUNT]?.errors).toHaveLength(3);
  });

  test('is covered when the truth lies within 1.2816 scales, both ends included', () => {
    const { world, record } = stillWorld();
    record.note(forecast(0, [0, 0, 0, 0], [0, 0], 2));
    world.factors = [2.5632, 2.5633, -2.5632, -2.5633];
    for (world.step = 1; world.step <= 2; world.step += 1) record.step();
    expect(record.series.slice(0, FACTOR_COUNT).map(({ covered }) => covered)).toEqual([1, 0, 1, 0]);
  });

  test('of which there was none leaves nothing', () => {
    const { record } = stillWorld();
    record.note(undefined);
    record.step();
    expect(record.series).toEqual([]);
  });
});

test('every forecast of a run is scored once at every horizon that lies within it', () => {
  const sim = finished(tinyScenario());
  // Steps of 10 s from 0 to 300, the first once the books are there; the last ones are due after the end.
  const counts = (horizon: number): number[] =>
    sim.records.forecasts.series.filter((s) => s.horizonSeconds === horizon).map((s) => s.errors.length);
  expect(counts(10)).toEqual([29, 29, 29, 29]);
  expect(counts(50)).toEqual([25, 25, 25, 25]);
});
