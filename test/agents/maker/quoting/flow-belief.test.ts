import { expect, test } from 'vitest';
import { acceptanceSlope, believedFlow } from '../../../../src/agents/maker/quoting/flow-belief.ts';
import { strikeWeight, tenorWeight } from '../../../../src/pricing/flow-shape.ts';
import { quotingView } from '../../../support/quoting-view.ts';

const { theo: THEO, chain: CHAIN } = quotingView();

test('β is 1.156 over the reservation scale of the tenor', () => {
  // At 30 days the scale is the at-the-money vol of 50 % times the parameter.
  expect(acceptanceSlope(THEO, 1, 0.0063)).toBeCloseTo(1.156 / (0.0063 * 0.5), 6);
  // At 90 days the shape over tenors is 0.68; times the at-the-money vol of the tenor.
  const vol = THEO.surface.vol(2, 0);
  expect(acceptanceSlope(THEO, 2, 0.0063)).toBeCloseTo(1.156 / (0.0063 * vol * 0.68), 6);
});

test('candidates are spread over strikes and tenors by the usual shape of demand, half on each side', () => {
  const out = new Float64Array(CHAIN.options.length);
  believedFlow(CHAIN, THEO, 0, 1200, out);
  expect(out.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(0.5 * 1200 * 8760, 3);
  const tenors = CHAIN.expiries.reduce((sum, { years }) => sum + tenorWeight(years * 365), 0);
  for (const { index, years } of CHAIN.expiries) {
    const sd = THEO.surface.vol(index, 0) * Math.sqrt(years);
    const mine = CHAIN.options.filter(({ expiry }) => expiry === index);
    const raw = mine.map(({ strike, right }) => {
      const k = Math.log(strike / 70_000);
      return strikeWeight(k / sd, right === 'call' ? k >= 0 : k <= 0);
    });
    const sum = raw.reduce((a, b) => a + b, 0);
    mine.forEach((option, n) => {
      const wanted = (0.5 * 1200 * 8760 * tenorWeight(years * 365) * (raw[n] ?? 0)) / (tenors * sum);
      expect(out[option.id - 1]).toBeCloseTo(wanted, 3);
    });
  }
});

test('expiries that are over get none, and the others all', () => {
  const out = new Float64Array(CHAIN.options.length);
  believedFlow(CHAIN, THEO, 7.1 / 365, 1200, out);
  for (const { id, expiry } of CHAIN.options) expect((out[id - 1] ?? 0) > 0).toBe(expiry > 0);
  expect(out.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(0.5 * 1200 * 8760, 3);
});
