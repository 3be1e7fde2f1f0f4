import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { searchCard, searchReport } from '../../../src/study/search/search-report.ts';
import { searchText } from '../../../src/study/search/search-text.ts';
import { expectedMaximum, selection } from '../../../src/study/search/selection.ts';
import { type DoneTrial, isDone, noiseVariance, standardError, type Trial, type TrialOutcome } from '../../../src/study/search/trial.ts';
import { done } from './analytic.ts';

const trial = (number: number, units: number, outcome: TrialOutcome, epochs = 27): Trial => ({
  number,
  parameters: { units },
  epochs,
  rung: epochs === 27 ? 2 : 0,
  outcome,
});
const units = (parameters: Readonly<Record<string, number | string>>): number => Number(parameters['units']);

describe('the one-standard-error rule', () => {
  // Standard error of the best: sd of (-.12, -.08) is .0283, over the root of 2: .02.
  const best = trial(0, 48, done([-0.12, -0.08]));
  test('takes the cheapest within one standard error of the best', () => {
    const trials = [best, trial(1, 24, done([-0.09, -0.075])), trial(2, 8, done([-0.1, -0.0601])), trial(3, 4, done([-0.08, -0.079]))];
    const chosen = selection(trials, 27, units);
    expect(chosen).toMatchObject({ best: { number: 0 }, chosen: { number: 2 } });
    expect(chosen?.standardError).toBeCloseTo(0.02, 12);
    // The paired difference: folds differ by .02 and .0199.
    expect(chosen?.difference.mean).toBeCloseTo(0.01995, 12);
    expect(chosen?.difference.standardError).toBeCloseTo(0.00005, 12);
  });

  test('counts neither failures nor shorter trainings, and prefers the lower loss among equally cheap ones', () => {
    const failed = trial(1, 1, { status: 'failed', reason: 'exploded', seconds: 0 });
    const shorter = trial(2, 2, done([-0.3, -0.3]), 3);
    const trials = [best, failed, shorter, trial(3, 8, done([-0.09, -0.09])), trial(4, 8, done([-0.095, -0.095]))];
    expect(selection(trials, 27, units)).toMatchObject({ best: { number: 0 }, chosen: { number: 4 } });
    expect(selection([failed, shorter], 27, units)).toBeUndefined();
    expect(selection([best], 27, units)).toMatchObject({
      best: { number: 0 },
      chosen: { number: 0 },
      luck: { candidates: 1, expectedGain: 0 },
    });
  });
});

describe('noise', () => {
  test('is what trials and folds do not explain', () => {
    // Rows 1, 2 and columns 0, 10 add up exactly, but for one cell that is .4 off.
    const rows = [
      [1, 11],
      [2, 12.4],
    ];
    const trials = rows.map((losses, i) => trial(i, 8, done(losses))).filter(isDone);
    // Residuals of ±.1 in four cells: .04 over one degree of freedom, over two folds.
    expect(noiseVariance(trials)).toBeCloseTo(0.02, 12);
    expect(noiseVariance(trials.slice(0, 1))).toBe(0);
    expect(standardError([1, 2, 3])).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(standardError([1])).toBeUndefined();
  });

  test('is found again in drawn losses, whatever folds and trials differ by', () => {
    const rng = streams('1').stream('test/noise');
    const trials = Array.from({ length: 400 }, (_, i) =>
      trial(i, 8, done(Array.from({ length: 4 }, (__, fold) => 0.1 * i + 3 * fold + 0.2 * normal(rng)))),
    ).filter(isDone) as DoneTrial[];
    // Variance of a mean of 4, and 1,197 degrees of freedom: four standard errors.
    expect(Math.abs(noiseVariance(trials) / 0.01 - 1)).toBeLessThan(4 * Math.sqrt(2 / 1197));
  });

  test('among equals the best owes all to luck, and is shrunk to the mean', () => {
    const rng = streams('2').stream('test/noise');
    const n = 200;
    const gains: number[] = [];
    const shrunk: number[] = [];
    for (let i = 0; i < n; i += 1) {
      const trials = Array.from({ length: 20 }, (_, k) => trial(k, 8, done(Array.from({ length: 4 }, () => normal(rng)))));
      const luck = selection(trials, 27, units)?.luck;
      gains.push(luck?.expectedGain ?? 0);
      shrunk.push(luck?.shrunkBest ?? 9);
    }
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
    // Noise of a mean of 4 is .5; the best of 20 lies 1.867 sds below the mean (Harter 1961).
    expect(mean(gains)).toBeCloseTo(0.5 * 1.867, 1);
    expect(Math.abs(mean(shrunk))).toBeLessThan(0.25);
  });
});

test.each([
  [1, 0],
  [2, 0.5641895835],
  [3, 0.8462843753],
  [10, 1.5387527308],
  [100, 2.5075936364],
  [1000, 3.2414357691],
])('the largest of %i normals is %d on average', (n, expected) => {
  // Harter (1961), Biometrika 48, table 1, and closed forms for 2 and 3.
  expect(expectedMaximum(n)).toBeCloseTo(expected, 8);
});

test('the report counts all trials, and says what each strategy found, when and at what price', () => {
  const budget = { epochTrainings: 200, folds: 2, epochs: 27, trialsMax: 100 };
  const searches = [
    { kind: 'random', trials: [trial(0, 24, done([-0.05, -0.04])), trial(1, 48, done([-0.08, -0.06]))] },
    {
      kind: 'halving',
      trials: [
        trial(0, 8, done([-0.07, -0.05]), 3),
        trial(1, 8, { status: 'failed', reason: 'exploded', seconds: 2 }, 3),
        trial(2, 16, done([-0.075, -0.058])),
      ],
    },
    { kind: 'bayes', trials: [trial(0, 8, { status: 'failed', reason: 'no', seconds: 0 })] },
  ] as const;
  const report = searchReport(searches, budget, units);
  expect(report).toMatchObject({ trials: 6, chosenBy: 'halving', selection: { best: { number: 1 }, chosen: { number: 2 } } });
  expect(
    report?.strategies.map(({ epochTrainings, failed, foundAfter, fullTrainings, kind }) => [
      kind,
      failed,
      fullTrainings,
      epochTrainings,
      foundAfter,
    ]),
  ).toEqual([
    ['random', 0, 2, 108, 108],
    ['halving', 1, 1, 66, 66],
    ['bayes', 1, 1, 54, undefined],
  ]);
  if (report === undefined) return;
  const text = searchText(report, searches);
  expect(text).toMatch(/^halving +3 +1 +1 +66 +-0\.0665 +0\.0085 +66 +halving 2 +-0\.0665 +2$/m);
  expect(text).toMatch(/^bayes +1 +1 +1 +54 +none/m);
  expect(text).toMatch(/^trials: 6 \(print it beside every p-value of the chosen net\)$/m);
  expect(text).toMatch(/chosen by the one-standard-error rule, from halving: -0\.0665 \(units 16\)/);
  expect(searchCard(report, 'a'.repeat(64))).toMatchObject({
    trials: 6,
    chosen: { strategy: 'halving', number: 2, parameters: { units: 16 } },
    strategies: [{ strategy: 'random' }, { strategy: 'halving' }, { strategy: 'bayes', failed: 1 }],
  });
});
