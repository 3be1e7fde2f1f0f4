import { describe, expect, test } from 'vitest';
import { reference } from '../../src/agents/reference.ts';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import { screenHalfSpread } from '../../src/pricing/flow-shape.ts';
import { ExchangeDesk } from '../support/exchange-desk.ts';
import { FakeOracle, fakeSetup, TEST_FACTORS, TEST_SPOT } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();

function stage(params: Record<string, unknown> = {}, seed = '1') {
  const oracle = new FakeOracle(CHAIN);
  const agent = reference.build(params, fakeSetup(CHAIN, { oracle, seed, name: 'rivals' }));
  const desk = new ExchangeDesk(CHAIN, agent);
  desk.open();
  return { oracle, desk };
}

/** Half-spread in dollars by the rule: a share of the at-the-money vol, at least one tick. */
function halfSpread(oracle: FakeOracle, option: OptionSeries): number {
  const { surface, vega } = oracle.fair;
  const vol = screenHalfSpread(0.0108, surface.vol(option.expiry, 0), (surface.yearsLeft(option.expiry) * 365) / 30);
  return Math.max(5, vol * (vega[option.id - 1] ?? 0));
}

const best = (desk: ExchangeDesk, option: OptionSeries, side: 'buy' | 'sell'): number | undefined => desk.levels(option.id, side)[0]?.[0];

describe('quotes', () => {
  test('without errors, every series is quoted around its fair value by its half-spread, rounded away from it', () => {
    const { oracle, desk } = stage({ noiseShare: 0 });
    desk.wake(0);
    for (const option of CHAIN.options) {
      const fair = oracle.fair.price[option.id - 1] ?? 0;
      const half = halfSpread(oracle, option);
      const bid = Math.floor((fair - half) / 5 + 1e-9);
      expect(best(desk, option, 'buy'), option.symbol).toBe(bid >= 1 ? bid : undefined);
      expect(best(desk, option, 'sell'), option.symbol).toBe(Math.max(1, bid + 1, Math.ceil((fair + half) / 5 - 1e-9)));
      expect(desk.levels(option.id, 'sell')).toEqual([[expect.any(Number), 50]]);
    }
  });

  test('the errors of its marks are normal, a share of the half-spread, one per series and look', () => {
    const { oracle, desk } = stage({ noiseShare: 0.5 }, '7');
    desk.wake(0);
    const errors = streams('7').stream('agents/rivals/errors');
    for (const option of CHAIN.options) {
      const half = halfSpread(oracle, option);
      const centre = (oracle.fair.price[option.id - 1] ?? 0) + 0.5 * half * normal(errors);
      const bid = Math.floor((centre - half) / 5 + 1e-9);
      expect(best(desk, option, 'buy'), option.symbol).toBe(bid >= 1 ? bid : undefined);
    }
  });

  test('a quote is moved once its fair value has moved by the share of its half-spread, and not before', () => {
    const { oracle, desk } = stage({ noiseShare: 0, remarkShare: 0.25 });
    desk.wake(0);
    const call = CHAIN.options.find((option) => option.expiry === 1 && option.strike === 70_000) as OptionSeries;
    const [delta, half] = [oracle.fair.delta[call.id - 1] ?? 0, halfSpread(oracle, call)];
    const moveOf = (share: number): number => TEST_SPOT + (share * half) / delta;
    oracle.move(moveOf(0.23));
    expect(desk.wake(1).filter(({ instrument }) => instrument === call.id)).toEqual([]);
    oracle.move(moveOf(0.27));
    expect(desk.wake(2).filter(({ instrument }) => instrument === call.id).length).toBeGreaterThan(0);
    // From there the next quarter counts.
    oracle.move(moveOf(0.5));
    expect(desk.wake(3).filter(({ instrument }) => instrument === call.id)).toEqual([]);
  });

  test('a market that stands still is quoted once', () => {
    const { desk } = stage();
    expect(desk.wake(0).length).toBeGreaterThan(CHAIN.options.length);
    for (let n = 1; n < 20; n += 1) expect(desk.wake(n)).toEqual([]);
  });

  test('a series whose bid is below the first tick is offered, and its offer left alone', () => {
    const { oracle, desk } = stage();
    // The far call of the first expiry is worth less than a tick.
    oracle.move(60_000);
    desk.wake(0);
    const worthless = CHAIN.options.filter((option) => best(desk, option, 'buy') === undefined);
    expect(worthless.length).toBeGreaterThan(0);
    for (const option of worthless) expect(best(desk, option, 'sell')).toBeGreaterThanOrEqual(1);
    for (let n = 1; n < 20; n += 1) expect(desk.wake(n)).toEqual([]);
  });
});

describe('refill', () => {
  const option = CHAIN.options[14] as OptionSeries;

  test('what traded is filled up again after the waiting time, and no sooner', () => {
    const { desk } = stage({ noiseShare: 0, refillSeconds: 3 });
    desk.wake(0);
    const ask = best(desk, option, 'sell') ?? 0;
    desk.wake(10);
    desk.other(option.id, 'buy', ask, 20);
    desk.deliver();
    for (const seconds of [11, 12, 13]) expect(desk.wake(seconds)).toEqual([]);
    expect(desk.wake(13.5)).toEqual([{ instrument: option.id, side: 'sell', price: ask, lots: 50 }]);
    expect(desk.levels(option.id, 'sell')).toEqual([[ask, 50]]);
  });

  test('also when all of it traded', () => {
    const { desk } = stage({ noiseShare: 0 });
    desk.wake(0);
    const bid = best(desk, option, 'buy') ?? 0;
    desk.wake(10);
    desk.other(option.id, 'sell', bid, 50);
    desk.deliver();
    expect(desk.levels(option.id, 'buy')).toEqual([]);
    desk.wake(14);
    expect(desk.levels(option.id, 'buy')).toEqual([[bid, 50]]);
    expect(desk.position(option.id)).toBe(50);
  });
});

describe('jumps', () => {
  test.each([1.1, 0.9, 1.001, 0.999])('when the market moves to %d of itself no quote meets its own other side', (factor) => {
    const { oracle, desk } = stage();
    desk.wake(0);
    for (let n = 1; n <= 5; n += 1) {
      oracle.move(TEST_SPOT * (n % 2 === 1 ? factor : 1));
      desk.wake(n);
      expect(desk.prevented).toBe(0);
      for (const option of CHAIN.options) {
        expect(desk.levels(option.id, 'buy').length).toBeLessThanOrEqual(1);
        expect(desk.levels(option.id, 'sell').length).toBe(1);
      }
    }
  });

  test('nor when the surface moves', () => {
    const { oracle, desk } = stage();
    desk.wake(0);
    for (const level of [0.3, -0.3, 0.02, -0.02]) {
      oracle.move(TEST_SPOT, [TEST_FACTORS[0] + level, ...TEST_FACTORS.slice(1)]);
      desk.wake(1 + level);
      expect(desk.prevented).toBe(0);
    }
  });
});

test('one error is drawn per series and look, whatever happens to the quotes', () => {
  // Two runs at one seed; in one of them others trade all the time. Later marks must have the same errors.
  const runs = [false, true].map((busy) => {
    const { oracle, desk } = stage({ refillSeconds: 1 });
    for (let n = 0; n < 30; n += 1) {
      desk.wake(n);
      if (!busy || n > 20) continue;
      for (const option of CHAIN.options.slice(n % 7, 20)) {
        desk.other(option.id, 'buy', 1_000_000, 7);
        desk.other(option.id, 'sell', 1, 60);
      }
      desk.deliver();
    }
    // A jump marks everything afresh.
    oracle.move(1.05 * TEST_SPOT);
    desk.wake(40);
    return CHAIN.options.map((option) => [best(desk, option, 'buy'), best(desk, option, 'sell')]);
  });
  expect(runs[1]).toEqual(runs[0]);
});

test('an expiry that is over is left alone, and its errors are still drawn', () => {
  const [all, some] = [false, true].map((over) => {
    const { desk } = stage();
    const series = CHAIN.options.filter(({ expiry }) => expiry === 0).map(({ id }) => id);
    if (over) desk.exchange.lifecycle.withhold(series);
    desk.wake(0);
    return CHAIN.options.map((option) => best(desk, option, 'sell'));
  });
  const first = CHAIN.options.filter((option) => option.expiry === 0).length;
  expect(some?.slice(0, first)).toEqual(new Array(first).fill(undefined));
  expect(some?.slice(first)).toEqual(all?.slice(first));
});
