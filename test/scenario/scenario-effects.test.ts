import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { bundledScenarios, readBase, readBundledScenario } from '../../src/app/bundled.ts';
import { InputError } from '../../src/core/assert.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { finished, simulation, tinyScenario } from '../support/tiny.ts';

describe('a formula of time', () => {
  const candidates = (scenario: Scenario): number => {
    const sim = simulation(scenario);
    let count = 0;
    for (let second = 0; second < 300; second += 1) {
      sim.advance(second);
      count += sim.world.exogenous.candidates().length;
    }
    return count;
  };

  test('is tabulated on the grid of the world, from the opening on', () => {
    const { world } = tinyScenario([
      'flow.rate=100+tSeconds',
      'world.level=0.001*tSeconds',
      'world.theta=1+tHours',
      'world.stepMillis=500',
    ]);
    const rate = world.flow.ratePerHour;
    expect(Array.from(rate as Float64Array).slice(0, 4)).toEqual([100, 100.5, 101, 101.5]);
    expect(world.levelPath?.[10]).toBeCloseTo(0.005, 12);
    expect(world.thetaPath?.[600]).toBeCloseTo(1 + 300 / 3600, 12);
    // As far as the run goes, and what those see who look ahead.
    for (const path of [rate as Float64Array, world.levelPath, world.thetaPath])
      expect(path?.length).toBeGreaterThanOrEqual(600 + world.lookaheadSteps);
  });

  test('in flow.rate makes customers come and go', () => {
    const alone = 'agents={ maker: { kind: maker, forecaster: rw } }';
    const still = tinyScenario(['flow.rate=20000*step(150-tSeconds)', 'world.timeline=[]', alone]);
    const sim = simulation(still);
    const halves = [0, 0];
    for (let second = 0; second < 300; second += 1) {
      sim.advance(second);
      halves[second <= 150 ? 0 : 1] = (halves[second <= 150 ? 0 : 1] ?? 0) + sim.world.exogenous.candidates().length;
    }
    expect(halves[0]).toBeGreaterThan(500);
    // Those that earlier orders drew still come.
    expect(halves[1]).toBeLessThan((halves[0] ?? 0) / 3);
    expect(candidates(tinyScenario(['flow.rate=0']))).toBe(0);
  });

  test('in world.level and world.theta moves the long-run mean of vol', () => {
    const quick = [
      'world.timeline=[]',
      'duration=3600',
      'flow.rate=0',
      'world.stepMillis=10000',
      'agents={ maker: { kind: maker, forecaster: rw } }',
    ];
    const level = (...changes: readonly string[]): number => {
      const sim = simulation(tinyScenario([...quick, ...changes]));
      sim.advance(3600);
      return sim.clock.factorsNow[0] ?? 0;
    };
    const plain = level();
    expect(level('world.level=0')).toBe(plain);
    expect(level('world.level=0*tSeconds')).toBe(plain);
    expect(level('world.level=3')).toBeGreaterThan(plain);
    // An hour of a half-life of 25 days: the gap of 3 closes by 3·(1 − 2^(−1/600)).
    expect(level('world.level=3') - plain).toBeCloseTo(3 * (1 - Math.exp(-Math.LN2 / 600)), 6);
    expect(level('world.level=3*step(tSeconds-1800)') - plain).toBeCloseTo(3 * (1 - Math.exp(-Math.LN2 / 1200)), 4);
    expect(level('world.theta=20')).toBeGreaterThan(plain);
    expect(level('world.theta=20*step(tSeconds-1800)+0.01')).not.toBe(plain);
  });

  test('that has no accepted value at some time is refused, with that time', () => {
    let issues: InputError['issues'] = [];
    try {
      tinyScenario(['world.level=log(5-tSeconds)', 'world.theta=1/(tSeconds-60)']);
    } catch (error) {
      if (error instanceof InputError) issues = error.issues;
    }
    expect(issues.map(({ path, message }) => `${path} ${message}`)).toEqual([
      expect.stringMatching(/^world\.level "log\(5-tSeconds\)": the value is not finite .* at 5 s after the opening$/),
      expect.stringMatching(
        /^world\.theta "1\/\(tSeconds-60\)": the value is -0\.01\d*, expected a number above 0 and at most 100 at 0 s after the opening$/,
      ),
    ]);
  });

  test('that peaks above what a step can hold is refused', () => {
    expect(() => tinyScenario(['flow.rate=1000+900000*step(tSeconds-200)'])).toThrow(/customers would arrive in one step at the busiest/);
  });
});

describe('the activity of the day', () => {
  // The file says one thing about it.
  const preset = { ...WORLD_PRESETS.btc.activity, sd: 0.3 };

  test("keeps the preset's values where it says nothing", () => {
    expect(tinyScenario().world.activity).toEqual(preset);
    for (const [field, value] of Object.entries({ sd: 0.2, halfLifeMinutes: 3, dayHours: 8, startHours: 7.5 })) {
      expect(tinyScenario([`world.activity.${field}=${value}`]).world.activity).toEqual({ ...preset, [field]: value });
    }
    const shape = [
      [0, 2],
      [0.25, 0],
      [1, 1],
    ];
    expect(tinyScenario([`world.activity.shape=${JSON.stringify(shape)}`]).world.activity).toEqual({ ...preset, shape });
    expect(tinyScenario(['world.preset=index']).world.activity).toEqual({ ...WORLD_PRESETS.index.activity, sd: 0.3 });
  });

  test('makes the spot move more when it is busy', () => {
    const settings = ['flow.rate=0', 'world.timeline=[]', 'agents={ maker: { kind: maker, forecaster: rw } }', 'world.activity.sd=0'];
    const squares = (...changes: readonly string[]): [early: number, late: number] => {
      const sim = simulation(tinyScenario([...settings, ...changes]));
      const halves: [early: number, late: number] = [0, 0];
      let before = Math.log(sim.world.spot());
      for (let second = 1; second <= 300; second += 1) {
        sim.advance(second);
        const now = Math.log(sim.world.spot());
        halves[second <= 150 ? 0 : 1] += (now - before) * (now - before);
        before = now;
      }
      return halves;
    };
    const [early, late] = squares();
    const day = 'world.activity={ sd: 0, dayHours: 5 min, shape: [[0, 9], [0.5, 9], [0.501, 1], [1, 1]] }';
    const [busy, quiet] = squares(day);
    expect(busy / early).toBeCloseTo(9 / 5, 1);
    expect(quiet / late).toBeCloseTo(1 / 5, 1);
    // From the middle of the day on it is the other way round.
    const [first, second] = squares(day, 'world.activity.startHours=2.5 min');
    expect(first / early).toBeCloseTo(1 / 5, 1);
    expect(second / late).toBeCloseTo(9 / 5, 1);
    expect(squares('world.activity.sd=1')).not.toEqual([early, late]);
  });
});

describe('changes to a regime', () => {
  const preset = WORLD_PRESETS.btc.regimes;

  test('change their own fields, of that regime alone', () => {
    const { world } = tinyScenario(['world.regimes.stressed={ spot: { longRunVol: 0.9, jumpsPerYear: 0 }, demand: { putTilt: -1 } }']);
    expect(world.regimes[0]).toEqual(preset[0]);
    expect(world.regimes[1]).toEqual(preset[1]);
    const before = preset[2];
    expect(world.regimes[2]).toEqual({
      ...before,
      spot: { ...before?.spot, theta: 0.9 * 0.9, jumpsPerYear: 0 },
      demand: { ...before?.demand, putTilt: -1 },
    });
    expect(world.regimes[2]?.surface).toEqual(before?.surface);
  });

  test('set what they name, field by field', () => {
    for (const [field, value] of Object.entries({
      premium: 0.3,
      slope: -0.1,
      skew: 0.2,
      curvature: 0.4,
      spotLevelCorrelation: 0.5,
      levelPerSpotJump: 2,
    })) {
      const { world } = tinyScenario([`world.regimes.calm.surface.${field}=${value}`]);
      expect(world.regimes[0]).toEqual({ ...preset[0], surface: { ...preset[0]?.surface, [field]: value } });
    }
    for (const [field, value] of Object.entries({
      drift: 0.3,
      kappa: 3,
      volOfVol: 0,
      correlation: 0.2,
      jumpMean: 0.1,
      jumpSd: 0.2,
      varianceJumpMean: 0.1,
    })) {
      const { world } = tinyScenario([`world.regimes.normal.spot.${field}=${value}`]);
      expect(world.regimes[1]).toEqual({ ...preset[1], spot: { ...preset[1]?.spot, [field]: value } });
    }
    for (const [field, value] of Object.entries({ activity: 2, continuation: 0.1, pressureHalfLifeMinutes: 3, impact: 0.01 })) {
      const { world } = tinyScenario([`world.regimes.normal.demand.${field}=${value}`]);
      expect(world.regimes[1]).toEqual({ ...preset[1], demand: { ...preset[1]?.demand, [field]: value } });
    }
  });

  test('to the one at the start count for the vol at the opening, unless that is given', () => {
    expect(tinyScenario().world.startVol).toBeCloseTo(Math.sqrt(preset[1]?.spot.theta ?? 0), 12);
    const change = 'world.regimes.normal.spot.longRunVol=0.77';
    expect(tinyScenario([change]).world.startVol).toBeCloseTo(0.77, 12);
    expect(tinyScenario([change, 'world.start.vol=0.2']).world.startVol).toBe(0.2);
  });
});

test.each(bundledScenarios())('the bundled scenario %s is sound, and runs', (name) => {
  const { source, text } = readBundledScenario(name);
  const plain = parseScenario(source, text, BUILT_IN_AGENTS, [], readBase);
  expect(plain.name).toBe(name);
  // Each variant is a change that the scenario accepts.
  for (const [variant, changes] of plain.variants) {
    expect(() => parseScenario(source, text, BUILT_IN_AGENTS, changes.map(readOverride), readBase), variant).not.toThrow();
  }
  const makers = plain.agents.filter(({ kind }) => kind.kind === 'maker').map((agent) => `agents.${agent.name}.forecaster=rw`);
  const scenario = parseScenario(source, text, BUILT_IN_AGENTS, makers.map(readOverride), readBase);
  const sim = simulation(scenario, '1');
  sim.advance(60);
  expect(sim.nowSeconds).toBe(60);
  expect(sim.trace.records).toBeGreaterThan(1000);
  sim.exchange.verify();
  sim.ledger.verify();
  for (const desk of sim.desks) {
    expect(sim.attribution.total(desk.id)).toBeCloseTo(sim.attribution.equity(desk.id, sim.ledger), 5);
    expect(desk.agent.inspect?.().state ?? 'quoting').toBe('quoting');
  }
});

test('a run that reaches its limit of events says so', () => {
  const scenario = tinyScenario(['limits.events=1000']);
  expect(() => finished(scenario)).toThrow(/limits\.events {2}the run reached its limit of 1000 events at \d+\.\d{3} s/);
});
