import { describe, expect, test } from 'vitest';
import { informed } from '../../src/agents/informed.ts';
import { nanos, ticks } from '../../src/core/units.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import { FakeDesk, FakeOracle, fakeSetup, TEST_FACTORS } from '../support/fake-desk.ts';
import { meanOf } from '../support/moments.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const OPTION = CHAIN.options[14] as OptionSeries;
const TICK = 5;

/** An informed trader who sees a market of one option; by default it knows the future exactly. */
function stage(params: Record<string, unknown> = {}) {
  const oracle = new FakeOracle(CHAIN);
  const setup = fakeSetup(CHAIN, { oracle });
  const agent = informed.build({ noise: 0, edgeTicks: 0.5, size: 1, positionPerSeries: 6, ...params }, setup);
  const desk = new FakeDesk();
  agent.onOpen(desk);
  const look = () => {
    agent.onWake?.(desk);
    return desk.heard();
  };
  const fair = oracle.fair.price[OPTION.id - 1] ?? 0;
  const fee = (price: number): number => setup.feePerUnit(OPTION.id, ticks(price), 'taker', oracle.fair.spot);
  return { oracle, desk, look, fair, fee };
}

describe('trades only where an edge is left after the fee', () => {
  test('buys below, sells above, and nothing in between', () => {
    const { desk, look, fair, fee } = stage();
    const ticksAt = (dollars: number): number => Math.round(dollars / TICK);
    // Offers just too dear and just cheap enough: fair less the fee less half a tick.
    const dearest = (fair - fee(ticksAt(fair)) - 0.5 * TICK) / TICK;
    desk.show(OPTION.id, undefined, Math.ceil(dearest));
    expect(look()).toEqual([]);
    desk.show(OPTION.id, undefined, Math.ceil(dearest) - 1);
    expect(look()).toMatchObject([
      { kind: 'submit', instrument: OPTION.id, side: 'buy', type: 'ioc', price: Math.ceil(dearest) - 1, lots: 10 },
    ]);
    const cheapest = (fair + fee(ticksAt(fair)) + 0.5 * TICK) / TICK;
    desk.show(OPTION.id, Math.floor(cheapest), undefined);
    expect(look()).toEqual([]);
    desk.show(OPTION.id, Math.floor(cheapest) + 1, undefined);
    expect(look()).toMatchObject([{ side: 'sell', price: Math.floor(cheapest) + 1 }]);
  });

  test('by the future surface at the spot of today', () => {
    const { oracle, desk, look, fair } = stage();
    const at = Math.round(fair / TICK);
    desk.show(OPTION.id, at - 2, at + 2);
    expect(look()).toEqual([]);
    oracle.future = [TEST_FACTORS[0] + 0.1, ...TEST_FACTORS.slice(1)];
    expect(look()).toMatchObject([{ side: 'buy', price: at + 2 }]);
    oracle.future = [TEST_FACTORS[0] - 0.1, ...TEST_FACTORS.slice(1)];
    expect(look()).toMatchObject([{ side: 'sell', price: at - 2 }]);
  });

  test('takes the best of several', () => {
    const { oracle, desk, look } = stage();
    for (const [id, below] of [
      [3, 40],
      [15, 90],
      [22, 60],
    ] as const)
      desk.show(CHAIN.options[id - 1]?.id ?? OPTION.id, undefined, Math.round(((oracle.fair.price[id - 1] ?? 0) - below) / TICK));
    expect(look()).toMatchObject([{ instrument: 15 }]);
  });
});

describe('keeps its limit of position', () => {
  const cheap = (fair: number): number => Math.round((fair - 200) / TICK);

  test.each([
    [50, 1],
    [51, 0],
    [60, 0],
    [-60, 1],
  ])('holding %d lots of a limit of 60 it buys %d times', (held, times) => {
    const { desk, look, fair } = stage();
    desk.show(OPTION.id, undefined, cheap(fair));
    desk.hold(OPTION.id, held);
    expect(look()).toHaveLength(times);
  });

  test('orders on the way count, so that several in one look cannot exceed it', () => {
    const { desk, look, fair } = stage({ tradesPerLook: 20 });
    desk.show(OPTION.id, undefined, cheap(fair));
    const { submit } = desk;
    desk.submit = (request) => {
      desk.open(request.instrument, request.side, desk.openLots(request.instrument, request.side) + request.lots);
      return submit.call(desk, request);
    };
    expect(look()).toHaveLength(6);
    expect(look()).toEqual([]);
  });
});

test('leaves an expiry alone that is over', () => {
  const { desk, look, fair } = stage();
  desk.show(OPTION.id, undefined, Math.round((fair - 200) / TICK));
  for (const { id, expiry } of CHAIN.options) if (expiry === OPTION.expiry) desk.closed.add(id);
  expect(look()).toEqual([]);
});

test('looks at exponential times, so many per hour', () => {
  const { desk, look } = stage({ looksPerHour: 60 });
  const gaps = Array.from({ length: 4000 }, () => {
    const at = desk.wakes.pop() ?? 0;
    const gap = (at - desk.now) / 1e9;
    desk.now = nanos(at);
    look();
    return gap;
  });
  const { mean, sd, error } = meanOf(gaps);
  expect(Math.abs(mean - 60)).toBeLessThan(4 * error);
  expect(sd / mean).toBeGreaterThan(0.9);
  expect(sd / mean).toBeLessThan(1.1);
});

test('errs by the given standard deviation in the level', () => {
  // Looks at one offer, which it takes when its error is large enough: P(Z > z) of the looks.
  const { oracle, desk, look, fee } = stage({ noise: 0.02, edgeTicks: 0 });
  const level = 0.01;
  const shifted = new FakeOracle(CHAIN, [TEST_FACTORS[0] + level, ...TEST_FACTORS.slice(1)]);
  const worth = shifted.fair.price[OPTION.id - 1] ?? 0;
  const at = Math.round((worth - fee(Math.round(worth / TICK))) / TICK);
  desk.show(OPTION.id, undefined, at);
  const vegaLevel = oracle.fair.exposures[(OPTION.id - 1) * 4] ?? 1;
  // The level at which the offer, which is on a tick, and its fee are just paid for.
  const exact = level + (at * TICK + fee(at) - worth) / vegaLevel;
  let taken = 0;
  for (let n = 0; n < 8000; n += 1) taken += look().length;
  const z = exact / 0.02;
  // Φ(−0.5) = 0.3085; its slope is the density.
  const expected = 0.3085 - 0.3521 * (z - 0.5);
  expect(Math.abs(taken / 8000 - expected)).toBeLessThan(4 * Math.sqrt((0.31 * 0.69) / 8000));
});

test('one who hardly ever looks asks for a time that exists', () => {
  const { desk } = stage({ looksPerHour: 1e-9 });
  expect(Number.isSafeInteger(desk.wakes[0])).toBe(true);
});
