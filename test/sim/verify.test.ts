import { describe, expect, test } from 'vitest';
import { maker } from '../../src/agents/maker/maker.ts';
import { InvariantError } from '../../src/core/assert.ts';
import { instrumentId, lots, money, NANOS_PER_SECOND, nanos, orderId, ticks } from '../../src/core/units.ts';
import type { Match } from '../../src/market/order.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { finished, idIn, kindOf, simulation, tinyScenario } from '../support/tiny.ts';

test.each(['1', '2', '3'])('every invariant holds after every event of tiny, seed %s', (seed) => {
  const sim = finished(tinyScenario(), seed, true);
  expect(sim.done).toBe(true);
  expect(sim.ledger.fills(sim.subject.id)).toBeGreaterThan(5);
});

test.each([
  [
    'without latency',
    ['agents.maker.latency={ orderMillis: 0, dataMillis: 0 }', 'agents.rivals.latency={ orderMillis: 0, dataMillis: 0 }'],
  ],
  ['with long latency', ['agents.maker.latency={ orderMillis: 900, dataMillis: 1700 }', 'agents.maker.limits={ positionPerSeries: 2 }']],
  ['in a small limit', ['agents.maker.limits={ positionPerSeries: 1, vega: 60, gamma: 0.2 }', 'flow.rate=15000', 'flow.sizeScale=7']],
  // What it holds outgrows the limits there; what it quotes must not.
  [
    'whose values jump',
    [
      'world.timeline=[{ at: 150, spotReturn: -0.1, level: 0.3 }]',
      'agents.maker.limits={ positionPerSeries: 3, vega: 200, gamma: 0.5 }',
      'flow.rate=8000',
    ],
  ],
  [
    'close to an expiry',
    [
      'market.expiries.0={ days: 0.005, strikes: [69800, 70000, 70200] }',
      'agents.maker.limits={ positionPerSeries: 3, vega: 400, gamma: 2 }',
      'flow.rate=20000',
    ],
  ],
])('and of a maker %s', (_name, changes) => {
  expect(finished(tinyScenario(changes), '4', true).done).toBe(true);
});

/** The bug that a checked run stops with. */
function failure(sim: Simulation, until = 300): InvariantError {
  try {
    sim.advance(until);
  } catch (error) {
    expect(error).toBeInstanceOf(InvariantError);
    return error as InvariantError;
  }
  throw new Error('the fault went unnoticed');
}

/** A run with the invariants checked, well under way. */
function underWay(): Simulation {
  const sim = simulation(tinyScenario(), '1', true);
  sim.advance(60);
  return sim;
}

describe('a planted fault stops the run at the next event, with seed and number of the event', () => {
  const match = (sim: Simulation, changes: Partial<Match> = {}): Match => ({
    instrument: instrumentId(1),
    price: ticks(100),
    lots: lots(1),
    taker: idIn(sim, 'customers'),
    takerOrder: orderId(1),
    takerSide: 'buy',
    maker: idIn(sim, 'rivals'),
    makerOrder: orderId(2),
    cause: 'touch',
    ...changes,
  });

  test('money that was booked without its cause', () => {
    const sim = underWay();
    sim.ledger.post(match(sim), money(0), money(0));
    const error = failure(sim);
    expect(error.message).toMatch(/causes sum to/);
    expect(error.seed).toBe('1');
    expect(error.event).toBe(sim.kernel.events);
  });

  test('a cause that was booked without money', () => {
    const sim = underWay();
    sim.attribution.fill(idIn(sim, 'maker'), instrumentId(1), 'buy', ticks(100), lots(1), money(1));
    expect(failure(sim).message).toMatch(/causes sum to/);
  });

  test('a payout that only one side got', () => {
    const sim = underWay();
    // A trade with somebody who has no account: the other side of it is lost.
    sim.ledger.post(match(sim, { maker: 99 as Match['maker'] }), money(0), money(0));
    expect(failure(sim).message).toMatch(/cash sums to|positions in .* sum to/);
  });

  test('a part of a millionth of a dollar', () => {
    const sim = underWay();
    sim.ledger.post(match(sim, { price: 100.0000001 as Match['price'] }), money(0), money(0));
    expect(failure(sim).message).toMatch(/an account holds/);
  });

  test('a position that went round the limit of its desk', () => {
    const sim = underWay();
    const rivals = idIn(sim, 'rivals');
    const perpetual = sim.scenario.chain.options[0]?.id ?? instrumentId(1);
    const best = sim.exchange.book(perpetual).best('sell') ?? ticks(1);
    sim.exchange.submit(sim.subject.id, orderId(1e9), {
      instrument: perpetual,
      side: 'buy',
      type: 'ioc',
      price: ticks(best * 2),
      lots: lots(50),
    });
    expect(sim.ledger.position(sim.subject.id, perpetual)).toBeGreaterThan(30);
    expect(sim.ledger.position(rivals, perpetual)).toBeLessThan(0);
    expect(failure(sim).message).toMatch(/maker holds \d+ lots of BTC-7d-66000-C/);
  });

  test('a subject that says one vega limit and quotes for more', () => {
    const reckless = {
      ...maker,
      kind: 'reckless',
      build: (...[params, setup]: Parameters<typeof maker.build>) => {
        const agent = maker.build(params, setup);
        const inspect = agent.inspect?.bind(agent);
        agent.inspect = () => {
          const told = inspect?.();
          if (told === undefined) throw new Error('a maker can be inspected');
          return { ...told, limits: told.limits.map((limit) => (limit.name === 'vega' ? { ...limit, limit: 20 } : limit)) };
        };
        return agent;
      },
    };
    const sim = simulation(tinyScenario(['agents.maker.kind=reckless'], [reckless]), '1', true);
    expect(failure(sim).message).toMatch(/vega between .* limit 20$/);
  });
});

test('checking goes on with the subject that holds no limit at all', () => {
  const buyer = kindOf('buyer', ({ chain }) => ({
    onOpen: (desk) => desk.wakeAt(nanos(10 * NANOS_PER_SECOND)),
    onWake(desk) {
      for (const { id } of chain.options) desk.submit({ instrument: id, side: 'buy', type: 'market', price: ticks(1), lots: lots(200) });
      desk.wakeAt(nanos(desk.now + 20 * NANOS_PER_SECOND));
    },
  }));
  const sim = finished(tinyScenario(['agents.buyer={ kind: buyer }', 'subject=buyer'], [buyer]), '1', true);
  expect(Math.max(...sim.scenario.chain.options.map(({ id }) => sim.ledger.position(sim.subject.id, id)))).toBeGreaterThan(200);
});
