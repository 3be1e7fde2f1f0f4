import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { lots, NANOS_PER_SECOND, nanos, ticks } from '../../src/core/units.ts';
import type { Side } from '../../src/market/order.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { levelPerReturn } from '../../src/processes/level-response.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { runReport } from '../../src/study/run-report.ts';
import { finished, kindOf, simulation, tinyScenario } from '../support/tiny.ts';

const PER_UNIT = 100 / 10_000 / 100;
const IMPACT = 'world.impact={ bpPer100Units: 100, permanentShare: 0.25, halfLifeMinutes: 0.5 }';
const NO_IMPACT = 'world.impact.bpPer100Units=0';
const STILL_REGIME = ['world.timeline=[]', 'world.switching=false'];

/** Trades lots of the perpetual at the market at given seconds (bought above 0); everybody else leaves it alone. */
function trader(orders: Readonly<Record<number, readonly number[]>>) {
  return kindOf('trader', ({ chain }) => ({
    onOpen: (desk) => {
      for (const second of Object.keys(orders)) desk.wakeAt(nanos((Number(second) + 0.5) * NANOS_PER_SECOND));
    },
    onWake: (desk) => {
      for (const size of orders[Math.floor(desk.now / NANOS_PER_SECOND)] ?? []) {
        const [side, price]: [Side, number] = size > 0 ? ['buy', 1e6] : ['sell', 1];
        desk.submit({ instrument: chain.underlying.id, side, type: 'market', price: ticks(price), lots: lots(Math.abs(size)) });
      }
    },
  }));
}

const ALONE =
  'agents={ maker: { kind: maker, forecaster: rw, hedger: { kind: whalley-wilmott, bandMaximum: 1000 } }, liquidity: { kind: underlying-liquidity } }';

/** `tiny` with nobody in the perpetual but its liquidity and a trader. */
const withTrader = (orders: Readonly<Record<number, readonly number[]>>, changes: readonly string[] = []) =>
  tinyScenario(['flow.rate=0', ALONE, 'agents.t={ kind: trader }', 'variants={}', IMPACT, ...changes], [trader(orders)]);

describe('trades in the perpetual', () => {
  test('move spot, level, fair values and index from the next step on, and what does not stay dies out', () => {
    const sim = simulation(withTrader({ 10: [300, 500], 20: [-200] }, STILL_REGIME), '1', true);
    const { chain, world } = sim.scenario;
    const regime = world.regimes[world.startRegime];
    if (regime === undefined) throw new Error('it starts in a regime');
    const levelKept = 2 ** -(1 / 86_400 / (world.halfLifeDays[0] ?? 0));
    let [permanent, transient, levelMove] = [0, 0, 0];
    for (let second = 1; second <= 60; second += 1) {
      sim.advance(second);
      const units = second === 11 ? 8 : second === 21 ? -2 : 0;
      const before = permanent + transient;
      permanent += 0.25 * units * PER_UNIT;
      transient = transient * 2 ** (-1 / 30) + 0.75 * units * PER_UNIT;
      levelMove = levelMove * levelKept + levelPerReturn(regime, 365) * (permanent + transient - before);
      const spot = sim.world.exogenous.spot() * Math.exp(permanent + transient);
      expect(sim.world.spot() / spot).toBeCloseTo(1, 13);
      expect(sim.clock.fair.spot).toBe(sim.world.spot());
      expect(sim.attribution.fair(chain.underlying.id)).toBe(sim.world.spot());
      expect((sim.clock.factorsNow[0] ?? 0) - sim.world.exogenous.factor(0)).toBeCloseTo(levelMove, 13);
      for (let f = 1; f < FACTOR_COUNT; f += 1) expect(sim.clock.factorsNow[f]).toBe(sim.world.exogenous.factor(f));
    }
    expect(levelMove).toBeLessThan(-1e-4);
    const { tradeImpactBp } = runReport(sim).market;
    expect(tradeImpactBp.last).toBeCloseTo(1e4 * (permanent + transient), 9);
    expect(tradeImpactBp.highest).toBeCloseTo(8, 9);
    expect(tradeImpactBp.lowest).toBe(0);
  });

  test('that cancel within a step leave the drawn path, to the bit', () => {
    const sim = simulation(withTrader({ 10: [300, -100, -200] }));
    for (let second = 1; second <= 60; second += 1) {
      sim.advance(second);
      expect(sim.world.spot()).toBe(sim.world.exogenous.spot());
      expect([...sim.clock.factorsNow]).toEqual(Array.from({ length: FACTOR_COUNT }, (_, f) => sim.world.exogenous.factor(f)));
    }
    expect(sim.ledger.fills(sim.subject.id)).toBe(0);
    expect(sim.records.recorder.lastPrints.length).toBeGreaterThan(2);
  });

  test('have none with 0 bp: the world is the drawn one, to the bit', () => {
    const sim = simulation(tinyScenario([NO_IMPACT]));
    for (let second = 1; second <= 300; second += 1) {
      sim.advance(second);
      expect(sim.world.spot()).toBe(sim.world.exogenous.spot());
      expect(sim.clock.factorsNow[0]).toBe(sim.world.exogenous.factor(0));
    }
    expect(sim.records.recorder.lastPrints.some(({ instrument }) => instrument === 0)).toBe(true);
  });

  test('are not in what is drawn: path, customers and what the informed are told stay', () => {
    const [with0, with100] = [NO_IMPACT, IMPACT].map((impact) =>
      simulation(tinyScenario([impact, 'agents.maker.hedger={ kind: whalley-wilmott, bandMaximum: 0.01 }'])),
    );
    if (with0 === undefined || with100 === undefined) throw new Error('two runs');
    const [a, b] = [new Float64Array(FACTOR_COUNT), new Float64Array(FACTOR_COUNT)];
    let moved = 0;
    for (let second = 1; second <= 300; second += 1) {
      with0.advance(second);
      with100.advance(second);
      expect(with100.world.exogenous.spot()).toBe(with0.world.spot());
      expect(with100.clock.wishes()).toEqual(with0.clock.wishes());
      with0.clock.factorsAhead(60, a);
      with100.clock.factorsAhead(60, b);
      // What trades have done to the level by now is all that differs.
      const [level, ...rest] = b;
      expect(rest).toEqual([...a].slice(1));
      expect(level).toBeCloseTo((a[0] ?? 0) + with100.world.levelMove, 14);
      if (with100.world.spot() !== with0.world.spot()) moved += 1;
    }
    expect(moved).toBeGreaterThan(100);
  });

  test('and pay out: an expiry settles at the index that they moved', () => {
    const changes = [...STILL_REGIME, 'market.expiries.0={ days: 0.0005, strikes: [60000, 70000, 80000] }'];
    const run = (orders: Readonly<Record<number, readonly number[]>>): Simulation => finished(withTrader(orders, changes), '1', true);
    const settlement = (sim: Simulation): number => {
      const line = sim.records.recorder.log.find(({ text }) => /60000-C settles at/.test(text));
      return 60_000 + Number(/settles at ([\d.]+)/.exec(line?.text ?? '')?.[1]);
    };
    const [quiet, pushed] = [settlement(run({})), settlement(run({ 42: [1000] }))];
    expect(Math.log(pushed / quiet)).toBeCloseTo(10 * PER_UNIT * (0.25 + 0.75), 5);
  });
});

/** Buys ever more while the price rises: what a hedger without limits would do at a gain far above 1. */
const chaser = () =>
  kindOf('chaser', ({ chain }) => ({
    onOpen: (desk) => desk.watch(chain.underlying.id),
    onData: (_instrument, desk) => {
      desk.submit({ instrument: chain.underlying.id, side: 'buy', type: 'market', price: ticks(1e6), lots: lots(1000) });
    },
  }));

test('a loop that feeds itself ends the run with the value to change, and no number before that was none', () => {
  const sim = simulation(tinyScenario(['agents.c={ kind: chaser }', 'world.impact.bpPer100Units=1000'], [chaser()]));
  const spots: number[] = [];
  expect(() => {
    for (let second = 1; second <= 300; second += 1) {
      sim.advance(second);
      spots.push(sim.world.spot(), ...sim.clock.factorsNow, ...sim.clock.fair.price);
    }
  }).toThrow(InputError);
  expect(spots.length).toBeGreaterThan(50);
  expect(spots.every(Number.isFinite)).toBe(true);
  // Nor does it go on without a world.
  expect(() => sim.advance(300)).toThrow(InputError);
  const again = simulation(tinyScenario(['agents.c={ kind: chaser }', 'world.impact.bpPer100Units=1000'], [chaser()]));
  expect(() => again.advance(300)).toThrow(
    /world\.impact\.bpPer100Units {2}trades in the underlying .* by a factor of more than 2 at \d+ s/,
  );
});
