import { describe, expect, test } from 'vitest';
import { fixed } from '../../src/agents/fixed.ts';
import { bestDistance } from '../../src/agents/maker/quoting/hamiltonian.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import { screenHalfSpread } from '../../src/pricing/flow-shape.ts';
import { FakeDesk, FakeOracle, fakeSetup, report, TEST_SPOT } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';
import { deskOf, finished, simulation, tinyScenario } from '../support/tiny.ts';

const CHAIN = smallChain();
const PERPETUAL = CHAIN.underlying;
/** Calls at the money. */
const [CALL, FAR_CALL] = [1, 2].map((expiry) =>
  CHAIN.options.find((option) => option.expiry === expiry && option.right === 'call' && option.strike === TEST_SPOT),
) as [OptionSeries, OptionSeries];

/** A maker that has seen every option quoted around its value, 20 ticks to either side. */
function stage(params: Record<string, unknown> = {}) {
  const oracle = new FakeOracle(CHAIN);
  const agent = fixed.build({ seriesMaximum: 30, ...params }, fakeSetup(CHAIN));
  const desk = new FakeDesk();
  const value = (option: OptionSeries): number => oracle.fair.price[option.id - 1] ?? 0;
  const show = (spot: number): void => {
    const at = Math.round(spot / PERPETUAL.tickSize);
    desk.show(PERPETUAL.id, at - 1, at + 1, 1000);
    for (const option of CHAIN.options) {
      const middle = Math.round(value(option) / option.tickSize);
      desk.show(option.id, Math.max(1, middle - 20), middle + 20, 50);
    }
  };
  show(TEST_SPOT);
  agent.onOpen(desk);
  const wake = (seconds: number) => {
    desk.at(seconds);
    agent.onWake?.(desk);
    return desk.heard();
  };
  /** The market moves to a spot, with all its books. */
  const move = (spot: number): void => {
    oracle.move(spot);
    show(spot);
  };
  return { agent, desk, oracle, value, wake, move };
}

/** The half-spread that is best without a position, times the multiplier, dollars. */
function halfSpread(oracle: FakeOracle, option: OptionSeries, multiplier: number): number {
  const { surface, vega, price } = oracle.fair;
  const v = vega[option.id - 1] ?? 0;
  const y0 = screenHalfSpread(0.0063, surface.vol(option.expiry, 0), (surface.yearsLeft(option.expiry) * 365) / 30);
  const fee = Math.min(0.0003 * TEST_SPOT, 0.125 * (price[option.id - 1] ?? 0));
  return multiplier * bestDistance(fee / v, 1.156 / y0) * v;
}

const of = (sent: ReturnType<FakeDesk['heard']>, option: OptionSeries) => sent.filter(({ instrument }) => instrument === option.id);

describe('quotes', () => {
  test.each([0.8, 1, 1.4])('at the tracked value plus and minus %d of the best distance, rounded away from it', (widthMultiplier) => {
    const { oracle, value, wake } = stage({ widthMultiplier });
    const sent = wake(0);
    for (const option of [CALL, FAR_CALL]) {
      const half = halfSpread(oracle, option, widthMultiplier);
      const [bid, ask] = (['buy', 'sell'] as const).map((side) => of(sent, option).find((order) => order.side === side)?.price ?? 0);
      // The tracker's error, from mids in whole ticks, is below one tick; rounding adds up to another.
      expect(Math.abs((value(option) - half) / option.tickSize - (bid ?? 0)), option.symbol).toBeLessThan(2);
      expect(Math.abs((value(option) + half) / option.tickSize - (ask ?? 0)), option.symbol).toBeLessThan(2);
    }
  });

  test('the nearest to the money, as many as it may', () => {
    for (const seriesMaximum of [2, 6]) {
      const quoted = new Set(
        stage({ seriesMaximum })
          .wake(0)
          .map(({ instrument }) => instrument),
      );
      expect(quoted.size).toBe(seriesMaximum);
      const atTheMoney = CHAIN.options.filter(({ strike }) => strike === TEST_SPOT).map(({ id }) => id);
      expect([...quoted].filter((id) => id !== undefined && atTheMoney.includes(id)).length).toBe(seriesMaximum);
    }
  });

  test('never through the best price of the others', () => {
    const { desk, wake, value } = stage();
    const low = Math.round(value(CALL) / CALL.tickSize) - 30;
    desk.show(CALL.id, low - 2, low);
    const bid = of(wake(0), CALL).find(({ side }) => side === 'buy');
    expect(bid?.price).toBeLessThan(low);
  });

  test('stand until the value has moved by more than the share of the half-spread', () => {
    const { oracle, wake, move } = stage({ requoteShare: 0.5 });
    const first = of(wake(0), CALL).map(({ order }) => order);
    const perDollar = oracle.fair.delta[CALL.id - 1] ?? 0;
    const half = halfSpread(oracle, CALL, 1.2);
    move(TEST_SPOT + (0.4 * half) / perDollar);
    // A replacement names no instrument but the order that it is for.
    const moved = (seconds: number) => wake(seconds).filter(({ old }) => old !== undefined && first.includes(old));
    expect(moved(1)).toEqual([]);
    move(TEST_SPOT + (0.65 * half) / perDollar);
    expect(moved(2)).toHaveLength(2);
    expect(wake(3)).toEqual([]);
  });

  test('are filled up around the value of the moment once they traded', () => {
    const { agent, desk, wake } = stage();
    const ask = of(wake(0), CALL).find(({ side }) => side === 'sell');
    agent.onReport?.(report('fill', ask?.order ?? 0, CALL.id, 'sell'), desk);
    expect(of(wake(1), CALL)).toMatchObject([{ kind: 'submit', side: 'sell', price: ask?.price, lots: 10 }]);
  });

  test('keep the limit of the position: less on the side that adds, nothing at it', () => {
    const { desk, wake } = stage({ limits: { positionPerSeries: 2 } });
    desk.hold(CALL.id, 15);
    desk.hold(FAR_CALL.id, 20);
    const sent = wake(0);
    expect(of(sent, CALL).map(({ side, lots }) => [side, lots])).toEqual(
      expect.arrayContaining([
        ['buy', 5],
        ['sell', 10],
      ]),
    );
    expect(of(sent, FAR_CALL).map(({ side }) => side)).toEqual(['sell']);
  });
});

test.each([
  [0.5, 20],
  [4, 0],
])('hedges the delta of its position beyond a band of %d', (band, lotsAtLeast) => {
  const { desk, wake, oracle } = stage({ hedge: { band } });
  desk.hold(CALL.id, 30);
  const hedge = of(wake(0), PERPETUAL as unknown as OptionSeries)[0];
  const delta = 3 * (oracle.fair.delta[CALL.id - 1] ?? 0);
  if (lotsAtLeast === 0) expect(hedge).toBeUndefined();
  else {
    expect(hedge).toMatchObject({ side: 'sell', type: 'ioc' });
    expect((hedge?.lots ?? 0) * PERPETUAL.lotSize).toBeCloseTo(delta - band, 1);
  }
});

test('does nothing before it has seen books', () => {
  const desk = new FakeDesk();
  const agent = fixed.build({}, fakeSetup(CHAIN));
  agent.onOpen(desk);
  agent.onWake?.(desk);
  expect(desk.heard()).toEqual([]);
  expect(agent.inspect?.().state).toMatch(/^warming-up/);
});

test('says what it quotes around, and what it leaves to others', () => {
  const { agent, wake, value } = stage({ seriesMaximum: 6 });
  wake(0);
  const seen = agent.inspect?.();
  expect(seen?.selection(CALL.id)).toEqual({ selected: true, reason: 'near the money' });
  expect(Math.abs((seen?.theo(CALL.id) ?? 0) - value(CALL))).toBeLessThan(5);
  const wing = CHAIN.options.find(({ strike }) => strike === 96_000) as OptionSeries;
  expect(seen?.selection(wing.id).selected).toBe(false);
  expect(seen?.theo(wing.id)).toBeUndefined();
});

test('is the subject of a run with all invariants checked, keeps its limit at every moment, and hedges', () => {
  const others = 'customers: { kind: customers }, liquidity: { kind: underlying-liquidity }, rivals: { kind: reference }';
  const own = 'fixed: { kind: fixed, seriesMaximum: 8, limits: { positionPerSeries: 1 } }';
  const scenario = tinyScenario(['variants={}', `agents={ ${others}, ${own} }`, 'subject=fixed']);
  const sim = simulation(scenario, '2', true);
  let traded = 0;
  for (let second = 1; second <= 300; second += 1) {
    sim.advance(second);
    for (const option of scenario.chain.options) {
      expect(Math.abs(sim.ledger.position(sim.subject.id, option.id)) * option.lotSize).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
  for (const option of scenario.chain.options) traded += sim.ledger.traded(sim.subject.id, option.id);
  expect(traded).toBeGreaterThan(0);
});

test('one that quotes too wide to trade moves nobody', () => {
  const quiet = 'agents.fixed={ kind: fixed, size: 0.1, seriesMaximum: 1, widthMultiplier: 1000 }';
  const pnl = (changes: readonly string[]) => {
    const sim = finished(tinyScenario(changes), '4');
    return ['maker', 'rivals', 'customers'].map((name) => sim.ledger.fills(deskOf(sim, name).id));
  };
  expect(pnl([quiet])).toEqual(pnl([]));
});
