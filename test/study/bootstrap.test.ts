import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { type Rng, streams } from '../../src/core/rng.ts';
import { bootstrapIntervals, studentInterval } from '../../src/study/bootstrap.ts';
import { pairedTTest } from '../../src/study/paired.ts';
import { mean } from '../../src/study/statistics.ts';

const rng = (path: string): Rng => streams('bootstrap').stream(path);
const normals = (source: Rng, n: number): number[] => Array.from({ length: n }, () => normal(source));

describe("Student's interval", () => {
  test('by hand', () => {
    const [low, high] = studentInterval([1, 2, 3, 4, 5], 0.95);
    expect(low).toBeCloseTo(3 - (2.776445 * Math.sqrt(2.5)) / Math.sqrt(5), 5);
    expect(high).toBeCloseTo(3 + (2.776445 * Math.sqrt(2.5)) / Math.sqrt(5), 5);
  });
});

describe('studentised bootstrap', () => {
  test('is repeated by its stream and close to Student for normal values', () => {
    const values = normals(rng('values'), 200);
    const [first] = bootstrapIntervals([values], 4000, 0.95, rng('a'));
    expect(bootstrapIntervals([values], 4000, 0.95, rng('a'))[0]).toEqual(first);
    const student = studentInterval(values, 0.95);
    const width = student[1] - student[0];
    expect(Math.abs((first?.[0] ?? 0) - student[0])).toBeLessThan(0.08 * width);
    expect(Math.abs((first?.[1] ?? 0) - student[1])).toBeLessThan(0.08 * width);
  });

  test('an interval does not depend on the other series, and turns with its values', () => {
    const a = normals(rng('one'), 40);
    const b = normals(rng('two'), 40);
    const [alone] = bootstrapIntervals([a], 500, 0.95, rng('x'));
    const [together, , turned] = bootstrapIntervals([a, b, a.map((value) => -value)], 500, 0.95, rng('x'));
    expect(together).toEqual(alone);
    expect(turned?.[0]).toBeCloseTo(-(alone?.[1] ?? 0), 12);
    expect(turned?.[1]).toBeCloseTo(-(alone?.[0] ?? 0), 12);
  });

  test('leans to where the tail is: a skewed sample gets a lopsided interval', () => {
    const values = normals(rng('skew'), 60).map((z) => Math.exp(1.2 * z));
    const [low, high] = bootstrapIntervals([values], 4000, 0.95, rng('b'))[0] ?? [0, 0];
    expect(high - mean(values)).toBeGreaterThan(1.3 * (mean(values) - low));
  });

  test('falls back to Student for few values, and for values that hardly vary', () => {
    const few = [1, 5, 2, 8, 3, 3, 9];
    expect(bootstrapIntervals([few], 1000, 0.95, rng('c'))[0]).toEqual(studentInterval(few, 0.95));
    expect(bootstrapIntervals([new Array<number>(20).fill(0.1)], 1000, 0.95, rng('d'))[0]).toEqual([0.1, 0.1]);
    // One value that differs is missing from more than a third of the resamples: those have no spread and are left out.
    const oneOff = [...new Array<number>(19).fill(0), 1];
    for (const end of bootstrapIntervals([oneOff], 1000, 0.95, rng('e'))[0] ?? [NaN]) expect(Number.isFinite(end)).toBe(true);
  });

  test('95 % intervals hold the truth in 95 % of 400 repeats at n = 30, within four standard errors', () => {
    let held = 0;
    for (let r = 0; r < 400; r += 1) {
      const [low, high] = bootstrapIntervals([normals(rng(`sample/${r}`), 30)], 600, 0.95, rng(`resample/${r}`))[0] ?? [1, -1];
      if (low <= 0 && high >= 0) held += 1;
    }
    expect(held / 400).toBeGreaterThan(0.95 - 4 * 0.0109);
    expect(held / 400).toBeLessThan(0.95 + 4 * 0.0109);
  });

  test('the paired t test rejects equal agents in 5 % of 3000 repeats, within four standard errors', () => {
    let rejected = 0;
    for (let r = 0; r < 3000; r += 1) if (pairedTTest(normals(rng(`null/${r}`), 20)) < 0.05) rejected += 1;
    expect(Math.abs(rejected / 3000 - 0.05)).toBeLessThan(4 * 0.004);
  });
});
