import { Simulation } from '../../sim/simulation.ts';
import { readBundledScenario } from '../bundled.ts';
import { defineCommand } from '../command.ts';
import { jsonOption, numberOption, seedOption, switchOption } from '../options.ts';
import { checkedScenario, forecastersFor } from '../run-setup.ts';
import { themeOption } from '../theme-option.ts';
import { present } from './run.ts';

const SCENARIO = 'vol-regimes';

/** `volpit demo`: the bundled scenario and model, no files, no questions. */
export const demo = defineCommand({
  about: `Runs the bundled scenario ${SCENARIO} with the bundled model: in the dashboard on a terminal, as text elsewhere. Writes nothing.`,
  arguments: {},
  options: {
    json: jsonOption(),
    headless: switchOption('--headless', 'no dashboard, also on a terminal'),
    seed: seedOption(),
    speed: numberOption('--speed <n>', 'simulated seconds per real second in the dashboard', { minimum: 0.01, maximum: 1e6 }, 60),
    theme: themeOption(),
  },
  examples: ['volpit demo', 'volpit demo --speed 300 --seed 2'],
  async action(context, _args, options) {
    const { scenario } = checkedScenario(readBundledScenario(SCENARIO), []);
    const simulation = new Simulation(scenario, { seed: options.seed, forecasters: forecastersFor(scenario, undefined) });
    return present(simulation, context, options);
  },
});
