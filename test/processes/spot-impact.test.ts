import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ImpactParameters, presetBpPer100Units, SpotImpact } from '../../src/processes/spot-impact.ts';

/** 10 bp per 100 units: 1e-5 per unit. */
const LAW: ImpactParameters = { bpPer100Units: 10, permanentShare: 0.25, halfLifeMinutes: 1 };
const PER_UNIT = 1e-5;

describe('impact', () => {
  test('is linear in units, at once, and halves in what does not stay with each half-life', () => {
    const impact = new SpotImpact(LAW, 0.1, 1);
    impact.trade(500);
    impact.trade(-100);
    expect(impact.logMove).toBe(0);
    expect(impact.step()).toBeCloseTo(40 * PER_UNIT, 15);
    for (let halfLife = 1; halfLife <= 3; halfLife += 1) {
      for (let second = 0; second < 60; second += 1) impact.step();
      const left = 0.75 / (1 << halfLife);
      expect(impact.logMove).toBeCloseTo(40 * PER_UNIT * (0.25 + left), 15);
    }
    expect([impact.lowest, impact.highest]).toEqual([0, expect.closeTo(40 * PER_UNIT, 15)]);
  });

  test('is the sum of that of single trades, at whatever steps', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 }), (trades) => {
        const all = new SpotImpact(LAW, 0.01, 1);
        const kept = 2 ** (-1 / 60);
        trades.forEach((lots) => {
          all.trade(lots);
          all.step();
        });
        const sum = trades.reduce((total, lots, i) => total + lots * 0.01 * PER_UNIT * (0.25 + 0.75 * kept ** (trades.length - 1 - i)), 0);
        expect(all.logMove).toBeCloseTo(sum, 14);
      }),
    );
  });

  test('of trades that cancel within a step is none, to the bit', () => {
    const impact = new SpotImpact(LAW, 0.01, 1);
    for (const lots of [1, 2, 3, -6]) impact.trade(lots);
    expect(impact.step() + 0).toBe(0);
    expect(impact.logMove + 0).toBe(0);
  });

  test('of 0 bp leaves every spot as it is, to the bit', () => {
    const impact = new SpotImpact({ ...LAW, bpPer100Units: 0 }, 0.01, 1);
    for (const lots of [7, -1e9, 13]) {
      impact.trade(lots);
      impact.step();
      expect(70_123.456 * Math.exp(impact.logMove)).toBe(70_123.456);
    }
  });

  test('does not depend on the length of the step once all is traded', () => {
    const [short, long] = [1, 20].map((seconds) => new SpotImpact(LAW, 1, seconds));
    for (const impact of [short, long]) {
      impact?.trade(100);
      impact?.step();
    }
    for (let second = 0; second < 100; second += 1) short?.step();
    for (let step = 0; step < 5; step += 1) long?.step();
    expect(short?.logMove).toBeCloseTo(long?.logMove ?? Number.NaN, 15);
  });
});

test('a preset in dollars is the same depth at any price of a unit', () => {
  const preset = { dollarsPerBp: 1.4e6, permanentShare: 0, halfLifeMinutes: 1 };
  expect(presetBpPer100Units(preset, 70_000)).toBeCloseTo(5, 12);
  expect(presetBpPer100Units(preset, 2_000) * 35).toBeCloseTo(5, 12);
});

/** The log of the spot, step by step, after a move of 1 from outside, with somebody who trades `gain`/λ units per unit of the last return. */
function loop(gain: number, law: ImpactParameters, steps: number): number[] {
  const impact = new SpotImpact(law, 1, 1);
  const path = [1];
  let before = 0;
  for (let step = 0; step < steps; step += 1) {
    const now = path.at(-1) ?? 0;
    impact.trade((gain / PER_UNIT) * (now - before));
    before = now;
    impact.step();
    path.push(1 + impact.logMove);
  }
  return path;
}

describe('a hedger that trades with the move', () => {
  const SLOW: ImpactParameters = { ...LAW, halfLifeMinutes: 240 };

  test.each([-0.9, -0.5, 0.3, 0.5, 0.7])('of gain %d lifts a move to 1/(1 − g), and leaves 1/(1 − p g) of it', (gain) => {
    expect(loop(gain, SLOW, 60).at(-1)).toBeCloseTo(1 / (1 - gain), 1);
    expect(loop(gain, LAW, 5000).at(-1)).toBeCloseTo(1 / (1 - 0.25 * gain), 6);
  });

  test('just below gain 1 makes a long way of it, and still ends', () => {
    const path = loop(0.99, LAW, 20_000);
    expect(Math.max(...path)).toBeGreaterThan(10);
    expect(Math.max(...path)).toBeLessThan(1 / (1 - 0.99));
    expect(path.at(-1)).toBeCloseTo(1 / (1 - 0.25 * 0.99), 6);
  });

  const critical = (permanentShare: number, kept: number): readonly [short: number, long: number] => {
    const slack = 1 - permanentShare * (1 - kept);
    return [Math.min(1 / slack, 1 / permanentShare), -(1 + kept) / (1 + slack)];
  };

  test.each([
    [0.25, 0.999],
    [0.25, 0.9],
    [0.5, 0.5],
    [0.8, 0.1],
    [0.9, 0.99],
  ])('with %d of it permanent and %d kept per step, explodes just beyond the critical gain and not before', (permanentShare, kept) => {
    const law = { bpPer100Units: 10, permanentShare, halfLifeMinutes: Math.LN2 / -Math.log(kept) / 60 };
    for (const gain of critical(permanentShare, kept)) {
      const stable = loop(0.97 * gain, law, 40_000);
      expect(stable.at(-1)).toBeCloseTo(1 / (1 - permanentShare * 0.97 * gain), 3);
      const exploding = loop(1.03 * gain, law, 4000).map(Math.abs);
      expect(Math.max(...exploding)).toBeGreaterThan(1e6);
    }
  });
});
