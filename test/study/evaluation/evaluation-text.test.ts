import { describe, expect, test } from 'vitest';
import { evaluation } from '../../../src/study/evaluation/evaluation.ts';
import { modelSummaries } from '../../../src/study/evaluation/evaluation-summary.ts';
import { evaluationText, percent, pShort } from '../../../src/study/evaluation/evaluation-text.ts';
import { madeTable, madeTarget } from '../../support/forecast-tables.ts';

const MODELS = [
  { model: 'rw', used: 0 },
  { model: 'har-x', used: 0.5 },
  { model: 'lstm', used: 0.9 },
  { model: 'worse', used: 0, noise: 0.7, spread: 0 },
];
const targets = ['level', 'slope'].map((name) => {
  const target = madeTarget(name, { blocks: 2, length: 300, steps: 5, models: MODELS });
  const member = Uint8Array.from(target.outcome, (_, i) => (i % 50 < 10 ? 1 : 0));
  return {
    ...target,
    groups: [...target.groups, { name: 'after-shift', member }],
    models: target.models.map((one) => (one.model === 'lstm' ? { ...one, trials: 100 } : one)),
  };
});
const result = evaluation(madeTable(...targets), { reference: 'har-x', draws: 200 });
const text = evaluationText(result);
const lines = text.split('\n');

describe('an evaluation in a terminal', () => {
  test('fits 120 columns', () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('shows each target once per part, with what there is to learn from', () => {
    expect(
      lines.filter((line) => line.startsWith('-- level, 5 steps: 600 forecasts (calm 400, stressed 200, afterShift 120), 120 apart')),
    ).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith('lstm '))).toHaveLength(8);
  });

  test('shows losses as it shows gains', () => {
    const row = result.rows.find((one) => one.model === 'worse');
    const line = lines.find((one) => one.startsWith('worse ') && one.includes('['));
    expect(line).toContain(percent(row?.r2VsRandomWalk.all ?? 0));
    expect(line).toMatch(/^worse +-\d[\d.]+ +\[-[\d.]+, -[\d.]+\].* -\d[\d.]+ +<\.001 +<\.001 .*out$/);
    expect(lines.find((one) => one.startsWith('worse '))).toMatch(/^worse +2 +0 : 2 +0 : 2 +0 : 2 +0 : 2 +0 of 2$/);
  });

  test('counts no distribution of a model that gives points', () => {
    const distributions = text.slice(text.indexOf('CRPS %'));
    expect(distributions).not.toMatch(/^worse/m);
    expect(modelSummaries(result).find(({ model }) => model === 'worse')?.calibrated).toBeUndefined();
  });

  test('says how many trials stand behind a model that was searched for', () => {
    expect(text).toContain('lstm was chosen among 100 trials.');
    expect(text).toContain('|DM| above 3.5 (Bonferroni)');
  });

  test('shows each group of each model with its count and its intervals', () => {
    const groups = evaluationText(result, ['groups']);
    const row = result.rows.find((one) => one.model === 'lstm' && one.target === 'slope');
    const line = groups.split('\n').filter((one) => one.startsWith('stressed: lstm'))[1] ?? '';
    const figures = [row?.r2VsRandomWalk['stressed'], ...(row?.ci95ByGroup['stressed'] ?? []), row?.r2VsReference?.['stressed']];
    expect(line).toMatch(/^stressed: lstm +200 +40 /);
    for (const figure of figures) expect(line).toContain(percent(figure ?? 0));
    expect(line).toContain((100 * (row?.coverageByGroup?.['stressed']?.coverage80 ?? 0)).toFixed(1));
    expect(groups).not.toMatch(/: rw/);
    expect(evaluationText({ ...result, rows: result.rows.map((one) => ({ ...one, groups: {} })) }, ['groups'])).not.toContain(
      'Groups go by',
    );
  });

  test('can be had in part', () => {
    expect(evaluationText(result, ['points'])).not.toContain('CRPS');
    expect(evaluationText(result, ['points'])).toContain('Clark and West');
  });
});

test.each([
  [0.0432, '+4.32'],
  [-0.0004, '-0.04'],
  [0.12345, '+12.3'],
  [-1.5, '-150.0'],
  [0, '0.00'],
  [0.00004, '0.00'],
  [-0.00004, '0.00'],
])('the share %d is %s percent', (share, expected) => {
  expect(percent(share)).toBe(expected);
});

test('p-values have three digits', () => {
  expect([0.0004, 0.05, 1, undefined].map(pShort)).toEqual(['<.001', '.050', '1.000', '']);
});
