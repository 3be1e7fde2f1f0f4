import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { greeks } from '../../src/pricing/black-scholes.ts';
import { SecondOrder } from '../../src/pricing/second-order.ts';
import { TheoChain, type ValuationTerms } from '../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain([
  { days: 2, strikes: [68_000, 70_000, 71_000], carry: 0.04 },
  { days: 30, strikes: [58_000, 64_000, 70_000, 76_000, 84_000], carry: 0.08 },
  { days: 365, strikes: [40_000, 70_000, 120_000], carry: -0.03 },
]);
const TERMS: ValuationTerms = {
  rate: 0.05,
  tenors: plainTerms(CHAIN).tenors.map((tenor, i) => ({ ...tenor, levelRatio: 1 + 0.02 * i, rhoOffset: 0.03 * i, etaRatio: 1 - 0.04 * i })),
};
const NOW = 0.5 / 365;

function valued(factors: ArrayLike<number>, spot: number, nowYears = NOW): TheoChain {
  const theo = new TheoChain(CHAIN, TERMS);
  theo.move(factors, spot, nowYears);
  theo.valueAll();
  return theo;
}

/** The second order of a whole chain: sums are by strike. */
function secondOrder(factors: readonly number[], spot: number, spotMove: number, move: readonly number[], nowYears = NOW): SecondOrder {
  const theo = valued(factors, spot, nowYears);
  const years = Float64Array.from(CHAIN.expiries, (expiry) => Math.max(0, expiry.years - nowYears));
  const { slices } = theo.surface;
  const smileYears = Float64Array.from(CHAIN.expiries, ({ index }) => theo.surface.yearsLeft(index));
  const from = { slices, smileYears, factors: Float64Array.from(factors), years, forward: theo.forward, vol: theo.vol, vega: theo.vega };
  const second = new SecondOrder(CHAIN, TERMS.tenors);
  for (const { index } of CHAIN.expiries) second.value(index, from, { spotReturn: spotMove / spot, factors: Float64Array.from(move) });
  return second;
}

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** Far from what a repair would touch. */
const factors = fc.tuple(between(Math.log(0.3), Math.log(0.8)), between(-0.03, 0.1), between(-0.5, 0.3), between(-0.4, 0));
const moves = fc.tuple(between(-1, 1), between(-0.2, 0.2), between(-0.5, 0.5), between(-0.5, 0.5));
/** A step over which differences are taken: of the spot as a fraction, and of the move of the factors. */
const H = 1e-3;

/** Second differences of all prices: by the spot (u = 1), by both, along the move of the factors. Series by series, as columns. */
function differences(at: readonly number[], spot: number, move: readonly number[], h: number): readonly (readonly number[])[] {
  const value = (a: number, b: number): Float64Array =>
    valued(
      at.map((x, f) => x + b * h * (move[f] ?? 0)),
      spot * (1 + a * h),
    ).price;
  const grid = [-1, 0, 1].map((a) => [-1, 0, 1].map((b) => value(a, b)));
  const of = (a: number, b: number, i: number): number => grid[a + 1]?.[b + 1]?.[i] ?? Number.NaN;
  const square = h * h;
  return CHAIN.options.map((_, i) => [
    (of(1, 0, i) - 2 * of(0, 0, i) + of(-1, 0, i)) / (2 * square),
    (of(1, 1, i) - of(1, -1, i) - of(-1, 1, i) + of(-1, -1, i)) / (4 * square),
    (of(0, 1, i) - 2 * of(0, 0, i) + of(0, -1, i)) / (2 * square),
  ]);
}

describe('the second order of a move', () => {
  test('is the second difference of the values: of the spot, of the factors, and of both', () => {
    fc.assert(
      fc.property(factors, moves, between(60_000, 80_000), (at, move, spot) => {
        const second = secondOrder(at, spot, spot, move);
        const [wide, narrow] = [differences(at, spot, move, H), differences(at, spot, move, H / 2)];
        for (let i = 0; i < CHAIN.options.length; i += 1) {
          const strike = i >> 1;
          const formulas = [second.gamma[strike] ?? Number.NaN, second.vanna[strike] ?? Number.NaN, second.volga[strike] ?? Number.NaN];
          const scale = formulas.reduce((sum, formula) => sum + Math.abs(formula), 0);
          formulas.forEach((formula, part) => {
            // Richardson: the error of the differences falls with the fourth power of the step.
            const difference = (4 * (narrow[i]?.[part] ?? Number.NaN) - (wide[i]?.[part] ?? Number.NaN)) / 3;
            const rounding = (8 * Number.EPSILON * spot) / (H * H);
            expect(Math.abs(formula - difference)).toBeLessThan(1e-5 * scale + rounding);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('under a flat smile is that of Black and Scholes', () => {
    const flat = [Math.log(0.5), 0, 0, -25];
    const second = secondOrder(flat, 70_000, 70, [0, 0, 0, 0]);
    const theo = valued(flat, 70_000);
    CHAIN.options.forEach((option, i) => {
      const expiry = CHAIN.expiries[option.expiry];
      const years = (expiry?.years ?? 0) - NOW;
      const own = greeks({ ...option, years }, { spot: 70_000, vol: theo.vol[i] ?? 0, rate: 0.05, yield: 0.05 - (expiry?.carry ?? 0) });
      // Offsets of ρ bend the smile of the two far expiries a little even there.
      expect(second.gamma[i >> 1]).toBeCloseTo(0.5 * own.gamma * 4900, 6);
      expect(second.vanna[i >> 1]).toBe(-0);
    });
  });

  test('of a move twice as large is four times as much, and of one backwards the same', () => {
    const at = [Math.log(0.5), 0.05, -0.2, -0.05];
    const move = [0.02, 0.005, -0.01, 0.03];
    const [once, twice, back] = [1, 2, -1].map((n) =>
      secondOrder(
        at,
        70_000,
        300 * n,
        move.map((m) => m * n),
      ),
    );
    for (const part of ['gamma', 'vanna', 'volga'] as const) {
      once?.[part].forEach((value, i) => {
        expect(twice?.[part][i]).toBeCloseTo(4 * value, 9);
        expect(back?.[part][i]).toBeCloseTo(value, 9);
      });
    }
  });

  test('is nothing once an expiry is over', () => {
    const second = secondOrder([Math.log(0.5), 0.05, -0.2, -0.05], 70_000, 300, [0.02, 0.005, -0.01, 0.03], 2 / 365);
    const near = CHAIN.expiries[0]?.strikes.length ?? 0;
    for (const part of ['gamma', 'vanna', 'volga'] as const) {
      expect(second[part].subarray(0, near).every((value) => value === 0)).toBe(true);
      expect(second[part].subarray(near).every((value) => value !== 0)).toBe(true);
    }
  });
});
