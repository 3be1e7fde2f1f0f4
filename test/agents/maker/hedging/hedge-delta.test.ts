import { describe, expect, test } from 'vitest';
import { HedgeDelta } from '../../../../src/agents/maker/hedging/hedge-delta.ts';
import { hedgingParams } from '../../../../src/agents/maker/hedging/hedging-params.ts';
import { greeks } from '../../../../src/pricing/black-scholes.ts';
import { TheoChain } from '../../../../src/pricing/theo.ts';
import { TEST_FACTORS } from '../../../support/fake-desk.ts';
import { plainTerms, smallChain } from '../../../support/small-chain.ts';

const CHAIN = smallChain();
const SERIES = CHAIN.options.map((_, i) => i);

function valued(factors: readonly number[] = TEST_FACTORS, spot = 70_000, nowYears = 0): TheoChain {
  const theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  theo.move(factors, spot, nowYears);
  theo.valueAll();
  return theo;
}

const hedgeDelta = (delta: 'smile' | 'black-scholes' | 'minimum-variance'): HedgeDelta =>
  new HedgeDelta(CHAIN, hedgingParams.parse({ delta }), 30);

describe('the delta that is hedged', () => {
  test('is that of the chain if smiles move with the forward', () => {
    const theo = valued();
    for (const i of SERIES) expect(hedgeDelta('smile').of(theo, i)).toBe(theo.delta[i]);
  });

  test('is that of Black and Scholes if strikes keep their vols', () => {
    const theo = valued();
    for (const { id, right, strike, expiry } of CHAIN.options) {
      const i = id - 1;
      const years = CHAIN.expiries[expiry]?.years ?? 0;
      const { delta } = greeks({ right, strike, years }, { spot: 70_000, vol: theo.vol[i] ?? 0, rate: 0, yield: 0 });
      expect(hedgeDelta('black-scholes').of(theo, i)).toBeCloseTo(delta, 12);
    }
  });

  test('is the change of value when the smile moves with the forward and its vol with the spot', () => {
    const hedge = hedgeDelta('minimum-variance');
    // At the first expiry's money vols fall by 0.4 for a log return of 1: a level that goes with the spot by itself.
    const level = (spot: number): readonly number[] => [Math.log(0.5 - 0.4 * Math.log(spot / 70_000)), 0, -0.15, -0.05];
    for (let step = 0; step < 40; step += 1) hedge.step(valued(level(70_000 + 40 * (step % 3)), 70_000 + 40 * (step % 3)));
    const theo = valued(level(70_000));
    const [up, down] = [valued(level(70_070), 70_070), valued(level(69_930), 69_930)];
    for (const i of SERIES) {
      const whole = ((up.price[i] ?? 0) - (down.price[i] ?? 0)) / 140;
      // In the wings the smile does not shift by what its middle does.
      const atMoney = Math.abs(Math.log((CHAIN.options[i]?.strike ?? 0) / 70_000)) < 0.01;
      expect(Math.abs(hedge.of(theo, i) - whole)).toBeLessThan(atMoney ? 1e-4 : 0.03);
      expect(hedge.of(theo, i)).toBeLessThan(theo.delta[i] ?? 0);
    }
  });

  test('is the chain’s where nothing has been learnt, and once an option is over', () => {
    const theo = valued();
    for (const i of SERIES) expect(hedgeDelta('minimum-variance').of(theo, i)).toBe(theo.delta[i]);
    const later = valued(TEST_FACTORS, 70_000, 8 / 365);
    expect(hedgeDelta('black-scholes').of(later, 0)).toBe(0);
  });
});

test('a position in options is hedged in the perpetual, which moves by its basis more than the index', () => {
  const theo = valued();
  const units = new Float64Array(SERIES.length);
  units[4] = 3;
  units[7] = -2;
  const options = 3 * (theo.delta[4] ?? 0) - 2 * (theo.delta[7] ?? 0);
  const hedge = hedgeDelta('smile');
  expect(hedge.position(theo, units, -1.5, 0)).toBeCloseTo(options - 1.5, 12);
  const without = hedge.position(theo, units, 0, 0.02);
  // Index up by 1: the perpetual goes up by 1.02, and so many of it make up for the options.
  expect(without * 1.02).toBeCloseTo(options, 12);
});
