import { describe, expect, test } from 'vitest';
import type { ChainQuote, ChainSnapshot } from '../../../src/calibration/chain-snapshot.ts';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { blackPrice, greeks } from '../../../src/pricing/black-scholes.ts';
import { bookSamples, type RecordedMessage } from '../../../src/study/realism/book-samples.ts';
import { chainSamples } from '../../../src/study/realism/chain-samples.ts';
import { factValues } from '../../../src/study/realism/facts.ts';
import { joinedSamples } from '../../../src/study/realism/joined-samples.ts';
import { NO_SAMPLES } from '../../../src/study/realism/market-samples.ts';
import { type RecordedTrade, tradeSamples } from '../../../src/study/realism/trade-samples.ts';
import { type PanelRow, VolPanel } from '../../../src/study/realism/vol-panel.ts';

const DAY = 86_400;

describe('a tape of trades', () => {
  const trade = (seconds: number, side: 'buy' | 'sell', size: number): RecordedTrade => ({ seconds, side, size });

  test('trades at one time on one side are matches of one order', () => {
    const { prints, simulatedSeconds } = tradeSamples([
      trade(100, 'buy', 1),
      trade(100, 'buy', 2),
      trade(100, 'sell', 4),
      trade(160, 'sell', 8),
    ]);
    expect(prints.map(({ seconds, takerOrder, size, sign }) => [seconds, takerOrder, size, sign])).toEqual([
      [0, 1, 1, 1],
      [0, 1, 2, 1],
      [0, 2, 4, -1],
      [60, 3, 8, -1],
    ]);
    expect(simulatedSeconds).toBe(60);
    expect(tradeSamples([])).toEqual(NO_SAMPLES);
  });

  test('has vega and places only where every trade says what it was in', () => {
    const option = { strike: 100, right: 'put', years: 30 / 365, vol: 0.5, spot: 100 } as const;
    const { prints, volumes, tenors } = tradeSamples([{ ...trade(0, 'buy', 2), option }]);
    const { vega, delta } = greeks(option, { spot: 100, vol: 0.5, rate: 0, yield: 0 });
    expect(prints[0]?.vega).toBeCloseTo((2 * vega) / 100, 12);
    expect(volumes).toEqual([{ contracts: 2, right: 'put', delta: -delta, tenor: '10-45 d' }]);
    expect(tenors).toEqual(['10-45 d']);
    const mixed = tradeSamples([{ ...trade(0, 'buy', 2), option }, trade(1, 'sell', 3)]);
    expect([mixed.prints.map((print) => print.vega), mixed.volumes]).toEqual([[2, 3], []]);
  });

  test('says nothing of books', () => {
    const facts = factValues(tradeSamples(Array.from({ length: 50 }, (_, i) => trade(i, i % 2 === 0 ? 'buy' : 'sell', 1))));
    expect(Object.keys(facts)).toContain('trade-sign-autocorrelation-1');
    for (const name of ['cancels-per-trade', 'two-sided', 'return-kurtosis', 'volume-puts']) expect(facts).not.toHaveProperty(name);
  });
});

test('a book gives mids by the minute, lives, cancellations and trades', () => {
  const at = (seconds: number, kind: RecordedMessage['kind'], order: number, lots: number, side: 'buy' | 'sell'): RecordedMessage => ({
    seconds,
    kind,
    order,
    lots,
    side,
  });
  const messages = [
    at(0, 'submission', 1, 300, 'buy'),
    at(10, 'submission', 2, 100, 'sell'),
    at(15, 'deletion', 2, 100, 'sell'),
    at(20, 'deletion', 99, 100, 'sell'),
    at(70, 'execution', 1, 100, 'buy'),
    at(70, 'execution', 1, 100, 'buy'),
    at(70, 'execution', 7, 100, 'sell'),
    at(200, 'hidden', 0, 50, 'buy'),
  ];
  const mids = [undefined, 10, 11, undefined, 12, 12, 13, 14];
  const samples = bookSamples(messages, (row) => mids[row], 100);
  // At 60 s, 120 s and 180 s; a side that is empty for a while leaves the last mid.
  expect(samples.spots).toEqual([11, 13, 13]);
  expect([samples.cancels, samples.cancelledLives]).toEqual([2, [5]]);
  expect(samples.prints.map(({ seconds, takerOrder, size, sign }) => [seconds, takerOrder, size, sign])).toEqual([
    [70, 1, 1, -1],
    [70, 1, 1, -1],
    [70, 2, 1, 1],
  ]);
  expect(samples.simulatedSeconds).toBe(200);
});

describe('a quoted chain', () => {
  /** Quotes at a flat vol, half a vol point either side, one side missing far up. */
  function quotesAt(days: number, vol: number): ChainQuote[] {
    const years = days / 365;
    return Array.from({ length: 41 }, (_, i) => 80 + i).flatMap((strike) =>
      (['call', 'put'] as const).map((right): ChainQuote => {
        const price = (v: number): number => blackPrice(right, 100, strike, v * Math.sqrt(years));
        const base = { expiry: `in ${days} d`, label: `${days}d`, years, strike, right, forwardHint: 100, volume: right === 'put' ? 3 : 1 };
        return { ...base, bid: price(vol - 0.005), ...(strike === 103 && right === 'call' ? {} : { ask: price(vol + 0.005) }) };
      }),
    );
  }
  const snapshot: ChainSnapshot = {
    ...{ source: 'made up', symbol: 'X', at: '2026-01-02T00:00:00Z', index: 100, venue: 'nowhere', settlement: 'dollar' },
    quotes: [5, 20, 40, 100].flatMap((days) => quotesAt(days, days === 100 ? 0.25 : 0.2)),
  };
  const samples = chainSamples([{ snapshot, seconds: 0 }]);
  const values = factValues(samples);

  test('shows a spread of one vol point at every tenor, and in the wings', () => {
    for (const name of ['spread 2-10 d', 'spread 10-45 d', 'spread >45 d'])
      expect([name, values[name]]).toEqual([name, expect.closeTo(1, 2)]);
    expect(values['wing-spread']).toBeCloseTo(1, 2);
    expect(values['spread-tail 10-45 d']).toBeCloseTo(1, 2);
    expect(values).not.toHaveProperty('spread <2 d');
  });

  test('counts sides and contracts', () => {
    // One option of each expiry has no offer; it is near the money at all of them but the shortest, where it still has a delta of 0.1.
    expect(samples.looks - samples.twoSided).toBeGreaterThanOrEqual(3);
    expect(values['two-sided']).toBeCloseTo(samples.twoSided / samples.looks, 12);
    expect(values['volume-puts']).toBeCloseTo(0.75, 12);
    expect(values['volume-2-10 d']).toBeCloseTo(1 / 3, 12);
  });

  test('has a surface at constant maturities: flat in strike, rising in time', () => {
    // The vol at the mid of two prices is not quite that between them.
    expect(values['skew-level']).toBeCloseTo(0, 3);
    // Total variance along a straight line from 40 to 100 days.
    const variance = 0.04 * (40 / 365) + (50 / 60) * ((0.0625 * 100 - 0.04 * 40) / 365);
    expect(values['term-slope']).toBeCloseTo(Math.log(Math.sqrt(variance / (90 / 365)) / 0.2), 4);
  });

  test('a smile that falls in strike has a positive skew, between the vols of the two deltas', () => {
    const falling = snapshot.quotes.map((quote): ChainQuote => {
      const stdev = (0.2 - 0.4 * Math.log(quote.strike / 100)) * Math.sqrt(quote.years);
      const price = blackPrice(quote.right, 100, quote.strike, stdev);
      return { ...quote, bid: 0.999 * price, ask: 1.001 * price };
    });
    const level = factValues(chainSamples([{ snapshot: { ...snapshot, quotes: falling }, seconds: 0 }]))['skew-level'] ?? 0;
    // k of the two deltas at 30 days is about ±0.674 · 0.2 · √(30/365); the vol falls by 0.4 per unit of it.
    expect(level / ((2 * 0.674 * 0.2 * Math.sqrt(30 / 365) * 0.4) / 0.2)).toBeCloseTo(1, 1);
  });

  test('an indicative quote that interests nobody is not looked at', () => {
    const idle = snapshot.quotes.map((quote) => ({ ...quote, ...(quote.strike === 102 ? { volume: 0 } : {}) }));
    const less = chainSamples([{ snapshot: { ...snapshot, indicative: true, quotes: idle }, seconds: 0 }]);
    expect(less.looks).toBeLessThan(samples.looks);
  });
});

describe('vols over time', () => {
  const rng = streams('1').stream('panel');
  const factors = { week: 3, month: 2, quarter: 1 };
  /** Log vols with one common shock, a spot that falls when they rise, and a gap. */
  function rows(count: number, stepDays: (i: number) => number): PanelRow[] {
    let [seconds, level, log] = [0, 0, Math.log(100)];
    return Array.from({ length: count }, (_, i) => {
      const days = i === 0 ? 0 : stepDays(i);
      const shock = normal(rng);
      seconds += days * DAY;
      level += 0.01 * shock * Math.sqrt(days);
      log -= 0.02 * shock * Math.sqrt(days);
      const vol = (factor: number): number => 0.5 * Math.exp(factor * level);
      const vols = { week: vol(factors.week), month: vol(factors.month), quarter: vol(factors.quarter) };
      return { seconds, spot: Math.exp(log), ...vols, skew: 0.05 + level };
    });
  }

  test('changes are put on one scale by the square root of time, and a long gap is left out', () => {
    const panel = new VolPanel(rows(4000, (i) => (i === 500 ? 40 : i % 2 === 0 ? 0.2 : 0.3)));
    const values = factValues({ ...NO_SAMPLES, panel });
    expect(values['atm-vol-spot-correlation']).toBeCloseTo(-1, 9);
    expect(values['vol-of-vol-term']).toBeCloseTo(3, 9);
    for (const name of ['atm-vol-sd-calm', 'atm-vol-sd-normal', 'atm-vol-sd-stressed']) {
      expect([name, (values[name] ?? 0) / 0.02]).toEqual([name, expect.closeTo(1, 1)]);
    }
    expect((values['skew-sd'] ?? 0) / 0.01).toBeCloseTo(1, 1);
    expect(values['first-component']).toBeGreaterThan(0.98);
    const level = panel.rows.reduce((sum, { month = 0 }) => sum + month, 0) / panel.rows.length;
    expect(((values['vol-premium'] ?? 0) / level) * 0.02 * Math.sqrt(365)).toBeCloseTo(1, 1);
  });

  test('daily rows without weekends count in trading days', () => {
    const daily = new VolPanel(rows(2000, (i) => (i % 5 === 0 ? 3 : 1)));
    expect(daily.daysPerYear).toBe(252);
    // The shock over a weekend was three days long, and is one trading day here.
    expect((daily.skewSd() ?? 0) / 0.01).toBeCloseTo(Math.sqrt((4 + 3) / 5), 1);
    expect(new VolPanel(rows(50, () => 1)).daysPerYear).toBe(365);
  });

  test('rows without a field are passed over, and few of them show nothing', () => {
    const whole = rows(100, () => 0.25);
    const gaps = whole.map(({ week: _, ...row }, i) => (i < 50 ? row : (whole[i] ?? row)));
    expect(new VolPanel(gaps).volOfVolTerm()).toBeCloseTo(3, 9);
    expect(new VolPanel(whole.map(({ week: _, ...row }) => row)).volOfVolTerm()).toBeUndefined();
    expect(new VolPanel(whole.slice(0, 20)).spotCorrelation()).toBeUndefined();
    expect(new VolPanel(whole.slice(0, 20)).termSlope()).toBeDefined();
    expect(factValues({ ...NO_SAMPLES, panel: new VolPanel([]) })).toEqual({});
  });
});

test('of several parts each kind is taken from the first that has it, and the longest panel', () => {
  const [short, long] = [1, 3].map((count) => new VolPanel(Array.from({ length: count }, (_, i) => ({ seconds: i, month: 0.5 }))));
  const prints = tradeSamples([{ seconds: 0, side: 'buy', size: 1 }]).prints;
  const others = tradeSamples([{ seconds: 0, side: 'sell', size: 9 }]).prints;
  if (short === undefined || long === undefined) throw new Error('two panels were made');
  const joined = joinedSamples([
    { ...NO_SAMPLES, prints, simulatedSeconds: 5, panel: short },
    { ...NO_SAMPLES, prints: others, simulatedSeconds: 7, panel: long, cancels: 0 },
  ]);
  expect([joined.prints, joined.simulatedSeconds, joined.panel, joined.cancels]).toEqual([prints, 5, long, 0]);
  expect(joinedSamples([])).toEqual(NO_SAMPLES);
});
