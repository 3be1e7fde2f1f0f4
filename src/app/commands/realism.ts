import { realism as findingsOf } from '../../study/realism/realism.ts';
import { realismText } from '../../study/realism/realism-text.ts';
import { defineCommand, one } from '../command.ts';
import { EXIT } from '../exit.ts';
import { jsonOption, seedsOption } from '../options.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { loadScenario, modelOption } from '../run-setup.ts';
import { runAll, workersOption } from '../seed-pool.ts';
import type { SeedRun } from '../seed-run.ts';
import { setOption } from '../set-option.ts';

/** `volpit realism`: which stylised facts of real markets a simulated one shows, and which it misses. */
export const realism = defineCommand({
  about:
    'Runs a scenario at each seed and measures stylised facts: returns, implied vol, screen, books, adverse selection, flow. Each has a band that was set from real markets before the first run, and is inside it, outside, or not measurable in runs of this length. A miss is no error: the exit code is 0.',
  arguments: { scenario: one('scenario', 'scenario file, or the name of a bundled one') },
  options: {
    seeds: seedsOption('1..8'),
    set: setOption(),
    model: modelOption(),
    workers: workersOption(),
    plugin: pluginOption(),
    json: jsonOption(),
  },
  examples: ['volpit realism calm', 'volpit realism vol-regimes --seeds 1..16 --json'],
  async action({ output, progress }, args, options) {
    const kinds = await agentCatalog(options.plugin);
    const { scenario, source, text } = loadScenario(args.scenario, options.set, kinds);
    const changes = options.set.map((override) => override.text);
    const common = { source, text, changes, modelPath: options.model, plugins: options.plugin, realism: true } as const;
    const tasks = options.seeds.map((seed): SeedRun => ({ ...common, seed }));
    const bar = progress(`measuring ${scenario.name}`);
    const runs = await runAll(tasks, kinds, options.workers, bar).finally(() => bar.end());
    const facts = findingsOf(
      scenario.preset,
      runs.map((run) => run.facts ?? {}),
    );
    if (options.json) output.json('realism', { scenario: scenario.name, preset: scenario.preset, seeds: options.seeds, facts });
    else output.print(realismText(scenario.name, options.seeds.length, facts));
    return EXIT.ok;
  },
});
