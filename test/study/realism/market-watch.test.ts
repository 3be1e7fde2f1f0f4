import { describe, expect, test } from 'vitest';
import { inverseNormalCdf } from '../../../src/core/special.ts';
import { NANOS_PER_SECOND } from '../../../src/core/units.ts';
import { REMOVAL } from '../../../src/exchange/trace-codes.ts';
import { TRACE } from '../../../src/kernel/trace.ts';
import { FactorSurface } from '../../../src/pricing/factors.ts';
import { forecasterCatalog } from '../../../src/sim/forecasters.ts';
import { givenBack, quotedGivenBack } from '../../../src/study/realism/adverse-facts.ts';
import { ConstantMaturity } from '../../../src/study/realism/constant-maturity.ts';
import { MarketWatch } from '../../../src/study/realism/market-watch.ts';
import { OrderLives } from '../../../src/study/realism/order-lives.ts';
import { RemarkTimes, type Touch } from '../../../src/study/realism/remark-times.ts';
import { SpreadCapture } from '../../../src/study/realism/spread-capture.ts';
import { finished, tinyScenario } from '../../support/tiny.ts';

describe('a watched run', () => {
  // Narrow enough to trade a lot.
  const scenario = tinyScenario(['agents.maker.widthMultiplier=0.85']);
  const watch = new MarketWatch(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []) });
  watch.advance(100.3);
  watch.advance(scenario.durationSeconds);
  const samples = watch.samples();
  const alone = finished(scenario);

  test('is the same run', () => {
    expect(watch.simulation.done).toBe(true);
    expect(watch.simulation.trace.hash()).toBe(alone.trace.hash());
  });

  test('has a sample a minute, and as many prints and contracts as its own records', () => {
    expect(samples.minutes).toHaveLength(5);
    expect(samples.minutes.map((minute) => minute.regime).at(-1)).toBe('stressed');
    expect(samples.prints).toHaveLength(alone.records.recorder.prints);
    expect(samples.prints.reduce((sum, print) => sum + print.size, 0)).toBeCloseTo(alone.records.recorder.volume, 9);
    expect(samples.prints.every((print) => print.vega > 0)).toBe(true);
    expect(samples.volumes.map(({ contracts }) => contracts)).toEqual(samples.prints.map((print) => print.size));
    expect(samples.volumes.every(({ delta, tenor }) => delta > 0 && delta < 1 && samples.tenors.includes(tenor))).toBe(true);
    expect(new Set(samples.volumes.map(({ right }) => right))).toEqual(new Set(['call', 'put']));
  });

  test('keeps what the records of markouts say, on the fills of quotes', () => {
    const kept = new Map(samples.markouts.map((row) => [`${row.seconds} ${row.counterparty}`, row.kept]));
    const recorded = alone.records.markouts.summaries();
    expect(recorded.length).toBeGreaterThan(3);
    for (const { seconds, counterparty, hedged, contracts } of recorded) {
      expect([seconds, counterparty, kept.get(`${seconds} ${counterparty}`)]).toEqual([
        seconds,
        counterparty,
        expect.closeTo(hedged * contracts, 6) as number,
      ]);
    }
  });

  test('the sides of prints are those that the records saw', () => {
    const recorded = alone.records.recorder.lastPrints.filter((print) => print.instrument !== 0).map((print) => print.aggressor);
    expect(samples.prints.slice(-recorded.length).map((print) => (print.sign > 0 ? 'buy' : 'sell'))).toEqual(recorded);
  });

  test('its screens have widths, sizes and both sides', () => {
    expect(samples.spreads['2-10 d'].length).toBeGreaterThan(5);
    expect(Math.min(...samples.spreads['2-10 d'], ...samples.spreads['10-45 d'])).toBeGreaterThan(0);
    expect(samples.wingSpreads['2-10 d'].length + samples.wingSpreads['10-45 d'].length).toBeGreaterThan(5);
    // Screens are two-sided nearly always, so that nearly every fill has a mid; customers pay a half-spread on top of it.
    const fills = samples.markouts.filter(({ seconds }) => seconds === 1);
    expect(fills.reduce((all, row) => all + row.quoted, 0)).toBeGreaterThan(0);
    expect(samples.twoSided).toBeLessThanOrEqual(samples.looks);
    expect(samples.touchSizes.length).toBeGreaterThan(10);
    expect(samples.remarks.length).toBeGreaterThan(5);
    expect(samples.cancelledLives.length).toBeGreaterThan(100);
  });
});

test('what a fast sniper takes is more than the spread that the screen showed, though none is captured by the fair value', () => {
  // Jumps of 0.6 % within a second, which the quotes take 60 ms each way to follow.
  const jumps = Array.from({ length: 9 }, (_, n) => `{ at: ${20 + 30 * n} s, over: 1 s, spotReturn: ${n % 2 === 0 ? -0.006 : 0.006} }`);
  const slow = '{ orderMillis: 60, dataMillis: 60 }';
  const scenario = tinyScenario([
    `world.timeline=[${jumps.join(', ')}]`,
    `agents.maker.latency=${slow}`,
    `agents.rivals.latency=${slow}`,
    'agents.sniper={ kind: sniper, latency: { orderMillis: 0.2, dataMillis: 0.2 } }',
  ]);
  const watch = new MarketWatch(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []) });
  watch.advance(scenario.durationSeconds);
  const samples = watch.samples();
  const picked = samples.markouts.find(({ counterparty, seconds }) => counterparty === 'sniper' && seconds === 10);
  expect(picked?.captured).toBeLessThan(0);
  expect(picked?.quoted).toBeGreaterThan(0);
  expect(givenBack(samples, 10, 'sniper')).toBeUndefined();
  expect(quotedGivenBack(samples, 10, 'sniper')).toBeGreaterThan(1);
});

describe('lives of orders', () => {
  const at = (seconds: number): number => seconds * NANOS_PER_SECOND;

  test('end with a cancellation or a replacement, not with a fill, an expiry or a reduction', () => {
    const lives = new OrderLives();
    for (const order of [1, 2, 3, 4, 5]) lives.onRecord(TRACE.accepted, at(1), 7, 0, order, 100, 10, order === 2 ? 1 : 0);
    expect([lives.sells(1), lives.sells(2), lives.sells(9)]).toEqual([false, true, undefined]);
    lives.onRecord(TRACE.removed, at(3), 7, 0, 1, 100, 10, REMOVAL.cancelled);
    lives.onRecord(TRACE.hit, at(3), 7, 0, 2, 100, 10, 0);
    lives.onRecord(TRACE.removed, at(4), 7, 0, 3, 100, 10, REMOVAL.expired);
    lives.onRecord(TRACE.removed, at(4), 7, 0, 4, 100, 6, REMOVAL.cancelled);
    expect(lives.cancelled).toEqual([2]);
    lives.onRecord(TRACE.hit, at(5), 7, 0, 4, 100, 1, 0);
    lives.onRecord(TRACE.removed, at(6.5), 7, 0, 4, 100, 3, REMOVAL.replaced);
    expect(lives.cancelled).toEqual([2, 5.5]);
    expect([lives.sells(1), lives.sells(2), lives.sells(4), lives.sells(5)]).toEqual([undefined, undefined, undefined, false]);
  });

  test('of the underlying do not count, nor of orders that never rested', () => {
    const lives = new OrderLives();
    lives.onRecord(TRACE.accepted, 0, 0, 0, 1, 100, 10, 0);
    lives.onRecord(TRACE.removed, at(1), 0, 0, 1, 100, 10, REMOVAL.cancelled);
    lives.onRecord(TRACE.removed, at(1), 7, 0, 2, 100, 10, REMOVAL.cancelled);
    expect(lives.cancelled).toEqual([]);
  });
});

test('a quote keeps its capture less what the hedged value moves against it', () => {
  const capture = new SpreadCapture(0.5);
  const fill = {
    counterparty: 'customers',
    instrument: 3,
    sign: 1,
    units: 2,
    price: 9,
    fair: 10,
    mid: 9.5,
    delta: 0.5,
    vega: 3,
    spot: 100,
    step: 4,
  } as const;
  capture.note(fill);
  capture.step(5, 100, () => 10);
  expect(capture.samples()).toEqual([]);
  // A second later the spot is up by 4, and the value by 1 only: a delta of a half had made it 2.
  capture.step(6, 104, () => 11);
  expect(capture.samples()).toEqual([{ counterparty: 'customers', seconds: 1, vega: 3, captured: 2, kept: 0, quoted: 1, keptOfQuoted: 0 }]);
  capture.settled(3);
  capture.step(1000, 104, () => 11);
  expect(capture.samples()).toHaveLength(1);
});

test('a book is watched from the end of a window to its first change', () => {
  const times = new RemarkTimes();
  let touch: Touch = { bid: 10, ask: 12 };
  const step = (seconds: number, spot: number) =>
    times.step(
      seconds,
      spot,
      () => touch,
      () => [1],
    );
  for (let seconds = 0; seconds < 30; seconds += 1) step(seconds, 100 + seconds / 300);
  touch = { bid: 10, ask: 13 };
  step(30, 100.1);
  for (let seconds = 31; seconds < 37; seconds += 1) step(seconds, 100.1);
  touch = { bid: 11, ask: 13 };
  step(37, 100.1);
  expect(times.samples).toEqual([{ moveBasisPoints: expect.closeTo(9.995, 3) as number, seconds: 7 }]);
});

describe('constant maturities', () => {
  const surface = new ConstantMaturity();

  test('at 30 days the at-the-money vol is that of the level', () => {
    surface.update([Math.log(0.5), 0.05, -0.2, -0.05]);
    const [week, month, quarter] = surface.atmVols;
    expect(month).toBeCloseTo(0.5, 12);
    expect(week).toBeLessThan(month);
    expect(quarter).toBeGreaterThan(month);
  });

  test('the skew is between the vols at which the two deltas are a quarter, by bisection', () => {
    surface.update([Math.log(0.5), 0.05, -0.2, -0.05]);
    const years = 30 / 365;
    const smile = new FactorSurface([{ years, levelRatio: 1, rhoOffset: 0, etaRatio: 1 }]);
    smile.update([Math.log(0.5), 0.05, -0.2, -0.05], 0);
    const volAtD1 = (target: number): number => {
      let [low, high] = [-1, 1];
      for (let i = 0; i < 60; i += 1) {
        const k = (low + high) / 2;
        const total = smile.vol(0, k) * Math.sqrt(years);
        if (-k / total + total / 2 > target) low = k;
        else high = k;
      }
      return smile.vol(0, low);
    };
    const quarter = inverseNormalCdf(0.75);
    expect(surface.skew).toBeGreaterThan(0.02);
    expect(surface.skew).toBeCloseTo(volAtD1(quarter) - volAtD1(-quarter), 9);
  });

  test('a flat smile has no skew', () => {
    surface.update([Math.log(0.5), 0, 0, -9]);
    expect(Math.abs(surface.skew)).toBeLessThan(1e-4);
  });
});
