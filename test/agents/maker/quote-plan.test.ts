import { expect, test } from 'vitest';
import { Exposures } from '../../../src/agents/maker/exposures.ts';
import { makerSchema } from '../../../src/agents/maker/params.ts';
import { BUILT_IN_PARTS } from '../../../src/agents/maker/parts.ts';
import { QuotePlan, type SideWish } from '../../../src/agents/maker/quote-plan.ts';
import { ticks } from '../../../src/core/units.ts';
import type { OptionSeries } from '../../../src/market/instrument.ts';
import type { Side } from '../../../src/market/order.ts';
import { FakeDesk, FakeOracle } from '../../support/fake-desk.ts';
import { smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
/** At the money, 30 days: some 80 dollars per vol point and contract. */
const OPTION = CHAIN.options.find(({ expiry, strike }) => expiry === 1 && strike === 70_000) as OptionSeries;
const FREE: SideWish = { price: ticks(500), standing: undefined, most: Number.POSITIVE_INFINITY, reason: 'not chosen', isWider: false };

function stage(limits: Record<string, number> = {}, size = 1) {
  const desk = new FakeDesk();
  const { fair } = new FakeOracle(CHAIN);
  const plan = new QuotePlan(CHAIN, fair, makerSchema(BUILT_IN_PARTS).parse({ size, limits }));
  const exposures = new Exposures(CHAIN);
  return {
    desk,
    /** One cycle with this wish alone. */
    decide: (side: Side, wish: Partial<SideWish> = {}) => {
      exposures.look(fair, desk);
      plan.begin(desk, exposures.table);
      const standing = plan.decide(desk, OPTION, side, { ...FREE, ...wish });
      const { size: lots, reason } = plan.decision(OPTION.id - 1, side);
      expect(standing?.size ?? 0).toBe(lots);
      return [lots, reason] as const;
    },
  };
}

test('a side that nothing speaks against is quoted in full', () => {
  expect(stage().decide('buy')).toEqual([10, 'quoted in full']);
});

test('one without a price has the reason that it was given', () => {
  expect(stage().decide('sell', { price: undefined })).toEqual([0, 'not chosen']);
});

test('the limit of position makes a quote smaller, and then ends it', () => {
  const { desk, decide } = stage({ positionPerSeries: 2 });
  desk.hold(OPTION.id, 17);
  expect([decide('buy'), decide('sell')]).toEqual([
    [3, 'limit: 2 contracts of a series'],
    [10, 'quoted in full'],
  ]);
  desk.hold(OPTION.id, 20);
  expect(decide('buy')).toEqual([0, 'limit: 2 contracts of a series']);
});

test('a guard makes it smaller, for its own reason', () => {
  const { decide } = stage();
  expect(decide('buy', { most: 4, reason: 'reduce-only' })).toEqual([4, 'reduce-only']);
  expect(decide('buy', { most: 0, reason: 'reduce-only' })).toEqual([0, 'reduce-only']);
});

test('what changes counts beside what it takes the place of', () => {
  const { desk, decide } = stage({ vega: 130 });
  desk.open(OPTION.id, 'buy', 10);
  const standing = { price: ticks(500), size: 10 };
  expect(decide('buy', { standing })).toEqual([10, 'quoted in full']);
  // 80 dollars stand until the message arrives.
  expect(decide('buy', { standing, price: ticks(501) })).toEqual([0, 'limit: vega with all quotes filled, 130 $ per vol point']);
  desk.open(OPTION.id, 'buy', 0);
  expect(decide('buy', { price: ticks(501) })).toEqual([10, 'quoted in full']);
  const small = stage({ positionPerSeries: 1.5 });
  small.desk.open(OPTION.id, 'buy', 10);
  expect(small.decide('buy', { standing, price: ticks(501) })).toEqual([0, 'limit: 1.5 contracts of a series, until what stands has gone']);
});

test('a standing quote that no longer fits is withdrawn', () => {
  const { desk, decide } = stage({ vega: 130 });
  desk.open(OPTION.id, 'buy', 10);
  desk.hold(OPTION.id, 7);
  expect(decide('buy', { standing: { price: ticks(500), size: 10 } })).toEqual([
    0,
    'limit: vega with all quotes filled, 130 $ per vol point',
  ]);
});
