import { describe, expect, test } from 'vitest';
import { sniper } from '../../src/agents/sniper.ts';
import { ticks } from '../../src/core/units.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import { FakeDesk, FakeOracle, fakeSetup, report } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';
import { deskOf, finished, idIn, simulation, tinyScenario } from '../support/tiny.ts';

const CHAIN = smallChain();
const PERPETUAL = CHAIN.underlying;
const SPOT = 70_000;
/** A call near the money. */
const CALL = CHAIN.options.find((option) => option.right === 'call' && option.strike === SPOT) as OptionSeries;

/** A sniper who has seen every option quoted around its value at 70,000, 10 ticks to either side. */
function stage(params: Record<string, unknown> = {}) {
  const oracle = new FakeOracle(CHAIN);
  const setup = fakeSetup(CHAIN);
  const agent = sniper.build({ edgeVol: 0, ordersPerMove: 100, ...params }, setup);
  const desk = new FakeDesk();
  const showPerpetual = (dollars: number): void => {
    const at = Math.round(dollars / PERPETUAL.tickSize);
    desk.show(PERPETUAL.id, at - 1, at + 1, 1000);
  };
  const value = (option: OptionSeries): number => oracle.fair.price[option.id - 1] ?? 0;
  showPerpetual(SPOT);
  for (const option of CHAIN.options) {
    const at = Math.round(value(option) / option.tickSize);
    desk.show(option.id, Math.max(1, at - 10), at + 10, 50);
  }
  agent.onOpen(desk);
  agent.onWake?.(desk);
  desk.heard();
  /** The perpetual jumps; the options stay as they are shown. */
  const jump = (to: number) => {
    oracle.move(to);
    showPerpetual(to);
    agent.onData?.(PERPETUAL.id, desk);
    return desk.heard();
  };
  return { agent, desk, jump, value, setup };
}

describe('after a move of the perpetual', () => {
  test('upwards it buys calls and sells puts, downwards the other way round', () => {
    for (const [to, callSide] of [
      [SPOT * 1.01, 'buy'],
      [SPOT * 0.99, 'sell'],
    ] as const) {
      const orders = stage().jump(to);
      expect(orders.length).toBeGreaterThan(2);
      for (const order of orders) {
        const option = CHAIN.instruments[order.instrument ?? 0] as OptionSeries;
        expect([order.type, order.side === callSide]).toEqual(['ioc', option.right === 'call']);
      }
    }
  });

  test('it leaves quotes alone that are worse by no more than fee and threshold', () => {
    const { desk, jump, value, setup } = stage({ edgeTicks: 3 });
    const to = SPOT * 1.01;
    jump(to);
    // Its value differs from the true one by the error of the tracked vols, a fraction of a tick.
    const worth = value(CALL);
    const fee = setup.feePerUnit(CALL.id, desk.bbo(CALL.id).ask ?? ticks(1), 'taker', to);
    const dearest = (worth - fee) / CALL.tickSize - 3;
    const bought = (ask: number): boolean => {
      desk.at(desk.now / 1e9 + 10);
      desk.show(CALL.id, 1, ask);
      return jump(to).some((order) => order.instrument === CALL.id);
    };
    // Its hedge costs the perpetual's fee too, on a delta between a half and one.
    const hedge = setup.feePerUnit(CHAIN.underlying.id, ticks(Math.round(to)), 'taker', to) / CALL.tickSize;
    expect(bought(Math.floor(dearest - 0.5 * hedge) + 2)).toBe(false);
    expect(bought(Math.ceil(dearest - hedge) - 2)).toBe(true);
  });

  test('it does not look at quotes before the perpetual has moved by the trigger', () => {
    const { desk, jump } = stage({ moveTriggerBp: 20 });
    desk.show(CALL.id, 1, 2);
    expect(jump(SPOT * 1.0019)).toEqual([]);
    expect(jump(SPOT * 1.0021)).toContainEqual(expect.objectContaining({ instrument: CALL.id, side: 'buy' }));
  });

  test('it sends the best few, and each series again only after the cool-down', () => {
    const { desk, jump } = stage({ ordersPerMove: 2, coolDownMillis: 500 });
    const to = SPOT * 1.02;
    const first = jump(to).map((order) => order.instrument);
    const second = jump(to).map((order) => order.instrument);
    expect([first.length, second.length]).toEqual([2, 2]);
    expect(second.filter((instrument) => first.includes(instrument))).toEqual([]);
    desk.at(0.5);
    expect(jump(to).map((order) => order.instrument)).toEqual(first);
  });

  test('it learns no vols from stale quotes: the same quotes are still stale when it wakes during the move', () => {
    const { agent, desk, jump } = stage({ coolDownMillis: 0, settleMillis: 200 });
    const orders = jump(SPOT * 1.01);
    desk.at(0.1);
    agent.onWake?.(desk);
    expect(desk.wakes.at(-1)).toBe(200e6);
    expect(jump(SPOT * 1.01).map(({ instrument, side }) => [instrument, side])).toEqual(
      orders.map(({ instrument, side }) => [instrument, side]),
    );
  });
});

describe('limits', () => {
  const to = SPOT * 1.01;
  const lotsOf = (orders: ReturnType<ReturnType<typeof stage>['jump']>, instrument: number) =>
    orders.find((order) => order.instrument === instrument)?.lots;

  test('a series: only what is left is bought, and nothing at the limit', () => {
    const { desk, jump } = stage({ size: 2, coolDownMillis: 0, limits: { positionPerSeries: 10 } });
    expect(lotsOf(jump(to), CALL.id)).toBe(20);
    desk.hold(CALL.id, 95);
    expect(lotsOf(jump(to), CALL.id)).toBe(5);
    desk.hold(CALL.id, 100);
    expect(lotsOf(jump(to), CALL.id)).toBeUndefined();
  });

  test('all series: beyond it only what closes a position', () => {
    const { desk, jump } = stage({ size: 2, coolDownMillis: 0, limits: { contracts: 8 } });
    const other = CHAIN.options.at(-1) as OptionSeries;
    desk.hold(other.id, 80);
    expect(jump(to).filter((order) => order.instrument !== other.id)).toEqual([]);
    desk.hold(CALL.id, -15);
    expect(lotsOf(jump(to), CALL.id)).toBe(15);
  });
});

test('hedges the delta of a fill in the perpetual, and only beyond its band', () => {
  const sent = (band: number) => {
    const { agent, desk } = stage({ hedge: { band } });
    desk.hold(CALL.id, 100);
    agent.onReport?.(report('fill', 1, CALL.id, 'buy'), desk);
    return desk.heard();
  };
  const [all] = sent(0);
  expect(all).toMatchObject({ instrument: PERPETUAL.id, side: 'sell', type: 'ioc' });
  const units = (all?.lots ?? 0) * PERPETUAL.lotSize;
  // Ten at-the-money calls.
  expect(units).toBeGreaterThan(4.5);
  expect(units).toBeLessThan(6.5);
  expect((sent(2)[0]?.lots ?? 0) * PERPETUAL.lotSize).toBeCloseTo(units - 2, 1);
  expect(sent(8)).toEqual([]);
});

/** Jumps of 0.6 % within a second, every half minute, up and down. */
const JUMPS = Array.from({ length: 9 }, (_, n) => `{ at: ${20 + 30 * n} s, over: 1 s, spotReturn: ${n % 2 === 0 ? -0.006 : 0.006} }`);
const both = (millis: number): string => `{ orderMillis: ${millis}, dataMillis: ${millis} }`;
/** `quoterMillis`: of the maker and of its rivals, whose new quotes would else take the maker's old ones. */
const market = (sniperMillis: number, quoterMillis: number) =>
  tinyScenario([
    `world.timeline=[${JUMPS.join(', ')}]`,
    `agents.maker.latency=${both(quoterMillis)}`,
    `agents.rivals.latency=${both(quoterMillis)}`,
    'agents.rivals.reactionMillis=0',
    `agents.sniper={ kind: sniper, latency: ${both(sniperMillis)}, limits: { positionPerSeries: 3, contracts: 20 } }`,
  ]);

test.each(['1', '2', '3'])('it earns when it is faster than those who quote, and else does not (seed %s)', (seed) => {
  // Each way takes the sniper 20 ms. Quotes that need 5 ms have moved by then, those that need 60 ms have not.
  const pnl = (sniperMillis: number, quoterMillis: number): number => {
    const sim = finished(market(sniperMillis, quoterMillis), seed);
    return sim.attribution.total(idIn(sim, 'sniper'));
  };
  const [beaten, wins, winsByFar] = [pnl(20, 5), pnl(20, 60), pnl(0.2, 5)];
  expect(beaten).toBeLessThanOrEqual(0);
  expect(wins).toBeGreaterThan(5000);
  expect(winsByFar).toBeGreaterThan(5000);
});

test('in a market with all invariants checked it keeps its limits at every moment', () => {
  const sim = simulation(market(0.2, 60), '1', true);
  const desk = deskOf(sim, 'sniper');
  while (!sim.done) {
    sim.advance(sim.nowSeconds + 1);
    const contracts = sim.scenario.chain.options.map((option) => Math.abs(desk.position(option.id)) * option.lotSize);
    expect(Math.max(...contracts)).toBeLessThanOrEqual(3 + 1e-9);
    expect(contracts.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(20 + 1e-9);
  }
  expect(sim.ledger.fills(desk.id)).toBeGreaterThan(20);
  expect(desk.withheld).toBe(0);
});

test('one that never finds anything moves nobody', () => {
  const idle = finished(tinyScenario(['agents.sniper={ kind: sniper, moveTriggerBp: 9000 }']));
  expect(idle.ledger.fills(idIn(idle, 'sniper'))).toBe(0);
  expect(idle.trace.hash()).toBe(finished(tinyScenario()).trace.hash());
});

test('after a night it takes nothing by the vols of the day before: it looks at the new quotes first', () => {
  const { agent, desk, jump } = stage();
  agent.onClosed?.(desk);
  desk.at(86_400);
  expect(jump(1.01 * SPOT)).toEqual([]);
  agent.onWake?.(desk);
  desk.heard();
  desk.at(86_410);
  expect(jump(1.02 * SPOT).length).toBeGreaterThan(2);
});
