import { describe, expect, test } from 'vitest';
import { instrumentId } from '../../src/core/units.ts';
import { Recorder } from '../../src/sim/recorder.ts';

const print = (seconds: number, size = 2) => ({ instrument: instrumentId(1), seconds, price: 3, size, aggressor: 'buy' as const });

describe('drawdown', () => {
  test('is the largest fall from the peak so far, for each agent of its own', () => {
    const recorder = new Recorder(2, 10);
    const a = [5, 3, 8, 1, 2, 9, 4];
    const b = [0, 1, 2, 3, 4, 5, 6];
    const falls = a.map((total, i) => {
      recorder.step(i, 100, 0, (agent) => (agent === 0 ? total : (b[i] ?? 0)));
      return recorder.maxDrawdown(0);
    });
    expect(falls).toEqual([0, 2, 2, 7, 7, 7, 7]);
    expect(recorder.maxDrawdown(1)).toBe(0);
  });

  test('counts from the opening: what is lost at once is a fall', () => {
    const recorder = new Recorder(1, 10);
    recorder.step(1, 100, 0, () => -4);
    recorder.step(2, 100, 0, () => -3);
    expect(recorder.maxDrawdown(0)).toBe(4);
    expect(recorder.maxDrawdown(5)).toBe(0);
  });
});

describe('history', () => {
  test.each([
    [5, 5],
    [480, 480],
    [481, 241],
    [7200, 480],
    [100_000, 479],
  ])('of %i steps keeps %i samples of the subject, evenly spread', (steps, samples) => {
    const recorder = new Recorder(3, steps);
    for (let step = 1; step <= steps; step += 1) recorder.step(step, 100, 1, (agent) => (agent === 1 ? step : -1));
    expect(recorder.history.length).toBeGreaterThanOrEqual(samples - 1);
    expect(recorder.history.length).toBeLessThanOrEqual(samples);
    const every = recorder.history[0]?.seconds ?? 0;
    recorder.history.forEach((sample, i) => {
      expect(sample).toEqual({ seconds: every * (i + 1), total: every * (i + 1) });
    });
  });
});

describe('realised vol', () => {
  test('is that of the moves per step over a year', () => {
    const recorder = new Recorder(1, 10);
    expect(recorder.realisedVol(1)).toBeUndefined();
    const moves = [0.01, -0.02, 0.03];
    let spot = 100;
    recorder.step(0, spot, 0, () => 0);
    expect(recorder.realisedVol(1)).toBeUndefined();
    moves.forEach((move, i) => {
      spot *= Math.exp(move);
      recorder.step(i + 1, spot, 0, () => 0);
    });
    // Mean square of the moves, times the steps in a year of 365 days.
    expect(recorder.realisedVol(60)).toBeCloseTo(Math.sqrt((0.0014 / 3) * 525_600), 10);
  });
});

describe('prints and lines', () => {
  test('options are counted with their units, the underlying is only listed', () => {
    const recorder = new Recorder(1, 10);
    recorder.print(print(1, 2), true);
    recorder.print(print(2, 0.5), true);
    recorder.print(print(3, 70), false);
    expect([recorder.prints, recorder.volume]).toEqual([2, 2.5]);
    expect(recorder.lastPrints.map(({ seconds }) => seconds)).toEqual([1, 2, 3]);
  });

  test('memory stays bounded, and the latest are kept in order', () => {
    const recorder = new Recorder(1, 10);
    for (let n = 1; n <= 5000; n += 1) {
      recorder.print(print(n), true);
      recorder.line(n, 'info', `line ${n}`);
      expect(recorder.lastPrints.length).toBeLessThanOrEqual(400);
      expect(recorder.log.length).toBeLessThanOrEqual(400);
      expect(recorder.log.at(-1)).toEqual({ seconds: n, kind: 'info', text: `line ${n}` });
    }
    expect(recorder.prints).toBe(5000);
    const last = recorder.lastPrints.map(({ seconds }) => seconds);
    expect(last.length).toBeGreaterThanOrEqual(200);
    expect(last).toEqual(Array.from({ length: last.length }, (_, i) => 5000 - last.length + 1 + i));
  });
});
