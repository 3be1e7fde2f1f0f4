import { z } from 'zod';
import { InputError } from '../../core/assert.ts';
import { excerpt, jsonDocument, jsonValue } from './json-document.ts';
import { HISTORY_CARD_FORMAT, MODEL_CARD_FORMAT } from './model-card.ts';

const name = z.string().min(1);
const names = z.array(name);
const count = z.int().nonnegative();
const whole = z.int().positive();
const positive = z.number().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');
const time = z.iso.datetime();
const part = z.strictObject({ windows: whole, first: time, last: time });

const fields = z.strictObject({
  format: z.literal(HISTORY_CARD_FORMAT),
  /** Version of volpit that trained the nets. */
  volpit: name,
  /** Command line that makes the same nets again. */
  command: name,
  /** Backend of TensorFlow.js: with it and the seed, training gives the same bytes. */
  backend: z.literal(['node', 'wasm', 'cpu']),
  seed: name,
  /** Layout of the file; null where `columns` says what it holds. */
  preset: z.literal(['cboe', 'deribit-panel', 'dvol']).nullable(),
  columns: z
    .strictObject({
      time: name,
      vols: z.array(z.strictObject({ name, column: name })).min(1),
      spot: name.optional(),
      asset: name.optional(),
      /** Annual fraction. */
      calmBelow: positive.optional(),
      /** Usual seconds between two rows of the file. */
      stepSeconds: positive,
    })
    .nullable(),
  /** The file that was learnt from: its hash whole, and the rows up to the last that training could see. */
  data: z.strictObject({ file: name, sha256, rows: whole, blankRows: count, first: time, last: time, assets: z.array(z.string()).min(1) }),
  /** Inputs of the nets in order, and those that never moved and are left out. */
  features: names.min(1),
  stillFeatures: names,
  /** Series whose changes are forecast, in order. Outputs are indexed `horizon * targets + target`. */
  targets: z.array(z.strictObject({ name, unit: z.literal(['log', 'vol']) })).min(1),
  horizons: z.array(z.strictObject({ steps: whole, label: name })).min(1),
  /** Rows that a net reads, from a zero state. */
  window: whole,
  units: whole,
  /** Times of the last rows of windows; labels between the two parts are purged. The second part chose the epochs. */
  split: z.strictObject({ training: part, earlyStopping: part }),
  /** Of the training part, per feature, in the feature's own unit. */
  inputScaler: z.strictObject({ mean: z.array(z.number()), sd: z.array(positive) }),
  /** Root mean square of each output's target in the training part. */
  targetScale: z.array(positive),
  /** How each net was fitted. */
  fit: z.strictObject({
    epochs: whole,
    batch: whole,
    learningRate: positive,
    dropout: z.number().min(0).max(1),
    l2: z.number().nonnegative(),
    patience: whole,
  }),
  /** The nets of the ensemble: files in the folder, and what they must be. */
  members: z
    .array(
      z.strictObject({
        seed: name,
        model: z.string().regex(/^model(-\d+)?\.json$/, 'expected a name like model-2.json'),
        modelSha256: sha256,
        weightsSha256: sha256,
        epochs: count,
        /** Epoch whose weights were kept; 0 is the untrained net, which is the random walk. */
        bestEpoch: count,
        trainLoss: z.array(z.number()),
        validationLoss: z.array(z.number()).min(1),
      }),
    )
    .min(1),
  /** On the early-stopping part, which chose the epochs: not an out-of-sample result. */
  metrics: z.strictObject({
    on: z.literal('early-stopping part: it chose the epochs, so these figures flatter'),
    rows: z.array(
      z.strictObject({
        target: name,
        horizon: name,
        model: name,
        n: count,
        r2VsRandomWalk: z.number(),
        ci95: z.tuple([z.number(), z.number()]),
        coverage80: z.number().min(0).max(1).nullable(),
      }),
    ),
  }),
  /** Spent on training and scoring. */
  seconds: z.number().nonnegative(),
});

/** What nets of real history were made from, and how their inputs and outputs are scaled. */
export type HistoryCard = z.infer<typeof fields>;

const card = fields.superRefine((model, context) => {
  const length = (path: (string | number)[], found: number, expected: number): void => {
    if (found !== expected) context.addIssue({ code: 'custom', path, message: `expected ${expected} entries, found ${found}` });
  };
  length(['inputScaler', 'mean'], model.inputScaler.mean.length, model.features.length);
  length(['inputScaler', 'sd'], model.inputScaler.sd.length, model.features.length);
  length(['targetScale'], model.targetScale.length, model.targets.length * model.horizons.length);
  if ((model.preset === null) === (model.columns === null))
    context.addIssue({ code: 'custom', path: ['preset'], message: 'expected either a preset or columns, the other null' });
});

/**
 * The card of nets of real history in this text.
 *
 * @throws InputError naming `source`: not JSON; a net of simulated markets, or another format; every key that is missing, unknown or out of range.
 */
export function parseHistoryCard(source: string, text: string): HistoryCard {
  const value = jsonValue(source, text);
  const format: unknown = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format === HISTORY_CARD_FORMAT) return jsonDocument(source, text, card);
  const found =
    format === MODEL_CARD_FORMAT
      ? `${MODEL_CARD_FORMAT}: a model of simulated markets, which no file of history can be put before; evaluate it without --data`
      : format === undefined
        ? 'none'
        : excerpt(format);
  throw new InputError(source, [{ path: 'format', message: `expected ${HISTORY_CARD_FORMAT}, found ${found}` }]);
}
