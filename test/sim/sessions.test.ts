import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/core/hash.ts';
import { instrumentId, lots, NANOS_PER_SECOND, nanos, ticks } from '../../src/core/units.ts';
import { rejectCode } from '../../src/exchange/trace-codes.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import { SessionCalendar } from '../../src/market/session-calendar.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { VenueClock } from '../../src/sim/venue-clock.ts';
import { DeskMarket, type Participant } from '../support/desk-market.ts';
import { accountsIn, eventsIn, logged, replayed } from '../support/logged.ts';
import { idIn, kindOf, simulation, tinyScenario } from '../support/tiny.ts';

const DAY = 86_400;
/** Ten minutes a day; the run begins with a session, unless it says otherwise. */
const SHORT = { opensSeconds: 9 * 3600, closesSeconds: 9 * 3600 + 600, days: [0, 1, 2, 3, 4, 5, 6] };

/** Desks A and B at a venue with sessions. */
function market(startsSeconds: number, agent: Participant['agent'] = {}): DeskMarket {
  const m = new DeskMarket([
    { name: 'A', orderNanos: 10, dataNanos: 100, agent },
    { name: 'B', orderNanos: 1, dataNanos: 1 },
  ]);
  const tiny = tinyScenario();
  const specs = m.desks.map(() => ({ ...tiny.agents[0], outages: [] }));
  const sessions = new SessionCalendar({ ...SHORT, startsSeconds });
  const venue = { ...tiny.venue, sessions, dayEndsSeconds: Number.POSITIVE_INFINITY };
  const scenario = { ...tiny, chain: m.chain, durationSeconds: 5 * DAY, agents: specs, venue } as Scenario;
  new VenueClock(m.kernel, m.exchange, scenario, m.desks).open();
  return m;
}

const seconds = (at: number): number => at * NANOS_PER_SECOND;
const without = (line: string): string => line.replace(/^\d+ /, '');

describe('at a desk', () => {
  test('a close takes out orders for the day, tells the agent, and keeps requests back until the market opens', () => {
    const told: string[] = [];
    const m = market(SHORT.opensSeconds, {
      onClosed: (desk) => told.push(`${desk.now / NANOS_PER_SECOND} closed ${desk.isOpen}`),
      onReopened: (desk) => told.push(`${desk.now / NANOS_PER_SECOND} open ${desk.isOpen}`),
    });
    const desk = m.desk('A');
    const kept = m.submit('A', 'buy', 40, 2);
    desk.submit({ instrument: instrumentId(3), side: 'buy', type: 'limit', price: ticks(41), lots: lots(1), day: true });
    desk.massQuote([{ instrument: instrumentId(4), ask: { price: ticks(60), lots: lots(1) } }]);
    m.until(seconds(600) - 5);
    // Under way at the close: it arrives, and is refused.
    m.submit('A', 'buy', 39, 1);
    expect(m.until(seconds(600) + 500)).toEqual([
      `${seconds(600) + 100} A removed #2 i3 buy x1`,
      `${seconds(600) + 100} A removed #4 i4 sell x1`,
      `${seconds(600) + 105} A rejected #5 i3 buy x1 market-closed`,
    ]);
    const before = desk.withheld;
    expect(m.submit('A', 'buy', 40, 1)).toBeUndefined();
    expect(desk.massQuote([{ instrument: instrumentId(3), bid: { price: ticks(40), lots: lots(1) } }])).toBeUndefined();
    if (kept !== undefined) {
      expect(desk.replace(kept, ticks(41), lots(1))).toBeUndefined();
      desk.reduce(kept, lots(1));
    }
    expect(desk.withheld).toBe(before);
    expect(m.until(seconds(DAY) - 1).map(without)).toEqual(['A removed #1 i3 buy x1']);
    // What rested through the night trades again.
    expect(m.state('A')).toEqual([0, 1, 0]);
    m.until(seconds(DAY));
    m.submit('B', 'sell', 40, 1, 'ioc');
    expect(m.until(seconds(DAY) + 200).map(without)).toContain('A fill #1 i3 buy x1');
    expect(told).toEqual(['600 closed false', `${DAY} open true`]);
  });

  test('wakes wait for the opening: none is lost, and none comes before', () => {
    const woken: number[] = [];
    const m = market(SHORT.opensSeconds, { onWake: (desk) => woken.push(desk.now / NANOS_PER_SECOND) });
    const desk = m.desk('A');
    for (const at of [599, 600, 700, 50_000, DAY, DAY + 1]) desk.wakeAt(nanos(seconds(at)));
    m.until(seconds(DAY + 10));
    expect(woken).toEqual([599, DAY, DAY, DAY, DAY, DAY + 1]);
  });

  test('a run may begin while the market is closed: then only the opening is told', () => {
    const told: string[] = [];
    const m = market(8.5 * 3600, { onClosed: () => told.push('closed'), onReopened: (desk) => told.push(`open at ${desk.now / 1e9}`) });
    expect([m.desk('A').isOpen, m.submit('A', 'buy', 40, 1)]).toEqual([false, undefined]);
    m.until(seconds(1800));
    expect(told).toEqual(['open at 1800']);
    m.submit('A', 'buy', 40, 1);
    expect(m.until(seconds(1801)).map(without)).toEqual(['A accepted #1 i3 buy x1']);
    m.until(seconds(2400));
    expect(told).toEqual(['open at 1800', 'closed']);
  });
});

/**
 * Two nights between sessions of four minutes. The share is such that market time passes about as fast as the clock in the session, so that
 * a maker's limits fit.
 */
const TWO_DAYS = [
  "market.sessions={ opens: '09:30', closes: '09:34' }",
  'world.overnightShare=0.9972',
  `duration=${2 * DAY + 230}`,
  'world.timeline=[]',
  'flow.rate=15000',
];

describe('a run over two nights', () => {
  const stubborn = kindOf('stubborn', ({ chain }) => ({
    onOpen: (desk) => desk.wakeAt(nanos(0)),
    onWake(desk) {
      const [option] = chain.options;
      if (option !== undefined) desk.submit({ instrument: option.id, side: 'buy', type: 'limit', price: ticks(1), lots: lots(1) });
      desk.wakeAt(nanos(desk.now + 60 * NANOS_PER_SECOND));
    },
  }));
  const scenario = tinyScenario(
    [...TWO_DAYS, 'agents.sniper={ kind: sniper }', 'agents.crowd={ kind: trend }', 'agents.stubborn={ kind: stubborn }'],
    [stubborn],
  );
  const { sim, finish } = logged(scenario, '1', true);
  const isIn = (at: number): boolean => at % DAY < 240;
  const seen: { readonly at: number; readonly kind: number; readonly agent: number; readonly extra: number }[] = [];
  const snapshots = new Map<number, Record<string, number>>();
  const names = ['maker', 'rivals', 'liquidity', 'stubborn'] as const;
  // The log hears all, and this hears it again from the log.
  for (const at of [239, 240 - 1e-9, 240.5, 80_000, DAY, DAY + 12, DAY + 200, DAY + 241, 2 * DAY + 12, 2 * DAY + 230]) {
    sim.advance(at);
    snapshots.set(at, Object.fromEntries(names.map((name) => [name, sim.exchange.openOrders(idIn(sim, name))])));
  }
  const bytes = finish();
  const reader = eventsIn(bytes);
  const record = { kind: 0, at: 0, instrument: 0, agent: 0, order: 0, price: 0, lots: 0, extra: 0 };
  while (reader.next(record)) seen.push({ ...record, at: record.at / NANOS_PER_SECOND });
  const of = (kind: number, name?: string) =>
    seen.filter((each) => each.kind === kind && (name === undefined || each.agent === hashText(name)));

  test('closes and opens when it says', () => {
    expect(of(TRACE.closed).map(({ at }) => at)).toEqual([240, DAY + 240]);
    expect(of(TRACE.opened).map(({ at }) => at)).toEqual([DAY, 2 * DAY]);
  });

  test('nothing is accepted and nothing trades while it is closed; what was under way is refused, and soon nothing is sent any more', () => {
    for (const kind of [TRACE.accepted, TRACE.filled]) {
      expect(of(kind).filter(({ at }) => !isIn(at))).toEqual([]);
      for (const day of [0, 1, 2]) expect(of(kind).filter(({ at }) => at >= day * DAY && at < day * DAY + 240).length).toBeGreaterThan(10);
    }
    const sent = seen.filter(({ kind, at }) => [TRACE.submitted, TRACE.replacing, TRACE.quoting].includes(kind as 1) && !isIn(at));
    expect(sent.filter(({ at }) => at % DAY > 241)).toEqual([]);
    const refusals = of(TRACE.rejected).filter(({ extra }) => extra === rejectCode('market-closed'));
    expect(refusals.every(({ at }) => at % DAY >= 240 && at % DAY < 241)).toBe(true);
    expect(of(TRACE.submitted, 'customers').filter(({ at }) => !isIn(at) && at % DAY > 240.01)).toEqual([]);
  });

  test('makers withdraw what does not end by itself, and are there again soon after each opening', () => {
    for (const at of [240.5, 80_000, DAY, DAY + 241]) expect(snapshots.get(at)).toMatchObject({ maker: 0, rivals: 0, liquidity: 0 });
    for (const at of [239, DAY + 12, DAY + 200, 2 * DAY + 12, 2 * DAY + 230]) {
      expect(snapshots.get(at)?.['maker']).toBeGreaterThan(5);
      expect(snapshots.get(at)?.['rivals']).toBe(24);
      expect(snapshots.get(at)?.['liquidity']).toBe(10);
    }
    // A bid that is good until it is cancelled waits, and is not sent once more for every minute of the night.
    expect([239, 80_000, DAY + 12].map((at) => snapshots.get(at)?.['stubborn'])).toEqual([4, 4, 5]);
  });

  test('the maker quotes by the surface of the new session, and trades and hedges in it', () => {
    for (const day of [1, 2]) {
      const from = day * DAY;
      expect(of(TRACE.filled).filter(({ at }) => at > from).length).toBeGreaterThan(20);
      const first = of(TRACE.accepted, 'maker').find(({ at }) => at >= from);
      expect(first?.at).toBeGreaterThan(from + 0.01);
      expect(first?.at).toBeLessThan(from + 5);
    }
    const factors = sim.subject.agent.inspect?.().factors;
    expect(Math.abs((factors?.[0] ?? 0) - (sim.clock.factorsNow[0] ?? 0))).toBeLessThan(0.02);
    expect(sim.subject.agent.inspect?.().state).toBe('quoting');
  });

  test('the world and the accounts go on overnight', () => {
    expect(sim.world.step).toBe(2 * DAY + 230);
    for (const desk of sim.desks) {
      expect(sim.attribution.total(desk.id)).toBeCloseTo(sim.attribution.equity(desk.id, sim.ledger), 5);
    }
    expect(sim.records.recorder.log.filter(({ kind }) => kind === 'info').map(({ text }) => text)).toEqual([
      'the market closes',
      'the market opens',
      'the market closes',
      'the market opens',
    ]);
  });

  test('its log alone makes it again', () => {
    const replay = replayed(scenario, eventsIn(bytes));
    expect([replay.difference, replay.trace.hash()]).toEqual([undefined, sim.trace.hash()]);
    expect(accountsIn(replay, scenario)).toEqual(accountsIn(sim, scenario));
  });
});

test('an expiry settles at its moment, also while the market is closed', () => {
  const sim = simulation(tinyScenario([...TWO_DAYS, `duration=1000`, `market.expiries.0.days=${600 / DAY}`]), '1', true);
  const settled: number[] = [];
  sim.trace.observe({
    onRecord: (kind, at) => {
      if (kind === TRACE.settled) settled.push(at / NANOS_PER_SECOND);
    },
  });
  sim.advance(1000);
  expect(settled).toEqual([600, 600, 600, 600, 600, 600]);
});
