import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { simulation } from '../support/tiny.ts';

const CRASH = readFileSync(new URL('../../scenarios/crash.yaml', import.meta.url), 'utf8');

/** The bundled crash: what trades did to the log of the spot at most, and to the level at the end of the fall. */
function fall(seed: string, changes: readonly string[] = []) {
  const overrides = ['agents.maker.forecaster=rw', 'variants={}', ...changes].map(readOverride);
  const sim = simulation(parseScenario('crash.yaml', CRASH, BUILT_IN_AGENTS, overrides), seed);
  sim.advance(62 * 60);
  const level = sim.world.factor(0) - sim.world.exogenous.factor(0);
  sim.advance(sim.scenario.durationSeconds);
  return { lowest: sim.world.impact.lowest, last: sim.world.impact.logMove, level };
}

test.each(['1', '2'])(
  'dealers who are short puts make the crash one to four percent deeper, and part of that comes back, seed %s',
  (seed) => {
    const fed = fall(seed);
    expect(fed.lowest).toBeLessThan(-0.01);
    expect(fed.lowest).toBeGreaterThan(-0.04);
    expect(fed.last).toBeGreaterThan(0.6 * fed.lowest);
    // Vol goes with it: some one percent of itself per percent of the fall.
    expect(fed.level).toBeGreaterThan(0.01);
    expect(fed.level).toBeLessThan(0.06);
    const alone = fall(seed, ['agents.dealers.book=[{ right: put, strike: 66000, days: 7, contracts: 0 }]']);
    expect(Math.abs(alone.lowest)).toBeLessThan(0.002);
    expect(Math.abs(alone.level)).toBeLessThan(0.002);
  },
);
