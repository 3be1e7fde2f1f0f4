import { expect, test } from 'vitest';
import { renderRecord } from '../../src/kernel/trace.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

const LINES = 200;

/**
 * The hash of the whole trace, and its first lines for whoever looks for the reason when it moves. `npm run golden` records them again: the
 * numbers of every scenario are then others, and the changelog says why.
 */
test.each(['1', '2', '3'])('tiny does what it did, seed %s', async (seed) => {
  const scenario = tinyScenario();
  const lines: string[] = [];
  const sim = simulation(scenario, seed, false, {
    onRecord: (...record) => {
      if (lines.length < LINES) lines.push(renderRecord(...record));
    },
  });
  sim.advance(scenario.durationSeconds);
  const { records } = sim.trace;
  const text = [`tiny, seed ${seed}: ${records} records, ${sim.kernel.events} events`, `hash ${sim.trace.hash()}`, '', ...lines, ''].join(
    '\n',
  );
  await expect(text).toMatchFileSnapshot(`tiny-seed-${seed}.txt`);
});
