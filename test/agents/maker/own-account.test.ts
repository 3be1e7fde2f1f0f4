import { describe, expect, test } from 'vitest';
import { OwnAccount } from '../../../src/agents/maker/own-account.ts';
import { instrumentId, lots, money, ticks } from '../../../src/core/units.ts';
import { FakeDesk, FakeOracle, report } from '../../support/fake-desk.ts';
import { smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
const { fair } = new FakeOracle(CHAIN);
const OPTION = instrumentId(3);

const fill = (side: 'buy' | 'sell', instrument: number, price: number, size: number, fee: number) =>
  report('fill', 1, instrumentId(instrument), side, { price: ticks(price), lots: lots(size), fee: money(fee) });

describe('cash', () => {
  test('pays for what is bought, receives for what is sold, and pays fees on both', () => {
    const account = new OwnAccount(CHAIN);
    // 12 lots of 0.1 contracts at 400 ticks of 5 $: 2,400 $; fee 25.20 $.
    account.hear(fill('buy', OPTION, 400, 12, 25_200_000));
    expect(account.cash).toBeCloseTo(-2425.2, 9);
    account.hear(fill('sell', OPTION, 410, 12, 25_200_000));
    expect(account.cash).toBeCloseTo(-2425.2 + 2460 - 25.2, 9);
    // 150 lots of 0.01 units of the underlying at 70,000 ticks of 1 $, with a rebate of 10.50 $.
    account.hear(fill('sell', 0, 70_000, 150, -10_500_000));
    expect(account.cash).toBeCloseTo(9.6 + 105_000 + 10.5, 6);
  });

  test('moves by fills and settlements alone', () => {
    const account = new OwnAccount(CHAIN);
    for (const kind of ['accepted', 'removed', 'rejected'] as const)
      account.hear(report(kind, 1, OPTION, 'buy', { lots: lots(5), price: ticks(9) }));
    expect(account.cash).toBe(0);
    account.settled({ instrument: instrumentId(1), units: -1.5, dollarsPerUnit: 320, feeDollars: 2 });
    expect(account.cash).toBe(-482);
  });
});

test('profit is cash plus the position at the values given', () => {
  const account = new OwnAccount(CHAIN);
  const desk = new FakeDesk();
  account.hear(fill('buy', OPTION, 400, 12, 25_200_000));
  account.hear(fill('sell', 0, 70_010, 30, 0));
  desk.hold(OPTION, 12);
  desk.hold(CHAIN.underlying.id, -30);
  const expected = -2425.2 + 0.3 * 70_010 + 1.2 * (fair.price[2] ?? 0) - 0.3 * 70_000;
  expect(account.pnl(fair, desk)).toBeCloseTo(expected, 6);
});

test('funding is cash, and the perpetual is worth what is said', () => {
  const account = new OwnAccount(CHAIN);
  const desk = new FakeDesk();
  account.hear(fill('sell', 0, 70_010, 30, 0));
  account.funded(1.25);
  account.funded(-0.5);
  desk.hold(CHAIN.underlying.id, -30);
  expect(account.cash).toBeCloseTo(0.3 * 70_010 + 0.75, 9);
  expect(account.pnl(fair, desk, 70_200)).toBeCloseTo(0.3 * (70_010 - 70_200) + 0.75, 6);
});
