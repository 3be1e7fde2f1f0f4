import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exponential } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { FACT_GROUPS } from '../../../src/study/realism/fact.ts';
import { FACTS, factsOf, factValues } from '../../../src/study/realism/facts.ts';
import {
  type MarketSamples,
  type MinuteSample,
  NO_SAMPLES,
  tenorBucket,
  type VolumeSample,
} from '../../../src/study/realism/market-samples.ts';
import { realism } from '../../../src/study/realism/realism.ts';
import { bandText, realismText } from '../../../src/study/realism/realism-text.ts';
import { leverage } from '../../../src/study/realism/return-facts.ts';

const EMPTY: MarketSamples = { ...NO_SAMPLES, simulatedSeconds: 7200 };

/** Log spot and log vol move against each other, by ±1 bp and ∓10 bp, in an irregular order. */
function minutes(count: number, regimeOf: (i: number) => string): MinuteSample[] {
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    at += (i * i * 7 + i) % 11 < 5 ? -1 : 1;
    const vol = 0.5 * Math.exp(-at / 1000);
    return { regime: regimeOf(i), spot: 70_000 * Math.exp(at / 10_000), atmVols: [vol, vol, vol], skew: 0.02 + at / 10_000 };
  });
}

const one = (samples: Partial<MarketSamples>) => factValues({ ...EMPTY, ...samples });

describe('facts', () => {
  test('each has its own name, and for some market a source and a band that is not empty', () => {
    expect(new Set(FACTS.map((fact) => fact.name)).size).toBe(FACTS.length);
    expect([...new Set(FACTS.map((fact) => fact.group))]).toEqual([...FACT_GROUPS]);
    for (const { name, targets, about } of FACTS) {
      expect([name, about.length > 5, Object.keys(targets).length > 0]).toEqual([name, true, true]);
      for (const { band, source } of Object.values(targets)) {
        expect([name, source.length > 5]).toEqual([name, true]);
        expect([name, (band.low ?? Number.NEGATIVE_INFINITY) < (band.high ?? Number.POSITIVE_INFINITY)]).toEqual([name, true]);
        expect(band).not.toEqual({});
      }
    }
  });

  test.each(['btc', 'index'] as const)('of %s there are at least 25, at least 12 of them computed from data', (preset) => {
    const facts = factsOf(preset);
    expect(facts.length).toBeGreaterThanOrEqual(25);
    expect(facts.filter(({ target }) => target.evidence === 'measured').length).toBeGreaterThanOrEqual(12);
    expect([...new Set(facts.map((fact) => fact.group))]).toEqual([...FACT_GROUPS]);
  });

  test('what is not known of a market is left out there', () => {
    expect(factsOf('btc').map(({ name }) => name)).toContain('touch-size');
    expect(factsOf('index').map(({ name }) => name)).not.toContain('touch-size');
    expect(realism('index', [{ 'touch-size': 20 }]).map(({ name }) => name)).not.toContain('touch-size');
    expect(realism('index', [{ leverage: -0.25 }]).find(({ name }) => name === 'leverage')?.verdict).toBe('inside');
    expect(realism('btc', [{ leverage: -0.25 }]).find(({ name }) => name === 'leverage')?.verdict).toBe('outside');
  });

  test('a run without anything shows that there were no prints, and nothing else', () => {
    expect(one({})).toEqual({ 'prints-per-hour': 0 });
  });

  test('returns and vols', () => {
    const values = one({ minutes: minutes(121, () => 'calm') });
    expect(values['atm-vol-spot-correlation']).toBeCloseTo(-1, 9);
    expect(values['first-component']).toBeCloseTo(1, 9);
    // Of ups and downs of one size, a share p of them ups.
    const ups = minutes(121, () => '').filter((minute, i, all) => i > 0 && minute.spot > (all[i - 1]?.spot ?? 0)).length;
    const p = ups / 120;
    expect(values['return-kurtosis']).toBeCloseTo(1 / (p * (1 - p)) - 6, 6);
    expect(values).not.toHaveProperty('atm-vol-sd-normal');
  });

  test('leverage is negative where falls are followed by large moves, and its mirror image where rises are', () => {
    // A fall, five moves of size 3, a rise, five moves of size 1/3, and again; the moves between sum to little.
    const cycle = [-2, 3, -3, 3, -3, 3, 2, 0.3, -0.3, 0.3, -0.3, 0.3];
    const returns = Array.from({ length: 20 }, () => cycle).flat();
    const falls = leverage(returns) ?? 0;
    expect(falls).toBeLessThan(-0.2);
    expect(leverage(returns.map((value) => -value))).toBeCloseTo(-falls, 12);
    expect(leverage([1, 2, 3])).toBeUndefined();
  });

  test('the sd of a regime is scaled to a day from ten minutes inside it', () => {
    const climbing = Array.from({ length: 100 }, (_, i): MinuteSample => {
      const vol = 0.5 * Math.exp(0.001 * i);
      return { regime: i < 60 ? 'calm' : 'stressed', spot: 1, atmVols: [vol, vol, vol], skew: 0.0001 * i };
    });
    const values = one({ minutes: climbing });
    expect(values['atm-vol-sd-calm']).toBeCloseTo(0.01 * 12, 9);
    // The last forty minutes hold thirty stretches of ten minutes.
    expect(values['atm-vol-sd-stressed']).toBeCloseTo(0.01 * 12, 9);
    expect(values['skew-sd']).toBeCloseTo(0.001 * 12, 9);
    // An index has 252 days a year: one of them lasts longer.
    expect(one({ minutes: climbing, daysPerYear: 252 })['atm-vol-sd-calm']).toBeCloseTo(0.01 * 12 * Math.sqrt(365 / 252), 9);
    expect(one({ minutes: climbing.slice(0, 90) })).not.toHaveProperty('atm-vol-sd-stressed');
  });

  test('screen and books', () => {
    const prints = Array.from({ length: 41 }, (_, i) => ({
      seconds: i * 100,
      takerOrder: i,
      size: i,
      sign: 1 as const,
      vega: 1,
    }));
    const remarks = [...[1, 2, 3, 4, 5].map((seconds) => ({ moveBasisPoints: 6, seconds })), { moveBasisPoints: 4.9, seconds: 100 }];
    const values = one({
      prints,
      remarks,
      spreads: { ...EMPTY.spreads, '2-10 d': [1, 2, 30] },
      touchSizes: [1, 9, 5],
      looks: 10,
      twoSided: 9,
      cancelledLives: [1, 2, 3, 4],
      cancels: 4,
    });
    expect(values).toMatchObject({
      'spread 2-10 d': 2,
      'touch-size': 5,
      'prints-per-hour': 20.5,
      'trade-size-p50': 20,
      'trade-size-p90': 36,
      'trade-size-p99': 39.6,
      're-mark-5bp': 3,
      'order-life': 2.5,
      'cancels-per-trade': 4 / 41,
      'two-sided': 0.9,
    });
    expect(values).not.toHaveProperty('spread <2 d');
    expect(values).not.toHaveProperty('re-mark-12bp');
  });

  const unquoted = { quoted: 0, keptOfQuoted: 0, vega: 1 };

  test('where the surface stands, and how its terms move', () => {
    const path = Array.from({ length: 121 }, (_, i): MinuteSample => {
      const move = (i * i) % 7 < 3 ? 0.01 : -0.01;
      return {
        regime: '',
        spot: 100 * Math.exp(0.0005 * (i % 2)),
        atmVols: [0.6 * Math.exp(3 * move), 0.5, 0.45 * Math.exp(move)],
        skew: 0.05,
      };
    });
    const values = one({ minutes: path });
    expect(values['skew-level']).toBeCloseTo(0.1, 12);
    expect(values['vol-of-vol-term']).toBeCloseTo(3, 9);
    expect(values['term-slope']).toBeCloseTo(Math.log(0.9), 2);
    expect(values['vol-premium']).toBeCloseTo(0.5 / (0.0005 * Math.sqrt(525_600)), 9);
  });

  test('where volume goes is counted in contracts', () => {
    const volumes = Array.from(
      { length: 40 },
      (_, i): VolumeSample => ({
        contracts: i < 20 ? 3 : 1,
        right: i < 20 ? 'put' : 'call',
        delta: i < 10 ? 0.2 : i < 20 ? 0.5 : 0.9,
        tenor: i < 10 ? '2-10 d' : i < 20 ? '10-45 d' : '>45 d',
      }),
    );
    const values = one({ volumes, tenors: ['2-10 d', '10-45 d', '>45 d'] });
    expect(values).toMatchObject({ 'volume-puts': 0.75, 'volume-wings': 0.375, 'volume-at-the-money': 0.375 });
    // Twenty prints are too few to share out.
    expect(values).not.toHaveProperty('volume-2-10 d');
    const more = [...volumes, ...volumes];
    expect(one({ volumes: more, tenors: ['2-10 d', '10-45 d'] })['volume-2-10 d']).toBe(0.5);
    expect(one({ volumes: more, tenors: ['10-45 d'] })).not.toHaveProperty('volume-2-10 d');
  });

  test('times between orders vary as much as they do on average where they come by chance', () => {
    const rng = streams('1').stream('test');
    let seconds = 0;
    const prints = Array.from({ length: 4000 }, (_, i) => {
      seconds += exponential(rng, 2);
      return { seconds, takerOrder: Math.floor(i / 2), sign: 1 as const, vega: 1, size: 1 };
    });
    // The first match of every second arrival: the sum of two exponential times.
    expect(one({ prints })['trade-interval-variation']).toBeCloseTo(Math.SQRT1_2, 1);
  });

  test('tails and wings of spreads are shares of the spread at the money', () => {
    const widths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const values = one({
      spreads: { ...EMPTY.spreads, '10-45 d': widths },
      wingSpreads: { ...EMPTY.wingSpreads, '10-45 d': widths.map((width) => 3 * width) },
      cancelledLives: Array.from({ length: 40 }, (_, i) => (i < 30 ? 0.5 : 1)),
    });
    expect(values['spread-tail 10-45 d']).toBeCloseTo(10 / 6, 12);
    expect(values['wing-spread']).toBe(3);
    expect(values['short-lives']).toBe(0.75);
  });

  test('what is given back is a share of what was captured, over all kinds and by kind', () => {
    const markouts = [
      { counterparty: 'customers', seconds: 300, captured: 90, kept: 90, ...unquoted },
      { counterparty: 'informed', seconds: 300, captured: 10, kept: -15, ...unquoted },
      { counterparty: 'informed', seconds: 1800, captured: 10, kept: -30, ...unquoted },
      { counterparty: 'customers', seconds: 1, captured: -1, kept: 5, ...unquoted },
      // Picked off: worth less than it cost at once, though the screen showed a spread.
      { counterparty: 'sniper', seconds: 10, vega: 1, captured: -3, kept: -4, quoted: 8, keptOfQuoted: -4 },
    ];
    const values = one({ markouts });
    expect(values['given-back 5 min']).toBeCloseTo(0.25, 12);
    expect(values['given-back customers']).toBe(0);
    expect(values['given-back informed']).toBe(2.5);
    expect(values['given-back informed 30 min']).toBe(4);
    expect(values['given-back sniper 10 s']).toBe(1.5);
    expect(values).not.toHaveProperty('given-back 1 s');
    expect(values).not.toHaveProperty('given-back sniper');
  });

  test('matches of one order count once among the signs, and flow is summed over five minutes', () => {
    const prints = Array.from({ length: 48 }, (_, i) => ({
      seconds: i * 150,
      takerOrder: Math.floor(i / 2),
      size: 1,
      sign: (Math.floor(i / 2) % 2 === 0 ? 1 : -1) as 1 | -1,
      vega: 10,
    }));
    const values = one({ prints });
    // Twenty-four orders, and as many stretches of five minutes with two matches each, that alternate.
    expect(values['trade-sign-autocorrelation-1']).toBeCloseTo(-23 / 24, 12);
    expect(values['signed-vega-autocorrelation-1']).toBeCloseTo(-23 / 24, 12);
    expect(values['signed-vega-autocorrelation-2']).toBeCloseTo(22 / 24, 12);
  });
});

test('tenor buckets hold their lower ends', () => {
  expect([0.5, 2, 9.99, 10, 45, 400].map(tenorBucket)).toEqual(['<2 d', '2-10 d', '2-10 d', '10-45 d', '>45 d', '>45 d']);
});

describe('verdicts', () => {
  const verdictOf = (runs: readonly Readonly<Record<string, number>>[], name: string) =>
    realism('btc', runs).find((finding) => finding.name === name);

  test('the mean over runs is inside or outside, ends included', () => {
    expect(verdictOf([{ 'touch-size': 13 }], 'touch-size')).toMatchObject({ value: 13, runs: 1, verdict: 'inside' });
    expect(verdictOf([{ 'touch-size': 12.9 }], 'touch-size')).toMatchObject({ verdict: 'outside' });
    expect(verdictOf([{ 'touch-size': 35.1 }], 'touch-size')).toMatchObject({ verdict: 'outside' });
    expect(verdictOf([{ 'given-back 30 min': 1e9 }], 'given-back 30 min')).toMatchObject({ verdict: 'inside' });
    expect(verdictOf([{ 'touch-size': 13 }], 'touch-size')).not.toHaveProperty('ci95');
  });

  test('the interval is that of Student', () => {
    const { ci95, value } = verdictOf([{ 'touch-size': 20 }, { 'touch-size': 22 }], 'touch-size') ?? {};
    expect(value).toBe(21);
    // t at 97.5 % with one degree of freedom is 12.7062; the standard error is 1.
    expect(ci95?.[0]).toBeCloseTo(21 - 12.7062, 3);
    expect(ci95?.[1]).toBeCloseTo(21 + 12.7062, 3);
  });

  test('what fewer than half of the runs show is not measurable', () => {
    expect(verdictOf([{ 'touch-size': 20 }, {}], 'touch-size')).toMatchObject({ verdict: 'inside', runs: 1 });
    const missing = verdictOf([{ 'touch-size': 20 }, {}, {}], 'touch-size');
    expect(missing).toMatchObject({ verdict: 'not measurable', runs: 1 });
    expect(missing).not.toHaveProperty('value');
  });

  test('the text counts the verdicts, shows misses first, and says of every fact where its band comes from', () => {
    const facts = factsOf('btc');
    const text = realismText('made-up', 1, realism('btc', [{ 'touch-size': 20, 'order-life': 100 }]));
    expect(text.split('\n')[0]).toBe(`made-up, 1 seed, ${facts.length} facts: 1 outside, ${facts.length - 2} not measurable, 1 inside`);
    expect(text.split('\n')[3]).toMatch(/^order-life +0\.31 to 9 +100 +1 +outside$/);
    expect(text.split('\n')[facts.length + 2]).toMatch(/^touch-size +13 to 35 +20\.0 +1 +inside$/);
    for (const { name, about, target } of facts) expect(text).toContain(`${name}: ${about}. Band: ${target.source}.`);
  });
});

test.each([
  ['btc', 'A Bitcoin market'],
  ['index', 'An equity index'],
] as const)('docs/realism.md tells of every fact of %s what it is, its band and its source', (preset, title) => {
  const text = readFileSync(new URL('../../../docs/realism.md', import.meta.url), 'utf8');
  const section = text.split(/^### /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
  const told = [...section.matchAll(/^\| `([^`]+)` \|.*$/gm)].map(([row]) => row);
  expect(told).toEqual(
    factsOf(preset).map(
      ({ name, about, target: { band, evidence, source } }) =>
        `| \`${name}\` | ${about.replaceAll('|', '\\|')} | ${bandText(band)} | ${evidence} | ${source} |`,
    ),
  );
});
