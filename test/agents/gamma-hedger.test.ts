import { describe, expect, test } from 'vitest';
import { gammaHedger } from '../../src/agents/gamma-hedger.ts';
import { greeks } from '../../src/pricing/black-scholes.ts';
import { FakeDesk, fakeSetup } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';
import { deskOf, finished, idIn, simulation, tinyScenario } from '../support/tiny.ts';

const CHAIN = smallChain();
const PERPETUAL = CHAIN.underlying;
const SPOT = 70_000;
const VOL = 0.5;

/** A hedger of ten at-the-money calls over a week, sold or bought, who has seen the perpetual at 70,000. */
function stage(contracts: number, params: Record<string, unknown> = {}) {
  const book = [{ right: 'call', strike: SPOT, days: 7, contracts }];
  const agent = gammaHedger.build(gammaHedger.params.parse({ book, hedgeVol: VOL, ...params }), fakeSetup(CHAIN));
  const desk = new FakeDesk();
  /** The perpetual's book changes. */
  const show = (dollars: number): void => {
    const at = Math.round(dollars / PERPETUAL.tickSize);
    desk.show(PERPETUAL.id, at - 1, at + 1, 1e6);
    agent.onData?.(PERPETUAL.id, desk);
  };
  agent.onOpen(desk);
  show(SPOT);
  /** Units that it asks for at the next time of its grid; bought above 0. */
  const wake = (): number => {
    agent.onWake?.(desk);
    return traded();
  };
  const traded = (): number =>
    desk.heard().reduce((sum, { side, lots = 0 }) => sum + (side === 'buy' ? 1 : -1) * lots * PERPETUAL.lotSize, 0);
  return { agent, desk, show, wake, traded };
}

const callDelta = (spot: number, days = 7): number =>
  greeks({ right: 'call', strike: SPOT, years: days / 365 }, { spot, vol: VOL, rate: 0, yield: 0 }).delta;

describe('on a grid of times', () => {
  test('it trades the change of the delta of its book: with a rise when short, against it when long', () => {
    for (const contracts of [-10, 10]) {
      const { desk, show, wake } = stage(contracts);
      expect(wake()).toBe(0);
      show(SPOT * 1.02);
      expect(desk.heard()).toEqual([]);
      const change = callDelta(SPOT * 1.02) - callDelta(SPOT);
      const traded = wake();
      expect(traded).toBeCloseTo(-contracts * change, 1);
      expect(Math.abs(traded + contracts * change)).toBeLessThanOrEqual(PERPETUAL.lotSize);
      desk.hold(PERPETUAL.id, Math.round(traded / PERPETUAL.lotSize));
      expect(wake()).toBe(0);
    }
  });

  test('the times are multiples of its interval', () => {
    const { agent, desk } = stage(-10, { rehedge: { everySeconds: 30 } });
    expect(desk.wakes).toEqual([30e9]);
    desk.at(30);
    agent.onWake?.(desk);
    expect(desk.wakes).toEqual([30e9, 60e9]);
  });
});

test('with a band it trades at once, and back to its edge alone', () => {
  const { agent, desk, show, traded } = stage(-10, { rehedge: { band: 0.5 } });
  expect(desk.wakes).toEqual([]);
  const change = (spot: number): number => 10 * (callDelta(spot) - callDelta(SPOT));
  show(SPOT * 1.002);
  expect(change(SPOT * 1.002)).toBeLessThan(0.5);
  expect(traded()).toBe(0);
  show(SPOT * 1.02);
  expect(traded()).toBeCloseTo(change(SPOT * 1.02) - 0.5, 1);
  // An order under way is waited for.
  desk.open(PERPETUAL.id, 'buy', 50);
  agent.onData?.(PERPETUAL.id, desk);
  expect(traded()).toBe(0);
});

test('keeps its limit of units, long and short', () => {
  for (const [to, units] of [
    [SPOT * 1.1, 2],
    [SPOT * 0.9, -2],
  ] as const) {
    const { desk, show, wake } = stage(-10, { unitsMaximum: 2 });
    show(to);
    expect(wake()).toBeCloseTo(units, 9);
    desk.hold(PERPETUAL.id, (units * 0.75) / PERPETUAL.lotSize);
    expect(wake()).toBeCloseTo(units / 4, 9);
  }
});

test('an option that has expired needs no hedge: what is left is the one from before the opening', () => {
  const { desk, wake } = stage(-10);
  desk.at(8 * 86_400);
  expect(wake()).toBeCloseTo(-10 * callDelta(SPOT), 1);
});

test.each([
  ['no options', { book: [] }],
  ['no vol', { hedgeVol: undefined }],
  ['grid and band', { rehedge: { everySeconds: 5, band: 1 } }],
  ['an option that has expired', { book: [{ right: 'put', strike: 1, days: 0, contracts: 1 }] }],
])('parameters with %s are refused', (_what, change) => {
  const book = [{ right: 'call', strike: SPOT, days: 7, contracts: -1 }];
  expect(gammaHedger.params.safeParse({ book, hedgeVol: VOL }).success).toBe(true);
  expect(gammaHedger.params.safeParse({ book, hedgeVol: VOL, ...change }).success).toBe(false);
});

const inTiny = (contracts: number, more = '') =>
  tinyScenario([
    `agents.desk={ kind: gamma-hedger, hedgeVol: 0.5, book: [{ right: put, strike: 70000, days: 7, contracts: ${contracts} }]${more} }`,
  ]);

test('in a market with all invariants checked it hedges within its limit, and the drawn path stays what it was', () => {
  const sim = simulation(inTiny(-60, ', unitsMaximum: 2, rehedge: { everySeconds: 5 }'), '1', true);
  const desk = deskOf(sim, 'desk');
  const { id, lotSize } = sim.scenario.chain.underlying;
  let most = 0;
  while (!sim.done) {
    sim.advance(sim.nowSeconds + 1);
    most = Math.max(most, Math.abs(desk.position(id)) * lotSize);
  }
  expect(most).toBeCloseTo(2, 9);
  expect(sim.ledger.fills(desk.id)).toBeGreaterThan(10);
  const alone = finished(tinyScenario());
  expect(sim.world.exogenous.spot()).toBe(alone.world.exogenous.spot());
  expect(sim.world.spot()).not.toBe(alone.world.spot());
});

test('one without contracts moves nobody', () => {
  const idle = finished(inTiny(0));
  expect(idle.ledger.fills(idIn(idle, 'desk'))).toBe(0);
  expect(idle.trace.hash()).toBe(finished(tinyScenario()).trace.hash());
});

describe('what its trades do to the market that it hedges in', () => {
  const SEEDS = ['1', '2', '3', '4', '5'];
  const SHOCK_SECONDS = 120;

  /** Of the index from the shock on: realised variance of moves over ten seconds, and its lowest log value against the drawn path's. */
  function afterShock(seed: string, contracts: number, rehedge: string, bpPer100Units: number) {
    const book = `[{ right: put, strike: 69500, days: 7, contracts: ${contracts} }]`;
    const sim = simulation(
      tinyScenario([
        `agents.desk={ kind: gamma-hedger, hedgeVol: 0.5, book: ${book}, unitsMaximum: 2000, rehedge: ${rehedge} }`,
        `world.impact={ bpPer100Units: ${bpPer100Units}, permanentShare: 0.33, halfLifeMinutes: 5 }`,
        'world.timeline=[{ at: 120, over: 20 s, spotReturn: -0.01 }]',
      ]),
      seed,
    );
    let [variance, lowest, lowestDrawn] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    sim.advance(SHOCK_SECONDS);
    for (let second = SHOCK_SECONDS + 10; second <= 300; second += 10) {
      const before = Math.log(sim.world.spot());
      sim.advance(second);
      const now = Math.log(sim.world.spot());
      variance += (now - before) * (now - before);
      lowest = Math.min(lowest, now);
      lowestDrawn = Math.min(lowestDrawn, Math.log(sim.world.exogenous.spot()));
    }
    return { variance, below: lowest - lowestDrawn };
  }

  test.each(['{ everySeconds: 1 }', '{ band: 2 }'])(
    'at equal seeds, hedging by %s: short gamma feeds a shock, long gamma pins',
    (rehedge) => {
      const [short, long] = [[] as number[], [] as number[]];
      for (const seed of SEEDS) {
        // Gamma of 2,000 contracts at the strike asks for some 115 units per 1 % of return: a gain of 0.29 at 25 bp per 100 units.
        const [sold, none, bought] = [-2000, 0, 2000].map((contracts) => afterShock(seed, contracts, rehedge, 25));
        if (sold === undefined || none === undefined || bought === undefined) throw new Error('three runs');
        expect(sold.variance).toBeGreaterThan(none.variance);
        expect(bought.variance).toBeLessThan(none.variance);
        expect(sold.below).toBeLessThan(-0.002);
        expect(bought.below).toBeGreaterThan(0.001);
        short.push(sold.variance / none.variance);
        long.push(bought.variance / none.variance);
      }
      // Moves over many hedges grow by 1/(1 − g), and shrink by 1/(1 + g): their squares come near that from below and from above.
      for (const ratio of short) expect(ratio).toBeLessThan(1 / (0.71 * 0.71));
      for (const ratio of long) expect(ratio).toBeGreaterThan(1 / (1.29 * 1.29));
      expect(Math.min(...short)).toBeGreaterThan(1.6);
      expect(Math.max(...long)).toBeLessThan(0.7);
    },
  );

  test('without impact there is no such effect, whatever it trades', () => {
    for (const seed of SEEDS.slice(0, 2)) {
      const [sold, none, bought] = [-2000, 0, 2000].map((contracts) => afterShock(seed, contracts, '{ everySeconds: 1 }', 0));
      expect(sold).toEqual(none);
      expect(bought).toEqual(none);
    }
  });
});
