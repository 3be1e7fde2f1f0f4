import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { slopeWeight } from '../../src/pricing/factors.ts';
import { type EventPath, eventMinutes, eventMoves, SLOPE_PER_LOG_VOL } from '../../src/risk/event-path.ts';
import { EVENT_PATHS, eventPath, HISTORICAL_EVENTS } from '../../src/risk/historical-events.ts';

const named = (key: string): EventPath => {
  const event = eventPath(key);
  if (event === undefined) throw new Error(`no ${key}`);
  return event;
};

describe('the library', () => {
  test.each([...EVENT_PATHS])('$key runs from nothing, forward in time, through prices that can be', ({ key, path, slope, skew }) => {
    expect(key).toMatch(/^(spx|btc)-\d{4}-\d\d-\d\d$/);
    expect(path[0]?.slice(0, 2)).toEqual([0, 0]);
    path.forEach(([minutes, spotMove, vol], i) => {
      expect(minutes).toBeGreaterThan(path[i - 1]?.[0] ?? -1);
      expect(spotMove).toBeGreaterThan(-0.9);
      expect(vol).toBeGreaterThan(5);
      expect(vol).toBeLessThan(200);
    });
    // Vol rises where the slope falls: a sign that got lost would not.
    const rise = Math.sign((path.at(-1)?.[2] ?? 0) - (path[0]?.[2] ?? 0));
    if (slope !== undefined) expect(Math.sign(slope)).toBe(-rise);
    if (skew !== undefined) expect(Math.sign(skew)).toBe(-rise);
  });

  test('is in order of dates, each key once', () => {
    const days = EVENT_PATHS.map(({ key }) => key.slice(4));
    expect(days).toEqual([...days].sort());
    expect(new Set(EVENT_PATHS.map(({ key }) => key)).size).toBe(EVENT_PATHS.length);
    expect(eventPath('spx-1929-10-28')).toBeUndefined();
  });

  // Published figures, written down once more: moves of the spot to three decimals, closes of VXO and VIX, DVOL.
  test.each([
    ['spx-1987-10-19', -0.205, 36.4, 150.2],
    ['spx-2008-10-15', -0.09, 55.1, 69.3],
    ['spx-2015-08-24', -0.039, 28.0, 40.7],
    ['spx-2018-02-05', -0.041, 17.3, 37.3],
    ['btc-2020-03-12', 3782.13 / 7934.52 - 1, 60, 184],
    ['spx-2020-03-16', -0.12, 57.8, 82.7],
    ['btc-2021-05-19', 30_000 / 42_849.78 - 1, 117.0, 144.6],
    ['btc-2022-11-08', 15_591 / 20_591.13 - 1, 59.5, 122.0],
    ['btc-2024-08-04', 49_000 / 60_819.61 - 1, 51.8, 92.7],
    ['spx-2024-08-05', -0.03, 23.4, 38.6],
    ['spx-2025-04-04', -0.06, 30.0, 45.3],
    ['spx-2025-04-09', 0.095, 52.3, 33.6],
    ['btc-2026-02-05', 60_000 / 70_827.57 - 1, 56.1, 100],
  ])('%s ends where it did', (key, spotMove, before, after) => {
    const moves = eventMoves(named(key), eventMinutes(named(key)));
    expect(Math.expm1(moves.spot)).toBeCloseTo(spotMove, 3);
    expect(before * Math.exp(moves.level)).toBeCloseTo(after, 9);
    const shock = HISTORICAL_EVENTS.find(({ name }) => name === named(key).name);
    expect([shock?.volBefore, shock?.volAfter]).toEqual([before, after]);
    // The sudden shock of `volpit stress` is the end of the path, to the last bit.
    expect(moves.spot).toBe(Math.log1p(shock?.spotMove ?? 0));
    expect(moves.level).toBe(Math.log((shock?.volAfter ?? 0) / (shock?.volBefore ?? 1)));
  });
});

describe('moves on the way', () => {
  test('go through the way-points, in straight lines of logs', () => {
    for (const event of EVENT_PATHS) {
      event.path.forEach(([minutes, spotMove, vol], i) => {
        const here = eventMoves(event, minutes);
        expect(Math.expm1(here.spot)).toBeCloseTo(spotMove, 12);
        expect((event.path[0]?.[2] ?? 0) * Math.exp(here.level)).toBeCloseTo(vol, 9);
        const last = event.path[i - 1];
        if (last === undefined) return;
        const before = eventMoves(event, last[0]);
        const middle = eventMoves(event, (last[0] + minutes) / 2);
        expect(middle.spot).toBeCloseTo((before.spot + here.spot) / 2, 12);
        expect(middle.level).toBeCloseTo((before.level + here.level) / 2, 12);
      });
    }
  });

  test('of slope and skew go with ln vol, up to their own totals', () => {
    const event = named('spx-2018-02-05');
    const end = eventMoves(event, 405);
    expect(end.slopePerVol).toBeCloseTo(-19.7 / 17.3, 12);
    expect(end.skew).toBe(-0.11);
    const noon = eventMoves(event, 341);
    expect(noon.skew / end.skew).toBeCloseTo(Math.log(30 / 17.3) / Math.log(37.3 / 17.3), 12);
    expect(noon.slopePerVol / end.slopePerVol).toBeCloseTo(noon.skew / end.skew, 12);
    const unrecorded = eventMoves(named('spx-2025-04-09'), 390);
    expect(unrecorded.slopePerVol).toBeCloseTo(SLOPE_PER_LOG_VOL * Math.log(33.6 / 52.3), 12);
    expect(unrecorded.skew).toBe(0);
  });

  test('are nothing at the start, and not defined beyond the end', () => {
    for (const event of EVENT_PATHS) {
      for (const move of Object.values(eventMoves(event, 0))) expect(Math.abs(move)).toBe(0);
      expect(() => eventMoves(event, eventMinutes(event) + 1)).toThrow(InvariantError);
    }
  });

  test('the estimate of a slope is the middle of those that were recorded', () => {
    const recorded = EVENT_PATHS.filter(({ slope, key }) => slope !== undefined && key.startsWith('spx')).map((event) => {
      const { slopePerVol, level } = eventMoves(event, eventMinutes(event));
      return slopePerVol / level;
    });
    expect(recorded.length).toBe(7);
    expect(Math.min(...recorded)).toBeGreaterThan(-1.6);
    expect(Math.max(...recorded)).toBeLessThan(-0.7);
    expect(recorded.sort((a, b) => a - b)[3]).toBeCloseTo(SLOPE_PER_LOG_VOL, 1);
  });
});

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const here = existsSync(DATA);
if (!here) console.warn('skipped: ../shared/data is absent, paths are not compared with the series they were taken from');

/** Rows of a file by their first column. */
function rows(file: string): { readonly days: readonly string[]; readonly byDay: ReadonlyMap<string, readonly number[]> } {
  if (!here) return { days: [], byDay: new Map() };
  const lines = readFileSync(`${DATA}${file}`, 'utf8').trim().split(/\r?\n/).slice(1);
  const table = lines.map((line): [string, number[]] => {
    const [day = '', ...values] = line.split(',');
    return [day, values.map(Number)];
  });
  return { days: table.map(([day]) => day), byDay: new Map(table) };
}

describe.runIf(here)('against the series', () => {
  const vix = rows('cboe-vol-indices/vix.csv');
  const covered = EVENT_PATHS.filter(({ key }) => key.startsWith('spx') && vix.byDay.has(key.slice(4)) && key > 'spx-1990');

  test.each(covered)('$key: VIX from close to close, inside its day', ({ key, path }) => {
    const day = key.slice(4);
    const [, high = 0, low = 0, close = 0] = vix.byDay.get(day) ?? [];
    const before = vix.byDay.get(vix.days[vix.days.indexOf(day) - 1] ?? '')?.[3] ?? 0;
    expect(path[0]?.[2]).toBeCloseTo(before, 0);
    expect(Math.abs((path[0]?.[2] ?? 0) - before)).toBeLessThan(0.051);
    expect(Math.abs((path.at(-1)?.[2] ?? 0) - close)).toBeLessThan(0.051);
    for (const [, , vol] of path.slice(1)) {
      expect(vol).toBeLessThan(high + 0.051);
      expect(vol).toBeGreaterThan(low - 0.051);
    }
  });

  test.each(covered)('$key: the slope of VIX against the indices of three and six months', (event) => {
    const day = event.key.slice(4);
    const slopes = [vix.days[vix.days.indexOf(day) - 1] ?? '', day].map((date) => {
      const near = vix.byDay.get(date)?.[3] ?? 0;
      const terms = [
        ['vix3m', 93],
        ['vix6m', 184],
      ] as const;
      const far = terms.flatMap(([name, days]) => {
        const close = rows(`cboe-vol-indices/${name}.csv`).byDay.get(date)?.[3];
        return close === undefined ? [] : [{ weight: slopeWeight(days / 365), over: close - near }];
      });
      const square = far.reduce((sum, { weight }) => sum + weight * weight, 0);
      return far.reduce((sum, { weight, over }) => sum + weight * over, 0) / square;
    });
    expect((slopes[1] ?? 0) - (slopes[0] ?? 0)).toBeCloseTo(event.slope ?? 0, 0);
    expect(Math.abs((slopes[1] ?? 0) - (slopes[0] ?? 0) - (event.slope ?? 0))).toBeLessThan(0.06);
  });

  test('5 Feb 2018 and others: prices of the S&P 500, from close to close, inside their day', () => {
    const prices = rows('sp500-ohlcv-1999-2018/sp500_ohlcv.csv');
    for (const [key, day] of [
      ['spx-2008-09-29', '9/29/2008'],
      ['spx-2008-10-15', '10/15/2008'],
      ['spx-2011-08-08', '8/8/2011'],
      ['spx-2015-08-24', '8/24/2015'],
      ['spx-2018-02-05', '2/5/2018'],
    ] as const) {
      const [, high = 0, low = 0, close = 0] = prices.byDay.get(day) ?? [];
      const before = prices.byDay.get(prices.days[prices.days.indexOf(day) - 1] ?? '')?.[3] ?? 0;
      const { path } = named(key);
      expect(path.at(-1)?.[1]).toBeCloseTo(close / before - 1, 3);
      for (const [, move] of path) {
        expect(move).toBeLessThan(Math.max(high, before) / before - 1 + 0.0006);
        expect(move).toBeGreaterThan(low / before - 1 - 0.0006);
      }
    }
  });

  test.each([
    ['btc-2021-05-19', '2021-05-19T00:00:00Z'],
    ['btc-2022-11-08', '2022-11-08T00:00:00Z'],
    ['btc-2024-08-04', '2024-08-04T07:00:00Z'],
  ])('%s: DVOL by the hour, and its high at the end', (key, start) => {
    const file = readFileSync(`${DATA}deribit-dvol-btc-hourly/btc_dvol_hourly.csv`, 'utf8').trim().split(/\r?\n/);
    const first = file.findIndex((line) => line.split(',')[1] === start);
    const { path } = named(key);
    expect(first).toBeGreaterThan(0);
    path.forEach(([minutes, , vol], i) => {
      const [, , , high, , close] = (file[first - 1 + Math.ceil(minutes / 60)] ?? '').split(',').map(Number);
      expect(Math.abs(vol - ((i === path.length - 1 ? high : close) ?? 0))).toBeLessThan(0.051);
    });
  });
});
