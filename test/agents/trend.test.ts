import { describe, expect, test } from 'vitest';
import { trend } from '../../src/agents/trend.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import { FakeDesk, fakeSetup } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';
import { deskOf, finished, idIn, simulation, tinyScenario } from '../support/tiny.ts';

const CHAIN = smallChain();
const PERPETUAL = CHAIN.underlying;
const SPOT = 70_000;
const EVERY = 10;

/** A trader who looks every 10 s and 30 s back; orders fill at once and in full. */
function stage(params: Record<string, unknown> = {}) {
  const parsed = trend.params.parse({ everySeconds: EVERY, lookbackSeconds: 30, entryBp: 10, units: 1, contracts: 2, ...params });
  const agent = trend.build(parsed, fakeSetup(CHAIN));
  const desk = new FakeDesk();
  for (const option of CHAIN.options) desk.show(option.id, 90, 110);
  agent.onOpen(desk);
  let looks = 0;
  /** Looks at the perpetual at each of these moves from 70,000, in basis points; what it holds after each. */
  const after = (...moves: readonly number[]) =>
    moves.map((bp) => {
      const at = Math.round((SPOT * (1 + bp / 10_000)) / PERPETUAL.tickSize);
      desk.show(PERPETUAL.id, at - 1, at + 1, 1000);
      desk.at(looks * EVERY);
      looks += 1;
      agent.onWake?.(desk);
      for (const { instrument, side, lots = 0 } of desk.heard()) {
        if (instrument !== undefined) desk.hold(instrument, desk.position(instrument) + (side === 'buy' ? lots : -lots));
      }
      const options = CHAIN.options.filter(({ id }) => desk.position(id) !== 0);
      return [desk.position(PERPETUAL.id) * PERPETUAL.lotSize, ...options.map(named(desk))];
    });
  return { agent, desk, after };
}

const named = (desk: FakeDesk) => (option: OptionSeries) => `${desk.position(option.id) * option.lotSize} ${option.symbol}`;
const CALL = '2 BTC-7d-70000-C';
const PUT = '2 BTC-7d-70000-P';

describe('enters', () => {
  test('with the move over the look-back, once there is one', () => {
    expect(stage().after(0, 50, 50, 11, 45)).toEqual([[0], [0], [0], [1, CALL], [0]]);
    expect(stage().after(0, 0, 0, 9)).toEqual([[0], [0], [0], [0]]);
    expect(stage().after(0, 0, 0, -11)).toEqual([[0], [0], [0], [-1, PUT]]);
  });

  test('the option nearest to the perpetual of the first expiry that is far enough ahead', () => {
    const { after, desk } = stage({ expiryDays: 8 });
    for (const option of CHAIN.options) if (option.symbol === 'BTC-30d-70000-C') desk.closed.add(option.id);
    expect(after(0, 0, 0, 100).at(-1)).toEqual([1, '2 BTC-30d-76000-C']);
  });

  test('neither leg of which it wants nothing', () => {
    expect(stage({ contracts: 0 }).after(0, 0, 0, 20).at(-1)).toEqual([1]);
    expect(stage({ units: 0 }).after(0, 0, 0, 20).at(-1)).toEqual([0, CALL]);
  });
});

describe('gets out', () => {
  test('when the move over the look-back turns, and into the other direction when it is large', () => {
    expect(stage().after(0, 0, 0, 20, 20, 20, 19)).toEqual([[0], [0], [0], [1, CALL], [1, CALL], [1, CALL], [0]]);
    // Bought options go before others are bought.
    expect(stage().after(0, 0, 0, 20, -20, -20)).toEqual([[0], [0], [0], [1, CALL], [-1], [-1, PUT]]);
  });

  test('when its time is over, and comes back with another move only', () => {
    const held = stage({ holdSeconds: 20 }).after(0, 0, 0, 20, 40, 60, 80, 100, 100, 100, 100, 120);
    expect(held.map(([units]) => units)).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
  });
});

test('a side without orders is no price: it neither looks nor trades', () => {
  const { agent, desk, after } = stage();
  after(0, 0, 0);
  desk.show(PERPETUAL.id, SPOT + 500, undefined);
  agent.onWake?.(desk);
  expect(desk.heard()).toEqual([]);
  expect(after(20).at(-1)).toEqual([1, CALL]);
});

test('what did not fill is tried again, and nothing while an order is under way', () => {
  const { agent, desk, after } = stage();
  after(0, 0, 0, 20);
  const call = CHAIN.options.find((option) => option.symbol === 'BTC-7d-70000-C') as OptionSeries;
  desk.hold(call.id, 5);
  agent.onWake?.(desk);
  expect(desk.heard()).toMatchObject([{ instrument: call.id, side: 'buy', lots: 15 }]);
  desk.open(call.id, 'buy', 15);
  agent.onWake?.(desk);
  expect(desk.heard()).toEqual([]);
});

test('in a market with all invariants checked it trades both legs and keeps its limits at every moment', () => {
  const sim = simulation(
    tinyScenario(['agents.crowd={ kind: trend, lookbackSeconds: 20, entryBp: 4, holdSeconds: 60, units: 2, contracts: 1.5 }']),
    '1',
    true,
  );
  const desk = deskOf(sim, 'crowd');
  const { underlying, options } = sim.scenario.chain;
  let perpetual = 0;
  let option = 0;
  while (!sim.done) {
    sim.advance(sim.nowSeconds + 1);
    const held = options.map(({ id, lotSize }) => desk.position(id) * lotSize).filter((contracts) => contracts !== 0);
    perpetual = Math.max(perpetual, Math.abs(desk.position(underlying.id)) * underlying.lotSize);
    option = Math.max(option, ...held);
    expect(held.length).toBeLessThanOrEqual(1);
    expect(Math.min(0, ...held)).toBe(0);
  }
  expect([perpetual, option]).toEqual([2, 1.5]);
  // Both legs, there and back.
  expect([sim.ledger.fills(desk.id) >= 4, desk.withheld]).toEqual([true, 0]);
});

test('one that never finds a move moves nobody', () => {
  const idle = finished(tinyScenario(['agents.crowd={ kind: trend, entryBp: 9000 }']));
  expect(idle.ledger.fills(idIn(idle, 'crowd'))).toBe(0);
  expect(idle.trace.hash()).toBe(finished(tinyScenario()).trace.hash());
});

test('a move from one session to the next is none over the look-back', () => {
  const { agent, desk, after } = stage();
  expect(after(0, 0, 0)).toEqual([[0], [0], [0]]);
  agent.onClosed?.(desk);
  expect(after(100, 100, 100, 105, 111)).toEqual([[0], [0], [0], [0], [1, CALL]]);
});
