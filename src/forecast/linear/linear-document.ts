import { z } from 'zod';
import { InputError } from '../../core/assert.ts';
import { hashText } from '../../core/hash.ts';
import { excerpt, jsonDocument, jsonValue } from '../lstm/json-document.ts';

/** Name and version of the layout of a file of linear forecasters. */
export const LINEAR_FORMAT = 'volpit.linear/1';

/**
 * The linear forecasters, from the richest to the simplest: ridge on all inputs of the net with their lags; on a factor's own past changes; on
 * its distances from averages over 5 and 22 steps and the last change (HAR); on its last change; on the last changes of all factors; and the
 * local level, which is a random walk seen with noise.
 */
export const LINEAR_KINDS = ['linear', 'own-lags', 'har', 'ar1', 'var', 'local-level'] as const;
export type LinearKind = (typeof LINEAR_KINDS)[number];

const name = z.string().min(1);
const numbers = z.array(z.number());
const regressor = z.strictObject({
  feature: name,
  form: z.literal(['value', 'sum', 'gap', 'smooth']),
  steps: z.number().nonnegative().max(1000),
});

const model = z.strictObject({
  kind: z.literal(LINEAR_KINDS),
  regressors: z.array(regressor).min(1),
  /** By output (`horizon * factors + factor`): a constant, then one per regressor, in the factor's own unit. */
  coefficients: z.array(numbers).min(1),
  /** By output: logarithm of the scale of the error, a constant, then one per standardised feature. */
  logScale: z.array(numbers).min(1),
  /** By output: ridge penalty, as a share of each regressor's sum of squares. */
  penalties: numbers,
  /** By output, on the sequences that chose the penalty: 1 - squared error / squared error of the random walk. Not an out-of-sample result. */
  heldOutR2: numbers,
});

const fields = z.strictObject({
  format: z.literal(LINEAR_FORMAT),
  stepSeconds: z.number().positive(),
  horizonsSeconds: z.array(z.number().positive()).min(1),
  factors: z.array(name).min(1),
  features: z.array(name).min(1),
  inputScaler: z.strictObject({ mean: numbers, sd: z.array(z.number().positive()) }),
  sequences: z.strictObject({ fitted: z.int().positive(), heldOut: z.int().positive(), steps: z.int().positive() }),
  models: z.array(model).min(1),
  /** Hash of all the rest ({@link linearHash}): a file that was damaged is refused. */
  hash: z.string(),
});

/** Linear forecasters of one training, as plain data: `linear.json` in a model's folder. */
export type LinearDocument = z.infer<typeof fields>;
export type LinearFit = LinearDocument['models'][number];

const document = fields.superRefine((found, context) => {
  const fail = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
  const length = (path: (string | number)[], list: readonly unknown[] | undefined, expected: number): void => {
    if (list?.length !== expected) fail(path, `expected ${expected} entries, found ${list?.length}`);
  };
  const { factors, features, horizonsSeconds, models } = found;
  const outputs = factors.length * horizonsSeconds.length;
  length(['inputScaler', 'mean'], found.inputScaler.mean, features.length);
  length(['inputScaler', 'sd'], found.inputScaler.sd, features.length);
  for (const [m, each] of models.entries()) {
    if (models.findIndex(({ kind }) => kind === each.kind) !== m)
      fail(['models', m, 'kind'], `expected kinds that differ, found ${each.kind}`);
    for (const key of ['coefficients', 'logScale', 'penalties', 'heldOutR2'] as const) length(['models', m, key], each[key], outputs);
    for (const [i, row] of each.coefficients.entries()) length(['models', m, 'coefficients', i], row, 1 + each.regressors.length);
    for (const [i, row] of each.logScale.entries()) length(['models', m, 'logScale', i], row, 1 + features.length);
    for (const [i, { feature }] of each.regressors.entries())
      if (!features.includes(feature)) fail(['models', m, 'regressors', i], `expected one of the features, found ${feature}`);
  }
  if (found.hash !== linearHash(found))
    fail(['hash'], `expected ${linearHash(found)}, found ${found.hash}: the file is damaged or was changed`);
});

/** Hash of a document but for its `hash`, eight hexadecimal digits: against damage, not against forgery. */
export function linearHash(of: Omit<LinearDocument, 'hash'>): string {
  return hashText(JSON.stringify({ ...of, hash: '' }))
    .toString(16)
    .padStart(8, '0');
}

/**
 * The linear forecasters in this text.
 * @throws InputError naming `source`: not JSON, another format, or every entry that is missing, unknown, or does not fit the others.
 */
export function parseLinearDocument(source: string, text: string): LinearDocument {
  const value = jsonValue(source, text);
  const format: unknown = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format !== LINEAR_FORMAT) {
    const found = format === undefined ? 'none' : excerpt(format);
    throw new InputError(source, [{ path: 'format', message: `expected ${LINEAR_FORMAT}, found ${found}` }]);
  }
  return jsonDocument(source, text, document);
}
