import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/assert.ts';
import { fitLinearForecasters } from '../../forecast/linear/fit-linear.ts';
import { BURN_IN_ROWS } from '../../forecast/lstm/scaling.ts';
import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import { forecasterCatalog } from '../../sim/forecasters.ts';
import { measureObservation } from '../../study/observation-model.ts';
import { RECORDED_WALK } from '../../study/simulated/recorded-run.ts';
import { statePredictability } from '../../study/state-predictability.ts';
import { gridText, type TrainingSource } from '../../study/training-data.ts';
import { trainingDataText, trainingResultText } from '../../study/training-text.ts';
import { type Context, defineCommand } from '../command.ts';
import { eachScenario } from '../each-scenario.ts';
import { EXIT, Interruption } from '../exit.ts';
import { isHistoryTraining, trainHistory } from '../history-training.ts';
import { interruption } from '../interruption.ts';
import { CARD_FILE, LINEAR_FILE } from '../model-folder.ts';
import { type OutputFolder, outputFolder } from '../output-folder.ts';
import { changes, type LoadedScenario, loadScenario } from '../run-setup.ts';
import { checkSearchOptions, searchFiles } from '../search-options.ts';
import { searchedTraining } from '../search-run.ts';
import { inSlices } from '../slices.ts';
import { cardOf, memberFile, memberWeights } from '../training/card.ts';
import { checkpointFile } from '../training/checkpoint.ts';
import { cachedDataset, datasetKey, keepDataset } from '../training/dataset-cache.ts';
import type { PlainSource } from '../training/jobs.ts';
import { madeSequences } from '../training/make-sequences.ts';
import { type NetOptions, trainedMembers } from '../training/members.ts';
import { type TrainOptions, trainOptions } from '../training/train-options.ts';

/** Seeds on which views of the surface and its predictability are measured; no user's seed can reach them. */
const OBSERVATION_SEEDS = ['train/observation/1', 'train/observation/2', 'train/observation/3', 'train/observation/4'];
const PREDICTABILITY_SEEDS = Array.from({ length: 60 }, (_, i) => `train/predictability/${i}`);

/** `volpit train`: makes data from simulated worlds, or reads real history, trains an ensemble of LSTMs, writes models and card. */
export const train = defineCommand({
  about:
    'Measures on full runs how a maker sees the surface, makes sequences from worlds without books (or from full runs, with --source books), trains an ensemble of nets side by side with TensorFlow.js (tfjs-node if it loads, else wasm, else cpu), and writes LayersModels with their card. Ctrl-C while it trains keeps the best weights so far, and ends with 130; --resume then goes on. With --data it learns from a file of real history instead, and keeps the nets for volpit evaluate.',
  arguments: {
    scenarios: {
      usage: '[scenarios...]',
      about: 'scenarios whose worlds to learn from (default: vol-regimes calm)',
      initial: [] as readonly string[],
    },
  },
  options: trainOptions,
  examples: [
    'volpit train --out models/mine',
    'volpit train vol-regimes calm --units 24 --members 4 --out models/wide',
    'volpit train calm --measure-only',
    'volpit train --data joined_closes.csv --preset cboe --to 2022-12-31 --out models/cboe',
  ],
  async action(context, args, options) {
    if (isHistoryTraining(options)) return trainHistory(context, args.scenarios, options);
    const { output } = context;
    checkSearchOptions(options);
    const folder = options.measureOnly ? undefined : modelFolder(options);
    const names = args.scenarios.length === 0 ? ['vol-regimes', 'calm'] : args.scenarios;
    const loaded = names.map((name) => subjectAsWalk(name));
    requireOneGrid(loaded);
    const start = performance.now();
    const sources = await measured(loaded, context);
    const predictability = await predictable(loaded, context);
    if (!options.json) output.print(trainingDataText(sources, predictability));
    const observations = sources.map(({ scenario, observation }) => ({ scenario: scenario.name, ...observation }));
    if (folder === undefined) {
      if (options.json) output.json('train', { observations, predictability });
      return EXIT.ok;
    }
    const made = await dataOf(loaded, sources, options, context);
    const dataSeconds = (performance.now() - start) / 1000;
    const search = await searchedTraining(made.data, options, folder.path, context);
    const { data } = search;

    const { prepared } = await import('../../forecast/lstm/train/train.ts');
    const { assembled } = await import('../../forecast/lstm/train/assembled.ts');
    const net = netOptions(search.options);
    const preparation = prepared(data, net);
    const idle = preparation.constantFeatures;
    if (idle.length > 0) output.say(`in these worlds ${idle.join(', ')} never move: they are held at 0, and the card says so`);
    const progress = context.progress('training');
    const trainingStart = performance.now();
    const { members, resume, workers } = options;
    const nets = await trainedMembers(
      { data, preparation, options: net, members, workers, folder: folder.path, resume, dataKey: made.key },
      progress,
    ).finally(() => progress.end());
    const trainingSeconds = (performance.now() - trainingStart) / 1000;
    const metrics = assembled(data, preparation, nets);
    const about = { nets, preparation, metrics, data, loaded, dataSeconds, options, names, version: context.version };
    const card = { ...cardOf(about), ...search.card };
    folder.write({
      ...Object.fromEntries(
        nets.flatMap(({ modelJson, weightsBin }, n) => [
          [memberFile(n + 1), modelJson],
          [memberWeights(n + 1), weightsBin],
        ]),
      ),
      [CARD_FILE]: `${JSON.stringify(card, null, 2)}\n`,
      [LINEAR_FILE]: `${JSON.stringify(fitLinearForecasters(data))}\n`,
    });
    const [first] = nets;
    if (options.json) output.json('train', { observations, predictability, card, backendReason: first?.backendReason ?? [] });
    else {
      const endedBy = nets.map((each) => each.endedBy);
      const told = { backendReason: first?.backendReason ?? [], endedBy, seconds: trainingSeconds };
      output.print(trainingResultText(card, told, folder.path));
    }
    const reason: unknown = interruption().reason;
    return reason instanceof Interruption ? reason.code : EXIT.ok;
  },
});

/** What of the options a net is made by. */
function netOptions(options: TrainOptions): NetOptions {
  const { backend, batch, dropout, epochs, head, l2, learningRate, patience, recurrentDropout, schedule, seed, units, varianceWeight } =
    options;
  return {
    backend,
    batch,
    burnIn: BURN_IN_ROWS,
    dropout,
    epochs,
    head,
    l2,
    learningRate,
    patience,
    recurrentDropout,
    schedule,
    seed,
    units,
    varianceWeight,
  };
}

/** @throws InputError where results, or the checkpoints of an interrupted training, lie already; with `--resume`, where there are none. */
function modelFolder(options: TrainOptions): OutputFolder {
  const { out, force, resume, members, search } = options;
  if (out === undefined)
    throw new InputError('--out', [{ path: '', message: 'missing; expected a folder for the model, or --measure-only' }]);
  const numbers = Array.from({ length: members }, (_, n) => n + 1);
  const files = [...numbers.flatMap((n) => [memberFile(n), memberWeights(n)]), CARD_FILE, LINEAR_FILE, ...searchFiles(options)];
  const folder = outputFolder(out, { force: force || resume, files });
  const interrupted = numbers.some((n) => existsSync(join(out, checkpointFile(n - 1))));
  if (resume && !interrupted && search === undefined)
    throw new InputError('--resume', [{ path: out, message: 'holds no checkpoint of an interrupted training: leave --resume out' }]);
  if (interrupted && !resume && !force) {
    const message = 'holds checkpoints of an interrupted training: add --resume to go on, or --force to begin anew';
    throw new InputError('--out', [{ path: out, message }]);
  }
  return folder;
}

/** A scenario whose subject uses the random walk: nothing trained may enter what is measured (decision 15). */
function subjectAsWalk(name: string): LoadedScenario {
  const { scenario } = loadScenario(name, []);
  return loadScenario(name, changes(walkOf(scenario)));
}

const walkOf = ({ subject }: LoadedScenario['scenario']): string[] => [`agents.${subject}.forecaster=rw`];
/** The same, taking down what it sees. */
const recordedWalkOf = ({ subject }: LoadedScenario['scenario']): string[] => [`agents.${subject}.forecaster=${RECORDED_WALK}`];

/** A net has one step and one set of horizons. */
function requireOneGrid(loaded: readonly LoadedScenario[]): void {
  const grids = loaded.map(({ scenario }) => `${scenario.name} forecasts ${gridText(scenario)}`);
  if (new Set(loaded.map(({ scenario }) => gridText(scenario))).size > 1)
    throw new InputError('scenarios', [{ path: 'forecast', message: `one model has one grid, but ${grids.join('; ')}` }]);
}

async function measured(loaded: readonly LoadedScenario[], context: Context): Promise<TrainingSource[]> {
  return eachScenario('measuring views of the surface', loaded, context, async ({ scenario }, tell) => {
    const forecasters = forecasterCatalog(scenario.forecast, []);
    return { scenario, observation: await inSlices(measureObservation(scenario, OBSERVATION_SEEDS, forecasters), tell) };
  });
}

async function predictable(loaded: readonly LoadedScenario[], context: Context) {
  return eachScenario('measuring what can be known', loaded, context, async ({ scenario }, tell) => {
    const work = statePredictability(scenario, PREDICTABILITY_SEEDS, scenario.forecast.horizonsSteps);
    return { scenario: scenario.name, rows: await inSlices(work, tell) };
  });
}

/** The data, from the cache where they are there, and what they are known by. */
async function dataOf(
  loaded: readonly LoadedScenario[],
  sources: readonly TrainingSource[],
  options: TrainOptions,
  context: Context,
): Promise<{ readonly data: TrainingSequences; readonly key: string }> {
  const { cache, seed, sequences: count, steps, workers, source: origin } = options;
  const plain = loaded.map(({ source, text, scenario }, n): PlainSource => {
    const observation = sources[n]?.observation;
    if (observation === undefined) throw new Error('each scenario was measured');
    return { source, text, changes: origin === 'books' ? recordedWalkOf(scenario) : walkOf(scenario), observation };
  });
  const wanted = { sources: plain, seed, count, steps, origin };
  const key = datasetKey(wanted, context.version);
  const say = (message: string): void => context.output.say(message);
  const cached = cache === undefined ? undefined : cachedDataset(cache, key, say);
  if (cached !== undefined) say(`data taken from ${cache}`);
  if (cached !== undefined) return { data: cached, key };
  const progress = context.progress(origin === 'books' ? 'running markets' : 'simulating worlds');
  const data = await madeSequences(wanted, workers, progress).finally(() => progress.end());
  if (cache !== undefined) keepDataset(cache, key, data);
  return { data, key };
}
