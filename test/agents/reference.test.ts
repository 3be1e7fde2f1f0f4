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

/** Reacts at once, marks nothing anew for its turn, and is always as wide, unless a test asks for it. */
const PROMPT = { reactionMillis: 0, refreshSeconds: 1e9, widthSd: 0 };

function stage(params: Record<string, unknown> = {}, seed = '1') {
  const oracle = new FakeOracle(CHAIN);
  const agent = reference.build({ ...PROMPT, ...params }, fakeSetup(CHAIN, { oracle, seed, name: 'rivals' }));
  const desk = new ExchangeDesk(CHAIN, agent);
  desk.open();
  return { oracle, desk };
}

const feeOf = (oracle: FakeOracle, option: OptionSeries): number => {
  const at = Math.max(1, Math.floor((oracle.fair.price[option.id - 1] ?? 0) / 5 + 1e-9));
  return Math.min(0.0003 * oracle.fair.spot, 0.125 * 5 * at);
};

/** Half-spread in dollars by the rule: by vega, a share of the at-the-money vol and 0.87 of the fee where vega is largest; at least one tick. */
function halfSpread(oracle: FakeOracle, option: OptionSeries): number {
  const { surface, vega } = oracle.fair;
  const vol = screenHalfSpread(0.0063, surface.vol(option.expiry, 0), (surface.yearsLeft(option.expiry) * 365) / 30);
  const vegaOf = ({ id }: OptionSeries): number => vega[id - 1] ?? 0;
  const mine = CHAIN.options.filter(({ expiry }) => expiry === option.expiry);
  const atTheMoney = mine.reduce((most, other) => (vegaOf(other) > vegaOf(most) ? other : most));
  return Math.max(5, (vol + (0.87 * feeOf(oracle, atTheMoney)) / vegaOf(atTheMoney)) * vegaOf(option));
}

/** Moves the spot so that the value of an option of this delta moves by a share of its half-spread. */
function moveBy(oracle: FakeOracle, share: number, half: number, delta: number): void {
  oracle.move(TEST_SPOT + (share * half) / delta);
}

/** A call at the money of the second expiry. */
const CALL = CHAIN.options.find((option) => option.expiry === 1 && option.strike === 70_000) as OptionSeries;

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
      const isDeep = Math.abs(oracle.fair.delta[option.id - 1] ?? 0) > 0.65;
      expect(desk.levels(option.id, 'sell'), option.symbol).toEqual([[expect.any(Number), isDeep ? 50 : 200]]);
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
    const { oracle, desk } = stage({ noiseShare: 0, remarkShare: 0.25, remarkBp: 0 });
    desk.wake(0);
    const [delta, half] = [oracle.fair.delta[CALL.id - 1] ?? 0, halfSpread(oracle, CALL)];
    moveBy(oracle, 0.23, half, delta);
    expect(desk.wake(1).filter(({ instrument }) => instrument === CALL.id)).toEqual([]);
    moveBy(oracle, 0.27, half, delta);
    expect(desk.wake(2).filter(({ instrument }) => instrument === CALL.id).length).toBeGreaterThan(0);
    // From there the next quarter counts.
    moveBy(oracle, 0.5, half, delta);
    expect(desk.wake(3).filter(({ instrument }) => instrument === CALL.id)).toEqual([]);
  });

  test('nor before the index has moved by the basis points, deep in the money too', () => {
    const { oracle, desk } = stage({ noiseShare: 0, remarkShare: 0.01, remarkBp: 10 });
    desk.wake(0);
    const deep = CHAIN.options.find((option) => (oracle.fair.delta[option.id - 1] ?? 0) > 0.9) as OptionSeries;
    oracle.move(TEST_SPOT * 1.0009);
    expect(desk.wake(1)).toEqual([]);
    oracle.move(TEST_SPOT * 1.0012);
    expect(desk.wake(2).map(({ instrument }) => instrument)).toEqual(expect.arrayContaining([deep.id, CALL.id]));
  });

  test('it takes its time to react, and then sees to all that is stale by the last look', () => {
    const times = ['1', '2', '3', '4', '5', '6', '7', '8'].map((seed) => {
      const { oracle, desk } = stage({ noiseShare: 0, reactionMillis: 400 }, seed);
      desk.wake(0);
      oracle.move(TEST_SPOT * 1.003);
      expect(desk.wake(1)).toEqual([]);
      const looks = [2e9];
      const at = desk.wakes.filter((wake) => wake > 1e9 && !looks.includes(wake))[0] ?? 2e9;
      if (at < 2e9) {
        expect(desk.wake(at / 1e9 - 1e-6)).toEqual([]);
        expect(new Set(desk.wake(at / 1e9).map(({ instrument }) => instrument)).size).toBeGreaterThan(CHAIN.options.length / 2);
      }
      return at;
    });
    // Exponential with a mean of 0.4 s: drawn anew in each run.
    expect(new Set(times).size).toBeGreaterThan(5);
    expect(Math.min(...times)).toBeLessThan(1.4e9);
  });

  test('a reaction that takes longer than the time between two looks is waited for', () => {
    const { oracle, desk } = stage({ noiseShare: 0, reactionMillis: 60_000 }, '3');
    desk.wake(0);
    oracle.move(TEST_SPOT * 1.003);
    let moved = 1;
    while (desk.wake(moved).length === 0) moved += 1;
    expect(moved).toBeGreaterThan(2);
    expect(moved).toBeLessThan(400);
  });

  test('every series is marked anew in its turn, with a new error, once in the time given', () => {
    const { desk } = stage({ refreshSeconds: 30, noiseShare: 0.5 });
    desk.wake(0);
    const seen = new Map<number, number>();
    for (let n = 1; n <= 30; n += 1) {
      const touched = new Set(desk.wake(n).map(({ instrument }) => instrument));
      expect(touched.size).toBeLessThanOrEqual(Math.ceil(CHAIN.options.length / 30) + 1);
      for (const instrument of touched) seen.set(instrument, (seen.get(instrument) ?? 0) + 1);
    }
    expect(seen.size).toBeGreaterThan(0.7 * CHAIN.options.length);
    expect(Math.max(...seen.values())).toBe(1);
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

describe('others in its way', () => {
  test('it never takes: behind a stale offer it bids a tick lower', () => {
    const { oracle, desk } = stage({ noiseShare: 0 });
    desk.wake(0);
    const fair = oracle.fair.price[CALL.id - 1] ?? 0;
    const stale = best(desk, CALL, 'buy') ?? 0;
    desk.other(CALL.id, 'sell', stale + 1, 5, 'limit');
    oracle.move(TEST_SPOT * 1.02);
    desk.wake(1);
    expect(oracle.fair.price[CALL.id - 1]).toBeGreaterThan(fair + 500);
    expect(desk.position(CALL.id)).toBe(0);
    expect(best(desk, CALL, 'buy')).toBe(stale);
    expect(best(desk, CALL, 'sell')).toBe(stale + 1);
    expect(desk.levels(CALL.id, 'buy').length).toBe(1);
  });

  test('behind an offer at the first tick it does not bid', () => {
    // A far call worth a tick or two.
    const { oracle, desk } = stage({ noiseShare: 0, spreadPerVol: 1e-6, feeShare: 0 });
    const far = CHAIN.options.find((option) => option.expiry === 0 && option.right === 'call' && option.strike === 80_000) ?? CALL;
    let spot = TEST_SPOT;
    while ((oracle.fair.price[far.id - 1] ?? 0) > 14) {
      spot -= 50;
      oracle.move(spot);
    }
    desk.wake(0);
    const bid = best(desk, far, 'buy');
    expect(bid).toBe(1);
    desk.other(far.id, 'sell', 1, 1000);
    desk.deliver();
    expect(desk.levels(far.id, 'buy')).toEqual([]);
    desk.other(far.id, 'sell', 1, 5, 'limit');
    for (let n = 1; n < 8; n += 1) desk.wake(n);
    expect(desk.levels(far.id, 'buy')).toEqual([]);
    expect(desk.levels(far.id, 'sell')[0]).toEqual([1, 5]);
  });
});

describe('refill', () => {
  const option = CALL;
  const FULL = 200;

  test('what traded is filled up again after the waiting time, and no sooner', () => {
    const { desk } = stage({ noiseShare: 0, refillSeconds: 3, remarkMillis: 500 });
    desk.wake(0);
    const ask = best(desk, option, 'sell') ?? 0;
    desk.wake(10);
    desk.other(option.id, 'buy', ask, 20);
    desk.deliver();
    for (const seconds of [11, 12, 13]) expect(desk.wake(seconds)).toEqual([]);
    expect(desk.wake(13.5)).toEqual([{ instrument: option.id, side: 'sell', price: ask, lots: FULL }]);
    expect(desk.levels(option.id, 'sell')).toEqual([[ask, FULL]]);
  });

  test('also when all of it traded', () => {
    const { desk } = stage({ noiseShare: 0 });
    desk.wake(0);
    const bid = best(desk, option, 'buy') ?? 0;
    desk.wake(10);
    desk.other(option.id, 'sell', bid, FULL);
    desk.deliver();
    expect(desk.levels(option.id, 'buy')).toEqual([]);
    desk.wake(14);
    expect(desk.levels(option.id, 'buy')).toEqual([[bid, FULL]]);
    expect(desk.position(option.id)).toBe(FULL);
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
        desk.other(option.id, 'sell', 1, 260);
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

test('widths of its marks are lognormal, one per series and look', () => {
  const { oracle, desk } = stage({ noiseShare: 0, widthSd: 0.3 }, '7');
  desk.wake(0);
  const widths = streams('7').stream('agents/rivals/widths');
  for (const option of CHAIN.options) {
    const half = Math.max(5, Math.exp(0.3 * normal(widths)) * halfSpread(oracle, option));
    const bid = Math.floor(((oracle.fair.price[option.id - 1] ?? 0) - half) / 5 + 1e-9);
    expect(best(desk, option, 'buy'), option.symbol).toBe(bid >= 1 ? bid : undefined);
  }
});
