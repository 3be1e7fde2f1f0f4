import { expect, test } from 'vitest';
import { Exposures, MEASURE_COUNT, scopeOf, WHOLE } from '../../../src/agents/maker/exposures.ts';
import { blankRisk, positionRisk } from '../../../src/agents/maker/position-risk.ts';
import { FakeDesk, FakeOracle } from '../../support/fake-desk.ts';
import { smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();

test('agrees with the Greeks of the whole position, and its expiries add up to it but for the underlying', () => {
  const { fair } = new FakeOracle(CHAIN);
  const desk = new FakeDesk();
  desk.hold(CHAIN.underlying.id, -250);
  for (const option of CHAIN.options) desk.hold(option.id, option.id % 7);
  const exposures = new Exposures(CHAIN);
  // A second look takes the place of the first.
  exposures.look(fair, desk);
  exposures.look(fair, desk);
  const risk = positionRisk(CHAIN, fair, desk, blankRisk());
  const whole = [...exposures.table.subarray(WHOLE, MEASURE_COUNT)];
  [risk.delta, risk.gammaPerPercent, risk.vega, risk.theta].forEach((value, m) => {
    expect(Math.abs(value)).toBeGreaterThan(0.01);
    expect(whole[m]).toBeCloseTo(value, 9);
    const sum = CHAIN.expiries.reduce((of, { index }) => of + (exposures.table[scopeOf(index) * MEASURE_COUNT + m] ?? 0), 0);
    expect(sum).toBeCloseTo(m === 0 ? value + 2.5 : value, 9);
  });
});

test('an expiry knows its own options only', () => {
  const { fair } = new FakeOracle(CHAIN);
  const desk = new FakeDesk();
  const exposures = new Exposures(CHAIN);
  const option = CHAIN.options.find(({ expiry }) => expiry === 1);
  if (option === undefined) throw new Error('no option');
  desk.hold(option.id, 10);
  exposures.look(fair, desk);
  const vegas = CHAIN.expiries.map(({ index }) => exposures.table[scopeOf(index) * MEASURE_COUNT + 2] ?? 0);
  // One contract, in dollars per vol point.
  expect(vegas).toEqual([0, (fair.vega[option.id - 1] ?? 0) / 100, 0]);
});
