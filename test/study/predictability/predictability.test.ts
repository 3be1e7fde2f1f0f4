import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../../src/agents/built-in.ts';
import { readOverride } from '../../../src/scenario/overrides.ts';
import { parseScenario } from '../../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { forecasterCatalog } from '../../../src/sim/forecasters.ts';
import type { Estimate } from '../../../src/study/predictability/jackknife.ts';
import { type Predictability, pathWeights, predictability } from '../../../src/study/predictability/predictability.ts';
import { predictabilityText } from '../../../src/study/predictability/predictability-text.ts';
import { targetFindings } from '../../../src/study/predictability/targets.ts';
import { ended } from '../../support/generators.ts';
import { tinyScenario } from '../../support/tiny.ts';

function scenarioOf(name: string, changes: readonly string[] = []): Scenario {
  const text = readFileSync(new URL(`../../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  return parseScenario(name, text, BUILT_IN_AGENTS, [...changes, 'agents.maker.forecaster=rw'].map(readOverride));
}

function measured(scenario: Scenario, worlds: number, fitWorlds = 16): Predictability {
  const seeds = Array.from({ length: worlds }, (_, i) => String(i + 1));
  const terms = { seeds, fitWorlds, fullRuns: 2, halfLifeMinutes: 10, factors: [0] };
  return ended(predictability(scenario, terms, forecasterCatalog(scenario.forecast, [])));
}

const SHORT = ['duration=1 h'];
const forecastable = measured(scenarioOf('vol-regimes', SHORT), 32);
const control = measured(scenarioOf('unforecastable', SHORT), 32);
const row = (result: Predictability, horizon: number | 'path', regime = 'all') =>
  result.factors[0]?.skill.find((each) => each.horizon === horizon && each.regime === regime);

describe('a world with pressure', () => {
  test('is forecastable by its state, at the half-life of inventory too', () => {
    expect(forecastable.isControl).toBe(false);
    expect(forecastable.factors[0]?.skill.filter(({ regime }) => regime === 'all').map(({ horizon }) => horizon)).toEqual([
      1,
      10,
      20,
      30,
      60,
      'path',
    ]);
    expect(row(forecastable, 20)?.stateR2?.value).toBeGreaterThan(0.02);
    expect(row(forecastable, 20)?.r2.state?.value).toBeGreaterThan(row(forecastable, 20)?.r2.filter?.value ?? 1);
  });

  test('origins lie in one regime each', () => {
    const parts = ['calm', 'normal', 'stressed'].map((regime) => row(forecastable, 10, regime)?.origins ?? 0);
    expect(parts.reduce((a, b) => a + b, 0)).toBe(row(forecastable, 10)?.origins);
    // 32 worlds of 120 steps, less the burn-in; a jump may take some.
    expect(row(forecastable, 10)?.origins).toBeLessThanOrEqual(32 * 104);
    expect(row(forecastable, 10)?.origins).toBeGreaterThan(30 * 104);
  });

  test('leans further under stress than in calm', () => {
    const lean = (regime: string): number =>
      forecastable.factors[0]?.leans.find((each) => each.forecast === 'filter' && each.regime === regime)?.overHalfSpread?.value ?? 0;
    expect(lean('stressed')).toBeGreaterThan(lean('calm'));
  });
});

describe('a world without pressure', () => {
  test('is known as one, and has nothing to forecast: no R2 is above 0 by four standard errors', () => {
    expect(control.isControl).toBe(true);
    const isZero = (estimate: Estimate | undefined): boolean =>
      estimate !== undefined && estimate.value <= estimate.ci95[1] - estimate.ci95[0];
    for (const horizon of [1, 10, 20, 30, 60, 'path'] as const) expect(isZero(row(control, horizon)?.stateR2), String(horizon)).toBe(true);
    for (const name of ['linear', 'own-lags', 'ewma', 'filter'] as const) expect(isZero(row(control, 'path')?.r2[name]), name).toBe(true);
  });

  test('has zero for its targets', () => {
    const zero = control.factors[0]?.targets.filter(({ name }) => / R2$/.test(name)) ?? [];
    expect(zero.map(({ name, target }) => [name, target])).toEqual(['state', 'linear', 'filter'].map((who) => [`${who} R2`, { high: 0 }]));
  });
});

test('one set of seeds gives the same to the bit, and the share that is done grows to 1', () => {
  const scenario = tinyScenario(['duration=20 min', 'world.timeline=[]']);
  const first = measured(scenario, 4, 4);
  expect(first.factors[0]?.skill.length).toBeGreaterThan(0);
  expect(measured(scenario, 4, 4)).toEqual(first);
  const terms = { seeds: ['1', '2'], fitWorlds: 2, fullRuns: 1, halfLifeMinutes: 10, factors: [0, 1] };
  const shares = [...predictability(scenario, terms, forecasterCatalog(scenario.forecast, []))];
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBeCloseTo(1, 12);
});

test("weights of the path are the maker's own: all of it at one horizon, less for each later one, none for one it is not given", () => {
  const scenario = tinyScenario();
  const weights = pathWeights(scenario, [1, 3, 5], 3);
  expect(weights[1]).toBe(0);
  const [first = 0, , last = 0] = weights;
  // Were the change known to come at once and stay, the discounted path would be the share of it that is not discounted away.
  expect(first + last).toBeGreaterThan(0.8);
  expect(first + last).toBeLessThan(1);
  expect(pathWeights(scenario, [1, 5], 1e6)).toEqual([expect.closeTo(0, 4), expect.closeTo(1, 4)]);
});

describe('targets', () => {
  const estimate = (value: number, half: number) => ({ value, ci95: [value - half, value + half] as const });
  const find = (stateR2: ReturnType<typeof estimate>) => {
    const base = row(forecastable, 20);
    if (base === undefined) throw new Error('no row');
    const none = { leans: [], tracker: undefined, isLevel: true, halfSpread: undefined, halfLifeSteps: 20, isControl: false };
    return targetFindings({ ...none, skill: [{ ...base, stateR2 }] }).find(({ name }) => name === 'state R2');
  };

  test('are met where the value is inside, and unsure where the interval is not', () => {
    expect(find(estimate(0.05, 0.01))).toMatchObject({ verdict: 'inside', value: 0.05 });
    expect(find(estimate(0.05, 0.01))).not.toHaveProperty('isUnsure');
    expect(find(estimate(0.05, 0.06))).toMatchObject({ verdict: 'inside', isUnsure: true });
    expect(find(estimate(0.2, 0.01))).toMatchObject({ verdict: 'outside' });
    expect(find(estimate(0.2, 0.15))).toMatchObject({ verdict: 'outside', isUnsure: true });
  });
});

describe('text', () => {
  const lines = predictabilityText(forecastable).split('\n');

  test('says how many worlds, and tells misses first', () => {
    expect(lines[0]).toBe('vol-regimes: 32 worlds of 1 h scored, 16 more for the fits, 2 full runs for the view');
    const verdicts = lines.flatMap((line) => /(outside|not measurable|inside)(, unsure)?$/.exec(line)?.[1] ?? []).slice(1);
    const order = ['outside', 'not measurable', 'inside'];
    expect(verdicts.map((verdict) => order.indexOf(verdict))).toEqual(verdicts.map((verdict) => order.indexOf(verdict)).sort());
    expect(verdicts).toHaveLength(10);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(140);
  });

  test('has a row of R2 per regime for those who matter', () => {
    for (const name of ['state, truth known, stressed', 'filter, calm', 'linear, normal', 'own lags / filter', 'ewma'])
      expect(lines.some((line) => line.startsWith(`${name} `))).toBe(true);
    expect(predictabilityText(control)).toContain('nothing should be forecastable');
    // One regime only: its rows would repeat the others.
    expect(predictabilityText(control)).not.toMatch(/^filter, normal/m);
  });

  test('factors that move no vol at 30 days have no figures over a half-spread', () => {
    const scenario = scenarioOf('calm', ['duration=30 min']);
    const terms = { seeds: ['1', '2'], fitWorlds: 4, fullRuns: 2, halfLifeMinutes: 10, factors: [2] };
    const skew = ended(predictability(scenario, terms, forecasterCatalog(scenario.forecast, [])));
    expect(skew.factors.map(({ factor }) => factor)).toEqual(['skew']);
    expect(skew.factors[0]?.targets.map(({ name }) => name)).not.toContain('lean');
    expect(predictabilityText(skew)).not.toContain('over half-spread');
  });

  test('a run too short to be scored says so', () => {
    const scenario = tinyScenario(['duration=2 min']);
    const none = measured(scenario, 2, 2);
    expect(none.factors[0]?.skill).toEqual([]);
    expect(predictabilityText(none)).toContain('nothing was scored');
  });
});
