import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '../../src/agents/agent.ts';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { readBase } from '../../src/app/bundled.ts';
import { InputError, type Issue } from '../../src/core/assert.ts';
import { slopeWeight } from '../../src/pricing/factors.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

/** Everything that a file must say, one thing per line. */
const MINIMAL = `name: small
question: Does it read?
duration: 10 min
market:
  symbol: BTC
  expiries:
    - days: 7
      strikes: [66000, 70000, 74000]
    - days: 30
      strikes: [60000, 70000, 80000]
world:
  preset: btc
  spot: 70000
  surface: { atmVol: 50 %, slope: 0.05, skew: -0.15, curvature: -0.05 }
agents:
  mm: { kind: maker, forecaster: rw }
  rest: { kind: reference }
subject: mm
`;

const parsed = (text: string, overrides: readonly string[] = []): Scenario =>
  parseScenario('small.yaml', text, BUILT_IN_AGENTS, overrides.map(readOverride));

function faults(text: string, overrides: readonly string[] = []): readonly Issue[] {
  try {
    parsed(text, overrides);
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
  return [];
}

/** The file with a line put in its place or, where `find` ends with a line break, behind it. */
function edited(find: string, put: string): string {
  expect(MINIMAL).toContain(find);
  return find.endsWith('\n') ? MINIMAL.replace(find, `${find}${put}\n`) : MINIMAL.replace(find, put);
}
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

describe('a file', () => {
  test('that says only what it must becomes a scenario with all defaults', () => {
    const scenario = parsed(MINIMAL);
    expect(scenario.name).toBe('small');
    expect(scenario.durationSeconds).toBe(600);
    expect(scenario.chain.instruments.map((each) => each.symbol).slice(0, 3)).toEqual(['BTC-PERP', 'BTC-7d-66000-C', 'BTC-7d-66000-P']);
    expect(scenario.chain.instruments.length).toBe(13);
    expect(scenario.chain.expiries.map((expiry) => expiry.years)).toEqual([7 / 365, 30 / 365]);
    expect(scenario.valuation.tenors).toEqual([7, 30].map((days) => ({ years: days / 365, levelRatio: 1, rhoOffset: 0, etaRatio: 1 })));
    expect(scenario.world.factors).toEqual([Math.log(0.5), 0.05, -0.15, -0.05]);
    expect(scenario.world.regimes.map((regime) => regime.name)).toEqual(['calm', 'normal', 'stressed']);
    expect(scenario.world.startRegime).toBe(1);
    expect(scenario.world.lookaheadSteps).toBe(0);
    const fiveMillis = { kind: 'constant', nanos: 5_000_000 };
    const latency = { order: fiveMillis, ack: fiveMillis, data: fiveMillis };
    expect(scenario.agents.map((agent) => [agent.name, agent.latency])).toEqual([
      ['mm', latency],
      ['rest', latency],
    ]);
    expect([...scenario.variants]).toEqual([]);
  });

  test.each(readdirSync(new URL('../../scenarios/', import.meta.url)).filter((name) => name.endsWith('.yaml')))(
    'scenarios/%s can be read',
    (name) => {
      const text = readFileSync(new URL(`../../scenarios/${name}`, import.meta.url), 'utf8');
      const scenario = parseScenario(name, text, BUILT_IN_AGENTS, [], readBase);
      expect(`${scenario.name}.yaml`).toBe(name);
      expect(text.split('\n')[0]).toMatch(/^# .*\?$/);
      for (const [variant, changes] of scenario.variants) {
        for (const change of changes) expect(change, variant).toMatch(new RegExp(`^agents\\.${scenario.subject}\\.`));
        parseScenario(name, text, BUILT_IN_AGENTS, changes.map(readOverride), readBase);
      }
    },
  );

  test('the order of its agents has no effect, their names have', () => {
    const swapped = MINIMAL.replace(
      '  mm: { kind: maker, forecaster: rw }\n  rest: { kind: reference }',
      '  rest: { kind: reference }\n  mm: { kind: maker, forecaster: rw }',
    );
    expect(parsed(swapped)).toEqual(parsed(MINIMAL));
  });
});

describe('every fault is named with its path and line', () => {
  test.each<[what: string, text: string, path: string, marker: string, message: RegExp]>([
    [
      'an expiry before the one before',
      edited('days: 30', 'days: 7'),
      'market.expiries[1].days',
      'days: 7\n      strikes: [60000',
      /found 7, expected more than the 7/,
    ],
    ['an expiry at the opening', edited('days: 7', 'days: 0'), 'market.expiries[0].days', 'days: 0', /found 0, expected days above 0/],
    ['an expiry in the past', edited('days: 7', 'days: -1'), 'market.expiries[0].days', 'days: -1', /found -1, expected days above 0/],
    [
      'strikes out of order',
      edited('[66000, 70000, 74000]', '[66000, 74000, 70000]'),
      'market.expiries[0].strikes[2]',
      '[66000, 74000',
      /found 70000, expected more than the 74000/,
    ],
    [
      'a strike twice',
      edited('[60000, 70000, 80000]', '[60000, 60000, 80000]'),
      'market.expiries[1].strikes[1]',
      '[60000, 60000',
      /found 60000, expected more than the 60000/,
    ],
    [
      'a strike of 0',
      edited('[66000, 70000, 74000]', '[0, 70000]'),
      'market.expiries[0].strikes[0]',
      '[0, 70000]',
      /found 0, expected a number above 0/,
    ],
    ['an unknown subject', edited('subject: mm', 'subject: nn'), 'subject', 'subject: nn', /found "nn", expected one of mm, rest/],
    [
      'an unknown regime at the start',
      edited('  spot: 70000\n', '  start: { regime: wild }'),
      'world.start.regime',
      'start:',
      /found "wild", expected one of calm, normal, stressed/,
    ],
    [
      'changes of an unknown regime',
      edited('  spot: 70000\n', '  regimes: { wild: { demand: { activity: 2 } } }'),
      'world.regimes.wild',
      'regimes:',
      /found "wild"/,
    ],
    [
      'an unknown regime in the timeline',
      edited('  spot: 70000\n', '  timeline: [{ at: 60, regime: wild }]'),
      'world.timeline[0].regime',
      'timeline:',
      /found "wild"/,
    ],
    [
      'a scripted move after the end',
      edited('  spot: 70000\n', '  timeline: [{ at: 11 min, level: 0.1 }]'),
      'world.timeline[0].at',
      'timeline:',
      /found 660 s, expected a time within the duration of 600 s/,
    ],
    [
      'a scripted move at the opening',
      edited('  spot: 70000\n', '  timeline: [{ at: 0, level: 0.1 }]'),
      'world.timeline[0].at',
      'timeline:',
      /after the opening/,
    ],
    [
      'scripted moves out of order',
      edited('  spot: 70000\n', '  timeline: [{ at: 5 min }, { at: 4 min }]'),
      'world.timeline[1].at',
      'timeline:',
      /increasing order/,
    ],
    ['a surface with arbitrage', edited('curvature: -0.05', 'curvature: 1.4'), 'world.surface', 'surface:', /has arbitrage/],
    ['a total variance that falls', edited('days: 7', 'days: 7\n      levelRatio: 3'), 'world.surface', 'surface:', /has arbitrage/],
    [
      'a tick that is no whole money',
      edited('  symbol: BTC\n', '  options: { tickSize: 0.5, lotSize: 0.0000015 }'),
      'market.options.tickSize',
      'options:',
      /whole number of millionths/,
    ],
    [
      'a tick that is worth nothing',
      edited('  symbol: BTC\n', '  underlying: { lotSize: 0.0000001 }'),
      'market.underlying.tickSize',
      'underlying:',
      /whole number of millionths/,
    ],
    [
      'horizons that do not increase',
      edited('subject: mm', 'forecast: { horizonsSteps: [1, 10, 10] }\nsubject: mm'),
      'forecast.horizonsSteps[2]',
      'horizonsSteps',
      /found 10, expected more than the 10/,
    ],
    [
      'a customer rate that no step can hold',
      edited('subject: mm', 'flow: { rate: 900000 }\nsubject: mm'),
      'flow.rate',
      'flow:',
      /customers would arrive in one step/,
    ],
    [
      'a formula that leaves its limits',
      edited('subject: mm', 'flow: { rate: "1000 - 10*tSeconds" }\nsubject: mm'),
      'flow.rate',
      'flow:',
      /1000 - 10\*tSeconds.*the value is -10.*at 101 s/,
    ],
    ['a vol in percent', edited('atmVol: 50 %', 'atmVol: 50'), 'world.surface.atmVol', 'surface:', /found 50, expected a vol/],
    [
      'a run that is too fine',
      edited('duration: 10 min', 'duration: 100 d').replace('  spot: 70000\n', '  spot: 70000\n  stepMillis: 10\n'),
      'world.stepMillis',
      'stepMillis',
      /take longer steps/,
    ],
  ])('%s', (_what, text, path, marker, message) => {
    const issue = faults(text).find((each) => each.path === path);
    expect(issue, JSON.stringify(faults(text))).toBeDefined();
    expect(issue?.message).toMatch(message);
    expect(issue?.line).toBe(lineOf(text, marker));
    expect(issue?.column).toBeGreaterThan(0);
  });

  test('an unknown kind, with the one that was probably meant', () => {
    const [issue] = faults(edited('kind: reference', 'kind: refrence'));
    expect(issue?.path).toBe('agents.rest.kind');
    expect(issue?.line).toBe(lineOf(MINIMAL, 'kind: reference'));
    expect(issue?.message).toContain('reference');
    expect(issue?.message).toMatch(/did you mean/i);
  });

  test('an unknown key of an agent, with the one that was probably meant', () => {
    const [issue] = faults(edited('kind: reference', 'kind: reference, sise: 3'));
    expect(issue?.path).toBe('agents.rest.sise');
    expect(issue?.message).toMatch(/did you mean `size`/);
  });

  test('all at once', () => {
    const text = edited('days: 30', 'days: 7').replace('subject: mm', 'subject: nn').replace('[66000, 70000, 74000]', '[66000, 66000]');
    expect(faults(text).map((issue) => issue.path)).toEqual(['market.expiries[0].strikes[1]', 'market.expiries[1].days', 'subject']);
  });

  test('no agents at all', () => {
    const text = MINIMAL.replace(/agents:\n(.*\n){2}/, 'agents: {}\n');
    expect(faults(text).map((issue) => issue.path)).toContain('agents');
  });

  test.each(['__proto__', 'constructor', 'prototype'])('an agent called %s', (name) => {
    expect(faults(edited('  rest: { kind', `  ${name}: { kind`)).length).toBeGreaterThan(0);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('what a file says takes effect', () => {
  test('formulas of time for the rate, the level and theta: one value per step of the world', () => {
    const scenario = parsed(
      edited('  spot: 70000\n', '  level: "0.1*tHours"\n  theta: "1 + step(tSeconds - 300)"').replace(
        'subject: mm',
        'flow: { rate: "600 + 6*tSeconds" }\nsubject: mm',
      ),
    );
    const { flow, levelPath, thetaPath } = scenario.world;
    const rate = flow.ratePerHour;
    expect(typeof rate === 'object' ? [rate[0], rate[1], rate[600]] : rate).toEqual([600, 606, 4200]);
    expect(levelPath?.[360]).toBeCloseTo(0.01, 14);
    expect([thetaPath?.[299], thetaPath?.[300]]).toEqual([1, 2]);
    // To the end of the run at least, and as far beyond as anybody sees.
    expect(levelPath?.length).toBeGreaterThan(600);
  });

  test('formulas without time are numbers', () => {
    const { flow, levelPath } = parsed(
      edited('  spot: 70000\n', '  level: "1/4"').replace('subject: mm', 'flow: { rate: "2*300" }\nsubject: mm'),
    ).world;
    expect(flow.ratePerHour).toBe(600);
    expect([...(levelPath ?? [])]).toEqual([0.25]);
  });

  test('the world is computed as far ahead as the most curious agent looks', () => {
    const scenario = parsed(
      edited('kind: reference }\n', '  seer: { kind: informed, horizonSeconds: 90 }\n  other: { kind: informed, horizonSeconds: 30 }'),
      ['world.stepMillis=400'],
    );
    expect(scenario.world.lookaheadSteps).toBe(225);
  });

  test('changes of a regime leave the rest of it alone', () => {
    const preset = parsed(MINIMAL).world.regimes;
    const { regimes } = parsed(
      edited(
        '  spot: 70000\n',
        '  regimes: { normal: { spot: { longRunVol: 30 %, kappa: 9 }, demand: { activity: 2 }, surface: { skew: -0.4 } } }',
      ),
    ).world;
    const before = preset[1];
    expect(regimes[1]).toEqual({
      ...before,
      spot: { ...before?.spot, theta: 0.3 * 0.3, kappa: 9 },
      demand: { ...before?.demand, activity: 2 },
      surface: { ...before?.surface, skew: -0.4 },
    });
    expect([regimes[0], regimes[2]]).toEqual([preset[0], preset[2]]);
  });

  test('switches turn off what they say', () => {
    const { world } = parsed(edited('  spot: 70000\n', '  pressure: false\n  switching: false\n  meanReversion: false\n  regimeSpeed: 7'));
    expect(world.regimes.every((regime) => regime.demand.impact === 0)).toBe(true);
    expect([world.regimeSpeed, world.meanReversion]).toEqual([0, false]);
    expect(parsed(edited('  spot: 70000\n', '  regimeSpeed: 7')).world.regimeSpeed).toBe(7);
  });

  test('impact: the depth of the preset in dollars, at whatever a unit costs, and each part of it on its own', () => {
    const impact = (lines: string) => parsed(edited('  spot: 70000\n', lines)).world.impact;
    const third = 1 / 3;
    expect(impact('')).toEqual({ bpPer100Units: expect.closeTo(5, 12), permanentShare: third, halfLifeMinutes: 5 });
    expect(parsed(MINIMAL.replace('preset: btc', 'preset: index')).world.impact.bpPer100Units).toBeCloseTo(7 / 30, 12);
    expect(impact('  impact: { bpPer100Units: 0 }')).toEqual({ bpPer100Units: 0, permanentShare: third, halfLifeMinutes: 5 });
    expect(impact('  impact: { permanentShare: 40 %, halfLifeMinutes: 2 }')).toEqual({
      bpPer100Units: expect.closeTo(5, 12),
      permanentShare: 0.4,
      halfLifeMinutes: 2,
    });
  });

  test('the start: the regime, and its vol unless another is given', () => {
    expect(parsed(edited('  spot: 70000\n', '  start: { regime: calm }')).world).toMatchObject({ startRegime: 0, startVol: 0.33 });
    expect(parsed(edited('  spot: 70000\n', '  start: { regime: calm, vol: 60 % }')).world.startVol).toBe(0.6);
  });

  test('the timeline: log returns, seconds, regimes by number', () => {
    const [shift] = parsed(
      edited('  spot: 70000\n', '  timeline: [{ at: 2 min, over: 30 s, regime: stressed, spotReturn: -0.08, level: 0.3, skew: -0.1 }]'),
    ).world.timeline;
    expect(shift).toEqual({
      atSeconds: 120,
      overSeconds: 30,
      regime: 2,
      spotLogReturn: Math.log1p(-0.08),
      spotVolLogChange: 0,
      factors: [0.3, 0, -0.1, 0],
    });
  });

  test('expiries: label, carry and what their smile has of its own', () => {
    const scenario = parsed(
      edited(
        'days: 30',
        'days: 30\n      label: month\n      carry: 0.05\n      levelRatio: 1.02\n      rhoOffset: 0.03\n      etaRatio: 0.97',
      ),
    );
    expect(scenario.chain.expiries[1]).toMatchObject({ label: 'month', carry: 0.05, index: 1 });
    expect(scenario.chain.options[6]?.symbol).toBe('BTC-month-60000-C');
    expect(scenario.valuation.tenors[1]).toEqual({ years: 30 / 365, levelRatio: 1.02, rhoOffset: 0.03, etaRatio: 0.97 });
    expect(slopeWeight(30 / 365)).toBeCloseTo(0, 12);
  });

  test('latencies, fees and limits', () => {
    const scenario = parsed(
      edited('kind: reference }', 'kind: reference, latency: { orderMillis: 0.5, dataMillis: 2 s } }').replace(
        'subject: mm',
        'limits: { queue: 5000, events: 1000, lotsPerOrder: 70, ordersPerAgent: 9 }\nsubject: mm',
      ),
      ['market.fees.option.maker=-0.0001'],
    );
    const data = { kind: 'constant', nanos: 2_000_000_000 };
    expect(scenario.agents[1]?.latency).toEqual({ order: { kind: 'constant', nanos: 500_000 }, ack: data, data });
    expect([scenario.queueLimit, scenario.eventsLimit, scenario.orderLimits]).toEqual([
      5000,
      1000,
      { lotsPerOrder: 70, ordersPerAgent: 9 },
    ]);
    expect(scenario.fees.option).toEqual({ maker: -0.0001, taker: 0.0003, premiumCap: 0.125, delivery: 0.00015 });
  });

  test('a longer catalogue: an agent of one\u2019s own can be named', () => {
    const mine = defineAgent({
      kind: 'mine',
      summary: 'does nothing',
      params: z.strictObject({ depth: z.number().default(3) }),
      create: () => ({ onOpen: () => {} }),
    });
    const text = edited('kind: reference', 'kind: mine, depth: 4');
    expect(faults(text)[0]?.path).toBe('agents.rest.kind');
    const scenario = parseScenario('small.yaml', text, [...BUILT_IN_AGENTS, mine]);
    expect(scenario.agents[1]?.params).toEqual({ depth: 4 });
  });
});
