import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { type WindowFold, walkWindows } from '../../../src/forecast/lstm/train/window-walk.ts';
import { auditFindings, auditText } from '../../../src/study/evaluation/leakage-audit.ts';
import { type AuditData, auditProblems, randomWalkLevels } from '../../../src/study/evaluation/leakage-problems.ts';
import type { HistoryPanel } from '../../../src/study/history/panel.ts';
import { walkForwardFolds } from '../../../src/study/history/walk-forward.ts';

const WINDOW = 8;
const STEPS = 2;

/** Features of a series, known at each origin: its last change and two distances from means. */
function observed(levels: Float64Array, refitTimes: number, from: number): AuditData {
  const count = levels.length - 30 - STEPS;
  const features = new Float64Array(count * 3);
  const targets = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const now = i + 30;
    const level = levels[now] ?? 0;
    const mean = (rows: number): number => levels.slice(now - rows + 1, now + 1).reduce((a, b) => a + b, 0) / rows;
    features.set([level - (levels[now - 1] ?? 0), level - mean(5), level - mean(25)], 3 * i);
    targets[i] = (levels[now + STEPS] ?? 0) - level;
  }
  const refits = Array.from({ length: Math.ceil((count - from) / refitTimes) }, (_, i) => from + i * refitTimes);
  return { features, columns: 3, targets, horizonSteps: STEPS, block: new Int32Array(count), refits };
}

/** Nets on windows, walked forward by the folds that histories of real markets are walked by. */
async function nets({ columns, features, refits = [], targets }: AuditData, isLeaky = false): Promise<Float64Array> {
  const n = targets.length;
  const [first = 0, second = n] = refits;
  // As much of a panel as folds look at: one second per row.
  const panel = {
    source: 'audit',
    assets: ['x'],
    definition: { horizons: [{ steps: STEPS, label: '' }] },
    seconds: Float64Array.from(targets.keys()),
    segment: new Int32Array(n),
  } as unknown as HistoryPanel;
  const origins = Int32Array.from({ length: n - WINDOW + 1 }, (_, i) => i + WINDOW - 1);
  const cut = {
    fromSeconds: first,
    toSeconds: Number.POSITIVE_INFINITY,
    refitTimes: second - first,
    validationShare: 0.15,
    trainingMin: 100,
  };
  const folds: WindowFold[] = walkForwardFolds(panel, origins, cut);
  const leaky = folds.map((fold) => ({ ...fold, training: [...fold.training, ...fold.validation, ...fold.served.slice(0, 50)] }));
  const rows = new Float32Array(origins.length * WINDOW * columns);
  const labels = new Float32Array(origins.length * WINDOW).fill(Number.NaN);
  origins.forEach((last, w) => {
    rows.set(features.subarray((last - WINDOW + 1) * columns, (last + 1) * columns), w * WINDOW * columns);
    labels[(w + 1) * WINDOW - 1] = targets[last] ?? Number.NaN;
  });
  const data = {
    ...{ features: ['change', 'less 5', 'less 25'], factors: ['x'], horizonsSeconds: [STEPS], stepSeconds: 1 },
    ...{ steps: WINDOW, burnIn: WINDOW - 1, count: origins.length, rows, targets: labels },
  };
  const fit = { epochs: 6, batch: 64, learningRate: 3e-3, dropout: 0.1, l2: 1e-4, patience: 3 };
  const used = isLeaky ? leaky : folds;
  const walk = await walkWindows(data, used, { units: 8, seed: 'audit', first: fit, later: { ...fit, epochs: 2, constantRate: true } });
  const forecast = new Float64Array(n).fill(Number.NaN);
  used
    .flatMap(({ served }) => served)
    .forEach((place, i) => {
      forecast[origins[place] ?? 0] = walk.change[i] ?? Number.NaN;
    });
  return forecast;
}

test('nets that walk through history leak nothing, and one that is trained on what it forecasts is found', async () => {
  await selectBackend('auto');
  const rng = streams('audited net').stream('levels');
  const levels = new Float64Array(4000);
  for (let i = 1; i < levels.length; i += 1) levels[i] = 0.9 * (levels[i - 1] ?? 0) + 0.01 * normal(rng);
  const problems = auditProblems(observed(levels, 700, 1500), observed(randomWalkLevels(24_000), 10_000, 3500));
  const forecasts: Float64Array[] = [];
  for (const { data } of problems) forecasts.push(await nets(data));
  const findings = auditFindings(problems, forecasts);
  console.log(auditText(findings));
  expect(findings.map(({ check, verdict }) => `${check}: ${verdict}`)).toEqual([
    'as it is: passed',
    'permuted targets: passed',
    'shifted features: passed',
    'altered future: passed',
    'random walk: passed',
  ]);
  expect(findings[0]?.r2?.ci95[0]).toBeGreaterThan(0.02);

  const own = problems.slice(0, 4);
  const leaked: Float64Array[] = [];
  for (const { data } of own) leaked.push(await nets(data, true));
  expect(auditFindings(own, leaked).find(({ check }) => check === 'altered future')?.verdict).toBe('failed');
});
