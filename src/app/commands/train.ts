import { InputError } from '../../core/assert.ts';
import { fitLinearForecasters } from '../../forecast/linear/fit-linear.ts';
import { MODEL_CARD_FORMAT, type ModelCard } from '../../forecast/lstm/model-card.ts';
import { BURN_IN_ROWS } from '../../forecast/lstm/scaling.ts';
import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import type { TrainedModel } from '../../forecast/lstm/train/train.ts';
import { forecasterCatalog } from '../../sim/forecasters.ts';
import { measureObservation } from '../../study/observation-model.ts';
import { statePredictability } from '../../study/state-predictability.ts';
import { gridText, type TrainingSource, trainingSequences } from '../../study/training-data.ts';
import { trainingDataText, trainingResultText } from '../../study/training-text.ts';
import { type Context, defineCommand } from '../command.ts';
import { eachScenario } from '../each-scenario.ts';
import { EXIT, Interruption } from '../exit.ts';
import { interruption } from '../interruption.ts';
import { CARD_FILE, LINEAR_FILE, MODEL_FILE, sha256, WEIGHTS_FILE } from '../model-folder.ts';
import { choiceOption, forceOption, jsonOption, numberOption, outOption, seedOption, switchOption } from '../options.ts';
import { type OutputFolder, outputFolder } from '../output-folder.ts';
import { changes, type LoadedScenario, loadScenario } from '../run-setup.ts';
import { checkSearchOptions, SEARCH_OPTIONS, type SearchOptions, searchFiles, searchFlags } from '../search-options.ts';
import { searchedTraining } from '../search-run.ts';
import { inSlices } from '../slices.ts';

/** Seeds on which views of the surface and its predictability are measured; no user's seed can reach them. */
const OBSERVATION_SEEDS = ['train/observation/1', 'train/observation/2', 'train/observation/3', 'train/observation/4'];
const PREDICTABILITY_SEEDS = Array.from({ length: 60 }, (_, i) => `train/predictability/${i}`);

/** `volpit train`: makes data from simulated worlds, trains the LSTM, writes model and card. */
export const train = defineCommand({
  about:
    'Measures on full runs how a maker sees the surface, makes sequences from worlds without books, trains with TensorFlow.js (tfjs-node if it loads, else wasm, else cpu), and writes a LayersModel with its card. Ctrl-C while it trains keeps the best weights so far, and ends with 130.',
  arguments: {
    scenarios: {
      usage: '[scenarios...]',
      about: 'scenarios whose worlds to learn from (default: vol-regimes calm)',
      initial: [] as readonly string[],
    },
  },
  options: {
    sequences: numberOption('--sequences <n>', 'simulated worlds', { minimum: 8, maximum: 100_000, whole: true }, 960),
    steps: numberOption('--steps <n>', 'forecast steps per world', { minimum: 32, maximum: 5_000, whole: true }, 200),
    units: numberOption('--units <n>', 'units of the LSTM', { minimum: 1, maximum: 256, whole: true }, 24),
    epochs: numberOption('--epochs <n>', 'passes over the data at most', { minimum: 1, maximum: 1_000, whole: true }, 24),
    batch: numberOption('--batch <n>', 'sequences per step', { minimum: 1, maximum: 1_024, whole: true }, 16),
    learningRate: numberOption('--learning-rate <x>', 'highest learning rate', { minimum: 1e-6, maximum: 1 }, 0.002),
    dropout: numberOption('--dropout <p>', 'input dropout', { minimum: 0, maximum: 0.9 }, 0.1),
    l2: numberOption('--l2 <x>', 'weight decay', { minimum: 0, maximum: 1 }, 0.0001),
    patience: numberOption('--patience <n>', 'epochs without improvement before it ends', { minimum: 1, maximum: 1_000, whole: true }, 6),
    backend: choiceOption('--backend <name>', 'TensorFlow.js backend', ['auto', 'node', 'wasm', 'cpu'] as const, 'auto'),
    seed: seedOption(),
    ...SEARCH_OPTIONS,
    measureOnly: switchOption('--measure-only', 'measure how predictable the worlds are and how they are seen, and train nothing'),
    out: outOption('folder for the model (needed unless --measure-only)'),
    force: forceOption(),
    json: jsonOption(),
  },
  examples: [
    'volpit train --out models/mine',
    'volpit train vol-regimes calm --sequences 960 --units 32 --out models/wide',
    'volpit train calm --measure-only',
  ],
  async action(context, args, options) {
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
    const data = await sequencesOf(sources, options, context);
    const dataSeconds = (performance.now() - start) / 1000;
    const search = await searchedTraining(data, options, folder.path, context);
    const trained = await trainedOn(search.data, search.options, context);
    const card = { ...cardOf(trained, search.data, loaded, dataSeconds, options, names, context.version), ...search.card };
    folder.write({
      [MODEL_FILE]: trained.modelJson,
      [WEIGHTS_FILE]: trained.weightsBin,
      [CARD_FILE]: `${JSON.stringify(card, null, 2)}\n`,
      [LINEAR_FILE]: `${JSON.stringify(fitLinearForecasters(data))}\n`,
    });
    if (options.json) output.json('train', { observations, predictability, card, backendReason: trained.backendReason });
    else output.print(trainingResultText(card, trained, folder.path));
    const reason: unknown = interruption().reason;
    return reason instanceof Interruption ? reason.code : EXIT.ok;
  },
});

type TrainOptions = SearchOptions &
  Readonly<{
    sequences: number;
    steps: number;
    units: number;
    epochs: number;
    batch: number;
    learningRate: number;
    dropout: number;
    l2: number;
    patience: number;
    backend: 'auto' | 'node' | 'wasm' | 'cpu';
    seed: string;
    out: string | undefined;
    force: boolean;
  }>;

function modelFolder({ force, out: path, ...options }: TrainOptions): OutputFolder {
  if (path === undefined)
    throw new InputError('--out', [{ path: '', message: 'missing; expected a folder for the model, or --measure-only' }]);
  return outputFolder(path, { force, files: [MODEL_FILE, WEIGHTS_FILE, CARD_FILE, LINEAR_FILE, ...searchFiles(options)] });
}

/** A scenario whose subject uses the random walk: nothing trained may enter what is measured (decision 15). */
function subjectAsWalk(name: string): LoadedScenario {
  const { scenario } = loadScenario(name, []);
  return loadScenario(name, changes([`agents.${scenario.subject}.forecaster=rw`]));
}

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

async function sequencesOf(sources: readonly TrainingSource[], options: TrainOptions, context: Context): Promise<TrainingSequences> {
  const progress = context.progress('simulating worlds');
  try {
    const work = trainingSequences(sources, options.seed, options.sequences, options.steps);
    return await inSlices(work, (made) => progress.update(made, options.sequences));
  } finally {
    progress.end();
  }
}

async function trainedOn(data: TrainingSequences, options: TrainOptions, context: Context): Promise<TrainedModel> {
  const { trainLstm } = await import('../../forecast/lstm/train/train.ts');
  const progress = context.progress('training');
  const signal = interruption();
  try {
    return await trainLstm(data, {
      ...options,
      burnIn: BURN_IN_ROWS,
      onProgress: ({ epoch, epochs, trainLoss, validationLoss, bestEpoch }) =>
        progress.update(epoch, epochs, `loss ${trainLoss.toFixed(4)}, held out ${validationLoss.toFixed(4)}, best epoch ${bestEpoch}`),
      // Ctrl-C ends training, not the program: the best weights so far are still worth writing.
      shouldStop: () => signal.aborted,
    });
  } finally {
    progress.end();
  }
}

function cardOf(
  trained: TrainedModel,
  data: TrainingSequences,
  loaded: readonly LoadedScenario[],
  dataSeconds: number,
  options: TrainOptions,
  names: readonly string[],
  version: string,
): ModelCard {
  return {
    format: MODEL_CARD_FORMAT,
    volpit: version,
    command: commandLine(options, names),
    backend: trained.backend,
    seed: options.seed,
    createdFrom: loaded.map(({ scenario, text }) => ({ scenario: scenario.name, hash: sha256(text) })),
    stepSeconds: data.stepSeconds,
    horizonsSeconds: [...data.horizonsSeconds],
    factors: [...data.factors],
    features: [...data.features],
    inputScaler: { mean: [...trained.inputScaler.mean], sd: [...trained.inputScaler.sd] },
    targetScale: [...trained.targetScale],
    calibration: [...trained.calibration],
    units: options.units,
    training: {
      sequences: data.count,
      steps: data.steps,
      epochs: trained.epochs,
      bestEpoch: trained.bestEpoch,
      seconds: trained.seconds,
      dataSeconds,
      parameters: trained.parameters,
      trainLoss: [...trained.trainLoss],
      validationLoss: [...trained.validationLoss],
    },
    metrics: trained.metrics.map((metric) => ({ ...metric })),
    weightsSha256: sha256(trained.weightsBin),
    modelSha256: sha256(trained.modelJson),
  };
}

/** The command that makes the same model again, with every option that counts. */
function commandLine(options: TrainOptions, names: readonly string[]): string {
  const { sequences, steps, units, epochs, batch, learningRate, dropout, l2, patience, backend, seed } = options;
  const flags = {
    sequences,
    steps,
    units,
    epochs,
    batch,
    'learning-rate': learningRate,
    dropout,
    l2,
    patience,
    backend,
    seed,
    ...searchFlags(options),
  };
  return [
    'volpit train',
    ...names,
    ...Object.entries(flags).map(([name, value]) => `--${name} ${value}`),
    `--out ${options.out ?? ''}`,
  ].join(' ');
}
