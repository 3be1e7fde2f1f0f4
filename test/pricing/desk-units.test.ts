import { expect, test } from 'vitest';
import { deskGreeks } from '../../src/pricing/desk-units.ts';
import { type HigherGreeks, higherGreeks } from '../../src/pricing/higher-greeks.ts';

const contract = { right: 'call', strike: 105, years: 0.5 } as const;
const at = { spot: 100, vol: 0.3, rate: 0.04, yield: 0.01 };
const value = higherGreeks(contract, at);
const desk = deskGreeks(value, at.spot);
const moved = (change: Partial<typeof at>): HigherGreeks => higherGreeks(contract, { ...at, ...change });
/** Half the difference between a step up and a step down. */
const change = (of: (step: 1 | -1) => number): number => (of(1) - of(-1)) / 2;

test.each([
  ['deltaCash is worth a hundred times what 1 % of spot changes', desk.deltaCash / 100, change((s) => moved({ spot: 100 + s }).price)],
  ['gammaCashPerPercent', desk.gammaCashPerPercent, change((s) => moved({ spot: 100 + s }).delta * 100)],
  ['vegaPerPoint', desk.vegaPerPoint, change((s) => moved({ vol: 0.3 + 0.01 * s }).price)],
  ['thetaPerDay', desk.thetaPerDay, change((s) => higherGreeks({ ...contract, years: 0.5 - s / 365 }, at).price)],
  ['rhoPerBasisPoint', desk.rhoPerBasisPoint, change((s) => moved({ rate: 0.04 + 0.0001 * s }).price)],
  ['psiPerBasisPoint', desk.psiPerBasisPoint, change((s) => moved({ yield: 0.01 + 0.0001 * s }).price)],
  ['vannaPerPoint', desk.vannaPerPoint, change((s) => moved({ vol: 0.3 + 0.01 * s }).delta)],
  ['volgaPerPoint', desk.volgaPerPoint, change((s) => moved({ vol: 0.3 + 0.01 * s }).vega / 100)],
  ['charmPerDay', desk.charmPerDay, change((s) => higherGreeks({ ...contract, years: 0.5 - s / 365 }, at).delta)],
  ['speedCashPerPercent', desk.speedCashPerPercent, change((s) => moved({ spot: 100 + s }).gamma * 100)],
  ['zommaCashPerPercentPerPoint', desk.zommaCashPerPercentPerPoint, change((s) => moved({ vol: 0.3 + 0.01 * s }).gamma * 100)],
  [
    'colorCashPerPercentPerDay',
    desk.colorCashPerPercentPerDay,
    change((s) => higherGreeks({ ...contract, years: 0.5 - s / 365 }, at).gamma * 100),
  ],
])('%s', (_, got, expected) => {
  // The step is finite: third derivatives remain.
  expect(Math.abs(got / expected - 1)).toBeLessThan(0.01);
});
