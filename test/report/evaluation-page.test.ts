import { describe, expect, test } from 'vitest';
import { evaluationPage } from '../../src/report/evaluation-page.ts';
import type { EvaluationReport } from '../../src/report/evaluation-report.ts';
import { evaluation } from '../../src/study/evaluation/evaluation.ts';
import { percent } from '../../src/study/evaluation/evaluation-text.ts';
import { madeTarget } from '../support/forecast-tables.ts';

const MODELS = [
  { model: 'rw', used: 0 },
  { model: 'har', used: 0.4 },
  { model: 'avg <b>', used: 0.8 },
  { model: 'points', used: 0, noise: 1, spread: 0 },
  ...[1, 2, 3].map((i) => ({ model: `m${i}`, used: i / 10 })),
];
const targets = ['level', 'slope'].flatMap((target) =>
  [1, 5].map((steps) => ({ ...madeTarget(`${target} ${steps}`, { blocks: 2, length: 200, steps, models: MODELS }), target })),
);
const table = { title: 'made <up>', targets };
const report: EvaluationReport = {
  ...{ version: '1.2.3', about: ['from <nowhere>'], table, subject: 'avg <b>' },
  evaluation: evaluation(table, { reference: 'har', draws: 50 }),
  curves: [
    { name: 'seed <1>', train: [3, 2, 1.5], validation: [3.1, 2.2, Number.NaN] },
    { name: 'seed 2', train: [], validation: [] },
  ],
  audit: [
    { check: 'permuted targets', verdict: 'passed', says: 'all well', r2: { value: -0.01, ci95: [-0.02, 0.01], n: 9, samples: 9 } },
    { check: 'altered future', verdict: 'failed', says: 'it <changes>' },
  ],
};
const page = evaluationPage(report);

describe('the page of an evaluation', () => {
  test('is one file that runs nothing and fetches nothing', () => {
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|@import|url\(|https?:/i);
  });

  test('escapes what comes from names', () => {
    expect(page).not.toMatch(/<up>|<b>|<nowhere>|<1>|<changes>/);
    expect(page).toContain('<h1>Forecasts: made &lt;up&gt;</h1>');
  });

  test('is well-formed as far as tags go, and has no number that is none', () => {
    const open: string[] = [];
    for (const [, closes, tag = '', selfCloses] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
      if (selfCloses === '/' || tag === 'meta') continue;
      if (closes === '') open.push(tag);
      else expect([tag, open.pop()]).toEqual([tag, tag]);
    }
    expect(open).toEqual([]);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('has every row with its R², losses red where a test tells them', () => {
    for (const { model, r2VsRandomWalk } of report.evaluation.rows)
      expect(page).toMatch(
        new RegExp(
          `<td>${model.replace('<b>', '&lt;b&gt;')}</td><td class="number [a-z]*">${percent(r2VsRandomWalk.all).replace('+', '\\+')}</td>`,
        ),
      );
    expect(page).toMatch(/<td>points<\/td><td class="number outside">-/);
  });

  test('draws reliability, transforms, learning, and per target skill, groups and each horizon', () => {
    const titles = [...page.matchAll(/<figure><h3>([^<]*)<\/h3>/g)].map((match) => match[1]);
    expect(titles).toEqual([
      'Reliability of intervals',
      'Where outcomes fell in the distributions of avg &lt;b&gt;',
      'Learning curves',
      ...['level', 'slope'].flatMap((target) => [
        `${target}: R2 by horizon`,
        `${target}: R2 of avg &lt;b&gt; by group`,
        ...[1, 5].map((steps) => `${target}, ${steps} steps: outcomes over forecasts of avg &lt;b&gt;`),
      ]),
    ]);
    expect(page.match(/<details><summary>Figures<\/summary>/g)).toHaveLength(titles.length);
  });

  test('says which models a picture has no room for, and draws the subject and the reference', () => {
    const chart = page.slice(page.indexOf('level: R2 by horizon'), page.indexOf('level: R2 of avg'));
    expect(chart).toContain('Not drawn, but in the tables: points.');
    for (const name of ['avg &lt;b&gt;', 'har']) expect(chart).toContain(`>${name}</text>`);
  });

  test('tells what the audit found', () => {
    expect(page).toContain('<td class="verdict outside">failed</td>');
    expect(page).toContain('it &lt;changes&gt;');
    expect(evaluationPage({ ...report, audit: [], curves: [] })).not.toMatch(/Leakage audit|Learning curves/);
  });

  test('can be made of one model that never moves', () => {
    const walk = targets.map((target) => ({ ...target, groups: [], models: target.models.filter(({ model }) => model === 'rw') }));
    const own = { title: 'rw alone', targets: walk };
    const alone = evaluationPage({ version: '1', about: [], table: own, evaluation: evaluation(own, { draws: 20 }), subject: 'rw' });
    expect(alone).not.toMatch(/NaN|Infinity|undefined|outcomes over forecasts/);
    expect(alone).toContain('<td>rw</td>');
  });
});
