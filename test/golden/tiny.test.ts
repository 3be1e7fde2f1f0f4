import { expect, test } from 'vitest';
import { renderRecord } from '../../src/kernel/trace.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

const LINES = 200;

/**
 * What `scenarios/tiny.yaml` does, record by record: the same on every machine, until somebody changes it on purpose and
 * re-records (`npm run golden`) with an entry in the changelog.
 */
test.each(['1', '2', '3'])('seed %s of tiny does what it did', async (seed) => {
  const scenario = tinyScenario();
  const sim = simulation(scenario, seed);
  const lines: string[] = [];
  sim.trace.observe({
    onRecord: (...record) => {
      if (lines.length < LINES) lines.push(renderRecord(...record));
    },
  });
  sim.advance(scenario.durationSeconds);
  const head = [`hash ${sim.trace.hash()}`, `records ${sim.trace.records}`, `events ${sim.kernel.events}`];
  await expect(`${[...head, ...lines].join('\n')}\n`).toMatchFileSnapshot(`./tiny-${seed}.txt`);
});
