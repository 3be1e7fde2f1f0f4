import { InputError } from '../../core/assert.ts';
import { FACTORS } from '../../pricing/factors.ts';
import { forecasterCatalog } from '../../sim/forecasters.ts';
import { type Predictability, predictability as predictabilityOf } from '../../study/predictability/predictability.ts';
import { predictabilityText } from '../../study/predictability/predictability-text.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit.ts';
import { jsonOption, numberOption, seedsOption, switchOption } from '../options.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { changes, loadScenario } from '../run-setup.ts';
import { setOption } from '../set-option.ts';
import { inSlices } from '../slices.ts';

/** Worlds that only the fits see, and full runs on which the view is measured. */
const WHOLE = { fitWorlds: 256, fullRuns: 4 } as const;
const FAST = { fitWorlds: 128, fullRuns: 2 } as const;
const SEEDS_MINIMUM = 2;

/** `volpit predictability`: who can forecast how much of a world's surface. */
export const predictability = defineCommand({
  about:
    'Measures, on worlds without books, how much of the changes of the surface is known to one who knows the hidden state, to a filter that knows the laws and sees what a maker sees, to linear models and to an average; how far a maker would lean on it, against the half-spread; and how the tracker errs. Targets that a world for the study of forecasts should meet stand beside the figures, misses first. A miss is no error: the exit code is 0.',
  arguments: {
    scenarios: { usage: '<scenarios...>', about: 'scenario files, or names of bundled ones', initial: [] as readonly string[] },
  },
  options: {
    seeds: seedsOption('1..256'),
    halfLife: numberOption('--half-life <minutes>', 'half-life of inventory', { minimum: 0.1, maximum: 1_440 }, 10),
    allFactors: switchOption('--all-factors', 'also slope, skew and curvature'),
    fast: switchOption(
      '--fast',
      `fewer fits: ${FAST.fullRuns} full runs for ${WHOLE.fullRuns}, ${FAST.fitWorlds} worlds for ${WHOLE.fitWorlds}`,
    ),
    set: setOption(),
    plugin: pluginOption(),
    json: jsonOption(),
  },
  examples: [
    'volpit predictability vol-regimes calm',
    'volpit predictability vol-regimes --fast --seeds 1..16',
    'volpit predictability vol-regimes --set world.pressure=false --json',
  ],
  async action({ output, progress }, args, options) {
    if (options.seeds.length < SEEDS_MINIMUM) {
      throw new InputError('--seeds', [{ path: '', message: `found ${options.seeds.length} seed, expected at least ${SEEDS_MINIMUM}` }]);
    }
    const kinds = await agentCatalog(options.plugin);
    const scenarios = args.scenarios.map((name) => {
      const { scenario } = loadScenario(name, options.set, kinds);
      // Nothing trained may enter what is measured (decision 15).
      return loadScenario(name, [...options.set, ...changes([`agents.${scenario.subject}.forecaster=rw`])], kinds).scenario;
    });
    const factors = options.allFactors ? FACTORS.map((_, f) => f) : [0];
    const terms = { ...(options.fast ? FAST : WHOLE), seeds: options.seeds, halfLifeMinutes: options.halfLife, factors };
    const bar = progress('measuring what can be known');
    const results: Predictability[] = [];
    try {
      for (const scenario of scenarios) {
        const work = predictabilityOf(scenario, terms, forecasterCatalog(scenario.forecast, []));
        results.push(await inSlices(work, (share) => bar.update(results.length + share, scenarios.length, scenario.name)));
      }
    } finally {
      bar.end();
    }
    if (options.json) output.json('predictability', { scenarios: results });
    else output.print(results.map(predictabilityText).join('\n\n\n'));
    return EXIT.ok;
  },
});
