import { describe, expect, test } from 'vitest';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import type { ObservationModel } from '../../../src/study/observation-model.ts';
import { SHIFT_KINDS, shiftedScenario } from '../../../src/study/shifts/shift-kinds.ts';
import { outcomeOf, replay, shiftPath } from '../../../src/study/shifts/shift-path.ts';
import { tinyScenario } from '../../support/tiny.ts';

const SCENARIO = tinyScenario();
const four = (value: number): number[] => new Array<number>(FACTOR_COUNT).fill(value);
const VIEW: ObservationModel = {
  persistence: four(0.4),
  lag: four(0.4),
  noiseSd: four(0.001),
  errorSd: four(0.001),
  printRatio: Number.NEGATIVE_INFINITY,
  printContracts: Number.POSITIVE_INFINITY,
  steps: 1,
};
const control = SHIFT_KINDS[0] ?? expect.unreachable();

test('the chain of regimes goes on as it was, and never back over the shift', () => {
  const { transitionsPerDay, regimes, timeline } = shiftedScenario(SCENARIO, control, 10).world;
  const before = SCENARIO.world.transitionsPerDay;
  const n = before.length;
  expect(regimes).toHaveLength(2 * n);
  for (let from = 0; from < 2 * n; from += 1) {
    for (let to = 0; to < 2 * n; to += 1) {
      const rate = from < n === to < n ? before[from % n]?.[to % n] : 0;
      expect(transitionsPerDay[from]?.[to]).toBe(rate);
    }
  }
  expect(timeline.at(-1)).toMatchObject({ atSeconds: 10 * SCENARIO.forecast.stepSeconds, regime: n + SCENARIO.world.startRegime });
});

describe.each(SHIFT_KINDS)('$name', (kind) => {
  test('changes nothing before its step, and something after it unless it is the control', () => {
    const own = shiftPath(SCENARIO, VIEW, kind, '3', 12, 40);
    const none = shiftPath(SCENARIO, VIEW, control, '3', 12, 40);
    expect(own.tracked.slice(0, 12 * FACTOR_COUNT)).toEqual(none.tracked.slice(0, 12 * FACTOR_COUNT));
    expect(own.rows.slice(0, own.rows.length * 0.3)).toEqual(none.rows.slice(0, none.rows.length * 0.3));
    if (kind.name === 'none') expect(own.truth).toEqual(none.truth);
    else expect(own.tracked).not.toEqual(none.tracked);
  });
});

test('a path is replayed as it was seen, and its outcomes start at what was tracked', () => {
  const path = shiftPath(SCENARIO, VIEW, control, '4', 5, 20);
  let steps = 0;
  replay(path, (step, row, tracked) => {
    steps += 1;
    expect(tracked[1]).toBe(path.tracked[step * FACTOR_COUNT + 1]);
    expect(row[0]).toBe(path.rows[(step * path.rows.length) / path.steps]);
  });
  expect(steps).toBe(20);
  expect(outcomeOf(path, 3, 2, 1)).toBe((path.truth[5 * FACTOR_COUNT + 1] ?? 0) - (path.tracked[3 * FACTOR_COUNT + 1] ?? 0));
});
