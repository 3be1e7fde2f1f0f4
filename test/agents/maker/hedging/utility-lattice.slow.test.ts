import { describe, expect, test } from 'vitest';
import { whalleyWilmott } from '../../../../src/agents/maker/hedging/whalley-wilmott.ts';
import { zakamoulineHalfWidth, zakamoulineShift } from '../../../../src/agents/maker/hedging/zakamouline.ts';
import { greeks } from '../../../../src/pricing/black-scholes.ts';
import { hedgingView } from '../../../support/hedging-view.ts';
import { type HedgedCall, noTradeRegions } from '../../../support/utility-lattice.ts';

/** A year, costs of 1 %: the terms that Zakamouline's coefficients were fitted around. */
const DEAR = { spot: 100, strike: 100, years: 1, vol: 0.25, cost: 0.01, riskAversion: 1 };
/** 30 days of bitcoin in units of it, costs of 3.5 bp. */
const CHEAP = { spot: 1, strike: 1, years: 30 / 365, vol: 0.5, cost: 0.00035, riskAversion: 1 };

/** At each node whose delta is between 0.1 and 0.9: the exact region beside both approximations. */
function table(call: HedgedCall, tree: Parameters<typeof noTradeRegions>[1]) {
  const rows = noTradeRegions(call, tree).flatMap(({ spot, yearsLeft, low, high }) => {
    const at = (vol: number) => greeks({ right: 'call', strike: call.strike, years: yearsLeft }, { spot, vol, rate: 0, yield: 0 });
    const { delta, gamma } = at(call.vol);
    if (delta < 0.1 || delta > 0.9) return [];
    const terms = { ...call, spot, years: yearsLeft, rate: 0, gamma: call.units * gamma };
    const shift = zakamoulineShift(terms);
    const whalley = whalleyWilmott
      .build({ costBp: call.cost * 10_000, riskAversion: call.riskAversion, bandMaximum: 1e9 })
      .band(hedgingView({ gamma: call.units * gamma, spot, lotSize: 1e-9 })).halfWidth;
    return [
      {
        delta,
        exact: (high - low) / 2,
        zakamouline: zakamoulineHalfWidth(terms),
        whalley,
        // How far the middle lies from the hedge at the plain vol, in the direction of the modified one.
        offset: (low + high) / 2 + call.units * delta,
        wanted: -call.units * (at(call.vol * Math.sqrt(1 + shift)).delta - delta),
      },
    ];
  });
  const shown = rows.map((row) =>
    Object.values(row)
      .map((value) => value.toFixed(4).padStart(8))
      .join(' '),
  );
  console.log([`${call.units < 0 ? 'sold' : 'bought'}, cost ${call.cost}: ${Object.keys(rows[0] ?? {}).join(', ')}`, ...shown].join('\n'));
  return rows;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the no-trade region of a utility maximiser', () => {
  const tree = { steps: 150, atStep: 30, holdings: 1101 };
  const sold = table({ ...DEAR, units: -1 }, tree);
  const bought = table({ ...DEAR, units: 1 }, tree);

  test('lies around the delta at a higher vol for a sold option, at a lower vol for a bought one', () => {
    for (const rows of [sold, bought]) {
      expect(rows.length).toBeGreaterThan(5);
      for (const { offset, wanted } of rows) {
        // The grid is 0.0016 wide; near the money vol moves delta by next to nothing.
        if (Math.abs(wanted) < 0.01) continue;
        expect(offset / wanted).toBeGreaterThan(0.5);
        expect(offset / wanted).toBeLessThan(2);
      }
    }
  });

  test('is as wide as Zakamouline says for a sold option, within 15 %, where costs are high', () => {
    for (const { exact, zakamouline } of sold) expect(Math.abs(zakamouline / exact - 1)).toBeLessThan(0.15);
    // Whalley and Wilmott's is the limit of small costs: here it is half as wide again.
    expect(mean(sold.map(({ exact, whalley }) => whalley / exact))).toBeGreaterThan(1.3);
  });

  test('is as wide as Whalley and Wilmott say, within 12 %, where costs are low', () => {
    const rows = table({ ...CHEAP, units: -1 }, { steps: 300, atStep: 60, holdings: 1801 });
    const middle = rows.filter(({ delta }) => delta > 0.15 && delta < 0.85);
    for (const { exact, whalley } of middle) expect(Math.abs(whalley / exact - 1)).toBeLessThan(0.12);
    // Zakamouline's was fitted at higher costs.
    expect(mean(middle.map(({ exact, zakamouline }) => zakamouline / exact))).toBeGreaterThan(1.15);
    expect(mean(middle.map(({ exact, zakamouline }) => zakamouline / exact))).toBeLessThan(1.4);
  });
});
