import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/core/hash.ts';
import { agentId, instrumentId, lots, NANOS_PER_SECOND, SECONDS_PER_DAY, ticks } from '../../src/core/units.ts';
import { REMOVAL } from '../../src/exchange/trace-codes.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { VenueClock } from '../../src/sim/venue-clock.ts';
import { DeskMarket, type Participant } from '../support/desk-market.ts';
import { idIn, kindOf, simulation, tinyScenario } from '../support/tiny.ts';

const WEEK = 7 * SECONDS_PER_DAY;

type Times = Partial<Pick<Scenario['venue'], 'listings' | 'dayEndsSeconds'>> & {
  readonly durationSeconds?: number;
  /** Of A. */
  readonly outages?: Scenario['agents'][number]['outages'];
};

/** Desks A and B, an exchange, and the clock of a venue whose rules are these. */
function market(
  { listings = [], dayEndsSeconds = SECONDS_PER_DAY, durationSeconds = 2 * WEEK, outages = [] }: Times,
  agent: Participant['agent'] = {},
): DeskMarket {
  const m = new DeskMarket([
    { name: 'A', orderNanos: 10, dataNanos: 100, agent },
    { name: 'B', orderNanos: 1, dataNanos: 1 },
  ]);
  const tiny = tinyScenario();
  const specs = [outages, []].map((each) => ({ ...tiny.agents[0], outages: each }));
  const scenario = {
    ...tiny,
    chain: m.chain,
    durationSeconds,
    agents: specs,
    venue: { ...tiny.venue, listings, dayEndsSeconds },
  } as Scenario;
  new VenueClock(m.kernel, m.exchange, scenario, m.desks).open();
  return m;
}

const seconds = (at: number): number => at * NANOS_PER_SECOND;
const without = (line: string): string => line.replace(/^\d+ /, '');

describe('a listing', () => {
  const series = [3, 4].map((id) => instrumentId(id));
  const listings = [
    { atSeconds: 10, series },
    { atSeconds: 20, series: [instrumentId(5)] },
  ];

  test('opens its series at its moment, for requests of that very nanosecond, and tells every desk', () => {
    const told: string[] = [];
    const m = market({ listings }, { onListed: (instrument, desk) => told.push(`${desk.now} A i${instrument}`) });
    const state = (): boolean[] => [3, 4, 5, 6].map((id) => m.desk('A').listed(instrumentId(id)));
    m.submit('A', 'buy', 40, 1);
    expect(state()).toEqual([false, false, false, true]);
    expect(m.until(seconds(10) - 11).map(without)).toEqual(['A rejected #1 i3 buy x1 not-listed']);
    m.submit('A', 'buy', 40, 1);
    m.until(seconds(10) - 10);
    m.submit('A', 'buy', 40, 1);
    expect(m.until(seconds(10) + 200)).toEqual([
      `${seconds(10) + 99} A rejected #2 i3 buy x1 not-listed`,
      `${seconds(10) + 100} A accepted #3 i3 buy x1`,
    ]);
    expect(told).toEqual([`${seconds(10)} A i3`, `${seconds(10)} A i4`]);
    expect(state()).toEqual([true, true, false, true]);
    m.until(seconds(20));
    expect(state()).toEqual([true, true, true, true]);
    expect(told).toHaveLength(3);
  });

  test('of series that are over lists nothing, also at the moment of their expiry', () => {
    const late = [
      { atSeconds: WEEK, series: [instrumentId(1)] },
      { atSeconds: WEEK + 1, series: [instrumentId(2), instrumentId(3)] },
    ];
    const told: number[] = [];
    const m = market({ listings: late }, { onListed: (instrument) => told.push(instrument) });
    m.until(seconds(WEEK));
    m.expire(0);
    m.until(seconds(WEEK + 2));
    expect([1, 2, 3].map((id) => m.exchange.lifecycle.listed(instrumentId(id)))).toEqual([false, false, true]);
    expect(told).toEqual([3]);
  });
});

describe('an outage', () => {
  const outages = [
    { fromSeconds: 10, toSeconds: 20 },
    { fromSeconds: 30, toSeconds: 35 },
  ];

  test('takes the orders out, keeps requests back, and ends', () => {
    const told: string[] = [];
    const m = market(
      { outages },
      {
        onDisconnected: (desk) => told.push(`${desk.now / NANOS_PER_SECOND} out`),
        onConnected: (desk) => told.push(`${desk.now / NANOS_PER_SECOND} back`),
      },
    );
    const desk = m.desk('A');
    const first = m.submit('A', 'buy', 40, 2);
    m.submit('B', 'buy', 39, 1);
    m.until(seconds(10) - 5);
    // Under way when the line breaks: it arrives, and is refused.
    m.submit('A', 'buy', 38, 1);
    expect(m.until(seconds(10) + 500)).toEqual([
      `${seconds(10) + 100} A removed #1 i3 buy x2`,
      `${seconds(10) + 105} A rejected #3 i3 buy x1 not-connected`,
    ]);
    expect(m.state('A')).toEqual([0, 0, 0]);
    const before = desk.withheld;
    expect(m.submit('A', 'buy', 40, 1)).toBeUndefined();
    expect(desk.massQuote([{ instrument: instrumentId(3), bid: { price: ticks(40), lots: lots(1) } }])).toBeUndefined();
    if (first !== undefined) {
      expect(desk.replace(first, ticks(41), lots(1))).toBeUndefined();
      desk.cancel(first);
      desk.reduce(first, lots(1));
    }
    desk.cancelAll();
    desk.resetProtection();
    expect(m.until(seconds(20) - 1)).toEqual([]);
    // No limit kept them back.
    expect(desk.withheld).toBe(before);
    m.until(seconds(20));
    m.submit('A', 'buy', 41, 1);
    expect(m.until(seconds(29)).map(without)).toEqual(['A accepted #4 i3 buy x1']);
    expect(m.exchange.openOrders(agentId(1))).toBe(1);
    expect(m.until(seconds(40)).map(without)).toEqual(['A removed #4 i3 buy x1']);
    expect(told).toEqual(['10 out', '20 back', '30 out', '35 back']);
  });

  test('an agent that answers the news of its loss with new orders sends none', () => {
    const m = market(
      { outages },
      {
        onReport: ({ kind }, desk) => {
          if (kind === 'removed') desk.submit({ instrument: instrumentId(3), side: 'buy', type: 'limit', price: ticks(40), lots: lots(1) });
        },
      },
    );
    m.submit('A', 'buy', 40, 2);
    m.until(seconds(15));
    expect(m.exchange.openOrders(m.id('A'))).toBe(0);
    expect(m.state('A')).toEqual([0, 0, 0]);
  });
});

describe('the end of the day', () => {
  test('comes after the time given, and then each day', () => {
    const m = market({ dayEndsSeconds: 3600.5 });
    const day = (): void => {
      m.desk('A').submit({ instrument: instrumentId(3), side: 'buy', type: 'limit', price: ticks(40), lots: lots(1), day: true });
    };
    day();
    m.submit('A', 'buy', 39, 1);
    expect(m.until(seconds(3600)).map(without)).toEqual(['A accepted #1 i3 buy x1', 'A accepted #2 i3 buy x1']);
    expect(m.until(seconds(3601))).toEqual([`${seconds(3600.5) + 100} A removed #1 i3 buy x1`]);
    for (let days = 1; days <= 3; days += 1) {
      day();
      const end = seconds(3600.5 + days * SECONDS_PER_DAY);
      expect(m.until(end + 99)).toHaveLength(1);
      expect(m.until(end + 100).map(without)).toEqual([`A removed #${2 + days} i3 buy x1`]);
    }
    expect(m.exchange.openOrders(m.id('A'))).toBe(1);
  });
});

test('what comes after the end of the run does not happen, however late it is', () => {
  const durationSeconds = 104 * SECONDS_PER_DAY;
  const m = market({
    durationSeconds,
    dayEndsSeconds: 1e6 * SECONDS_PER_DAY,
    listings: [{ atSeconds: 1e12, series: [instrumentId(5)] }],
    outages: [{ fromSeconds: 1e9, toSeconds: 1e300 }],
  });
  m.until(seconds(durationSeconds));
  expect(m.exchange.lifecycle.listed(instrumentId(5))).toBe(false);
  // A day behind the last moment of the longest run is more nanoseconds than a number holds.
  expect(() => market({ durationSeconds }).until(seconds(durationSeconds))).not.toThrow();
});

/** `second kind i3 cause` of what the observer picks. */
function observed(sim: Simulation, picks: (kind: number, agent: number) => boolean): string[] {
  const seen: string[] = [];
  sim.trace.observe({
    onRecord: (kind, at, instrument, agent, _order, _price, _lots, extra) => {
      if (picks(kind, agent)) seen.push(`${at / NANOS_PER_SECOND} ${kind} i${instrument} ${extra}`);
    },
  });
  return seen;
}

describe('in a whole run', () => {
  test('nothing rests in a series before it is listed; after it, it is quoted and traded', () => {
    const sim = simulation(tinyScenario(['market.listings=[{ at: 2 min, expiry: 30d }]', 'flow.rate=15000']));
    const late = new Set<number>(sim.scenario.chain.options.filter(({ expiry }) => expiry === 1).map(({ id }) => id));
    const seen = observed(sim, (kind) => kind === TRACE.accepted || kind === TRACE.filled || kind === TRACE.listed);
    sim.advance(300);
    const inLate = seen.filter((line) => late.has(Number(line.split(' ')[2]?.slice(1))));
    expect(inLate.slice(0, late.size)).toEqual([...late].map((id) => `120 ${TRACE.listed} i${id} 0`));
    expect(new Set(inLate.map((line) => line.split(' ')[1]))).toEqual(new Set([TRACE.listed, TRACE.accepted, TRACE.filled].map(String)));
    expect(seen.length).toBeGreaterThan(inLate.length);
  });

  test('the subject’s outage: its orders go at once, nothing of it comes, and it quotes again', () => {
    const sim = simulation(tinyScenario(['agents.maker.outages=[{ at: 100 s, lasts: 45 s }]']));
    const maker = idIn(sim, 'maker');
    sim.advance(100 - 1e-9);
    const resting = sim.exchange.openOrders(maker);
    expect(resting).toBeGreaterThan(4);
    const seen = observed(sim, (kind) => kind === TRACE.removed || kind === TRACE.disconnected || kind === TRACE.connected);
    sim.advance(100);
    expect(seen.filter((line) => line.endsWith(` ${REMOVAL.disconnected}`))).toHaveLength(resting);
    expect(seen[0]).toBe(`100 ${TRACE.disconnected} i0 0`);
    expect(sim.exchange.openOrders(maker)).toBe(0);
    let accepted = 0;
    const hash = hashText('maker');
    sim.trace.observe({
      onRecord: (kind, _at, _instrument, agent) => {
        if (kind === TRACE.accepted && agent === hash) accepted += 1;
      },
    });
    sim.advance(145 - 1e-9);
    expect([accepted, sim.exchange.openOrders(maker)]).toEqual([0, 0]);
    sim.advance(300);
    expect(accepted).toBeGreaterThan(20);
    expect(sim.exchange.openOrders(maker)).toBeGreaterThan(0);
  });

  test('day orders of an agent go at the end of the day', () => {
    const patient = kindOf('patient', ({ chain }) => ({
      onOpen(desk) {
        for (const { id } of chain.options)
          desk.submit({ instrument: id, side: 'buy', type: 'limit', price: ticks(1), lots: lots(1), day: id % 2 === 0 });
      },
    }));
    const sim = simulation(tinyScenario(['market.dayEnds=3 min', 'agents.patient={ kind: patient }'], [patient]), '1', true);
    sim.advance(180 - 1e-9);
    expect(sim.exchange.openOrders(idIn(sim, 'patient'))).toBe(12);
    sim.advance(180);
    expect(sim.exchange.openOrders(idIn(sim, 'patient'))).toBe(6);
  });
});
