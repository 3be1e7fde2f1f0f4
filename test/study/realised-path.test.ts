import { expect, test } from 'vitest';
import { RealisedPath } from '../../src/study/realised-path.ts';

const STEP_SECONDS = 30;
const LEVEL = Math.log(0.5);
/** Implied standard deviation of one step. */
const SD = 0.5 * Math.sqrt(STEP_SECONDS / 31_536_000);

/** A path whose spot moves by so many implied standard deviations of one step from step to step. */
function pathOf(
  moves: readonly number[],
  change: { readonly levels?: readonly number[]; readonly regimes?: readonly number[] } = {},
): RealisedPath {
  const path = new RealisedPath(moves.length + 1, STEP_SECONDS);
  let log = Math.log(70_000);
  for (let step = 0; step <= moves.length; step += 1) {
    if (step > 0) log += SD * (moves[step - 1] ?? 0);
    path.note(step, Math.exp(log), LEVEL + (change.levels?.[step] ?? 0), change.regimes?.[step] ?? 0);
  }
  return path;
}

test('a spot that moves as implied realises the implied variance, over any horizon', () => {
  const path = pathOf([1, -1, 1, 1, -1]);
  for (const [step, ahead] of [
    [0, 1],
    [0, 5],
    [2, 3],
  ] as const)
    expect(path.variance(step, ahead)).toBeCloseTo(0.25, 8);
  expect(pathOf([0, 0, 2, 0]).variance(0, 4)).toBeCloseTo(0.25, 8);
  expect(pathOf([0, 0]).variance(0, 2)).toBe(0);
});

test('a shock is a move of three implied deviations of the horizon at any step before it', () => {
  const path = pathOf([2.9, 0.2, -3.1, 0]);
  expect(path.hasShock(0, 1)).toBe(false);
  // 3.1 deviations of a step are 2.2 of two.
  expect(path.hasShock(0, 2)).toBe(false);
  expect(path.hasShock(2, 1)).toBe(true);
  expect(path.hasShock(3, 1)).toBe(false);
  expect(pathOf([6.1, -6.1, 0, 0]).hasShock(0, 4)).toBe(true);
});

test('so is a move of the level by 5 % of the vol, and a change of regime after the origin', () => {
  expect(pathOf([0, 0, 0], { levels: [0, 0.049, 0.051, 0] }).hasShock(0, 1)).toBe(false);
  expect(pathOf([0, 0, 0], { levels: [0, 0.049, 0.051, 0] }).hasShock(0, 3)).toBe(true);
  const changed = pathOf([0, 0, 0], { regimes: [0, 1, 1, 1] });
  expect([0, 1, 2].map((step) => changed.hasShock(step, 1))).toEqual([true, false, false]);
});

test('a path begins anew at step 0', () => {
  const path = new RealisedPath(3, STEP_SECONDS);
  for (const regime of [0, 1, 2]) path.note(regime, 70_000 * (1 + regime), LEVEL, regime);
  for (const step of [0, 1, 2]) path.note(step, 70_000, LEVEL, 2);
  expect(path.variance(0, 2)).toBe(0);
  expect(path.hasShock(0, 2)).toBe(false);
});
