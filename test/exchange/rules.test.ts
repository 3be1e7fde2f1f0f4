import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instrumentId, type Lots, lots, money, ticks } from '../../src/core/units.ts';
import { deliveryFeePerLot, type FeeSchedule, feePerLot, refusal } from '../../src/exchange/rules.ts';
import { rejectCode } from '../../src/exchange/trace-codes.ts';
import { buildChain } from '../../src/market/chain.ts';
import type { OrderRequest, RejectReason } from '../../src/market/order.ts';

const chain = buildChain({
  symbol: 'BTC',
  underlying: { tickSize: 0.5, lotSize: 0.001 },
  options: { tickSize: 5, lotSize: 0.1 },
  expiries: [{ label: '30d', years: 30 / 365, carry: 0, strikes: [100_000] }],
});
const [option] = chain.options;
if (option === undefined) throw new Error('the chain has no option');
const fees: FeeSchedule = {
  option: { maker: 0.0003, taker: 0.0003, premiumCap: 0.125 },
  perpetual: { maker: -0.0001, taker: 0.0005 },
};

describe('feePerLot', () => {
  test.each([
    // 0.03 % of 100,000 on 0.1 units is 3 dollars; a premium of 250 dollars on 0.1 units caps it at 3.125.
    ['option, below the cap', 100_000, 50, 3_000_000],
    // A premium of 200 dollars is 20 per lot: 12.5 % is 2.50.
    ['option, at the cap', 100_000, 40, 2_500_000],
    ['option, cheapest premium', 100_000, 1, 62_500],
    // 0.0003 · 98,765.4321 · 0.1 is 2.962962963 dollars: up to the next millionth.
    ['option, rounded up', 98_765.4321, 200, 2_962_963],
  ])('%s', (_name, index, price, fee) => {
    expect(feePerLot(option, ticks(price), 'taker', index, fees)).toBe(fee);
  });

  test('perpetual: of the traded value; fees up, rebates toward zero', () => {
    // 100,000.50 dollars on 0.001 units is 100.0005: 0.05 % is 0.05000025, and the rebate of 0.01 % is 0.01000005.
    expect(feePerLot(chain.underlying, ticks(200_001), 'taker', 1, fees)).toBe(50_001);
    expect(feePerLot(chain.underlying, ticks(200_001), 'maker', 1, fees)).toBe(-10_000);
  });

  test('a product that is whole but for binary rounding is not rounded up', () => {
    // 0.0003 · 100,000 · 0.1 · 10^6 is 3,000,000 and a few units in the last place in doubles.
    expect(0.0003 * 110_000 * 0.1 * 1e6).not.toBe(3_300_000);
    expect(feePerLot(option, ticks(10_000), 'taker', 110_000, fees)).toBe(3_300_000);
  });

  test('a rebate smaller than one unit is plain 0, and the cap bounds rebates of options', () => {
    const generous: FeeSchedule = { option: { maker: -0.01, taker: 0, premiumCap: 0.125 }, perpetual: { maker: -1e-9, taker: 0 } };
    expect(Object.is(feePerLot(chain.underlying, ticks(1), 'maker', 1, generous), 0)).toBe(true);
    expect(feePerLot(option, ticks(40), 'maker', 100_000, generous)).toBe(-2_500_000);
  });

  test('is whole, against the trader by less than one unit, and never above the cap', () => {
    const rate = fc.integer({ min: -10_000, max: 10_000 }).map((tenths) => tenths / 1e7);
    fc.assert(
      fc.property(rate, fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 1, max: 1e6, noNaN: true }), (maker, price, index) => {
        const schedule: FeeSchedule = { option: { maker, taker: 0, premiumCap: 0.125 }, perpetual: { maker, taker: 0 } };
        for (const instrument of [option, chain.underlying]) {
          const value = price * instrument.moneyPerTickLot;
          const of = instrument.kind === 'option' ? maker * index * instrument.lotSize * 1e6 : maker * value;
          const exact = instrument.kind === 'option' ? Math.sign(of) * Math.min(Math.abs(of), 0.125 * value) : of;
          const fee = feePerLot(instrument, ticks(price), 'maker', index, schedule);
          const slack = 1e-11 * Math.abs(exact);
          expect(Number.isSafeInteger(fee)).toBe(true);
          expect(fee).toBeGreaterThanOrEqual(exact - slack);
          expect(fee).toBeLessThan(exact + 1 + slack);
        }
      }),
    );
  });
});

describe('deliveryFeePerLot', () => {
  const delivering: FeeSchedule = { ...fees, option: { ...fees.option, delivery: 0.00015 } };
  test.each([
    // 1.5 basis points of 100,000 on 0.1 units are 1.50 dollars; 12.5 % of what is paid out are less from 12 dollars down.
    ['below the cap', 20_000_000, 100_000, 1_500_000],
    ['at the cap', 12_000_000, 100_000, 1_500_000],
    ['capped by what is paid out', 8_000_000, 100_000, 1_000_000],
    ['up to the next millionth', 20_000_000, 98_765.4321, 1_481_482],
    ['of nothing, nothing', 0, 100_000, 0],
  ])('%s', (_name, paid, index, fee) => {
    expect(deliveryFeePerLot(option, money(paid), index, delivering)).toBe(fee);
  });

  test('is 0 where the schedule names none', () => {
    expect(deliveryFeePerLot(option, money(20_000_000), 100_000, fees)).toBe(0);
  });
});

describe('refusal', () => {
  const limits = { lotsPerOrder: 100, ordersPerAgent: 3 };
  const good: OrderRequest = { instrument: instrumentId(1), side: 'buy', type: 'limit', price: ticks(5), lots: lots(100) };
  test.each<[string, Partial<OrderRequest>, boolean, number, RejectReason | undefined]>([
    ['a good order, at both limits', {}, false, 2, undefined],
    ['an expired instrument, whatever else is wrong', { lots: lots(0) }, true, 9, 'instrument-expired'],
    ['no lots', { lots: lots(0) }, false, 0, 'lots-not-positive'],
    ['negative lots', { lots: lots(-1) }, false, 0, 'lots-not-positive'],
    ['lots that are not a number', { lots: Number.NaN as Lots }, false, 0, 'lots-not-positive'],
    ['too many lots', { lots: lots(101) }, false, 0, 'lots-above-maximum'],
    ['price zero', { price: ticks(0) }, false, 0, 'price-not-positive'],
    ['price zero for an ioc', { type: 'ioc', price: ticks(0) }, false, 0, 'price-not-positive'],
    ['price zero for a market order', { type: 'market', price: ticks(0) }, false, 0, undefined],
    ['too many orders', {}, false, 3, 'too-many-orders'],
    ['an ioc beside too many orders', { type: 'ioc' }, false, 3, undefined],
  ])('%s', (_name, change, expired, open, reason) => {
    const at = { closed: expired ? ('instrument-expired' as const) : undefined, tickTable: [], openOrders: open, edge: undefined };
    expect(refusal({ ...good, ...change }, at, limits)).toBe(reason);
  });
});

test('reject reasons keep their numbers: they are part of every golden hash', () => {
  const reasons: RejectReason[] = [
    'unknown-order',
    'not-owner',
    'instrument-expired',
    'lots-not-positive',
    'lots-above-maximum',
    'price-not-positive',
    'too-many-orders',
    'not-listed',
    'price-off-tick',
    'price-outside-band',
    'would-trade',
    'too-many-requests',
    'quote-crosses-itself',
    'protection-frozen',
    'not-connected',
    'series-quoted-twice',
  ];
  expect(reasons.map(rejectCode)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
});
