import { describe, expect, test } from 'vitest';
import { lots, nanos, ticks } from '../../src/core/units.ts';
import { finished, kindOf, simulation, TINY, tinyScenario } from '../support/tiny.ts';

const constants = finished(tinyScenario());
const NAMES = ['customers', 'liquidity', 'maker', 'rivals'];
const LEGS = ['orderMillis', 'ackMillis', 'dataMillis'];
/** A law for every leg of an agent, and for those of all. */
const everyLeg = (name: string, law: string): string[] => LEGS.map((leg) => `agents.${name}.latency.${leg}=${law}`);
const LOGNORMAL = '{ lognormal: { medianMillis: 6, sigma: 0.8, minimumMillis: 1 } }';

/** None of 600 draws is far from the median. */
const NARROW = '{ lognormal: { medianMillis: 6, sigma: 0.4, minimumMillis: 1 } }';

/** Sends an order that cannot trade every 50 ms, and writes down when it hears that the order is gone. */
function prober(log: number[]) {
  return kindOf('prober', ({ chain }) => ({
    onOpen: (desk) => desk.wakeAt(nanos(0)),
    onWake(desk) {
      desk.submit({ instrument: chain.underlying.id, side: 'buy', type: 'ioc', price: ticks(1), lots: lots(1) });
      desk.wakeAt(nanos(desk.now + 50_000_000));
    },
    onReport: (_report, desk) => log.push(desk.now),
  }));
}

describe('a law without spread', () => {
  test.each([
    ['lognormal', (millis: number) => `{ lognormal: { medianMillis: ${millis}, sigma: 0 } }`],
    ['empirical', (millis: number) => `{ empirical: { millis: [${millis}, ${millis}] } }`],
  ])('%s: gives the run of the constant, to the bit', (_name, law) => {
    const changes = NAMES.flatMap((name) => everyLeg(name, law(name === 'rivals' ? 3 : 5)));
    expect(finished(tinyScenario(changes)).trace.hash()).toBe(constants.trace.hash());
  });
});

describe('drawn latencies', () => {
  const changes = NAMES.flatMap((name) => everyLeg(name, LOGNORMAL));
  const drawn = finished(tinyScenario(changes), '1', true);

  test('keep every invariant, and give one run per seed', () => {
    expect(drawn.done).toBe(true);
    expect(drawn.ledger.fills(drawn.subject.id)).toBeGreaterThan(5);
    expect(finished(tinyScenario(changes)).trace.hash()).toBe(drawn.trace.hash());
    expect(new Set([constants, drawn, finished(tinyScenario(changes), '2')].map(({ trace }) => trace.hash())).size).toBe(3);
  });

  test('do not depend on the order of the file, nor on how the run is cut', () => {
    const [head, body] = TINY.split('agents:\n');
    const lines = (body ?? '').split('\n');
    const agents = lines.filter((line) => /^ {2}\w+: \{ kind/.test(line));
    const turned = `${head}agents:\n${[...agents].reverse().join('\n')}\n${lines.slice(agents.length).join('\n')}`;
    const scenario = tinyScenario(changes, [], turned);
    const sim = simulation(scenario);
    for (let slice = 1; slice <= 300; slice += 1) sim.advance((slice * scenario.durationSeconds) / 300);
    expect(sim.trace.hash()).toBe(drawn.trace.hash());
  });

  test('leave the world and the customers as they are', () => {
    const a = simulation(tinyScenario());
    const b = simulation(tinyScenario(changes));
    for (let second = 0; second <= 120; second += 1) {
      a.advance(second);
      b.advance(second);
      expect(b.world.exogenous.spot()).toBe(a.world.exogenous.spot());
      for (let f = 0; f < 4; f += 1) expect(b.world.exogenous.factor(f)).toBe(a.world.exogenous.factor(f));
      expect(b.clock.wishes()).toEqual(a.clock.wishes());
    }
  });
});

describe('each leg of each agent has a stream of its own', () => {
  /** When p, whose latencies are drawn, hears of its orders. */
  function heardBy(changes: readonly string[]): number[] {
    const log: number[] = [];
    const scenario = tinyScenario(
      ['duration=30', 'world.timeline=[]', 'agents.p={ kind: prober }', ...everyLeg('p', NARROW), ...changes],
      [prober(log), kindOf('idle', () => ({ onOpen: () => {} }))],
    );
    finished(scenario);
    return log;
  }
  const alone = heardBy([]);

  test('so that drawn latencies of the others move none of its draws, whatever their names', () => {
    expect(alone.length).toBeGreaterThan(590);
    expect(new Set(alone.map((at, n) => at - 50_000_000 * n)).size).toBeGreaterThan(500);
    expect(heardBy(NAMES.flatMap((name) => everyLeg(name, LOGNORMAL)))).toEqual(alone);
    for (const name of ['aaa', 'zzz']) expect(heardBy([`agents.${name}={ kind: idle }`, ...everyLeg(name, LOGNORMAL)])).toEqual(alone);
  });

  test('and its own legs none of each other', () => {
    // Books and prints that it does not read take no draws from its orders and reports, and neither does a law for them.
    expect(heardBy(['agents.p.latency.dataMillis={ empirical: { millis: [1, 90] } }'])).toEqual(alone);
    const quickOrders = heardBy(['agents.p.latency.orderMillis=0']);
    const quickReports = heardBy(['agents.p.latency.ackMillis=0']);
    expect(quickOrders).not.toEqual(alone);
    // Far apart as the orders are, none waits for another: the legs add up.
    for (const [n, at] of alone.entries()) expect((quickOrders[n] ?? 0) + (quickReports[n] ?? 0) - 50_000_000 * n).toBe(at);
  });

  test('so that an agent which only watches, with laws on all its legs, is noticed by nobody', () => {
    const watcher = kindOf('watcher', ({ chain }) => ({
      onOpen(desk) {
        for (const { id } of chain.instruments) desk.watchDepth(id, 5);
        desk.watchTrades(chain.underlying.id);
      },
      onData: (instrument, desk) => desk.depth(instrument, 'buy', () => {}),
      onTrade: () => {},
    }));
    for (const name of ['aaa', 'zzz']) {
      const scenario = tinyScenario([`agents.${name}={ kind: watcher }`, ...everyLeg(name, LOGNORMAL)], [watcher]);
      expect(finished(scenario).trace.hash(), name).toBe(constants.trace.hash());
    }
  });
});
