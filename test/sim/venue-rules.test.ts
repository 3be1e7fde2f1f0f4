import { expect, test } from 'vitest';
import { rejectCode } from '../../src/exchange/trace-codes.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import { isOnTick } from '../../src/market/tick-table.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

test('with every rule in force, all invariants hold, no price is off its tick, and the maker still trades', () => {
  const scenario = tinyScenario([
    'market.options.tickBands=[{ from: 100, tickSize: 10 }, { from: 1000, tickSize: 50 }]',
    'market.priceBand={ fraction: 0.3, ticksMinimum: 20 }',
    'market.selfTrade=cancel-both',
    'market.settlement.average=30',
    'market.dayEnds=2 min',
    'market.listings=[{ at: 30, expiry: 30d, strikes: [80000] }]',
    'market.expiries.0.days=0.003',
    'market.expiries.0.strikes=[69500, 70000, 70500]',
    'limits.requestRate={ perSecond: 100, burst: 200 }',
    'agents.rivals.outages=[{ at: 100, lasts: 20 }]',
    'flow.rate=10000',
  ]);
  const sim = simulation(scenario, '1', true);
  const refused = new Map<number, number>();
  let fills = 0;
  sim.trace.observe({
    onRecord: (kind, _at, instrument, _agent, _order, price, _lots, extra) => {
      if (kind === TRACE.rejected) refused.set(extra, (refused.get(extra) ?? 0) + 1);
      if (kind !== TRACE.accepted && kind !== TRACE.filled) return;
      if (kind === TRACE.filled) fills += 1;
      expect(isOnTick(scenario.chain.instruments[instrument]?.tickTable ?? [], price)).toBe(true);
    },
  });
  sim.advance(scenario.durationSeconds);
  expect(refused.get(rejectCode('price-off-tick'))).toBeUndefined();
  expect(refused.get(rejectCode('not-listed'))).toBeUndefined();
  expect(fills).toBeGreaterThan(40);
  expect(sim.ledger.fills(sim.subject.id)).toBeGreaterThan(5);
});
