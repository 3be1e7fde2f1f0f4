import { describe, expect, test } from 'vitest';
import type { AgentKind } from '../../src/agents/agent.ts';
import { maker } from '../../src/agents/maker/maker.ts';
import { OwnAccount } from '../../src/agents/maker/own-account.ts';
import { reference } from '../../src/agents/reference.ts';
import { instrumentId, lots, NANOS_PER_SECOND, nanos, ticks } from '../../src/core/units.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import type { RejectReason } from '../../src/market/order.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { deskOf, idIn, kindOf, simulation, tinyScenario } from '../support/tiny.ts';

const SECONDS_PER_DAY = 86_400;

/** Where the spot of seed 1 stands at 180 s: the world does not depend on what is listed. */
const SPOT = (() => {
  const sim = simulation(tinyScenario(['world.timeline=[]']));
  sim.advance(180);
  return Math.round(sim.world.spot());
})();

/** `tiny` with a busy flow, and a first expiry this many seconds after the opening: its middle strike ends at the money. */
const expiring = (seconds: number, changes: readonly string[] = [], kinds: Parameters<typeof tinyScenario>[1] = []): Scenario =>
  tinyScenario(
    [
      `market.expiries.0.days=${seconds / SECONDS_PER_DAY}`,
      `market.expiries.0.strikes=[${SPOT - 300}, ${SPOT}, ${SPOT + 300}]`,
      'flow.rate=20000',
      'world.timeline=[]',
      ...changes,
    ],
    kinds,
  );

const firstSeries = (sim: Simulation): OptionSeries[] => sim.scenario.chain.options.filter((option) => option.expiry === 0);

/** Money per lot, from the strike and the index alone. */
const intrinsic = (option: OptionSeries, spot: number): number =>
  Math.round(Math.max(0, option.right === 'call' ? spot - option.strike : option.strike - spot) * option.lotSize * 1e6);

interface Holdings {
  readonly cash: number[];
  readonly positions: number[][];
  readonly fills: number[];
}

function holdings(sim: Simulation): Holdings {
  const agents = sim.desks.map((desk) => desk.id);
  return {
    cash: agents.map((agent) => sim.ledger.cash(agent)),
    positions: agents.map((agent) => sim.scenario.chain.instruments.map(({ id }) => sim.ledger.position(agent, id))),
    fills: agents.map((agent) => sim.ledger.fills(agent)),
  };
}

/** Runs just past an expiry, and gives what everybody held right before and right after it. */
function acrossExpiry(sim: Simulation, seconds: number): { before: Holdings; after: Holdings; settled: string[] } {
  const settled: string[] = [];
  sim.trace.observe({
    onRecord: (kind, at, instrument, _agent, _order, _price, _lots, extra) => {
      if (kind === TRACE.settled) settled.push(`${at / NANOS_PER_SECOND} i${instrument} ${extra}`);
    },
  });
  sim.advance(seconds - 1e-9);
  const before = holdings(sim);
  expect(settled).toEqual([]);
  while (settled.length === 0) sim.advance(seconds, 1);
  const after = holdings(sim);
  expect(after.fills).toEqual(before.fills);
  sim.trace.observe(undefined);
  return { before, after, settled };
}

describe.each([
  ['on a step of the world', 180, 180],
  ['between two steps', 180.25, 180],
  ['before the first step', 0.4, 0],
])('an expiry %s', (_name, seconds, step) => {
  const sim = simulation(expiring(seconds), '3', true);
  const { before, after, settled } = acrossExpiry(sim, seconds);
  const series = firstSeries(sim);
  const ids = new Set<number>(series.map(({ id }) => id));

  test('settles at the index of that instant', () => {
    expect(sim.world.step).toBe(step);
    const spot = sim.world.spot();
    expect(settled).toEqual(series.map((option) => `${seconds} i${option.id} ${intrinsic(option, spot)}`));
    expect(series.some((option) => intrinsic(option, spot) > 0)).toBe(true);
    expect(series.some((option) => intrinsic(option, spot) === 0)).toBe(true);
  });

  test('closes every position of its series, and no other, for cash of the same amount', () => {
    const spot = sim.world.spot();
    sim.desks.forEach((_desk, agent) => {
      let paid = 0;
      for (const { id } of sim.scenario.chain.instruments) {
        const held = before.positions[agent]?.[id] ?? 0;
        expect(after.positions[agent]?.[id]).toBe(ids.has(id) ? 0 : held);
      }
      for (const option of series) {
        const held = before.positions[agent]?.[option.id] ?? 0;
        const worth = intrinsic(option, spot);
        // 1.5 basis points of the index, but never more than an eighth of what is paid out; up, per lot, whichever side is held.
        paid += held * worth - Math.abs(held) * Math.ceil(Math.min(0.125 * worth, 0.00015 * spot * option.lotSize * 1e6) - 1e-6);
      }
      expect((after.cash[agent] ?? 0) - (before.cash[agent] ?? 0)).toBe(paid);
    });
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(after.cash) + sim.ledger.venue).toBe(0);
    if (seconds > 1) {
      const held = before.positions.map((row) => sum(series.map(({ id }) => Math.abs(row[id] ?? 0))));
      expect(held.filter((total) => total > 0).length).toBeGreaterThanOrEqual(2);
      expect(after.cash).not.toEqual(before.cash);
    }
  });

  test('leaves profit and loss as it was, and explained', () => {
    sim.advance(sim.scenario.durationSeconds);
    for (const desk of sim.desks) {
      const equity = sim.attribution.equity(desk.id, sim.ledger);
      expect(sim.attribution.total(desk.id)).toBeCloseTo(equity, 6);
      for (const { id } of series) expect(desk.position(id)).toBe(0);
    }
    expect(series.every(({ id }) => sim.exchange.lifecycle.expired(id))).toBe(true);
  });
});

test('what settles is booked against the last fair value: nothing on a step, the time value that was left between two', () => {
  const settlement = (sim: Simulation): number[] => sim.desks.map((desk) => sim.attribution.amount(desk.id, 'settlement'));
  const on = simulation(expiring(180));
  on.advance(179.9999);
  const held = on.desks.map((desk) => firstSeries(on).reduce((sum, { id }) => sum + Math.abs(on.ledger.position(desk.id, id)), 0));
  on.advance(181);
  // A lot is paid out in whole millionths of a dollar: at most half of one is lost or won on each.
  settlement(on).forEach((amount, agent) => {
    expect(Math.abs(amount)).toBeLessThanOrEqual(0.5e-6 * (held[agent] ?? 0) + 1e-9);
  });

  const between = simulation(expiring(180.25));
  between.advance(180.2499);
  const expected = between.desks.map((desk) =>
    firstSeries(between).reduce((sum, option) => {
      const gap = intrinsic(option, between.world.spot()) / 1e6 - between.attribution.fair(option.id) * option.lotSize;
      return sum + between.ledger.position(desk.id, option.id) * gap;
    }, 0),
  );
  between.advance(181);
  settlement(between).forEach((amount, agent) => {
    expect(amount).toBeCloseTo(expected[agent] ?? 0, 9);
  });
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.1);
});

test('orders that come after an expiry are refused, those at rest were removed, and the other expiry trades on', () => {
  const heard: { at: number; kind: string; reason: RejectReason | undefined }[] = [];
  const stubborn = kindOf('stubborn', ({ chain }) => ({
    onOpen: (desk) => desk.wakeAt(nanos(0)),
    onWake(desk) {
      const option = chain.options[0];
      if (option !== undefined) desk.submit({ instrument: option.id, side: 'buy', type: 'limit', price: ticks(1), lots: lots(1) });
      desk.wakeAt(nanos(desk.now + 30 * NANOS_PER_SECOND));
    },
    onReport: ({ kind, reason }, desk) => heard.push({ at: desk.now, kind, reason }),
  }));
  const latency = '{ orderMillis: 5, dataMillis: 7 }';
  const sim = simulation(expiring(100, [`agents.stubborn={ kind: stubborn, latency: ${latency} }`], [stubborn]), '2', true);
  const after: number[] = [];
  sim.trace.observe({
    onRecord: (kind, at, instrument) => {
      if (at > 100 * NANOS_PER_SECOND && (kind === TRACE.accepted || kind === TRACE.filled)) after.push(instrument);
    },
  });
  sim.advance(299);
  const expired = new Set<number>(firstSeries(sim).map(({ id }) => id));
  expect(after.filter((id) => expired.has(id))).toEqual([]);
  expect(new Set(after).size).toBeGreaterThan(5);
  const seconds = (nanosAt: number): number => Math.round(nanosAt / 1e6) / 1e3;
  expect(heard.map(({ at, kind, reason }) => `${seconds(at)} ${reason ?? kind}`)).toEqual([
    ...[0, 30, 60, 90].map((sent) => `${sent + 0.012} accepted`),
    ...Array.from({ length: 4 }, () => '100.007 removed'),
    ...[120, 150, 180, 210, 240, 270].map((sent) => `${sent + 0.012} instrument-expired`),
  ]);
  expect(deskOf(sim, 'stubborn').openLots(instrumentId(1), 'buy')).toBe(0);
});

/** A kind of agent that does what another does, with an account of its own beside it, kept from its reports alone. */
function audited(kind: AgentKind) {
  const audit = { account: undefined as OwnAccount | undefined, fills: 0 };
  const build: AgentKind['build'] = (params, setup) => {
    const agent = kind.build(params, setup);
    const account = new OwnAccount(setup.chain);
    audit.account = account;
    const { onReport, onSettled } = agent;
    agent.onReport = (report, desk) => {
      account.hear(report);
      if (report.kind === 'fill') audit.fills += 1;
      onReport?.call(agent, report, desk);
    };
    agent.onSettled = (settlement, desk) => {
      account.settled(settlement);
      onSettled?.call(agent, settlement, desk);
    };
    return agent;
  };
  return { audit, kind: { ...kind, kind: `audited-${kind.kind}`, build } };
}

test.each([
  // The maker is content with options of weeks; its rivals quote, and hold, those that expire.
  ['maker', maker, 0],
  ['rivals', reference, 20],
])('the own account and position of %s, from its reports alone, are those of the ledger', (name, kind, heldMinimum) => {
  const { audit, kind: wrapped } = audited(kind);
  const sim = simulation(expiring(180, [`agents.${name}.kind=${wrapped.kind}`], [wrapped]), '1', true);
  const agent = idIn(sim, name);
  let compared = 0;
  let held = 0;
  for (let second = 1; second <= 300; second += 1) {
    sim.advance(second - 1e-9);
    if (second === 180) held = firstSeries(sim).reduce((sum, { id }) => sum + Math.abs(sim.ledger.position(agent, id)), 0);
    sim.advance(second);
    // Only while no news of a fill is under way.
    if (audit.fills !== sim.ledger.fills(agent)) continue;
    expect(audit.account?.cash).toBeCloseTo(sim.ledger.cash(agent) / 1e6, 6);
    for (const { id } of sim.scenario.chain.instruments) expect(deskOf(sim, name).position(id)).toBe(sim.ledger.position(agent, id));
    if (second >= 180) compared += 1;
  }
  expect(compared).toBeGreaterThan(100);
  expect(audit.fills).toBeGreaterThan(10);
  expect(held).toBeGreaterThanOrEqual(heldMinimum);
});
