import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import type { Chain } from '../../src/market/chain.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { SurfaceSearch } from '../../src/pricing/surface-search.ts';
import { TheoChain, type ValuationTerms } from '../../src/pricing/theo.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const NOISE = { noisePerWidth: 0.2, rejectSd: 5 };
const read = (name: string) => ({ source: name, text: readFileSync(`scenarios/${name}.yaml`, 'utf8') });
const index = parseScenario('index-normal', read('index-normal').text, BUILT_IN_AGENTS, [], read);
const small = smallChain();

interface Market {
  readonly chain: Chain;
  readonly valuation: ValuationTerms;
  readonly spot: number;
  /** A tick, dollars. */
  readonly tick: number;
  /** Levels of vol that it may have. */
  readonly vols: readonly [number, number];
}

const MARKETS: readonly (readonly [string, Market])[] = [
  ['Bitcoin', { chain: small, valuation: plainTerms(small), spot: 70_000, tick: 5, vols: [0.2, 1.6] }],
  ['an index', { chain: index.chain, valuation: index.valuation, spot: index.world.spot, tick: 0.01, vols: [0.08, 0.9] }],
];

/** A surface anywhere within what surfaces are. */
function surfaces(name: string, vols: readonly [number, number]): () => number[] {
  const chance = streams('0').stream(name);
  const draw = (low: number, high: number): number => low + (high - low) * chance.uniform();
  return () => [Math.log(draw(...vols)), draw(-0.05, 0.15), draw(-0.75, 0.3), draw(-0.6, 0.05)];
}

describe.each(MARKETS)('books of %s', (name, { chain, valuation, spot, tick, vols }) => {
  const truth = new TheoChain(chain, valuation);
  const search = new SurfaceSearch(chain, new TheoChain(chain, valuation), NOISE);
  const n = chain.options.length;
  /** Books of a surface; `error` is in widths. */
  const books = (factors: readonly number[], width: number, error: (i: number) => number = () => 0) => {
    truth.move(factors, spot, 0);
    truth.valueAll();
    return { mid: truth.price.map((price, i) => price + error(i) * width), width: new Float64Array(n).fill(width) };
  };
  const off = (factors: readonly number[]): number => Math.max(...factors.map((value, f) => Math.abs(value - (search.factors[f] ?? 0))));

  test.each([0.2, 1, 5, 20])('exact books of %d ticks are met from nowhere, whatever the surface', (ticks) => {
    const draw = surfaces(`${name} exact`, vols);
    let worst = 0;
    for (let i = 0; i < 250; i += 1) {
      const factors = draw();
      expect(search.find(books(factors, ticks * tick), spot, 0)).toBe(true);
      // What is left is the pull of the prior.
      const sd = Math.max(...factors.map((_, f) => Math.sqrt(search.covariance[f * FACTOR_COUNT + f] ?? 0)));
      worst = Math.max(worst, off(factors) / (1e-6 + sd));
    }
    expect(worst).toBeLessThan(0.5);
  });

  test('one book in twelve that is far off does not lead away', () => {
    const draw = surfaces(`${name} outliers`, vols);
    for (let i = 0; i < 100; i += 1) {
      const factors = draw();
      search.find(
        books(factors, tick, (at) => (at % 12 === i % 12 ? 150 : 0)),
        spot,
        0,
      );
      expect(off(factors)).toBeLessThan(0.02);
    }
  });

  test('half of the books from before a move of the spot: 98 surfaces of 100 are found', () => {
    const draw = surfaces(`${name} old books`, vols);
    const chance = streams('0').stream(`${name} old`);
    const before = new TheoChain(chain, valuation);
    let astray = 0;
    for (let i = 0; i < 200; i += 1) {
      const factors = draw();
      before.move(factors, spot * 1.001, 0);
      before.valueAll();
      const { mid, width } = books(factors, 4 * tick, () => NOISE.noisePerWidth * normal(chance));
      const seen = mid.map((price, at) => (chance.uniform() < 0.5 ? (before.price[at] ?? 0) : price));
      search.find({ mid: seen, width }, spot, 0);
      if (off(factors) > 0.1) astray += 1;
    }
    expect(astray).toBeLessThanOrEqual(4);
  });

  test('errs by as much as it says', () => {
    const chance = streams('0').stream(`${name} noise`);
    const factors = [Math.log((vols[0] + vols[1]) / 2), 0.03, -0.2, -0.05];
    const trials = 400;
    const squares = new Float64Array(FACTOR_COUNT);
    for (let i = 0; i < trials; i += 1) {
      search.find(
        books(factors, 4 * tick, () => NOISE.noisePerWidth * normal(chance)),
        spot,
        0,
      );
      for (const [f, value] of factors.entries()) {
        const variance = search.covariance[f * FACTOR_COUNT + f] ?? 0;
        const error = (search.factors[f] ?? 0) - value;
        squares[f] = (squares[f] ?? 0) + (error * error) / variance / trials;
      }
    }
    for (const mean of squares) expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(2 / trials));
  });

  test('seven books make no surface', () => {
    const few = books([Math.log(0.3), 0, 0, 0], tick);
    few.width.fill(0, 7);
    expect(search.find(few, spot, 0)).toBe(false);
  });
});
