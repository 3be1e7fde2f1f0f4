import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_PARTS } from '../../../../src/agents/maker/parts.ts';
import { blankQuote, finish, type Quote, type QuoterKind } from '../../../../src/agents/maker/quoting/quoter.ts';
import { quotingView, steadyForecast, type ViewChanges } from '../../../support/quoting-view.ts';

const { chain: CHAIN } = quotingView();
const N = CHAIN.options.length;
const column = (value: number): Float64Array => new Float64Array(N).fill(value);

function quoteOf(kind: QuoterKind, changes: ViewChanges, series: number, into: Quote = blankQuote()): Quote {
  const view = quotingView(changes);
  const quoter = kind.build({});
  quoter.prepare(view);
  quoter.quote(view, series, into);
  return into;
}

const four = (size: number) => fc.array(fc.double({ min: -size, max: size, noNaN: true }), { minLength: 4, maxLength: 4 });
const situations = fc
  .record({
    exposures: four(3e5),
    held: fc.double({ min: -20, max: 20, noNaN: true }),
    change: four(0.02),
    valueSd: fc.double({ min: 0, max: 40, noNaN: true }),
    toxicity: fc.double({ min: 0, max: 0.005, noNaN: true }),
    dollarGamma: fc.double({ min: -1e7, max: 1e7, noNaN: true }),
    buyers: fc.double({ min: 0, max: 1, noNaN: true }),
    mid: fc.option(fc.double({ min: 100, max: 9000, noNaN: true }), { nil: Number.NaN }),
  })
  .map(
    ({ held, change, mid, ...rest }): ViewChanges => ({
      ...rest,
      units: Float64Array.from({ length: N }, (_, i) => held * Math.cos(i)),
      forecast: steadyForecast(change, 900),
      bid: column(mid - 12),
      ask: column(mid + 12),
    }),
  );
const series = fc.integer({ min: 0, max: N - 1 });

describe.each(BUILT_IN_PARTS.quoters.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  test('bids below its offers, and its half-spread is the sum of its parts', () => {
    fc.assert(
      fc.property(situations, series, (changes, i) => {
        const q = quoteOf(kind, changes, i);
        expect(q.bid).toBeLessThan(q.ask);
        expect(q.halfSpread).toBeCloseTo((q.ask - q.bid) / 2, 9);
        expect(q.neutral + q.multiplied + q.uncertainty + q.toxicity + q.clip + q.inventoryWidth).toBeCloseTo(q.halfSpread, 9);
        for (const part of [q.neutral, q.uncertainty, q.toxicity, q.clip]) expect(part).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 15 },
    );
  });

  test('leaves nothing of an old quote behind, and the view as it was', () => {
    fc.assert(
      fc.property(situations, series, (changes, i) => {
        const dirty = blankQuote();
        for (const key of Object.keys(dirty) as (keyof Quote)[]) {
          const value = dirty[key];
          if (typeof value === 'number') (dirty as unknown as Record<string, number>)[key] = Number.NaN;
          else value.fill(Number.NaN);
        }
        expect(quoteOf(kind, changes, i, dirty)).toEqual(quoteOf(kind, changes, i));
        const [used, fresh] = [quotingView(changes), quotingView(changes)];
        const quoter = kind.build({});
        quoter.prepare(used);
        quoter.quote(used, i, blankQuote());
        for (const name of [
          'units',
          'exposures',
          'covariance',
          'perYear',
          'beta',
          'fee',
          'valueSd',
          'toxicity',
          'bid',
          'ask',
          'isQuoted',
        ] as const) {
          expect(used[name]).toEqual(fresh[name]);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('gains what its distances and costs say', () => {
    fc.assert(
      fc.property(situations, series, (changes, i) => {
        const q = quoteOf(kind, changes, i);
        const again = { ...q, bidValue: 0, askValue: 0 };
        finish(quotingView(changes), i, again);
        expect([again.bidValue, again.askValue]).toEqual([q.bidValue, q.askValue]);
        expect(q.bidCost + q.askCost).toBeGreaterThanOrEqual(2 * 21 - 1e-9);
      }),
      { numRuns: 8 },
    );
  });

  test('the multiplier scales the neutral half-spread and nothing else', () => {
    fc.assert(
      fc.property(situations, series, fc.double({ min: 0.4, max: 2, noNaN: true }), (changes, i, widthMultiplier) => {
        const [plain, wide] = [quoteOf(kind, changes, i), quoteOf(kind, { ...changes, terms: { widthMultiplier } }, i)];
        const added = (widthMultiplier - 1) * plain.neutral;
        expect(wide.multiplied).toBeCloseTo(added, 9);
        expect(wide.bid).toBeCloseTo(plain.bid - added, 7);
        expect(wide.ask).toBeCloseTo(plain.ask + added, 7);
        expect([wide.theo, wide.forecastLean, wide.inventoryLean]).toEqual([plain.theo, plain.forecastLean, plain.inventoryLean]);
      }),
      { numRuns: 10 },
    );
  });

  test('leans toward a forecast, and with those who come, by no more than its cap', () => {
    fc.assert(
      fc.property(situations, series, fc.double({ min: 0, max: 1.5, noNaN: true }), (changes, i, leanCap) => {
        const q = quoteOf(kind, { ...changes, terms: { leanCap } }, i);
        expect(Math.abs(q.forecastLean)).toBeLessThanOrEqual(leanCap * q.neutral + 1e-9);
        expect(Math.abs(q.forecastLean + q.flowLean)).toBeLessThanOrEqual(leanCap * q.neutral + 1e-9);
      }),
      { numRuns: 20 },
    );
  });

  test('refuses what is no parameter of it', () => {
    expect(kind.params.safeParse({ wings: 1 }).success).toBe(false);
    expect(kind.params.safeParse({}).success).toBe(true);
  });
});
