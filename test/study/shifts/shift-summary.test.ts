import { expect, test } from 'vitest';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import type { ShiftOutcome } from '../../../src/study/shifts/shift-study.ts';
import { shiftSummary } from '../../../src/study/shifts/shift-summary.ts';

const fill = (value: number, length = FACTOR_COUNT): Float64Array => new Float64Array(length).fill(value);

/** One shift with these squared errors, by model, in two blocks of 50 steps. */
function outcome(kind: string, seed: string, losses: Record<string, readonly [number, number]>): ShiftOutcome {
  const each = <T>(of: (pair: readonly [number, number]) => T): Map<string, T> =>
    new Map(Object.entries(losses).map(([name, pair]) => [name, of(pair)]));
  return {
    kind,
    seed,
    losses: each(([a, b]) => ({ squared: fill((a + b) / 2), crps: fill(1), log: fill(0) })),
    blocks: each(([a, b]) => Float64Array.from([...fill(a), ...fill(b)])),
    coverage: each(() => fill(0.8)),
  };
}

test('excess is over the refit, in the mean over shifts and without the control', () => {
  const rows = shiftSummary(
    [
      outcome('none', '1', { refit: [1, 1], frozen: [1, 1], adaptive: [1.1, 1.1] }),
      outcome('noise', '1', { refit: [2, 2], frozen: [4, 4], adaptive: [4, 2] }),
      outcome('noise', '2', { refit: [2, 2], frozen: [6, 4], adaptive: [5, 2.2] }),
    ],
    [1],
  );
  const row = (kind: string, model: string) => rows.find((one) => one.kind === kind && one.model === model && one.loss === 'squared');
  expect(row('noise', 'frozen')?.excess.mean).toBeCloseTo((1 + 1.5) / 2, 12);
  expect(row('noise', 'adaptive')?.excess.mean).toBeCloseTo((0.5 + 0.8) / 2, 12);
  expect(row('noise', 'adaptive')?.recoverySteps).toBe(50);
  expect(row('noise', 'frozen')?.recoverySteps).toBeUndefined();
  expect(row('none', 'adaptive')?.excess.mean).toBeCloseTo(0.1, 12);
  expect(row('none', 'adaptive')?.ofFrozen).toBeUndefined();
  expect(row('all', 'adaptive')?.shifts).toBe(2);
  expect(row('all', 'adaptive')?.coverage80).toBeCloseTo(0.8, 12);
});

test('the ratio to the frozen has the interval of the delta method', () => {
  const frozen = [1, 1.2, 0.9, 1.1, 1.3, 0.8];
  const own = [0.4, 0.7, 0.3, 0.6, 0.5, 0.5];
  const rows = shiftSummary(
    frozen.map((value, i) =>
      outcome('stale', String(i), { refit: [1, 1], frozen: [1 + value, 1 + value], adaptive: [1 + (own[i] ?? 0), 1 + (own[i] ?? 0)] }),
    ),
    [1],
  );
  const ratio = rows.find((one) => one.kind === 'all' && one.model === 'adaptive' && one.loss === 'squared')?.ofFrozen;
  const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const r = mean(own) / mean(frozen);
  expect(ratio?.mean).toBeCloseTo(r, 12);
  const u = own.map((value, i) => value - r * (frozen[i] ?? 0));
  const sd = Math.sqrt(u.reduce((sum, value) => sum + value * value, 0) / 5);
  // Student's quantile with 5 degrees of freedom: 2.5706.
  expect((ratio?.ci95[1] ?? 0) - r).toBeCloseTo((2.570582 * sd) / Math.sqrt(6) / mean(frozen), 6);
});
