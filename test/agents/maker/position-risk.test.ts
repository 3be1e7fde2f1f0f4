import { expect, test } from 'vitest';
import { blankRisk, positionRisk } from '../../../src/agents/maker/position-risk.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { FakeDesk, FakeOracle, TEST_FACTORS, TEST_SPOT } from '../../support/fake-desk.ts';
import { smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
const { fair } = new FakeOracle(CHAIN);

function held() {
  const desk = new FakeDesk();
  desk.hold(CHAIN.underlying.id, -140);
  CHAIN.options.forEach((option, i) => {
    desk.hold(option.id, (i % 7) - 3);
  });
  return desk;
}

test('is the sum over the position, in the units that it says', () => {
  const desk = held();
  const expected = { delta: -1.4, gamma: 0, vega: 0, theta: 0 };
  const exposures = [0, 0, 0, 0];
  CHAIN.options.forEach((option, i) => {
    const units = 0.1 * desk.position(option.id);
    expected.delta += units * (fair.delta[i] ?? 0);
    expected.gamma += units * (fair.gamma[i] ?? 0);
    expected.vega += units * (fair.vega[i] ?? 0) * 0.01;
    expected.theta += (units * (fair.theta[i] ?? 0)) / 365;
    exposures.forEach((sum, f) => {
      exposures[f] = sum + units * (fair.exposures[FACTOR_COUNT * i + f] ?? 0);
    });
  });
  const risk = positionRisk(CHAIN, fair, desk, blankRisk());
  for (const [name, value] of Object.entries(expected)) expect(risk[name as keyof typeof expected], name).toBeCloseTo(value, 9);
  for (const [f, sum] of exposures.entries()) expect(risk.exposures[f]).toBeCloseTo(sum, 6);
  expect(risk.gammaPerPercent).toBeCloseTo(expected.gamma * 700, 9);
});

test('starts over each time', () => {
  const out = blankRisk();
  const first = structuredClone(positionRisk(CHAIN, fair, held(), out));
  expect(positionRisk(CHAIN, fair, held(), out)).toEqual(first);
  expect(positionRisk(CHAIN, fair, new FakeDesk(), out)).toEqual(blankRisk());
});

test('says by how much the value moves', () => {
  const desk = held();
  const oracle = new FakeOracle(CHAIN);
  const value = (): number =>
    CHAIN.options.reduce((sum, option, i) => sum + 0.1 * desk.position(option.id) * (oracle.fair.price[i] ?? 0), -1.4 * oracle.fair.spot);
  const risk = positionRisk(CHAIN, fair, desk, blankRisk());
  const shifted = (spot: number, factors: readonly number[]): number => {
    oracle.move(spot, factors);
    return value();
  };
  const up = shifted(TEST_SPOT + 1, TEST_FACTORS);
  const down = shifted(TEST_SPOT - 1, TEST_FACTORS);
  expect((up - down) / 2).toBeCloseTo(risk.delta, 4);
  const raised = shifted(TEST_SPOT, [TEST_FACTORS[0] + 1e-4, ...TEST_FACTORS.slice(1)]);
  const lowered = shifted(TEST_SPOT, [TEST_FACTORS[0] - 1e-4, ...TEST_FACTORS.slice(1)]);
  expect((raised - lowered) / 2e-4 / (risk.exposures[0] ?? 0)).toBeCloseTo(1, 4);
});
