import { describe, expect, test } from 'vitest';
import { TRACE } from '../../src/kernel/trace.ts';
import { finished, simulation, tinyScenario } from '../support/tiny.ts';

const WIDE = 'world.basis={ meanBp: 60, sdBp: 5, halfLifeMinutes: 1 }';

/** Root-mean-square error of the maker's level and of its forward, over a run, from 20 s on. */
function trackingError(changes: readonly string[]) {
  const sim = simulation(tinyScenario([...changes, 'world.timeline=[]']), '1');
  let squares = 0;
  let count = 0;
  for (let t = 20; t <= 300; t += 1) {
    sim.advance(t - 1e-9);
    const factors = sim.subject.agent.inspect?.().factors;
    if (factors === undefined) continue;
    squares += ((factors[0] ?? 0) - (sim.clock.factorsNow[0] ?? 0)) ** 2;
    count += 1;
  }
  return { error: Math.sqrt(squares / count), count, fills: sim.ledger.fills(sim.subject.id) };
}

describe('a perpetual that stands away from the index', () => {
  const sim = simulation(tinyScenario([WIDE]), '1', true);
  const offsets: number[] = [];
  for (let t = 10; t <= 300; t += 10) {
    sim.advance(t - 1e-9);
    const book = sim.exchange.book(sim.scenario.chain.underlying.id);
    const mid = ((book.best('buy') ?? 0) + (book.best('sell') ?? 0)) / 2;
    offsets.push(10_000 * (mid / (sim.world.spot() * (1 + sim.world.basis())) - 1));
  }
  sim.advance(300);

  test('is quoted around its own fundamental value', () => {
    // Half a tick of 1 dollar, and half a hedge of the maker's, are well within a fifth of a basis point.
    for (const offset of offsets) expect(Math.abs(offset)).toBeLessThan(0.5);
    expect(sim.world.basis()).toBeGreaterThan(0.004);
  });

  test('is marked there, and what it gains against the index stands by itself', () => {
    const { underlying } = sim.scenario.chain;
    expect(sim.attribution.fair(underlying.id)).toBe(sim.world.spot() * (1 + sim.world.basis()));
    expect(sim.attribution.causes).toContain('basis');
    const amounts = sim.desks.map((desk) => sim.attribution.amount(desk.id, 'basis'));
    expect(Math.max(...amounts.map(Math.abs))).toBeGreaterThan(0.1);
    // One's gain is another's loss: the position in all is none.
    expect(Math.abs(amounts.reduce((sum, amount) => sum + amount, 0))).toBeLessThan(1e-6);
    for (const desk of sim.desks) expect(sim.attribution.total(desk.id)).toBeCloseTo(sim.attribution.equity(desk.id, sim.ledger), 6);
  });

  test('does not move the world, nor the options', () => {
    // Hedges find other prices, and their impact is another.
    const still = 'world.impact.bpPer100Units=0';
    const plain = finished(tinyScenario([still]), '1');
    const sim = finished(tinyScenario([WIDE, still]), '1');
    expect([sim.world.spot(), ...sim.clock.factorsNow]).toEqual([plain.world.spot(), ...plain.clock.factorsNow]);
    expect([...sim.clock.fair.price]).toEqual([...plain.clock.fair.price]);
  });
});

test('a maker values options on the published index: it tracks the surface as well as without a basis', () => {
  const plain = trackingError([]);
  const wide = trackingError([WIDE]);
  expect(wide.count).toBe(plain.count);
  expect(wide.error).toBeLessThan(1.3 * plain.error);
  expect(wide.fills).toBeGreaterThan(10);
});

test('a basis that is always 0 leaves every trace as it was', () => {
  const hashes = [[], ['world.basis={ meanBp: 0, sdBp: 0 }'], ['world.basis={ halfLifeMinutes: 3 }']].map((changes) =>
    finished(tinyScenario(changes), '2').trace.hash(),
  );
  expect(new Set(hashes).size).toBe(1);
});

test('what is settled is the index', () => {
  const scenario = tinyScenario([WIDE, 'market.expiries.0.days=0.002', 'market.expiries.0.strikes=[69000, 70000, 71000]']);
  const sim = simulation(scenario, '1', true);
  const settled: number[] = [];
  let index = 0;
  sim.trace.observe({
    onRecord: (kind, _at, _instrument, _agent, _order, _price, _lots, extra) => {
      if (kind !== TRACE.settled) return;
      settled.push(extra);
      index = sim.world.spot();
    },
  });
  sim.advance(200);
  const [call] = settled;
  expect(call).toBe(Math.round(Math.max(0, index - 69_000) * 0.1 * 1e6));
});
