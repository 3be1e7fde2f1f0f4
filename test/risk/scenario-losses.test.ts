import { describe, expect, test } from 'vitest';
import { greeks } from '../../src/pricing/black-scholes.ts';
import { type LossGrid, MARGIN_GRID, ScenarioLosses, STRESS_GRID, worstLoss } from '../../src/risk/scenario-losses.ts';
import { quotingView } from '../support/quoting-view.ts';

const { chain: CHAIN, theo: THEO } = quotingView();

function losses(grid: LossGrid): ScenarioLosses {
  const of = new ScenarioLosses(CHAIN, grid);
  of.update(THEO);
  return of;
}

/** Series of a strike and tenor. */
const series = (expiry: number, strike: number, right: 'call' | 'put'): number =>
  CHAIN.options.findIndex((option) => option.expiry === expiry && option.strike === strike && option.right === right);

describe('a cell', () => {
  test('is a full revaluation at the moved spot and vol', () => {
    const { spotMoves, volMoves } = MARGIN_GRID;
    const of = losses(MARGIN_GRID);
    expect(of.cells).toBe(27);
    for (const [s, spotMove] of spotMoves.entries()) {
      for (const [v, volMove] of volMoves.entries()) {
        for (const i of [series(1, 70_000, 'call'), series(0, 70_000, 'put'), series(2, 70_000, 'put')]) {
          const option = CHAIN.options[i];
          if (option === undefined) throw new RangeError('no such series');
          const years = THEO.yearsLeft(i);
          const power = years < 30 / 365 ? 0.3 : 0.13;
          const vol = THEO.vol[i] ?? 0;
          const raised = vol * (1 + volMove * (30 / 365 / years) ** power);
          const at = { vol: volMove > 0 ? Math.max(0.5, raised) : raised, rate: 0, yield: 0 };
          const contract = { right: option.right, strike: option.strike, years };
          const after = greeks(contract, { ...at, spot: THEO.spot * (1 + spotMove) }).price;
          const before = greeks(contract, { vol, rate: 0, yield: 0, spot: THEO.spot }).price;
          expect(of.gain(s * volMoves.length + v, i)).toBeCloseTo(after - before, 6);
        }
      }
    }
  });

  test('moves calls and puts of a strike apart by the forward alone', () => {
    const of = losses(STRESS_GRID);
    for (const [s, spotMove] of STRESS_GRID.spotMoves.entries()) {
      for (let v = 0; v < STRESS_GRID.volMoves.length; v += 1) {
        const cell = s * STRESS_GRID.volMoves.length + v;
        const parity = of.gain(cell, series(1, 70_000, 'call')) - of.gain(cell, series(1, 70_000, 'put'));
        expect(parity).toBeCloseTo((THEO.forward[1] ?? 0) * spotMove, 6);
      }
    }
  });
});

describe('a position', () => {
  test('sums its parts, the underlying included', () => {
    const of = losses(STRESS_GRID);
    const units = new Float64Array(CHAIN.options.length);
    units[series(1, 70_000, 'call')] = -3;
    units[series(0, 70_000, 'put')] = 2;
    const gains = of.position(units, 1.5, new Float64Array(of.cells));
    for (let cell = 0; cell < of.cells; cell += 1) {
      const move = STRESS_GRID.spotMoves[Math.floor(cell / STRESS_GRID.volMoves.length)] ?? 0;
      const wanted = -3 * of.gain(cell, series(1, 70_000, 'call')) + 2 * of.gain(cell, series(0, 70_000, 'put')) + 1.5 * 70_000 * move;
      expect(gains[cell]).toBeCloseTo(wanted, 6);
    }
    expect(worstLoss(gains)).toBe(Math.max(0, ...[...gains].map((gain) => -gain)));
  });

  test('a bought option loses its premium at most, a sold call more the higher the spot goes', () => {
    const of = losses(STRESS_GRID);
    const units = new Float64Array(CHAIN.options.length);
    const i = series(1, 70_000, 'call');
    units[i] = 1;
    const out = new Float64Array(of.cells);
    expect(worstLoss(of.position(units, 0, out))).toBeLessThan(THEO.price[i] ?? 0);
    units[i] = -1;
    of.position(units, 0, out);
    const worst = out.indexOf(Math.min(...out));
    expect(STRESS_GRID.spotMoves[Math.floor(worst / 4)]).toBe(0.3);
    expect(STRESS_GRID.volMoves[worst % 4]).toBe(1);
  });

  test('nothing held loses nothing', () => {
    const of = losses(MARGIN_GRID);
    expect(worstLoss(of.position(new Float64Array(CHAIN.options.length), 0, new Float64Array(of.cells)))).toBe(0);
  });
});
