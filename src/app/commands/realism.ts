import { realismPage } from '../../report/realism-page.ts';
import { factValues } from '../../study/realism/facts.ts';
import { realism as findingsOf } from '../../study/realism/realism.ts';
import { realismText } from '../../study/realism/realism-text.ts';
import { runCurves } from '../../study/realism/run-curves.ts';
import { variantChanges } from '../../study/variants.ts';
import { defineCommand, one } from '../command.ts';
import { EXIT } from '../exit.ts';
import { againstOption, readMarketData } from '../market-data.ts';
import { forceOption, jsonOption, seedsOption, textOption } from '../options.ts';
import { outputFile } from '../output-file.ts';
import { packageInfo } from '../package-info.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { changes, loadScenario, modelOption } from '../run-setup.ts';
import { runAll, workersOption } from '../seed-pool.ts';
import type { SeedRun } from '../seed-run.ts';
import { setOption } from '../set-option.ts';

/** `volpit realism`: which stylised facts of real markets a simulated one shows, and which it misses. */
export const realism = defineCommand({
  about:
    'Runs a scenario at each seed and measures stylised facts: returns, implied vol, screen, books, adverse selection, flow. Each has a band for the kind of market that the scenario stands for (its world.preset), set with its source before any run was measured by it, and is inside it, outside, or not measurable in runs of this length. A miss is no error: the exit code is 0.',
  arguments: { scenario: one('scenario', 'scenario file, or the name of a bundled one') },
  options: {
    seeds: seedsOption('1..8'),
    variant: textOption('--variant <name>', 'variant of the subject: one that the scenario defines, or a forecaster'),
    set: setOption(),
    against: againstOption(),
    html: textOption('--html <file>', 'write the report to this HTML file too, with pictures'),
    force: forceOption(),
    model: modelOption(),
    workers: workersOption(),
    plugin: pluginOption(),
    json: jsonOption(),
  },
  examples: [
    'volpit realism calm',
    'volpit realism vol-regimes --seeds 1..16 --json',
    'volpit realism calm --variant rw --html calm.html',
    'volpit realism calm --against trades.csv --against vols.csv',
  ],
  async action({ output, progress }, args, options) {
    const { against, force } = options;
    const file =
      options.html === undefined ? undefined : outputFile(options.html, { flag: '--html', force, inputs: [args.scenario, ...against] });
    const kinds = await agentCatalog(options.plugin);
    const base = options.set.map((override) => override.text);
    const loaded = loadScenario(args.scenario, options.set, kinds);
    const own = options.variant === undefined ? [] : variantChanges(loaded.scenario, options.variant, '--variant');
    const changed = [...base, ...own];
    const { scenario, source, text } = own.length === 0 ? loaded : loadScenario(args.scenario, changes(changed), kinds);
    const data = against.length === 0 ? undefined : readMarketData(against);
    const common = { source, text, changes: changed, modelPath: options.model, plugins: options.plugin, realism: true } as const;
    const tasks = options.seeds.map((seed): SeedRun => ({ ...common, seed }));
    const bar = progress(`measuring ${scenario.name}`);
    const runs = await runAll(tasks, kinds, options.workers, bar).finally(() => bar.end());
    const { name, preset } = scenario;
    const { seeds } = options;
    const values = data === undefined ? {} : factValues(data.samples);
    const facts = findingsOf(
      preset,
      runs.map((run) => run.facts ?? {}),
      values,
    );
    file?.write(
      realismPage({
        ...{ version: packageInfo().version, scenario: name, preset, changes: changed, seeds, findings: facts },
        curves: runs.flatMap((run) => run.curves ?? []),
        ...(data === undefined ? {} : { data: { files: data.files, curves: runCurves(data.samples) } }),
      }),
    );
    const variant = options.variant === undefined ? {} : { variant: options.variant };
    const files = data === undefined ? {} : { against: data.files };
    if (options.json) output.json('realism', { scenario: name, preset, ...variant, seeds, ...files, facts });
    else output.print(realismText(options.variant === undefined ? name : `${name} with ${options.variant}`, seeds.length, facts));
    if (file !== undefined) output.say(`wrote ${file.path}`);
    return EXIT.ok;
  },
});
