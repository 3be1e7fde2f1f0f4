import { defineCommand, optional } from '../command.ts';
import { presetOption, printHistoryEvaluation } from '../history-text.ts';
import { forceOption, jsonOption, numberOption, seedOption, seedsOption, switchOption, textOption } from '../options.ts';
import { FIT } from '../oracle-fit.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { modelsOption, printScenarioEvaluation } from '../scenario-text.ts';
import { workersOption } from '../seed-pool.ts';
import { setOption } from '../set-option.ts';

/** `volpit evaluate`: the skill of forecasters where they were not trained. */
export const evaluate = defineCommand({
  about:
    'Records runs of a scenario with full books on seeds that training can never see, lets every model see the same records, and scores all against the true surface: R2 against the random walk with intervals over runs, tests, coverage, confidence sets, and shares of what a filter that knows the laws makes of the same view. Printed whatever the sign. With --preset it trains and tests walk-forward on a file of real history instead; a model of real history is scored with --data on rows after those that it was trained on.',
  arguments: { model: optional('model', 'folder of a trained model (default: the bundled one)') },
  options: {
    scenario: textOption('--scenario <scenario>', 'scenario file, or the name of a bundled one (default: vol-regimes)'),
    models: modelsOption(),
    seeds: seedsOption('1..20'),
    fitRuns: numberOption(
      '--fit-runs <n>',
      'full runs at seeds of training that the oracles learn from',
      { minimum: 2, maximum: 10_000, whole: true },
      FIT.runs,
    ),
    fitWorlds: numberOption(
      '--fit-worlds <n>',
      'worlds without books that they learn from besides',
      { minimum: 2, maximum: 100_000, whole: true },
      FIT.worlds,
    ),
    halfLife: numberOption(
      '--half-life <minutes>',
      'half-life of inventory: how the path is discounted',
      { minimum: 0.1, maximum: 1_440 },
      10,
    ),
    set: setOption(),
    plugin: pluginOption(),
    preset: presetOption(),
    data: textOption('--data <file>', 'with --preset, or a model of real history: the file of history'),
    from: textOption('--from <day>', 'with --data: first day with a forecast, like 2015-01-02'),
    to: textOption('--to <day>', 'with --data: last day with a forecast'),
    ensembles: numberOption(
      '--ensembles <n>',
      'with --preset: ensembles of three nets each, of which the one in the middle counts',
      { minimum: 1, maximum: 25, whole: true },
      1,
    ),
    seed: seedOption(),
    workers: workersOption(),
    report: textOption('--report <file>', 'write the table to this HTML file too, with pictures'),
    force: forceOption(),
    details: switchOption('--details', 'print calibration of points and distributions too; --json and --report have them always'),
    json: jsonOption(),
  },
  examples: [
    'volpit evaluate',
    'volpit evaluate models/mine --scenario unforecastable --models linear,lstm --seeds 1..20 --json',
    'volpit evaluate models/cboe --data joined_closes.csv --from 2023-01-01',
    'volpit evaluate --preset cboe --data joined_closes.csv --from 2015-01-01 --to 2024-06-30',
  ],
  async action(context, args, options) {
    if (options.preset !== undefined || options.data !== undefined) return printHistoryEvaluation(context, args.model, options);
    return printScenarioEvaluation(context, args.model, await agentCatalog(options.plugin), options);
  },
});
