import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candidacy, Selection } from '../../../../src/agents/maker/selection/selector.ts';
import { value } from '../../../../src/agents/maker/selection/value.ts';
import { streams } from '../../../../src/core/rng.ts';
import { quotingView } from '../../../support/quoting-view.ts';

const QUOTING = quotingView();
const SELECTOR = value.build({}, streams('1').stream('selector'));

/** One choice by the value of each series, where the budgets admit all but those refused. */
function select(
  candidacies: readonly Candidacy[],
  current: readonly Selection[],
  maximum: number,
  nowSeconds: number,
  dwellSeconds: number,
  refused: readonly number[] = [],
): void {
  const admit = (series: number): string | undefined => (refused.includes(series) ? 'no margin left' : undefined);
  SELECTOR.choose({
    quoting: QUOTING,
    candidacies,
    current,
    nowSeconds,
    maximum,
    dwellSeconds,
    staticScores: () => [],
    admit,
    startOver: () => {},
  });
}

const board = (count: number): Selection[] =>
  Array.from({ length: count }, () => ({ selected: false, sinceSeconds: 0, reason: 'not looked at yet' }));
const candidacies = (scores: readonly (number | undefined)[]): Candidacy[] =>
  scores.map((score, series) => ({ series, score, reason: score === undefined ? 'expired' : '' }));
const chosen = (selections: readonly Selection[]): number[] => selections.flatMap(({ selected }, i) => (selected ? [i] : []));

/** Chooses at each time with the scores given for it; returns who is chosen after each. */
function course(
  maximum: number,
  dwell: number,
  ...looks: readonly (readonly [seconds: number, scores: readonly (number | undefined)[]])[]
) {
  const selections = board(looks[0]?.[1].length ?? 0);
  return looks.map(([seconds, scores]) => {
    select(candidacies(scores), selections, maximum, seconds, dwell);
    return chosen(selections);
  });
}

describe('choice', () => {
  test('takes the series with the highest gain, and none that cannot be quoted', () => {
    expect(course(2, 0, [0, [3, 1, undefined, 5, 4]])).toEqual([[3, 4]]);
    expect(course(9, 0, [0, [3, undefined, 1]])).toEqual([[0, 2]]);
    expect(course(2, 0, [0, [undefined, undefined]])).toEqual([[]]);
  });

  test('ties go to the lower series, wherever it stands in the list', () => {
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
    ]) {
      const selections = board(4);
      select(
        order.map((series) => ({ series, score: 1, reason: '' })),
        selections,
        2,
        0,
        0,
      );
      expect(chosen(selections)).toEqual([0, 1]);
    }
  });

  test('is never larger than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }), { minLength: 12, maxLength: 12 }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 12 }),
        (looks, maximum) => {
          const selections = board(12);
          looks.forEach((scores, n) => {
            select(candidacies(scores), selections, maximum, 30 * n, 60);
            const able = scores.filter((score) => score !== undefined).length;
            expect(chosen(selections).length).toBe(Math.min(maximum, able));
            for (const i of chosen(selections)) expect(scores[i]).toBeDefined();
          });
        },
      ),
    );
  });
});

describe('stability', () => {
  test('a newcomer must be better by a fifth', () => {
    expect(course(1, 0, [0, [10, 9]], [100, [10, 11.9]], [200, [10, 12.1]], [300, [10.2, 12.1]])).toEqual([[0], [0], [1], [1]]);
  });

  test('a series is kept for the minimum time, however good the others are', () => {
    expect(course(1, 60, [0, [10, 9]], [59, [1, 100]], [60, [1, 100]])).toEqual([[0], [0], [1]]);
    // The time runs from when it was chosen, not from when it was last confirmed.
    expect(course(1, 60, [0, [10, 9]], [50, [10, 9]], [61, [1, 100]])).toEqual([[0], [0], [1]]);
  });

  test('the minimum time keeps nothing that cannot be quoted', () => {
    expect(course(1, 60, [0, [10, 9]], [1, [undefined, 9]])).toEqual([[0], [1]]);
  });

  test('remembers since when', () => {
    const selections = board(2);
    for (const [seconds, scores] of [
      [5, [2, 1]],
      [35, [2, 1]],
      [65, [1, 9]],
    ] as const)
      select(candidacies(scores), selections, 1, seconds, 10);
    expect(selections.map(({ sinceSeconds }) => sinceSeconds)).toEqual([65, 65]);
  });
});

test('says why', () => {
  const selections = board(4);
  select(candidacies([8, undefined, 2.04, 5]), selections, 2, 0, 0);
  expect(selections.map(({ reason }) => reason)).toEqual([
    'expected gain 8.0 $/h',
    'expired',
    'expected gain 2.0 $/h; 2 others come first',
    'expected gain 5.0 $/h',
  ]);
  // A better one that must wait is not called worse.
  select(candidacies([8, undefined, 5.5, 5]), selections, 2, 30, 0);
  expect(selections[2]?.reason).toBe('expected gain 5.5 $/h; 2 others come first and one of them keeps its place');
});

test('passes over what the budgets refuse, and says so', () => {
  const selections = board(3);
  select(candidacies([8, 5, 3]), selections, 2, 0, 0, [0]);
  expect(chosen(selections)).toEqual([1, 2]);
  expect(selections[0]?.reason).toBe('expected gain 8.0 $/h; no margin left');
});
