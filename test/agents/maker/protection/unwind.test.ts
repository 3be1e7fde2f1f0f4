import { expect, test } from 'vitest';
import { Unwind, unwindParams } from '../../../../src/agents/maker/protection/unwind.ts';
import type { OptionSeries } from '../../../../src/market/instrument.ts';
import { FakeDesk, FakeOracle, fakeSetup } from '../../../support/fake-desk.ts';
import { smallChain } from '../../../support/small-chain.ts';

const CHAIN = smallChain();
const { fair } = new FakeOracle(CHAIN);
const at = (expiry: number) =>
  CHAIN.options.find((option) => option.expiry === expiry && option.strike === 70_000 && option.right === 'call') as OptionSeries;
const [NEAR, FAR] = [at(0), at(2)];

function stage(params: Record<string, unknown> = {}) {
  const desk = new FakeDesk();
  const unwind = new Unwind(unwindParams.parse(params), fakeSetup(CHAIN));
  return {
    desk,
    /** Shows a book so many vol points around the value, with so many lots on each side. */
    show: (option: OptionSeries, vols: number, size = 10) => {
      const [value, vega] = [fair.price[option.id - 1] ?? 0, (fair.vega[option.id - 1] ?? 0) / 100];
      desk.show(option.id, Math.round((value - vols * vega) / option.tickSize), Math.round((value + vols * vega) / option.tickSize), size);
    },
    act: (seconds: number) => {
      unwind.act(desk.at(seconds), fair);
      return desk.heard();
    },
  };
}

test('closes what is held at the best price, no more than is shown, one order at a time', () => {
  const { desk, show, act } = stage();
  show(NEAR, 0.2, 4);
  desk.hold(NEAR.id, 10);
  const bid = desk.bbo(NEAR.id).bid;
  expect(act(0)).toMatchObject([{ kind: 'submit', instrument: NEAR.id, side: 'sell', type: 'ioc', price: bid, lots: 4 }]);
  // Until its time has come, and while its order is under way.
  expect(act(0.5)).toEqual([]);
  desk.open(NEAR.id, 'sell', 4);
  expect(act(1)).toEqual([]);
  desk.open(NEAR.id, 'sell', 0);
  desk.hold(NEAR.id, -3);
  expect(act(2)).toMatchObject([{ side: 'buy', price: desk.bbo(NEAR.id).ask, lots: 3 }]);
  desk.hold(NEAR.id, 0);
  expect(act(3)).toEqual([]);
});

test('the largest vega first', () => {
  const { desk, show, act } = stage();
  show(NEAR, 0.2);
  show(FAR, 0.2);
  desk.hold(NEAR.id, 10);
  desk.hold(FAR.id, -10);
  expect(act(0)).toMatchObject([{ instrument: FAR.id, side: 'buy' }]);
});

test('what is dearer than the bound, fee included, is held', () => {
  const { desk, show, act } = stage({ costVol: 1 });
  // The fee of 21 dollars is .15 of a vol point at 90 days.
  desk.hold(FAR.id, 10);
  show(FAR, 0.9);
  expect(act(0)).toEqual([]);
  show(FAR, 0.8);
  expect(act(0)).toHaveLength(1);
});

test('nothing where it is switched off, no book, or a series that takes no orders', () => {
  const off = stage({ enabled: false });
  off.show(NEAR, 0.1);
  off.desk.hold(NEAR.id, 10);
  expect(off.act(0)).toEqual([]);
  const { desk, show, act } = stage();
  desk.hold(NEAR.id, 10);
  expect(act(0)).toEqual([]);
  show(NEAR, 0.1);
  desk.closed.add(NEAR.id);
  expect(act(0)).toEqual([]);
});
