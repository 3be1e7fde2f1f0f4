import { afterAll, expect, test } from 'vitest';
import { bundledScenarios } from '../../src/app/bundled.ts';
import { forecastersFor, loadScenario } from '../../src/app/run-setup.ts';
import { fixed, textTable } from '../../src/core/text-table.ts';
import { MONEY_PER_DOLLAR } from '../../src/core/units.ts';
import { Simulation } from '../../src/sim/simulation.ts';

const SEEDS = ['1', '2'];
/** Of the sum of the sizes of an agent's causes. */
const RESIDUAL_MAXIMUM = 0.05;
const ERROR_MAXIMUM = 1e-9;

/** The agent of each scenario with the largest residual, as the documents print it. */
const worst: string[][] = [];

afterAll(() => {
  console.log(textTable([['scenario', 'agent', 'seed', 'gross $', 'residual $', 'share', 'largest error of the sum'], ...worst]));
});

test.each(bundledScenarios())('%s: causes sum to the ledger after every event, and leave little unexplained', (name) => {
  let found = { share: -1, row: [] as string[] };
  let largest = 0;
  for (const seed of SEEDS) {
    const { scenario } = loadScenario(name, []);
    const sim = new Simulation(scenario, { seed, forecasters: forecastersFor(scenario, undefined) });
    const { attribution, ledger } = sim;
    let events = 0;
    sim.kernel.onEvent(() => {
      events += 1;
      for (const { id } of sim.desks) {
        const error = Math.abs(attribution.total(id) - attribution.equity(id, ledger));
        const gross = attribution.gross(id);
        // The last bit of cash is all that a sum of doubles can promise where next to nothing was gained or lost yet.
        const bit = (Number.EPSILON * Math.abs(ledger.cash(id))) / MONEY_PER_DOLLAR;
        if (error > bit) largest = Math.max(largest, error / gross);
        if (error > ERROR_MAXIMUM * gross + bit) throw new Error(`agent ${id}, ${sim.nowSeconds} s: off by ${error} of ${gross}`);
      }
    });
    sim.advance(scenario.durationSeconds);
    expect(events).toBe(sim.kernel.events);
    for (const { id, name: agent } of sim.desks) {
      const gross = attribution.gross(id);
      const residual = attribution.amount(id, 'residual');
      const share = gross === 0 ? 0 : Math.abs(residual) / gross;
      expect(share, `${agent}, seed ${seed}`).toBeLessThanOrEqual(RESIDUAL_MAXIMUM);
      if (share > found.share) {
        found = { share, row: [name, agent, seed, fixed(gross, 0), fixed(residual, 2), `${(100 * share).toFixed(4)} %`] };
      }
    }
  }
  worst.push([...found.row, largest.toExponential(1)]);
});
