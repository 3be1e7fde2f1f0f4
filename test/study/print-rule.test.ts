import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OptionSeries } from '../../src/market/instrument.ts';
import type { Candidate } from '../../src/processes/customer-arrivals.ts';
import { eagerness, fittedPrintRule } from '../../src/study/print-rule.ts';
import { FakeOracle } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const { fair } = new FakeOracle(CHAIN);

function candidate(series: number, reservationVol: number): Candidate {
  const option = CHAIN.options[series] as OptionSeries;
  return { within: 0.5, option, side: 'buy', contracts: 1, reservationVol, screenHalfSpread: 0.004, follows: false };
}

describe('eagerness', () => {
  test('is the reservation over the half-spread and a tick, in dollars', () => {
    const vega = fair.vega[14] ?? 0;
    expect(eagerness(candidate(14, 0.008), fair)).toBeCloseTo((0.008 * vega) / (0.004 * vega + 5), 12);
  });

  test('is near the ratio of vols where a tick is small, and small where it is not', () => {
    const far = fair.vega.indexOf(Math.min(...fair.vega));
    expect(eagerness(candidate(24, 0.008), fair)).toBeGreaterThan(1.6);
    expect(eagerness(candidate(far, 0.008), fair)).toBeLessThan(1.3);
  });

  test('who would only trade at better than fair is not eager', () => {
    expect(eagerness(candidate(14, -0.002), fair)).toBeLessThan(0);
  });
});

describe('the rule', () => {
  const crowd = fc.array(
    fc.record({ eagerness: fc.double({ min: 0.01, max: 9, noNaN: true }), contracts: fc.double({ min: 0.05, max: 25, noNaN: true }) }),
    { minLength: 1, maxLength: 60 },
  );

  test('prints the most eager, and caps their sizes at the total that was traded', () => {
    fc.assert(
      fc.property(
        crowd,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (all, share, filled) => {
          const prints = Math.max(1, Math.round(share * all.length));
          const printing = [...all].sort((a, b) => b.eagerness - a.eagerness).slice(0, prints);
          const total = filled * printing.reduce((sum, { contracts }) => sum + contracts, 0);
          const rule = fittedPrintRule(all, prints, total);
          expect(all.filter(({ eagerness: eager }) => eager > rule.printRatio).length).toBeLessThan(prints);
          expect(all.filter(({ eagerness: eager }) => eager >= rule.printRatio).length).toBeGreaterThanOrEqual(prints);
          const capped = printing.reduce((sum, { contracts }) => sum + Math.min(contracts, rule.printContracts), 0);
          expect(capped / total).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  test('of customers who traded more than they asked for caps nothing', () => {
    expect(fittedPrintRule([{ eagerness: 1, contracts: 3 }], 1, 5)).toEqual({ printRatio: 1, printContracts: 3 });
  });

  test('without prints nobody prints', () => {
    const rule = fittedPrintRule([{ eagerness: 5, contracts: 3 }], 0, 0);
    expect(rule.printRatio).toBe(Number.MAX_VALUE);
    expect(JSON.parse(JSON.stringify(rule))).toEqual(rule);
  });
});
