import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { SurfaceTracker, type TrackerTerms } from '../../src/pricing/surface-tracker.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const VALUATION = plainTerms(CHAIN);
const N = CHAIN.options.length;
const TERMS: TrackerTerms = { dailySd: [0.06, 0.008, 0.03, 0.03], noisePerWidth: 0.2, rejectSd: 5 };
const TRUTH = [Math.log(0.52), 0.05, -0.15, -0.05];
const SPOT = 70_100;
const SECOND = 1 / (365 * 86_400);

function fair(factors: readonly number[], spot = SPOT, nowYears = 0): TheoChain {
  const theo = new TheoChain(CHAIN, VALUATION);
  theo.move(factors, spot, nowYears);
  theo.valueAll();
  return theo;
}

/** Notes all books around the truth; `error` is in shares of the width. */
function noteAll(tracker: SurfaceTracker, truth: TheoChain, width: number, error: (series: number) => number = () => 0): void {
  for (let i = 0; i < N; i += 1) tracker.note(i, (truth.price[i] ?? 0) + error(i) * width, width);
}

function tracking(factors: readonly number[] = TRUTH, width = 20): SurfaceTracker {
  const tracker = new SurfaceTracker(CHAIN, VALUATION, TERMS);
  noteAll(tracker, fair(factors), width);
  tracker.update(SPOT, 0);
  return tracker;
}

const offBy = (tracker: SurfaceTracker, truth: readonly number[]): number =>
  Math.max(...truth.map((value, f) => Math.abs((tracker.factors[f] ?? 0) - value)));

describe('the first fit', () => {
  test('recovers the factors from exact books, from anywhere', () => {
    const factors = fc.tuple(
      fc.double({ min: Math.log(0.25), max: Math.log(1.5), noNaN: true }),
      fc.double({ min: -0.03, max: 0.15, noNaN: true }),
      fc.double({ min: -0.75, max: 0.5, noNaN: true }),
      fc.double({ min: -0.8, max: 0.05, noNaN: true }),
    );
    fc.assert(
      fc.property(factors, fc.double({ min: 66_000, max: 75_000, noNaN: true }), (truth, spot) => {
        const tracker = new SurfaceTracker(CHAIN, VALUATION, TERMS);
        noteAll(tracker, fair(truth, spot), 5);
        tracker.update(spot, 0);
        expect(tracker.ready).toBe(true);
        // What is left is the pull of the prior, against books of one tick.
        expect(offBy(tracker, truth)).toBeLessThan(1e-3);
        // The values follow the estimate.
        const again = fair(Array.from(tracker.factors), spot);
        expect(tracker.theo.price).toEqual(again.price);
      }),
      { numRuns: 60 },
    );
  });

  test('waits until eight series have two sides', () => {
    const tracker = new SurfaceTracker(CHAIN, VALUATION, TERMS);
    const truth = fair(TRUTH);
    const before = Float64Array.from(tracker.factors);
    for (let i = 0; i < 7; i += 1) tracker.note(i, truth.price[i] ?? 0, 10);
    for (let n = 0; n < 3; n += 1) tracker.update(SPOT, n * SECOND);
    expect([tracker.ready, tracker.fits, tracker.rejected]).toEqual([false, 0, 0]);
    expect(tracker.factors).toEqual(before);
    for (let i = 0; i < 8; i += 1) tracker.note(i, truth.price[i] ?? 0, 10);
    tracker.update(SPOT, 3 * SECOND);
    expect(tracker.fits).toBe(1);
  });

  test('errs by as much as it says', () => {
    const rng = streams('0').stream('tracker fit');
    const trials = 400;
    const truth = fair(TRUTH);
    const squares = new Float64Array(FACTOR_COUNT);
    for (let n = 0; n < trials; n += 1) {
      const tracker = new SurfaceTracker(CHAIN, VALUATION, TERMS);
      noteAll(tracker, truth, 20, () => TERMS.noisePerWidth * normal(rng));
      tracker.update(SPOT, 0);
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const z = ((tracker.factors[f] ?? 0) - (TRUTH[f] ?? 0)) / tracker.sd(f);
        squares[f] = (squares[f] ?? 0) + (z * z) / trials;
      }
    }
    // Four standard errors of the mean of 400 squared normals.
    for (const mean of squares) expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(2 / trials));
  });
});

describe('following', () => {
  test('exact books that move: the estimate moves with them', () => {
    const tracker = tracking(TRUTH, 0.5);
    for (let n = 1; n <= 40; n += 1) {
      const truth = [Math.log(0.52) + 0.0005 * n, 0.05 - 0.0001 * n, -0.15 + 0.0004 * n, -0.05 - 0.0003 * n];
      const spot = SPOT * (1 + 0.0002 * n);
      const nowYears = 60 * n * SECOND;
      noteAll(tracker, fair(truth, spot, nowYears), 0.5);
      tracker.update(spot, nowYears);
      expect(offBy(tracker, truth)).toBeLessThan(5e-4);
    }
    expect([tracker.fits, tracker.rejected]).toEqual([1, 0]);
  });

  test('noisy books and factors that walk: the errors are as large as the filter says', () => {
    const rng = streams('0').stream('tracker walk');
    const truth = [...TRUTH];
    const tracker = tracking();
    const step = 30 * SECOND;
    const squares = new Float64Array(FACTOR_COUNT);
    const steps = 3000;
    for (let n = 1; n <= steps; n += 1) {
      for (let f = 0; f < FACTOR_COUNT; f += 1) truth[f] = (truth[f] ?? 0) + (TERMS.dailySd[f] ?? 0) * Math.sqrt(step * 365) * normal(rng);
      noteAll(tracker, fair(truth, SPOT, n * step), 60, () => TERMS.noisePerWidth * normal(rng));
      tracker.update(SPOT, n * step);
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const z = ((tracker.factors[f] ?? 0) - (truth[f] ?? 0)) / tracker.sd(f);
        squares[f] = (squares[f] ?? 0) + (z * z) / steps;
      }
    }
    expect(tracker.fits).toBe(1);
    // Errors last some 50 steps, so that 3,000 of them are worth at least 60: four standard errors are 0.7.
    for (const mean of squares) expect(Math.abs(mean - 1)).toBeLessThan(0.7);
  });

  test('uncertainty grows with the root of the time without books', () => {
    const tracker = tracking();
    const start = Array.from({ length: FACTOR_COUNT }, (_, f) => tracker.sd(f));
    tracker.update(SPOT, 1 / 365);
    for (let f = 0; f < FACTOR_COUNT; f += 1) expect(tracker.sd(f)).toBeCloseTo(Math.hypot(start[f] ?? 0, TERMS.dailySd[f] ?? 0), 12);
  });

  test('a mid is used once: the next update starts without books', () => {
    const tracker = tracking();
    noteAll(tracker, fair(TRUTH), 20);
    tracker.update(SPOT, SECOND);
    const sd = tracker.sd(0);
    tracker.update(SPOT, SECOND);
    expect(tracker.sd(0)).toBe(sd);
  });

  test('narrow books count for more than wide ones', () => {
    const high = fair([Math.log(0.53), 0.05, -0.15, -0.05]);
    const low = fair([Math.log(0.51), 0.05, -0.15, -0.05]);
    const tracker = tracking();
    for (let i = 0; i < N; i += 1) tracker.note(i, (i % 2 === 0 ? high : low).price[i] ?? 0, i % 2 === 0 ? 10 : 100);
    tracker.update(SPOT, 86_400 * SECOND);
    expect(tracker.factors[0]).toBeGreaterThan(Math.log(0.525));
  });

  test('an outlier is rejected, and leaves no trace', () => {
    const [clean, dirty] = [tracking(), tracking()];
    const truth = fair(TRUTH);
    for (const tracker of [clean, dirty]) {
      for (let i = 0; i < N; i += 1) tracker.note(i, (truth.price[i] ?? 0) + 3, 20);
    }
    clean.note(5, 0, 0);
    dirty.note(5, (truth.price[5] ?? 0) + 400, 20);
    for (const tracker of [clean, dirty]) tracker.update(SPOT, SECOND);
    expect(dirty.rejected).toBe(1);
    expect(dirty.factors).toEqual(clean.factors);
    expect(clean.rejected).toBe(0);
  });

  test('after a jump the surface is fitted afresh within three observations', () => {
    const tracker = tracking();
    const truth = [Math.log(0.9), -0.05, -0.4, -0.1];
    for (let n = 1; n <= 3; n += 1) {
      noteAll(tracker, fair(truth, SPOT, n * SECOND), 5);
      tracker.update(SPOT, n * SECOND);
    }
    expect(tracker.fits).toBe(2);
    expect(tracker.rejected).toBeGreaterThan(N);
    expect(offBy(tracker, truth)).toBeLessThan(0.01);
  });

  test('looks without news between the observations do not put the fresh fit off', () => {
    const tracker = tracking();
    const truth = [Math.log(0.9), -0.05, -0.4, -0.1];
    for (let n = 1; n <= 3; n += 1) {
      noteAll(tracker, fair(truth, SPOT, 2 * n * SECOND), 5);
      tracker.update(SPOT, 2 * n * SECOND);
      tracker.update(SPOT, (2 * n + 1) * SECOND);
    }
    expect(tracker.fits).toBe(2);
  });

  test('a few marks that do not fit are believed in the end, and do not make a fit of their own', () => {
    const tracker = tracking();
    const truth = [Math.log(0.56), 0.05, -0.15, -0.05];
    for (let n = 1; n <= 8; n += 1) {
      const values = fair(truth, SPOT, n * SECOND);
      for (let i = 0; i < 6; i += 1) tracker.note(3 * i, values.price[3 * i] ?? 0, 5);
      tracker.update(SPOT, n * SECOND);
    }
    expect(tracker.fits).toBe(1);
    expect(tracker.rejected).toBeGreaterThan(0);
    expect(Math.abs((tracker.factors[0] ?? 0) - (truth[0] ?? 0))).toBeLessThan(0.02);
  });
});
