import { z } from 'zod';
import { InputError } from '../../core/assert.ts';
import { excerpt, jsonDocument, jsonValue } from './json-document.ts';
import { HEADS } from './outputs.ts';

/** Name and version of the card's layout; a net of another layout is refused. */
export const MODEL_CARD_FORMAT = 'volpit.model/2';
/** The same of nets of real history, which no market can run (`history-card.ts`). */
export const HISTORY_CARD_FORMAT = 'volpit.history-model/1';

const name = z.string().min(1);
const names = z.array(name).min(1);
const count = z.int().nonnegative();
const positive = z.number().positive();
const positives = z.array(positive).min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');

const fields = z.strictObject({
  format: z.literal(MODEL_CARD_FORMAT),
  /** Version of volpit that trained the net. */
  volpit: name,
  /** Command line that makes the same net again. */
  command: name,
  /** Backend of TensorFlow.js: with it and the seed, training gives the same bytes. */
  backend: z.literal(['node', 'wasm', 'cpu']),
  seed: name,
  /** Scenarios that the training data came from, with the hashes of their content. */
  createdFrom: z.array(z.strictObject({ scenario: name, hash: name })).min(1),
  /** Seconds between two rows. */
  stepSeconds: positive,
  /** Increasing, whole multiples of `stepSeconds`. */
  horizonsSeconds: positives,
  /** Names of the factors forecast, in order. */
  factors: names,
  /** Names of the inputs, in order. */
  features: names,
  /** Of the training part, per feature, in the feature's own unit. */
  inputScaler: z.strictObject({ mean: z.array(z.number()).min(1), sd: positives }),
  /** Root mean square of the change in the training part, in the factor's own unit. Index `horizon * factors + factor`, as below. */
  targetScale: positives,
  /** Multiplier of the predicted scale after which ±1.2816 of it held 80 % of the validation part. */
  calibration: positives,
  units: z.int().positive(),
  /** What is said of each target. */
  head: z.literal(HEADS),
  /** Features that never moved in the training part: what they say is 0 there. */
  constantFeatures: z.array(name),
  /** Realised volatility and shocks; null where the net forecasts neither. One entry per horizon. */
  extras: z
    .strictObject({
      /** What counts as a shock. */
      shockMeaning: name,
      /** Mean realised variance of the training part, annual. */
      varianceScale: positives,
      metrics: z.array(
        z.strictObject({
          horizonSeconds: positive,
          qlike: z.number(),
          qlikeOfMean: z.number(),
          varianceFactor: positive,
          platt: z.strictObject({ slope: z.number(), intercept: z.number() }),
          brier: z.number().nonnegative(),
          brierOfMean: z.number().nonnegative(),
          shockShare: z.number().min(0).max(1),
          reliability: z.array(z.strictObject({ forecast: z.number(), happened: z.number(), count })),
        }),
      ),
    })
    .nullable(),
  /** The nets of the ensemble after the first, which the rest of the card describes; they share scalings, split and metrics. */
  members: z.array(
    z.strictObject({
      seed: name,
      /** File in the model's folder, and what it must be; likewise the weights that it points to. */
      model: z.string().regex(/^model-\d+\.json$/, 'expected a name like model-2.json'),
      modelSha256: sha256,
      weightsSha256: sha256,
      epochs: count,
      bestEpoch: count,
      seconds: z.number().nonnegative(),
      trainLoss: z.array(z.number()),
      validationLoss: z.array(z.number()).min(1),
    }),
  ),
  training: z.strictObject({
    sequences: z.int().positive(),
    /** Rows per sequence. */
    steps: z.int().positive(),
    /** Epochs done. */
    epochs: count,
    /** Epoch whose weights were kept; 0 is the untrained net, which is the random walk. */
    bestEpoch: count,
    /** Seconds spent on training. */
    seconds: z.number().nonnegative(),
    /** Seconds spent on making the training data. */
    dataSeconds: z.number().nonnegative(),
    parameters: z.int().positive(),
    /** Mean loss per epoch. */
    trainLoss: z.array(z.number()),
    /** Loss on the validation part before training and after each epoch. */
    validationLoss: z.array(z.number()).min(1),
  }),
  /** On the validation part, which chose the epoch: not an out-of-sample result. */
  metrics: z.array(
    z.strictObject({
      factor: name,
      horizonSeconds: positive,
      /** 1 - squared error / squared error of the random walk. */
      r2VsRandomWalk: z.number(),
      /** 95 % interval of that, sequences being independent. */
      r2Low: z.number(),
      r2High: z.number(),
      /** Share of outcomes within the 80 % interval that was calibrated on the other half of the validation part. */
      coverage80: z.number().min(0).max(1),
      /** Non-overlapping samples. */
      samples: count,
    }),
  ),
  /** How hyper-parameters were searched before this training, where they were. */
  search: z
    .strictObject({
      /** All settings that were tried, by all strategies: every p-value of this net is one of so many. */
      trials: z.int().positive(),
      /** Budget of each strategy: epochs times folds. */
      epochTrainings: z.int().positive(),
      folds: z.int().positive(),
      /** The cheapest within one standard error of the best. Losses are CRPS on held-out folds over the random walk's, less 1. */
      chosen: z.strictObject({ strategy: name, number: count, parameters: z.record(name, z.union([z.number(), name])), loss: z.number() }),
      best: z.strictObject({ loss: z.number(), standardError: z.number().nonnegative() }),
      strategies: z
        .array(
          z.strictObject({
            strategy: name,
            trials: count,
            failed: count,
            /** Trials of the full number of epochs. */
            fullTrainings: count,
            /** Spent. */
            epochTrainings: count,
            bestLoss: z.number().optional(),
            bestStandardError: z.number().nonnegative().optional(),
          }),
        )
        .min(1),
      /** Of the file search.jsonl, which has all trials. */
      logSha256: sha256,
    })
    .optional(),
  /** SHA-256 of the weights file and of the model file: the card speaks of these files and of no others. */
  weightsSha256: sha256,
  modelSha256: sha256,
});

/** What a trained net was made from, how its inputs and outputs are scaled, and how well it did. */
export type ModelCard = z.infer<typeof fields>;

const card = fields.superRefine((model, context) => {
  const fail = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
  const length = (path: (string | number)[], list: readonly unknown[], expected: number, of: string): void => {
    if (list.length !== expected) fail(path, `expected ${expected} entries, one per ${of}, found ${list.length}`);
  };
  const { factors, features, horizonsSeconds, training } = model;
  const outputs = factors.length * horizonsSeconds.length;
  length(['inputScaler', 'mean'], model.inputScaler.mean, features.length, 'feature');
  length(['inputScaler', 'sd'], model.inputScaler.sd, features.length, 'feature');
  length(['targetScale'], model.targetScale, outputs, 'factor and horizon');
  length(['calibration'], model.calibration, outputs, 'factor and horizon');
  length(['metrics'], model.metrics, outputs, 'factor and horizon');
  if (model.extras !== null) {
    length(['extras', 'varianceScale'], model.extras.varianceScale, horizonsSeconds.length, 'horizon');
    length(['extras', 'metrics'], model.extras.metrics, horizonsSeconds.length, 'horizon');
  }
  length(['training', 'trainLoss'], training.trainLoss, training.epochs, 'epoch');
  length(['training', 'validationLoss'], training.validationLoss, training.epochs + 1, 'epoch and one before the first');
  if (training.bestEpoch > training.epochs)
    fail(['training', 'bestEpoch'], `expected at most ${training.epochs}, found ${training.bestEpoch}`);
  for (const [key, list] of [
    ['factors', factors],
    ['features', features],
  ] as const) {
    list.forEach((item, i) => {
      if (list.indexOf(item) !== i) fail([key, i], `expected names that differ, found ${item} again`);
    });
  }
  horizonsSeconds.forEach((seconds, i) => {
    const steps = seconds / model.stepSeconds;
    if (Math.abs(steps - Math.round(steps)) > 1e-9 * steps) {
      fail(['horizonsSeconds', i], `expected a multiple of stepSeconds ${model.stepSeconds}, found ${seconds}`);
    }
    if (i > 0 && seconds <= (horizonsSeconds[i - 1] ?? 0)) fail(['horizonsSeconds', i], `expected increasing horizons, found ${seconds}`);
  });
  model.metrics.slice(0, outputs).forEach((metric, i) => {
    const factor = factors[i % factors.length];
    const horizon = horizonsSeconds[Math.floor(i / factors.length)];
    if (metric.factor !== factor) fail(['metrics', i, 'factor'], `expected ${factor}, found ${metric.factor}`);
    if (metric.horizonSeconds !== horizon) fail(['metrics', i, 'horizonSeconds'], `expected ${horizon}, found ${metric.horizonSeconds}`);
  });
});

/**
 * The card in this text.
 *
 * @throws InputError naming `source`: not JSON; another format; every key that is missing or unknown and every value out of range;
 *   or, once each entry is sound by itself, every pair that does not fit together. Hashes are only checked for their form.
 */
export function parseModelCard(source: string, text: string): ModelCard {
  const value = jsonValue(source, text);
  const format: unknown = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format === HISTORY_CARD_FORMAT) {
    const message = `expected ${MODEL_CARD_FORMAT}, found ${HISTORY_CARD_FORMAT}: a model of real history, which forecasts no simulated market; volpit evaluate takes it with --data`;
    throw new InputError(source, [{ path: 'format', message }]);
  }
  if (format !== MODEL_CARD_FORMAT) {
    const found = format === undefined ? 'none' : excerpt(format);
    throw new InputError(source, [
      { path: 'format', message: `expected ${MODEL_CARD_FORMAT}, found ${found}: not a model of this version of volpit` },
    ]);
  }
  return jsonDocument(source, text, card);
}
