import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { type Rng, streams } from '../../src/core/rng.ts';
import { compareVariants } from '../../src/study/compare.ts';
import type { Comparison } from '../../src/study/comparison.ts';
import { comparisonText } from '../../src/study/comparison-text.ts';
import { distinguishable } from '../../src/study/conclusion.ts';
import { pairedTPower } from '../../src/study/paired.ts';

const rng = (path = 'resampling'): Rng => streams('compare').stream(path);
const seedNames = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i + 1));

/** Scores with a common world of s.d. 10 per seed, and own noise. */
function scores(path: string, n: number, edge: number, noise: number): number[] {
  const world = streams('compare').stream('world');
  const own = streams('compare').stream(path);
  return Array.from({ length: n }, () => 10 * normal(world) + edge + noise * normal(own));
}

function study(n: number, edge: number, resamples = 1000): Comparison {
  const variants = [
    { name: 'lstm', scores: scores('lstm', n, edge, 1) },
    { name: 'rw', scores: scores('rw', n, 0, 1) },
    { name: 'linear', scores: scores('linear', n, 0, 1) },
  ];
  return compareVariants({ metric: 'pnl.total', seeds: seedNames(n), variants }, { resamples, rng: rng() });
}

describe('compareVariants', () => {
  test('figures of a small comparison by hand', () => {
    const result = compareVariants(
      {
        metric: 'pnl.total',
        seeds: ['b', 'a', 'c'],
        variants: [
          { name: 'x', scores: [3, 1, -4] },
          { name: 'y', scores: [1, 1, -5] },
        ],
      },
      { rng: rng() },
    );
    expect(result.seeds).toEqual(['b', 'a', 'c']);
    expect(result.variants[0]).toMatchObject({ name: 'x', mean: 0, median: 1, es5: -4, worst: -4, worstSeed: 'c', sharpe: 0, n: 3 });
    // In the order in which the seeds were given, though what is drawn goes by their names.
    expect(result.variants.map(({ scores }) => scores)).toEqual([
      [3, 1, -4],
      [1, 1, -5],
    ]);
    expect(result.variants[0]?.sd).toBeCloseTo(Math.sqrt(13), 14);
    const pair = result.pairs[0];
    expect(pair).toMatchObject({ a: 'x', b: 'y', mean: 1, dz: 1, n: 3 });
    expect(pair?.winRate).toBeCloseTo(2.5 / 3, 15);
    // Scores about their means (0, −1): 1, 3, −4 and 2, 2, −4.
    expect(pair?.correlation).toBeCloseTo(24 / Math.sqrt(26 * 24), 14);
    // t = √3 with 2 degrees of freedom: P = 2 / (√5 (√5 + √3)).
    expect(pair?.p).toBeCloseTo(2 / (5 + Math.sqrt(15)), 12);
    expect(pair?.ci95[0]).toBeCloseTo(1 - 4.302653 / Math.sqrt(3), 5);
    expect(result.conclusion).toContain('not distinguishable at these 3 seeds');
    expect(result.conclusion).toContain("Student's t");
  });

  test('an injected edge is found, though it is a tenth of the spread between worlds', () => {
    const result = study(60, 1);
    const [edge, , none] = result.pairs;
    expect(edge && distinguishable(edge)).toBe(true);
    expect(edge?.mean).toBeGreaterThan(0.5);
    expect(edge?.power).toBeGreaterThan(0.8);
    for (const pair of result.pairs) expect(pair.power).toBeCloseTo(pairedTPower(pair.dz ?? 0, 60, 0.05 / 3), 12);
    expect(none && distinguishable(none)).toBe(false);
    expect(result.conclusion).toContain('lstm is ahead of rw by');
    expect(result.conclusion).toMatch(/(rw and linear|linear and rw) are not distinguishable at these 60 seeds/);
    expect(result.conclusion).toMatch(/d_z -?0\.\d\d\), (about \d+|more than a million) seeds would show it/);
  });

  test('equal agents: a false claim in at most 5 % of 400 repeats, within four standard errors', () => {
    let claims = 0;
    for (let r = 0; r < 400; r += 1) {
      const source = rng(`equal/${r}`);
      const variants = ['a', 'b', 'c'].map((name) => ({ name, scores: Array.from({ length: 16 }, () => normal(source)) }));
      const { pairs } = compareVariants({ metric: 'pnl', seeds: seedNames(16), variants }, { resamples: 150, rng: rng(`resampling/${r}`) });
      if (pairs.some(distinguishable)) claims += 1;
    }
    expect(claims / 400).toBeLessThan(0.05 + 4 * 0.0109);
    expect(claims).toBeGreaterThan(0);
  });

  test('the order of the seeds moves nothing', () => {
    const a = scores('lstm', 20, 0.5, 1);
    const b = scores('rw', 20, 0, 1);
    const seeds = seedNames(20);
    const result = (order: readonly number[]): Comparison =>
      compareVariants(
        {
          metric: 'm',
          seeds: order.map((i) => seeds[i] ?? ''),
          variants: [a, b].map((s, v) => ({ name: `v${v}`, scores: order.map((i) => s[i] ?? 0) })),
        },
        { resamples: 200, rng: rng() },
      );
    const plain = result(a.map((_, i) => i));
    const index = fc.shuffledSubarray(
      a.map((_, i) => i),
      { minLength: 20, maxLength: 20 },
    );
    fc.assert(
      fc.property(index, (order) => {
        const shuffled = result(order);
        const variants = plain.variants.map((variant) => ({ ...variant, scores: order.map((i) => variant.scores[i]) }));
        expect({ ...shuffled, seeds: [] }).toEqual({ ...plain, variants, seeds: [] });
      }),
      { numRuns: 20 },
    );
  });

  test('exchanging two variants turns the signs of their pair and nothing else', () => {
    const numbers = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(numbers, (rows) => {
        const both = [0, 1].map((v) => ({ name: `v${v}`, scores: rows.map((row) => row[v] ?? 0) }));
        const run = (variants: typeof both): Comparison =>
          compareVariants({ metric: 'm', seeds: seedNames(rows.length), variants }, { resamples: 100, rng: rng() });
        const [ab, ba] = [run(both).pairs[0], run([...both].reverse()).pairs[0]];
        if (ab === undefined || ba === undefined) throw new Error('no pair');
        expect([ba.a, ba.b]).toEqual([ab.b, ab.a]);
        expect(ba.mean).toBeCloseTo(-ab.mean, 10);
        expect(ba.ci95[0]).toBeCloseTo(-ab.ci95[1], 8);
        expect(ba.ci95[1]).toBeCloseTo(-ab.ci95[0], 8);
        expect(ba.winRate).toBeCloseTo(1 - ab.winRate, 12);
        expect(ba.p).toBeCloseTo(ab.p, 12);
        expect(ba.power).toBeCloseTo(ab.power, 12);
        expect(ba.correlation).toBe(ab.correlation);
        if (ab.dz !== undefined) expect(ba.dz).toBeCloseTo(-ab.dz, 10);
      }),
      { numRuns: 60 },
    );
  });

  test('identical agents, a constant edge and a single variant are told as such', () => {
    const base = scores('rw', 12, 0, 1);
    const run = (edge: number): Comparison =>
      compareVariants(
        {
          metric: 'pnl',
          seeds: seedNames(12),
          variants: [
            { name: 'a', scores: base.map(() => edge) },
            { name: 'b', scores: base.map(() => 0) },
          ],
        },
        { resamples: 100, rng: rng() },
      );
    expect(run(0).conclusion).toContain('score the same at each of these 12 seeds');
    expect(run(0).pairs[0]).toMatchObject({ mean: 0, dz: 0, p: 1, winRate: 0.5 });
    expect(run(2).pairs[0]).toMatchObject({ mean: 2, p: 0, winRate: 1, power: 1, ci95: [2, 2] });
    expect(run(2).pairs[0]).not.toHaveProperty('dz');
    expect(run(2).pairs[0]).not.toHaveProperty('correlation');
    expect(run(2).conclusion).toContain('a is ahead of b by 2.00');
    const one = compareVariants({ metric: 'pnl', seeds: seedNames(12), variants: [{ name: 'a', scores: base }] }, { rng: rng() });
    expect(one.pairs).toEqual([]);
    expect(one.conclusion).toContain('nothing to compare');
  });

  test('a mean that is bought with the tail is not praised alone', () => {
    const crash = Array.from({ length: 40 }, (_, i) => (i === 7 ? -6 : 2 + 0.1 * (i % 5)));
    const calm = Array.from({ length: 40 }, (_, i) => 0.1 * (i % 7));
    const { conclusion } = compareVariants(
      {
        metric: 'pnl',
        seeds: seedNames(40),
        variants: [
          { name: 'short vol', scores: crash },
          { name: 'flat', scores: calm },
        ],
      },
      { resamples: 2000, rng: rng() },
    );
    expect(conclusion).toMatch(/short vol is ahead of flat by .* Its worst 5 % of seeds are worse: mean -2\.00 against 0\.00\./);
  });

  test('bad input is a bug of the caller', () => {
    const run = (seeds: string[], values: number[]) => () =>
      compareVariants({ metric: 'm', seeds, variants: [{ name: 'a', scores: values }] }, { rng: rng() });
    expect(run(['1'], [1])).toThrow(/at least 2 seeds/);
    expect(run(['1', '1'], [1, 2])).toThrow(/twice/);
    expect(run(['1', '2'], [1])).toThrow(/one finite score per seed/);
    expect(run(['1', '2'], [1, NaN])).toThrow(/one finite score per seed/);
  });
});

describe('comparisonText', () => {
  test('has the tail beside the mean, in columns that stand under their heads', () => {
    const lines = comparisonText(study(30, 1)).split('\n');
    expect(lines[0]).toBe('pnl.total over 30 seeds');
    expect(lines[2]).toMatch(/^variant +mean +95 % interval +sd +median +es5 +worst +at seed +sharpe +n$/);
    expect(lines[7]).toMatch(/^difference +mean +95 % interval +d_z +corr +win rate +p +p Holm +power +n$/);
    const end = (line: string | undefined, text: string): number => (line ?? '').indexOf(text) + text.length;
    for (const row of lines.slice(3, 6)) expect((row ?? '').slice(0, end(lines[2], 'es5'))).toMatch(/\d$/);
    expect(lines[11]).toMatch(/^corr: .* the seeds needed go with 1 - corr$/);
    expect(lines[13]).toMatch(/^pnl\.total over 30 seeds, 3 pairs/);
    for (const line of lines.slice(11)) expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe('compare.schema.json', () => {
  const schema: object = JSON.parse(readFileSync(new URL('../../docs/schemas/compare.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv({ strict: true }).compile(schema);
  const document = (comparison: Comparison): unknown =>
    JSON.parse(JSON.stringify({ schema: 'volpit.compare/1', version: '0.1.0', ...comparison }));

  test('accepts what compareVariants makes', () => {
    expect(validate(document(study(30, 1, 200))) || validate.errors).toBe(true);
    const flat = { name: 'a', scores: [1, 1] };
    const edge = compareVariants({ metric: 'm', seeds: ['1', '2'], variants: [flat, { name: 'b', scores: [0, 0] }] }, { rng: rng() });
    expect(validate(document(edge)) || validate.errors).toBe(true);
  });

  test('refuses more and less', () => {
    const good = document(study(10, 1, 100)) as Record<string, unknown>;
    expect(validate({ ...good, extra: 1 })).toBe(false);
    expect(validate({ ...good, schema: 'volpit.compare/2' })).toBe(false);
    const { conclusion: _, ...less } = good;
    expect(validate(less)).toBe(false);
  });
});
