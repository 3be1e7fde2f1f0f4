import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { lots, nanos, ticks } from '../../src/core/units.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { takeSnapshot } from '../../src/sim/take-snapshot.ts';
import { runReport } from '../../src/study/run-report.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { finished, kindOf, simulation, TINY, tinyScenario } from '../support/tiny.ts';

const tiny = tinyScenario();
const reference = finished(tiny);

/** An agent that wakes, reads and listens all the time, and sends nothing. */
const watcher = kindOf('watcher', ({ chain }) => ({
  onOpen(desk) {
    for (const { id } of chain.instruments) desk.watch(id);
    desk.wakeAt(nanos(0));
  },
  onWake(desk) {
    for (const { id } of chain.instruments) desk.bbo(id);
    desk.wakeAt(nanos(desk.now + 250_000_000));
  },
  onData: () => {},
  onTrade: () => {},
}));
const idle = kindOf('idle', () => ({ onOpen: () => {} }));

describe('one seed gives one run', () => {
  test('again, in the same process', () => {
    expect(reference.trace.records).toBeGreaterThan(10_000);
    const again = finished(tinyScenario());
    expect(again.trace.hash()).toBe(reference.trace.hash());
    expect(again.kernel.events).toBe(reference.kernel.events);
    expect(again.attribution.total(again.subject.id)).toBe(reference.attribution.total(reference.subject.id));
  });

  test('and every other seed another one; 0 and the empty text are seeds like any other', () => {
    const hashes = ['1', '2', '3', '0', '00', '', '-1', 'one'].map((seed) => finished(tiny, seed).trace.hash());
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(finished(tiny, '0').trace.hash()).toBe(hashes[3]);
  });

  test('whether its invariants are checked or not', () => {
    expect(finished(tiny, '1', true).trace.hash()).toBe(reference.trace.hash());
  });

  test('in whatever order the file names the agents', () => {
    const [head, body] = TINY.split('agents:\n');
    const lines = (body ?? '').split('\n');
    const agents = lines.filter((line) => /^ {2}\w+: \{ kind/.test(line));
    expect(agents).toHaveLength(5);
    const rest = lines.slice(agents.length).join('\n');
    for (const order of [[...agents].reverse(), [...agents.slice(2), ...agents.slice(0, 2)]]) {
      const shuffled = tinyScenario([], [], `${head}agents:\n${order.join('\n')}\n${rest}`);
      expect(finished(shuffled).trace.hash()).toBe(reference.trace.hash());
    }
  });
});

describe('nobody notices', () => {
  test('that the run is cut into a thousand slices', () => {
    const sim = simulation(tiny);
    for (let slice = 1; slice <= 1000; slice += 1) sim.advance((slice * tiny.durationSeconds) / 1000);
    expect(sim.done).toBe(true);
    expect([sim.trace.hash(), sim.kernel.events]).toEqual([reference.trace.hash(), reference.kernel.events]);
  });

  test('that it is run event by event, also where the last moment holds many events', () => {
    // Without latencies the last wake-ups of all agents, and what they send, fall on the very end of the run.
    const none = 'latency={ orderMillis: 0, dataMillis: 0 }';
    const scenario = tinyScenario(['customers', 'liquidity', 'maker', 'rivals'].map((name) => `agents.${name}.${none}`));
    const whole = finished(scenario);
    const sim = simulation(scenario);
    let steps = 0;
    while (!sim.done) {
      sim.advance(scenario.durationSeconds, 1);
      steps += 1;
    }
    expect([sim.trace.hash(), sim.kernel.events]).toEqual([whole.trace.hash(), whole.kernel.events]);
    expect(steps).toBeGreaterThanOrEqual(whole.kernel.events);
    expect(sim.nowSeconds).toBe(scenario.durationSeconds);
    sim.advance(2 * scenario.durationSeconds);
    expect([sim.trace.hash(), sim.kernel.events]).toEqual([whole.trace.hash(), whole.kernel.events]);
  });

  test('that it is watched: snapshots, inspections and reports in between', () => {
    const sim = simulation(tiny);
    for (let second = 0; second <= tiny.durationSeconds; second += 7) {
      sim.advance(second);
      for (const { id } of tiny.chain.instruments.slice(0, 3)) takeSnapshot(sim, id);
      for (const desk of sim.desks) desk.agent.inspect?.();
      runReport(sim);
    }
    sim.advance(tiny.durationSeconds);
    expect(sim.trace.hash()).toBe(reference.trace.hash());
    expect(runReport(sim)).toEqual(runReport(reference));
  });

  test('an agent that sends nothing, wherever its name puts it among the others', () => {
    for (const name of ['aaa', 'k-idle', 'zzz']) {
      const scenario = tinyScenario([`agents.${name}={ kind: idle }`], [idle]);
      expect(finished(scenario).trace.hash(), name).toBe(reference.trace.hash());
    }
    for (const name of ['aaa', 'zzz']) {
      const scenario = tinyScenario([`agents.${name}={ kind: watcher, latency: { dataMillis: 2 } }`], [watcher]);
      const sim = finished(scenario);
      expect(sim.trace.hash(), name).toBe(reference.trace.hash());
      expect(sim.kernel.events).toBeGreaterThan(reference.kernel.events + 1000);
    }
  });

  test('that it is run in a worker thread', async () => {
    const file = join(tempFolder(), 'tiny-worker.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('../support/tiny-worker.ts', import.meta.url))],
      outfile: file,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // CommonJS packages call `require`, which modules do not have.
      banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    const worker = new Worker(file, { workerData: TINY });
    const [result] = await once(worker, 'message');
    await worker.terminate();
    expect(result).toEqual({ hash: reference.trace.hash(), events: reference.kernel.events, records: reference.trace.records });
  });

  test('another run in the same process', () => {
    const other = tinyScenario(['agents.maker.widthMultiplier=0.6', 'flow.rate=5000']);
    const a = simulation(tiny, '1');
    const b = simulation(other, '2');
    for (let second = 1; second <= 300; second += 1) {
      a.advance(second);
      b.advance(second);
    }
    expect(a.trace.hash()).toBe(reference.trace.hash());
    expect(b.trace.hash()).toBe(finished(other, '2').trace.hash());
  });
});

test('subjects that are compared at one seed face one world and the same customers', () => {
  const wide = simulation(tinyScenario(['agents.maker.widthMultiplier=1.6', 'agents.maker.size=0.5']), '3');
  const narrow = simulation(tinyScenario(['agents.maker.widthMultiplier=0.5', 'agents.maker.size=3']), '3');
  let customers = 0;
  for (let second = 0; second <= 300; second += 1) {
    wide.advance(second);
    narrow.advance(second);
    expect(narrow.world.step).toBe(second);
    expect(narrow.world.exogenous.spot()).toBe(wide.world.exogenous.spot());
    expect(narrow.world.regimeName()).toBe(wide.world.regimeName());
    for (let f = 0; f < FACTOR_COUNT; f += 1) expect(narrow.world.exogenous.factor(f)).toBe(wide.world.exogenous.factor(f));
    // Their own hedges are all that sets the two apart: fractions of a basis point.
    expect(Math.abs(Math.log(narrow.world.spot() / wide.world.spot()))).toBeLessThan(2e-4);
    const wishes = narrow.clock.wishes();
    expect(wishes).toEqual(wide.clock.wishes());
    customers += wishes.length;
  }
  expect(customers).toBeGreaterThan(100);
  // Not because they did the same.
  expect(narrow.trace.hash()).not.toBe(wide.trace.hash());
  expect(narrow.ledger.fills(narrow.subject.id)).not.toBe(wide.ledger.fills(wide.subject.id));
});

/** Two agents of its kind trade with each other in the first series and the perpetual, by draws of their own that it writes down. */
function gamblers() {
  const draws = new Map<string, number[]>();
  const kind = kindOf('gambler', ({ name, stream, chain }) => {
    const rng = stream('gambles');
    const drawn: number[] = [];
    draws.set(name, drawn);
    const draw = (below: number): number => {
      const value = rng.uniform();
      drawn.push(value);
      return Math.floor(value * below);
    };
    return {
      onOpen: (desk) => desk.wakeAt(nanos(0)),
      onWake(desk) {
        const instrument = draw(2) === 0 ? chain.underlying.id : (chain.options[0]?.id ?? chain.underlying.id);
        const side = draw(2) === 0 ? 'buy' : 'sell';
        desk.submit({ instrument, side, type: 'limit', price: ticks(1000 + draw(8)), lots: lots(1 + draw(5)), day: draw(2) === 0 });
        desk.wakeAt(nanos(desk.now + 100_000_000 + draw(400_000_000)));
      },
    };
  });
  return { draws, kind };
}

describe('a series that nobody trades', () => {
  const NEAR = '{ days: 7, strikes: [66000, 70000, 74000] }, { days: 30, strikes: [60000, 70000, 80000] }';
  const ADDED = `market.expiries=[${NEAR}, { days: 100, strikes: [70000] }]`;

  test('moves neither the drawn path nor the regimes, whoever trades the others', () => {
    const more = finished(tinyScenario([ADDED]), '1');
    expect(more.scenario.chain.options).toHaveLength(reference.scenario.chain.options.length + 2);
    const [a, b] = [simulation(tiny, '2'), simulation(tinyScenario([ADDED]), '2')];
    for (let second = 10; second <= 300; second += 10) {
      a.advance(second);
      b.advance(second);
      expect([b.world.exogenous.spot(), b.world.regimeName()]).toEqual([a.world.exogenous.spot(), a.world.regimeName()]);
    }
  });

  test('changes nothing of the others without customers, whose choice it widens: surface, draws and trace stay, record by record', () => {
    const run = (changes: readonly string[]) => {
      const { draws, kind } = gamblers();
      const alone = ['customers', 'insider', 'rivals', 'liquidity', 'maker'].map((name) => `agents.${name}={ kind: gambler }`);
      const sim = simulation(tinyScenario(['flow.rate=0', 'variants={}', ...alone, ...changes], [kind]), '3');
      sim.advance(300);
      return { sim, draws };
    };
    const [before, after] = [run([]), run([ADDED])];
    expect(before.sim.trace.records).toBeGreaterThan(5_000);
    expect(before.sim.ledger.fills(before.sim.subject.id)).toBeGreaterThan(200);
    expect([...after.draws]).toEqual([...before.draws]);
    expect([...after.sim.clock.factorsNow]).toEqual([...before.sim.clock.factorsNow]);
    expect(after.sim.trace.hash()).toBe(before.sim.trace.hash());
    expect(after.sim.kernel.events).toBe(before.sim.kernel.events);
  });

  test('one more agent that trades moves no draw of the others', () => {
    const { draws, kind } = gamblers();
    finished(tinyScenario(['agents.ada={ kind: gambler }', 'agents.zoe={ kind: gambler }'], [kind]));
    const both = new Map([...draws].map(([name, values]) => [name, [...values]]));
    finished(tinyScenario(['agents.zoe={ kind: gambler }'], [kind]));
    expect(both.get('zoe')?.length).toBeGreaterThan(1000);
    expect(draws.get('zoe')).toEqual(both.get('zoe'));
    expect(both.get('ada')).not.toEqual(both.get('zoe'));
  });
});
