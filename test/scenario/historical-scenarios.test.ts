import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { readBase, readBundledScenario } from '../../src/app/bundled.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { deskOf, simulation } from '../support/tiny.ts';

const bundled = (name: string, ...changes: readonly string[]): Scenario => {
  const { source, text } = readBundledScenario(name);
  return parseScenario(source, text, BUILT_IN_AGENTS, ['agents.maker.forecaster=rw', ...changes].map(readOverride), readBase);
};

test('the maker of index-normal quotes and trades, hedges in futures, and stays inside limits that it can reach', () => {
  const scenario = bundled('index-normal');
  expect(scenario.chain.options.length).toBe(60);
  expect([scenario.chain.options[0]?.lotSize, scenario.chain.underlying.lotSize]).toEqual([100, 50]);
  const sim = simulation(scenario);
  let resting = 0;
  for (let minute = 1; minute <= 10; minute += 1) {
    sim.advance(minute * 60);
    const maker = deskOf(sim, 'maker').agent.inspect?.();
    expect(maker?.state).toBe('quoting');
    for (const { name, value, limit } of maker?.limits ?? []) {
      expect(value, name).toBeLessThanOrEqual(limit * (name === 'delta' ? 1.2 : 1));
    }
    resting = Math.max(resting, maker?.limits.find(({ name }) => name === 'vega')?.value ?? 0);
  }
  // Limits that are far from everything would not limit, and the maker's quotes alone must not fill them.
  expect(resting).toBeGreaterThan(5_000);
  expect(resting).toBeLessThan(100_000);
  const id = deskOf(sim, 'maker').id;
  expect(sim.attribution.equity(id, sim.ledger)).not.toBe(0);
  expect(sim.attribution.amount(id, 'spreadCapture')).toBeGreaterThan(0);
});

describe('the timeline of', () => {
  test('spx-2018-02-05 goes from the early afternoon to the close of the VIX', () => {
    const { world, durationSeconds } = bundled('spx-2018-02-05');
    const moved = (part: (shift: (typeof world.timeline)[number]) => number): number =>
      world.timeline.reduce((sum, shift) => sum + part(shift), 0);
    expect(world.spot * Math.exp(moved((shift) => shift.spotLogReturn))).toBeCloseTo(2648.9, 0);
    // 30.9 % at the close by a fit to the chain of the day.
    expect(Math.exp((world.factors[0] ?? 0) + moved((shift) => shift.factors[0] ?? 0))).toBeCloseTo(0.295, 3);
    const last = world.timeline.reduce((end, shift) => Math.max(end, shift.atSeconds + shift.overSeconds), 0);
    expect(last).toBeLessThanOrEqual(durationSeconds);
  });

  test('covid-2020-03 goes down to the low and back to 03:00', () => {
    const { world } = bundled('covid-2020-03');
    const shifts = world.timeline;
    const low = shifts.slice(0, -1).reduce((sum, shift) => sum + shift.spotLogReturn, 0);
    expect(world.spot * Math.exp(low)).toBeCloseTo(3782, -1);
    expect(world.spot * Math.exp(low + (shifts.at(-1)?.spotLogReturn ?? 0))).toBeCloseTo(4849, -2);
  });
});
