import { describe, expect, test } from 'vitest';
import { agentId, lots, NANOS_PER_SECOND, nanos, ticks } from '../../src/core/units.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { accountsIn, eventsIn, logged, replayed } from '../support/logged.ts';
import { idIn, kindOf, simulation, tinyScenario } from '../support/tiny.ts';

/** Takes so many lots of the perpetual as soon as there is a book, and holds them; notes what it is paid. */
function holder(kind: string, size: number, received: number[] = []) {
  return kindOf(kind, ({ chain }) => ({
    onOpen: (desk) => desk.wakeAt(nanos(NANOS_PER_SECOND / 2)),
    onWake(desk) {
      const side = size > 0 ? 'buy' : 'sell';
      desk.submit({ instrument: chain.underlying.id, side, type: 'market', price: ticks(0), lots: lots(Math.abs(size)) });
    },
    onFunding: (dollars) => received.push(dollars),
  }));
}

const TERMS = 'market.funding={ intervalHours: 1 min, dampenerBp: 5, capBp: 50 }';
const [LONG, SHORT] = [250, -130];

/** `tiny` with funding each minute, a premium of so many basis points that hardly moves, and a holder on either side. */
function funded(meanBp: number, changes: readonly string[] = []) {
  const paid: number[] = [];
  const scenario = tinyScenario(
    [
      TERMS,
      `world.basis={ meanBp: ${meanBp}, sdBp: 1 }`,
      'agents.bull={ kind: bull }',
      'agents.bear={ kind: bear }',
      'agents.liquidity.size=10',
      ...changes,
    ],
    [holder('bull', LONG, paid), holder('bear', SHORT)],
  );
  return { scenario, paid };
}

/** Runs second by second, noting the premium just before each step, and what each long lot pays at each minute. */
function watched(sim: Simulation, secondsInAll: number) {
  const premiums: number[] = [];
  const indices: number[] = [];
  const payments: { readonly at: number; readonly perLot: number }[] = [];
  sim.trace.observe({
    onRecord: (kind, at, _instrument, _agent, _order, _price, _lots, extra) => {
      if (kind === TRACE.funded) payments.push({ at: at / NANOS_PER_SECOND, perLot: extra });
    },
  });
  for (let second = 1; second <= secondsInAll; second += 1) {
    sim.advance(second - 1e-9);
    const book = sim.exchange.book(sim.scenario.chain.underlying.id);
    const [bid, ask] = [book.best('buy'), book.best('sell')];
    indices.push(sim.world.spot());
    premiums.push(bid === undefined || ask === undefined ? Number.NaN : (bid + ask) / 2 / sim.world.spot() - 1);
  }
  sim.advance(secondsInAll);
  return { premiums, indices, payments };
}

describe('payments', () => {
  test.each([30, -30, 200, 1])('with a premium of %d bp are those of a calculation by hand', (meanBp) => {
    const sim = simulation(funded(meanBp).scenario, '1', true);
    const { premiums, indices, payments } = watched(sim, 300);
    expect(payments.map(({ at }) => at)).toEqual([60, 120, 180, 240, 300]);
    payments.forEach(({ perLot }, n) => {
      const minute = premiums.slice(60 * n, 60 * n + 60);
      const mean = minute.reduce((sum, premium) => sum + premium, 0) / 60;
      // 5 bp of it are free, at most 50 count, and a minute is 1/480 of eight hours; one lot is 0.01 units.
      const rate = Math.sign(mean) * Math.min(0.005, Math.max(0, Math.abs(mean) - 0.0005));
      const expected = ((rate / 480) * (indices[60 * n + 59] ?? 0) * 0.01) / 1e-6;
      expect(perLot).toBe(Math.round(expected) + 0);
      if (meanBp === 1) expect(perLot).toBe(0);
      else expect(Math.sign(perLot)).toBe(Math.sign(meanBp));
      if (meanBp === 200) expect(perLot).toBe(Math.round((0.005 / 480) * (indices[60 * n + 59] ?? 0) * 10_000));
    });
  });

  test('come from the longs and go to the shorts, lot by lot, and nothing is lost on the way', () => {
    const { scenario, paid } = funded(30);
    const sim = simulation(scenario, '1', true);
    sim.advance(59);
    const agents = scenario.agents.map((_, agent) => agentId(agent));
    const cash = (): number[] => agents.map((agent) => sim.ledger.cash(agent));
    const held = (agent: number): number => sim.ledger.position(agentId(agent), scenario.chain.underlying.id);
    let perLot: number | undefined;
    sim.trace.observe({
      onRecord: (kind, _at, _instrument, _agent, _order, _price, _lots, extra) => {
        if (kind === TRACE.funded) perLot = extra;
      },
    });
    let before = cash();
    let causes = agents.map((agent) => sim.attribution.amount(agent, 'funding'));
    const venue = sim.ledger.venue;
    // Event by event, so that nothing but the payment lies between.
    while (perLot === undefined) {
      before = cash();
      causes = agents.map((agent) => sim.attribution.amount(agent, 'funding'));
      sim.advance(61, 1);
    }
    const rate = perLot;
    expect(rate).toBeGreaterThan(1000);
    expect([held(idIn(sim, 'bull')), held(idIn(sim, 'bear'))]).toEqual([LONG, SHORT]);
    const moved = cash().map((after, agent) => after - (before[agent] ?? 0));
    expect(moved).toEqual(agents.map((agent) => -held(agent) * rate + 0));
    expect(moved.reduce((sum, each) => sum + each, 0)).toBe(0);
    expect(sim.ledger.venue).toBe(venue);
    agents.forEach((agent) => {
      expect(sim.attribution.amount(agent, 'funding') - (causes[agent] ?? 0)).toBeCloseTo((moved[agent] ?? 0) / 1e6, 9);
    });
    expect(paid).toEqual([(-LONG * rate) / 1e6]);
  });

  test('keep causes and ledger together to the end, and are told in the log', () => {
    const sim = simulation(funded(30).scenario, '2', true);
    sim.advance(300);
    for (const desk of sim.desks) {
      expect(sim.attribution.total(desk.id)).toBeCloseTo(sim.attribution.equity(desk.id, sim.ledger), 6);
    }
    expect(sim.attribution.causes).toContain('funding');
    expect(Math.abs(sim.attribution.amount(sim.subject.id, 'funding'))).toBeGreaterThan(0);
    const told = sim.records.recorder.log.filter(({ text }) => text.startsWith('funding'));
    expect(told).toHaveLength(5);
    expect(told[0]?.text).toMatch(/^funding: longs pay shorts 0\.05\d bp of the index$/);
  });

  test('are in the log: a replay has the same accounts', () => {
    const { scenario } = funded(-30);
    const { sim, finish } = logged(scenario, '3');
    sim.advance(300);
    const replay = replayed(scenario, eventsIn(finish()));
    expect(replay.difference).toBeUndefined();
    expect(accountsIn(replay, scenario)).toEqual(accountsIn(sim, scenario));
  });
});

test('time without a two-sided book does not count, and where there is none at all nothing is paid', () => {
  const sim = simulation(funded(30, ['agents.liquidity.outages=[{ at: 0.3, lasts: 90 }]']).scenario, '1', true);
  const { premiums, payments } = watched(sim, 120);
  expect(payments[0]?.perLot).toBe(0);
  const seen = premiums.slice(60).filter((premium) => !Number.isNaN(premium));
  expect(seen.length).toBeLessThan(32);
  expect(payments[1]?.perLot).toBeGreaterThan(1000);
});

test('without the field there is none: no record, no cause', () => {
  const sim = simulation(tinyScenario());
  const { payments } = watched(sim, 120);
  expect(payments).toEqual([]);
  expect(sim.attribution.causes.filter((cause) => cause === 'funding' || cause === 'basis')).toEqual([]);
});

test('funding alone changes nobody who does not look at it: the same requests, the same fills', () => {
  const hashOf = (changes: readonly string[]): readonly number[] => {
    const sim = simulation(tinyScenario(changes), '4');
    sim.advance(300);
    return [sim.ledger.fills(sim.subject.id), sim.trace.records, sim.kernel.events];
  };
  const [fills = 0, records = 0, events = 0] = hashOf([]);
  expect(hashOf([TERMS])).toEqual([fills, records + 5, events]);
});
