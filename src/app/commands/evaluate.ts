import { fixed, textTable } from '../../core/text-table.ts';
import { FACTORS } from '../../pricing/factors.ts';
import { forecastSkill, type SkillRow } from '../../study/forecast-skill.ts';
import { variantChanges } from '../../study/variants.ts';
import { defineCommand, optional } from '../command.ts';
import { EXIT } from '../exit.ts';
import { presetOption, printHistoryEvaluation } from '../history-text.ts';
import { bundledModelPath, readModelFolder } from '../model-folder.ts';
import { choiceOption, jsonOption, numberOption, seedOption, seedsOption, textOption } from '../options.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { changes, loadScenario } from '../run-setup.ts';
import { runAll, workersOption } from '../seed-pool.ts';
import type { SeedRun } from '../seed-run.ts';
import { setOption } from '../set-option.ts';

/** `volpit evaluate`: the skill of a forecaster in full runs that it was not trained on. */
export const evaluate = defineCommand({
  about:
    'Runs a scenario with full books on seeds that training can never see, and scores every forecast of the subject against the true surface: R2 against the random walk, with a 95 % interval over seeds, and the share of outcomes inside the 80 % interval. Printed whatever the sign. With --preset it trains and tests walk-forward on a file of real history instead.',
  arguments: { model: optional('model', 'folder of a trained model (default: the bundled one)') },
  options: {
    scenario: textOption('--scenario <scenario>', 'scenario file, or the name of a bundled one (default: vol-regimes)'),
    forecaster: choiceOption('--forecaster <kind>', 'forecaster to score', ['lstm', 'ewma', 'rw'] as const, 'lstm'),
    seeds: seedsOption('1..20'),
    set: setOption(),
    plugin: pluginOption(),
    preset: presetOption(),
    data: textOption('--data <file>', 'with --preset: the file of history'),
    from: textOption('--from <day>', 'with --preset: first day with a forecast, like 2015-01-02'),
    to: textOption('--to <day>', 'with --preset: last day with a forecast'),
    ensembles: numberOption(
      '--ensembles <n>',
      'with --preset: ensembles of three nets each, of which the one in the middle counts',
      { minimum: 1, maximum: 25, whole: true },
      1,
    ),
    seed: seedOption(),
    workers: workersOption(),
    json: jsonOption(),
  },
  examples: [
    'volpit evaluate',
    'volpit evaluate models/mine --scenario unforecastable --seeds 1..20 --json',
    'volpit evaluate --preset cboe --data joined_closes.csv --from 2015-01-01 --to 2024-06-30',
  ],
  async action(io, args, options) {
    if (options.preset !== undefined || options.data !== undefined) return printHistoryEvaluation(io, options);
    const { output, progress } = io;
    const kinds = await agentCatalog(options.plugin);
    const scenarioName = options.scenario ?? 'vol-regimes';
    const { scenario, source, text } = loadScenario(scenarioName, options.set, kinds);
    const modelPath = args.model ?? bundledModelPath(scenario.preset);
    const card = options.forecaster === 'lstm' ? readModelFolder(modelPath).card : undefined;
    const texts = [...options.set.map((override) => override.text), ...variantChanges(scenario, options.forecaster)];
    loadScenario(scenarioName, changes(texts), kinds);
    const tasks = options.seeds.map((seed): SeedRun => ({ source, text, changes: texts, seed, modelPath, plugins: options.plugin }));
    const bar = progress(`evaluating ${options.forecaster}`);
    const runs = await runAll(tasks, kinds, options.workers, bar).finally(() => bar.end());
    const skill = forecastSkill(
      runs.map((run) => run.forecasts),
      scenario.forecast.stepSeconds,
    );
    const model =
      card === undefined ? { kind: options.forecaster } : { kind: 'lstm', command: card.command, weightsSha256: card.weightsSha256 };
    if (options.json) {
      const rows = skill.map((row) => ({
        target: row.factor,
        horizon: row.horizonSeconds,
        model: options.forecaster,
        n: row.origins,
        samples: row.samples,
        r2VsRandomWalk: { all: row.r2VsRandomWalk },
        ci95: row.ci95,
        coverage80: row.coverage80,
        rmse: row.rmse,
        walkRmse: row.walkRmse,
      }));
      output.json('evaluate', { scenario: scenario.name, seeds: options.seeds, model, rows });
    } else {
      output.print(`${options.forecaster} on ${scenario.name}, ${options.seeds.length} seeds, full books; R2 against the random walk`);
      output.print(skillTable(skill));
    }
    return EXIT.ok;
  },
});

function skillTable(skill: readonly SkillRow[]): string {
  const order = FACTORS.flatMap((factor) => skill.filter((row) => row.factor === factor));
  const rows = order.map((row) => [
    row.factor,
    `${fixed(row.horizonSeconds / 60, 1)} min`,
    fixed(row.r2VsRandomWalk, 4),
    `[${fixed(row.ci95[0], 4)}, ${fixed(row.ci95[1], 4)}]`,
    String(row.origins),
    String(row.samples),
    `${fixed(100 * row.coverage80, 1)} %`,
  ]);
  return textTable([['factor', 'horizon', 'R2', '95 % interval', 'forecasts', 'not overlapping', 'in 80 %'], ...rows]);
}
