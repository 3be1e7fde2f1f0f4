import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { sumVariance } from '../../../src/study/evaluation/dependent-sum.ts';
import { clarkWest, dieboldMariano } from '../../../src/study/evaluation/forecast-comparison.ts';
import { lossSkill } from '../../../src/study/evaluation/loss-ratio.ts';
import { meanEstimate, meanTest } from '../../../src/study/evaluation/mean-test.ts';
import { mincerZarnowitz } from '../../../src/study/evaluation/mincer-zarnowitz.ts';
import { apart, originsOf, samplesApart } from '../../../src/study/evaluation/origins.ts';
import { studentQuantile, studentTwoSidedP } from '../../../src/study/student-t.ts';

const draws = (path: string, count: number): number[] => {
  const rng = streams('dependence').stream(path);
  return Array.from({ length: count }, () => normal(rng));
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Block of each of some origins, by lengths. */
const blocksOf = (...lengths: readonly number[]): number[] => lengths.flatMap((length, block) => Array(length).fill(block) as number[]);

/** Newey and West, written out: all pairs of one block, weighted by their distance. */
function longRun(u: readonly number[], block: readonly number[], steps: number): number {
  let total = 0;
  u.forEach((a, i) => {
    const length = block.filter((own) => own === block[i]).length;
    const lags = Math.min(length - 1, Math.max(steps - 1, Math.floor(Math.cbrt(length))));
    u.forEach((b, j) => {
      if (block[i] === block[j] && Math.abs(i - j) <= lags) total += (1 - Math.abs(i - j) / (lags + 1)) * a * b;
    });
  });
  return total;
}

describe('origins', () => {
  test('are in blocks that nothing reaches across', () => {
    expect(originsOf(blocksOf(3, 1, 2), 2).spans).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 4 },
      { from: 4, to: 6 },
    ]);
  });

  test('apart are picked first come first, in each block anew, among those that count', () => {
    const origins = originsOf(blocksOf(5, 4), 3);
    expect(apart(origins)).toEqual([0, 3, 5, 8]);
    expect(apart(origins, [0, 1, 1, 1, 1, 0, 0, 1, 1])).toEqual([1, 4, 7]);
  });

  test('need a horizon of whole steps', () => {
    expect(() => originsOf([0], 0)).toThrow(/whole number of steps, got 0/);
  });
});

describe('the variance of a sum', () => {
  test.each([1, 4, 30])('of a few blocks counts neighbours within them at a horizon of %d steps', (steps) => {
    const block = blocksOf(40, 64, 9);
    const u = draws(`few ${steps}`, block.length);
    const { variance, isByBlock, blocks } = sumVariance(u, originsOf(block, steps));
    expect(variance).toBeCloseTo(longRun(u, block, steps), 9);
    expect([isByBlock, blocks]).toEqual([false, 3]);
  });

  test('of eight blocks is that of independent totals, those with an origin that counts', () => {
    const block = blocksOf(...Array.from({ length: 9 }, (_, i) => 25 + i));
    const member = block.map((own) => (own === 8 ? 0 : 1));
    const u = draws('eight', block.length).map((value, i) => value * (member[i] ?? 0));
    const totals = Array.from({ length: 8 }, (_, b) => u.filter((_, i) => block[i] === b).reduce((a, c) => a + c, 0));
    const { variance, isByBlock, df } = sumVariance(u, originsOf(block, 3), member);
    expect(variance).toBeCloseTo((8 / 7) * totals.reduce((sum, t) => sum + t * t, 0), 9);
    expect([isByBlock, df]).toEqual([true, 7]);
  });

  test('of blocks of uneven size has the freedom of as many equal ones', () => {
    // (10·8 + 4·40)² / (10·64 + 4·1600) = 8.2.
    const block = blocksOf(...(Array(10).fill(8) as number[]), ...(Array(4).fill(40) as number[]));
    const { isByBlock, df } = sumVariance(draws('mixed', block.length), originsOf(block, 1));
    expect([isByBlock, df]).toEqual([true, 7]);
  });

  test('of eight blocks of which one holds nearly all is not that of their totals', () => {
    const block = blocksOf(200, ...(Array(7).fill(4) as number[]));
    const values = draws('uneven', block.length);
    const u = values.map((value) => value - mean(values));
    const { variance, isByBlock } = sumVariance(u, originsOf(block, 2));
    expect(isByBlock).toBe(false);
    expect(variance).toBeCloseTo(longRun(u, block, 2), 9);
  });
});

describe('blocks that saw the same times', () => {
  // Two assets over times 0 to 9 and 4 to 9, then both from 20 on.
  const seconds = [...Array.from({ length: 10 }, (_, i) => i), 4, 5, 6, 7, 8, 9, 20, 21, 22, 20, 21, 22];
  const block = blocksOf(10, 6, 3, 3);
  const origins = originsOf(block, 3, seconds);

  test('make one series of times, parted where no block goes on', () => {
    expect(origins.times?.origins.spans).toEqual([
      { from: 0, to: 10 },
      { from: 10, to: 13 },
    ]);
    expect([...(origins.times?.of ?? [])].slice(9, 12)).toEqual([9, 4, 5]);
  });

  test('are summed by time before anything is squared', () => {
    const u = draws('same times', block.length);
    const sums = [...Array(13).keys()].map((time) => u.filter((_, i) => origins.times?.of[i] === time).reduce((a, b) => a + b, 0));
    expect(sumVariance(u, origins).variance).toBeCloseTo(longRun(sums, blocksOf(10, 3), 3), 10);
    expect(samplesApart(origins)).toBe(5);
    expect(
      samplesApart(
        origins,
        block.map((own) => (own === 1 ? 1 : 0)),
      ),
    ).toBe(2);
  });

  test('tell no more than one of them where they are the same', () => {
    const values = draws('twins', 40).map((value) => value + 0.2);
    const one = meanTest(values, originsOf(blocksOf(40), 2));
    const twice = meanTest([...values, ...values], originsOf(blocksOf(40, 40), 2, [...Array(40).keys(), ...Array(40).keys()]));
    const naive = meanTest([...values, ...values], originsOf(blocksOf(40, 40), 2));
    const factor = Math.sqrt((80 + 1 - 4 + 2 / 80) / 80) / Math.sqrt((40 + 1 - 4 + 2 / 40) / 40);
    expect(twice?.statistic).toBeCloseTo((one?.statistic ?? 0) * factor, 10);
    expect(naive?.statistic).toBeGreaterThan(1.3 * (twice?.statistic ?? 0));
  });
});

describe('a test of a mean', () => {
  const block = blocksOf(30, 34);
  const values = draws('mean', 64).map((value) => value + 0.3);
  const centred = values.map((value) => value - mean(values));

  test('carries the factor of Harvey, Leybourne and Newbold, against Student’s t', () => {
    const h = 5;
    const factor = Math.sqrt((64 + 1 - 2 * h + (h * (h - 1)) / 64) / 64);
    const expected = (factor * mean(values) * 64) / Math.sqrt(longRun(centred, block, h));
    const found = meanTest(values, originsOf(block, h));
    expect(found?.statistic).toBeCloseTo(expected, 9);
    expect(found?.p).toBeCloseTo(studentTwoSidedP(expected, 63), 12);
    expect([found?.n, found?.samples]).toEqual([64, 13]);
  });

  test('is the t test over blocks where there are many', () => {
    const many = originsOf(blocksOf(...Array(8).fill(8)), 1);
    const totals = Array.from({ length: 8 }, (_, b) => mean(values.slice(8 * b, 8 * b + 8)));
    const sd = Math.sqrt(totals.reduce((sum, t) => sum + (t - mean(totals)) * (t - mean(totals)), 0) / 7);
    const t = mean(totals) / (sd / Math.sqrt(8));
    expect(meanTest(values, many)?.statistic).toBeCloseTo(t, 9);
    expect(meanTest(values, many)?.p).toBeCloseTo(studentTwoSidedP(t, 7), 12);
  });

  test('says nothing of one value, nor of values that are all alike, and finds nothing in zeros', () => {
    const origins = originsOf(blocksOf(4), 1);
    expect(meanTest([1], originsOf([0], 1))).toBeUndefined();
    expect(meanTest([2, 2, 2, 2], origins)).toBeUndefined();
    expect(meanTest([0, 0, 0, 0], origins)).toMatchObject({ statistic: 0, p: 1 });
  });

  test('and its interval are over the origins that count', () => {
    const origins = originsOf(block, 1);
    const member = values.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const own = values.filter((_, i) => i % 3 === 0);
    const u = values.map((value, i) => (i % 3 === 0 ? value - mean(own) : 0));
    const found = meanEstimate(values, origins, member);
    expect(found?.value).toBeCloseTo(mean(own), 12);
    const half = (studentQuantile(0.975, own.length - 1) * Math.sqrt(longRun(u, block, 1))) / own.length;
    expect((found?.ci95[1] ?? 0) - mean(own)).toBeCloseTo(half, 9);
    expect(meanEstimate(values, origins, new Uint8Array(64))).toBeUndefined();
  });
});

describe('comparisons', () => {
  const block = blocksOf(50, 50);
  const origins = originsOf(block, 3);
  const outcome = draws('outcome', 100);
  const change = outcome.map((value, i) => 0.3 * value + 0.2 * Math.sin(i * i));
  const zero = outcome.map(() => 0);
  const squares = (forecast: readonly number[]): number[] => outcome.map((y, i) => (y - (forecast[i] ?? 0)) * (y - (forecast[i] ?? 0)));

  test('of Diebold and Mariano are above 0 for the better model, and turn round with it', () => {
    const own = dieboldMariano(squares(change), squares(zero), origins);
    const other = dieboldMariano(squares(zero), squares(change), origins);
    expect(own?.statistic).toBeGreaterThan(2);
    expect(other?.statistic).toBeCloseTo(-(own?.statistic ?? 0), 12);
    expect(other?.p).toBeCloseTo(own?.p ?? 0, 14);
  });

  test('of Clark and West give back the square of the difference of forecasts', () => {
    const gains = outcome.map((y, i) => y * y - (y - (change[i] ?? 0)) * (y - (change[i] ?? 0)) + (change[i] ?? 0) * (change[i] ?? 0));
    const expected = meanTest(gains, origins);
    const found = clarkWest(outcome, change, zero, origins);
    expect(found?.statistic).toBeCloseTo(expected?.statistic ?? 0, 12);
    expect(found?.p).toBeCloseTo((expected?.p ?? 0) / 2, 14);
    // The same with the sign of forecasts turned: no gain, p near 1.
    const against = clarkWest(
      outcome,
      change.map((value) => -value),
      zero,
      origins,
    );
    expect(against?.p).toBeGreaterThan(0.9);
    expect(clarkWest(outcome, zero, zero, origins)).toBeUndefined();
  });

  test('by ratio are those of the delta method', () => {
    const [loss, benchmark] = [squares(change), squares(zero)];
    const found = lossSkill(loss, benchmark, origins);
    const value = 1 - mean(loss) / mean(benchmark);
    const u = benchmark.map((w, i) => (1 - value) * w - (loss[i] ?? 0));
    const half = (studentQuantile(0.975, 33) * Math.sqrt(longRun(u, block, 3))) / (100 * mean(benchmark));
    expect(found?.value).toBeCloseTo(value, 12);
    expect((found?.ci95[1] ?? 0) - value).toBeCloseTo(half, 9);
    expect(found?.samples).toBe(34);
    expect(lossSkill(loss, benchmark, origins, new Uint8Array(100))).toBeUndefined();
  });
});

describe('the line of outcomes over forecasts', () => {
  const block = blocksOf(60, 60);
  const x = draws('forecast', 120).map((value) => 2 + value);
  const y = draws('noise', 120).map((value, i) => 0.5 + 0.7 * (x[i] ?? 0) + value * (1 + Math.abs(x[i] ?? 0)));

  test('has the coefficients and the sandwich of least squares, written out', () => {
    const found = mincerZarnowitz(y, x, originsOf(block, 4));
    // (X'X)⁻¹ of a constant and x.
    const n = 120;
    const sx = n * mean(x);
    const sxx = x.reduce((sum, value) => sum + value * value, 0);
    const det = n * sxx - sx * sx;
    const sy = n * mean(y);
    const sxy = x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    const slope = (n * sxy - sx * sy) / det;
    const intercept = (sxx * sy - sx * sxy) / det;
    const residual = y.map((value, i) => value - intercept - slope * (x[i] ?? 0));
    const forSlope = residual.map((r, i) => ((n * (x[i] ?? 0) - sx) / det) * r);
    const forIntercept = residual.map((r, i) => ((sxx - sx * (x[i] ?? 0)) / det) * r);
    const quantile = studentQuantile(0.975, 29);
    expect([found?.slope, found?.intercept]).toEqual([expect.closeTo(slope, 10), expect.closeTo(intercept, 10)]);
    expect((found?.slopeCi95[1] ?? 0) - slope).toBeCloseTo(quantile * Math.sqrt(longRun(forSlope, block, 4)), 9);
    expect((found?.interceptCi95[1] ?? 0) - intercept).toBeCloseTo(quantile * Math.sqrt(longRun(forIntercept, block, 4)), 9);
  });

  test('is none where the forecast does not vary, and runs through members only', () => {
    expect(mincerZarnowitz(y, new Float64Array(120).fill(0.1), originsOf(block, 1))).toBeUndefined();
    const member = x.map((_, i) => (i < 60 ? 1 : 0));
    const own = mincerZarnowitz(y, x, originsOf(block, 1), member);
    const alone = mincerZarnowitz(y.slice(0, 60), x.slice(0, 60), originsOf(blocksOf(60), 1));
    expect(own?.slope).toBeCloseTo(alone?.slope ?? 0, 12);
    expect(own?.slopeCi95[0]).toBeCloseTo(alone?.slopeCi95[0] ?? 0, 12);
  });
});
