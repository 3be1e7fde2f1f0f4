import { expect, test } from 'vitest';
import { bundledScenario } from '../../../support/bundled-scenario.ts';
import { finished } from '../../../support/tiny.ts';

/** The underlying's makers are gone for 25 minutes at the low of the night. */
const OUTAGE = 'agents.liquidity.outages=[{ at: 227 min, lasts: 25 min }]';

/**
 * What protection is for: a jump that the rest of the market sees first, and a market in which a quote cannot be hedged. Of what either costs a
 * maker without it, no more than a third is lost. Four seeds each; eight are printed in docs/market-maker.md.
 */
test.each([
  ['earnings-jump', []],
  ['covid-2020-03', [OUTAGE]],
] as const)('%s costs a maker with protection less than a third', (name, changes) => {
  const profit = (more: readonly string[]): number => {
    let sum = 0;
    for (const seed of ['1', '2', '3', '4']) {
      const sim = finished(bundledScenario(name, ['agents.maker.forecaster=rw', ...changes, ...more]), seed);
      sum += sim.attribution.total(sim.subject.id);
    }
    return sum / 4;
  };
  const [protectedOne, bare] = [profit([]), profit(['agents.maker.protection.enabled=false'])];
  console.log(`${name}: ${protectedOne.toFixed(0)} $ with protection, ${bare.toFixed(0)} $ without`);
  expect(bare).toBeLessThan(-5000);
  expect(protectedOne).toBeGreaterThan(bare / 3);
});
