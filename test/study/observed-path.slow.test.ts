import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { fixed, textTable } from '../../src/core/text-table.ts';
import { FEATURES } from '../../src/forecast/features.ts';
import type { ForecasterModel } from '../../src/forecast/forecaster.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { forecasterCatalog } from '../../src/sim/forecasters.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { measureObservation } from '../../src/study/observation-model.ts';
import { observedPath } from '../../src/study/observed-path.ts';
import { ended } from '../support/generators.ts';
import { meanOf } from '../support/moments.ts';

const OBSERVATION_SEEDS = ['train/observation/1', 'train/observation/2', 'train/observation/3'];
const SEEDS = ['1', '2', '3', '4', '5', '6'];

function scenarioOf(name: string, forecaster: string): Scenario {
  const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  return parseScenario(name, text, BUILT_IN_AGENTS, [readOverride(`agents.maker.forecaster=${forecaster}`)]);
}

/** Rows as a forecaster gets them in a run with full books. */
function servedRows(scenario: Scenario, seed: string): Float64Array[] {
  const rows: Float64Array[] = [];
  const recorder: ForecasterModel = {
    kind: 'recorder',
    stepSeconds: scenario.forecast.stepSeconds,
    horizonsSeconds: scenario.forecast.horizonsSteps.map((steps) => steps * scenario.forecast.stepSeconds),
    features: FEATURES,
    warmupSteps: 1,
    start: () => ({ observe: (_factors, row) => rows.push(Float64Array.from(row)), forecast: () => undefined }),
  };
  const sim = new Simulation(scenario, { seed, forecasters: forecasterCatalog(scenario.forecast, [recorder]) });
  sim.advance(scenario.durationSeconds);
  return rows;
}

/** Rows as training gets them: the same worlds without books. */
function trainedRows(scenario: Scenario, seed: string, observation: Parameters<typeof observedPath>[2]): Float64Array[] {
  const rows: Float64Array[] = [];
  const steps = Math.floor(scenario.durationSeconds / scenario.forecast.stepSeconds);
  observedPath(scenario, seed, observation, steps, (_step, row) => rows.push(Float64Array.from(row)));
  return rows;
}

interface Moments {
  readonly mean: number;
  readonly sd: number;
}

function moments(runs: readonly Float64Array[][], feature: number): Moments {
  return meanOf(runs.flatMap((rows) => rows.map((row) => row[feature] ?? Number.NaN)));
}

/** Without books these are one number. */
const CONSTANT = new Set(['spotMissing', 'stepsMissed', 'basis', 'basisChange']);

/**
 * How far the standard deviations may differ as a ratio, and the means in standard deviations. The tape of a full run also holds the informed
 * trader, who buys and sells one way for hours, and trades with quotes that were stale: flow is then wider, and leans to where the market goes.
 * On the other side the rule of what prints lets parts of one order through together: in `calm` some flows are 1.26 to 1.29 times as wide without books.
 */
const bounds = (feature: string) => {
  if (SPLIT.test(feature)) return { low: 0.5, high: 1.9, mean: 0.9 };
  if (/Flow|activity|[pP]rints|Probability/.test(feature)) return { low: 0.6, high: 1.4, mean: 0.9 };
  return { low: 0.85, high: 1.15, mean: 0.15 };
};

/**
 * Flow by tenor and wing rests on few prints. In `calm` that of middle tenors is 1.77 times as wide without books, and that of calls above the forward
 * 1.48 times, as parts of one order print together there. The balance of signs is 1.33 times as wide; distances of the tracked factors from their
 * averages differ by up to a tenth.
 */
const SPLIT = /^(short|middle|long|putWing|callWing)Flow/;

describe.each(['calm', 'vol-regimes'])('%s: rows of worlds without books are like those of full runs', (name) => {
  const scenario = scenarioOf(name, 'recorder');
  const walk = scenarioOf(name, 'rw');
  const observation = ended(measureObservation(walk, OBSERVATION_SEEDS, forecasterCatalog(walk.forecast, [])));
  const served = SEEDS.map((seed) => servedRows(scenario, seed).slice(16));
  const trained = SEEDS.map((seed) => trainedRows(scenario, seed, observation).slice(16));
  const rows = FEATURES.map((feature, i) => ({ feature, served: moments(served, i), trained: moments(trained, i) }));

  test('the table', () => {
    const shown = (value: number): string => value.toExponential(2);
    console.log(
      textTable([
        [name, 'mean, full', 'mean, without', 'sd, full', 'sd, without', 'ratio'],
        ...rows.map(({ feature, served: a, trained: b }) => [
          feature,
          shown(a.mean),
          shown(b.mean),
          shown(a.sd),
          shown(b.sd),
          a.sd === 0 ? '' : fixed(b.sd / a.sd, 2),
        ]),
      ]),
    );
    expect(rows).toHaveLength(FEATURES.length);
  });

  test.each(rows.filter(({ feature }) => !CONSTANT.has(feature)))('$feature', ({ feature, served: a, trained: b }) => {
    const { low, high, mean } = bounds(feature);
    expect(b.sd / a.sd).toBeGreaterThan(low);
    expect(b.sd / a.sd).toBeLessThan(high);
    // The worlds are the same, so means differ by what the views differ in alone.
    expect(Math.abs(b.mean - a.mean)).toBeLessThan(mean * a.sd);
  });
});
