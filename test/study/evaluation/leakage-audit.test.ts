import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { LinearRegression } from '../../../src/core/linear-regression.ts';
import { streams } from '../../../src/core/rng.ts';
import { type AuditedFit, type AuditFinding, auditText, leakageAudit } from '../../../src/study/evaluation/leakage-audit.ts';
import { type AuditData, auditProblems, randomWalkLevels } from '../../../src/study/evaluation/leakage-problems.ts';

/** Features of a series, known at each origin: its last three changes. */
function lagged(levels: Float64Array, horizonSteps: number): AuditData {
  const count = levels.length - 3 - horizonSteps;
  const features = new Float64Array(count * 3);
  const targets = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    for (let c = 0; c < 3; c += 1) features[i * 3 + c] = (levels[i + 3 - c] ?? 0) - (levels[i + 2 - c] ?? 0);
    targets[i] = (levels[i + 3 + horizonSteps] ?? 0) - (levels[i + 3] ?? 0);
  }
  return { features, columns: 3, targets, horizonSteps, block: new Int32Array(count) };
}

/** Changes that partly take back the last one. */
function reverting(steps: number): Float64Array {
  const rng = streams('audit test').stream('reverting');
  const levels = new Float64Array(steps);
  let last = 0;
  for (let i = 1; i < steps; i += 1) {
    last = -0.3 * last + 0.01 * normal(rng);
    levels[i] = (levels[i - 1] ?? 0) + last;
  }
  return levels;
}

interface Faults {
  /** Labels of the last h rows before the tested ones are used, though they reach into them. */
  readonly isUnpurged?: boolean;
  /** Features are scaled by all rows. */
  readonly isScaledByAll?: boolean;
  /** The tested rows are among those fitted. */
  readonly isInSample?: boolean;
  /** Columns of noise, drawn once, that the fit may use: what a rich model can do. */
  readonly extra?: number;
}

/** Ridge on an expanding window, refitted every 250 rows. */
function ridge({ isUnpurged = false, isScaledByAll = false, isInSample = false, extra = 0 }: Faults = {}): AuditedFit {
  return ({ features, columns, targets, horizonSteps }) => {
    const n = targets.length;
    const rng = streams('audit test').stream('extra');
    const own = Array.from({ length: n * extra }, () => normal(rng));
    const forecast = new Float64Array(n).fill(Number.NaN);
    const width = columns + extra;
    for (let from = 500; from < n; from += 250) {
      const to = Math.min(n, from + 250);
      const known = isInSample ? to : isUnpurged ? from : from - horizonSteps;
      const scaled = isScaledByAll ? n : known;
      const sd = Array.from({ length: columns }, (_, c) => {
        let squares = 0;
        for (let i = 0; i < scaled; i += 1) squares += (features[i * columns + c] ?? 0) * (features[i * columns + c] ?? 0);
        return Math.sqrt(squares / scaled);
      });
      const row = (i: number): number[] => [
        ...sd.map((scale, c) => (features[i * columns + c] ?? 0) / scale),
        ...own.slice(i * extra, (i + 1) * extra),
      ];
      const fit = new LinearRegression(width);
      for (let i = isInSample ? from : 0; i < known; i += 1) fit.add(row(i), targets[i] ?? 0);
      const beta = fit.coefficients(new Float64Array(width).fill(5));
      for (let i = from; i < to; i += 1) forecast[i] = row(i).reduce((sum, x, k) => sum + x * (beta[k] ?? 0), 0);
    }
    return forecast;
  };
}

const data = lagged(reverting(3000), 1);
const walk = lagged(randomWalkLevels(21_000), 1);
const verdicts = (findings: readonly AuditFinding[]): Record<string, string> =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
const CLEAN = {
  'as it is': 'passed',
  'permuted targets': 'passed',
  'shifted features': 'passed',
  'altered future': 'passed',
  'random walk': 'passed',
};

describe('a leakage audit', () => {
  test('lets a clean pipeline pass that has skill', () => {
    const findings = leakageAudit(data, ridge(), walk);
    expect(verdicts(findings)).toEqual(CLEAN);
    expect(findings[0]?.r2?.ci95[0]).toBeGreaterThan(0.04);
    // The next step holds the target itself.
    expect(findings[2]?.r2?.value).toBeGreaterThan(0.95);
  });

  test('lets a clean pipeline pass whose targets overlap', () => {
    expect(verdicts(leakageAudit(lagged(reverting(6000), 5), ridge(), lagged(randomWalkLevels(21_000), 5)))).toEqual(CLEAN);
  });

  test('finds a feature that holds the target', () => {
    const features = Float64Array.from(data.features, (value, i) =>
      i % 3 === 2 ? (data.targets[Math.floor(i / 3)] ?? 0) + value / 10 : value,
    );
    expect(verdicts(leakageAudit({ ...data, features }, ridge()))['shifted features']).toBe('failed');
  });

  test('finds a fit that has seen the tested rows', () => {
    const found = verdicts(leakageAudit(data, ridge({ isInSample: true, extra: 20 })));
    expect([found['permuted targets'], found['altered future']]).toEqual(['failed', 'failed']);
  });

  test.each([
    ['a scale of all rows', { isScaledByAll: true }, 1],
    ['labels that reach into the tested rows', { isUnpurged: true }, 5],
  ])('finds %s, though it hardly helps', (_, faults, steps) => {
    const refits = Array.from({ length: 10 }, (_, i) => 500 + 250 * i);
    const found = verdicts(leakageAudit({ ...lagged(reverting(3000), steps), refits }, ridge(faults)));
    expect(found['altered future']).toBe('failed');
  });

  test('says of a random walk that is forecast, fitted or too short what it is', () => {
    const short = leakageAudit(data, ridge(), lagged(randomWalkLevels(2000), 1)).at(-1);
    expect([short?.verdict, short?.says]).toEqual([
      'not measurable',
      '1496 forecasts are too few to tell 0.3 % from 0; 20000 are needed'.replace('1496', String(short?.r2?.n)),
    ]);
    const noisy: AuditedFit = ({ targets }) => Float64Array.from(targets, (_, i) => (i % 2 === 0 ? 0.001 : -0.001));
    const leaky: AuditedFit = ({ targets }) => targets.map((value) => 0.01 * value);
    const [fitted, forecast] = [noisy, leaky].map((fit) => leakageAudit(data, fit, walk).at(-1));
    expect([fitted?.verdict, forecast?.verdict]).toEqual(['failed', 'failed']);
    expect(fitted?.says).toContain('too free');
    expect(forecast?.says).toContain('something leaks');
  });

  test('tells failures first, with what they mean', () => {
    const lines = auditText(leakageAudit(data, ridge({ isScaledByAll: true }), walk)).split('\n');
    expect(lines[0]).toMatch(/^leakage audit; R2 as it is \+\d/);
    expect(lines[2]).toMatch(/^altered future +failed/);
    expect(lines.join(' ')).toMatch(/altered future: forecasts before origin \d+ change with what comes after it/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

describe('what an audit makes of data', () => {
  const blocks = { ...data, block: data.block.map((_, i) => (i < 1000 ? 0 : 1)) };
  const [, permuted, shifted, altered] = auditProblems(blocks).map((problem) => problem.data);
  const n = data.targets.length;
  const cut = 1000 + Math.floor((2 * (n - 1000)) / 3);

  test('has the targets in another order, less their mean', () => {
    const mean = data.targets.reduce((sum, value) => sum + value, 0) / data.targets.length;
    const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
    expect(sorted(permuted?.targets ?? [])).toEqual(sorted(data.targets.map((value) => value - mean)));
    expect(permuted?.features).toBe(data.features);
  });

  test('has the features of the next step, none from another block', () => {
    expect([...(shifted?.features.subarray(0, 3) ?? [])]).toEqual([...data.features.subarray(3, 6)]);
    expect([...(shifted?.features.subarray(2997, 3000) ?? [])]).toEqual([...data.features.subarray(2997, 3000)]);
  });

  test('has the same past up to the cut in the last block', () => {
    expect(altered?.features.subarray(0, cut * 3)).toEqual(data.features.subarray(0, cut * 3));
    expect(altered?.features[cut * 3]).not.toBe(data.features[cut * 3]);
    // The target of the origin before the cut is known at the cut.
    expect(altered?.targets[cut - 1]).toBe(data.targets[cut - 1]);
    expect(altered?.targets[cut]).not.toBe(data.targets[cut]);
  });
});
