import { InputError } from '../core/assert.ts';
import { evaluationPage } from '../report/evaluation-page.ts';
import { EVALUATION_PARTS, evaluationText } from '../study/evaluation/evaluation-text.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit.ts';
import { readText } from './files.ts';
import { evaluateFrozen } from './frozen-evaluation.ts';
import { evaluateHistory, HISTORY_BYTES_MAXIMUM, type HistoryEvaluation } from './history-evaluation.ts';
import { readHistoryModel } from './history-model.ts';
import { choiceOption } from './options.ts';
import { outputFile } from './output-file.ts';
import { packageInfo } from './package-info.ts';
import type { Progress } from './progress.ts';

/** `--preset <name>` */
export const presetOption = () =>
  choiceOption(
    '--preset <name>',
    'trains and tests walk-forward on a file of real history of this layout',
    ['cboe', 'deribit-panel', 'dvol'] as const,
    undefined,
  );

/** The options of `evaluate` that are about history. */
export interface HistoryOptions {
  readonly preset: 'cboe' | 'deribit-panel' | 'dvol' | undefined;
  readonly data: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly ensembles: number;
  readonly seed: string;
  readonly workers: number;
  readonly report: string | undefined;
  readonly force: boolean;
  readonly details: boolean;
  readonly json: boolean;
}

/** `volpit evaluate --preset`: trains and tests on a file, and prints the scores. */
export async function printHistoryEvaluation(
  { output, progress }: Context,
  model: string | undefined,
  options: HistoryOptions,
): Promise<number> {
  const { data, ensembles, json } = options;
  if (data === undefined) throw new InputError('--preset', [{ path: '', message: 'expected --data with it, the file of history' }]);
  const page =
    options.report === undefined ? undefined : outputFile(options.report, { flag: '--report', force: options.force, inputs: [data] });
  const bar = progress(`training on ${data}`);
  const { preset, seed, trained, result } = await (model === undefined ? walked(data, options, bar) : frozen(model, data, options)).finally(
    () => bar.end(),
  );
  const about = aboutHistory(result, ensembles, trained);
  page?.write(
    evaluationPage({
      version: packageInfo().version,
      about,
      evaluation: result.evaluation,
      table: result.table,
      subject: 'average',
      curves: result.curves,
    }),
  );
  if (json) {
    const { backend, notes, rows } = result;
    const { reference } = result.evaluation;
    const kept = trained === undefined ? {} : { model: trained };
    output.json('evaluate-history', {
      preset,
      data,
      from: result.from,
      to: result.to,
      seed,
      ensembles,
      reference,
      backend,
      notes,
      ...kept,
      rows,
    });
  } else {
    output.print(evaluationText(result.evaluation, options.details ? EVALUATION_PARTS : ['skill']));
    for (const line of about) output.print(line);
  }
  if (page !== undefined) output.say(`wrote ${page.path}`);
  return EXIT.ok;
}

/** What kept nets were trained on. */
interface Trained {
  readonly folder: string;
  /** Time of the last row that they have seen. */
  readonly trainedTo: string;
  readonly fileSha256: string;
}

interface Answer {
  readonly preset: string;
  readonly seed: string;
  readonly trained?: Trained;
  readonly result: HistoryEvaluation;
}

async function walked(file: string, { ensembles, from, preset, seed, to, workers }: HistoryOptions, bar: Progress): Promise<Answer> {
  if (preset === undefined) {
    const message = 'expected --preset with it, which says what the file holds, or a model of real history';
    throw new InputError('--data', [{ path: '', message }]);
  }
  return { preset, seed, result: await evaluateHistory({ preset, file, from, to, seed, ensembles, workers }, bar) };
}

async function frozen(folder: string, file: string, { ensembles, from, preset, to }: HistoryOptions): Promise<Answer> {
  if (preset !== undefined) throw new InputError('--preset', [{ path: '', message: 'trains anew: expected no model with it' }]);
  if (ensembles !== 1)
    throw new InputError('--ensembles', [{ path: '', message: 'a kept model is one ensemble: expected --preset with it' }]);
  const model = await readHistoryModel(folder);
  const { data, preset: own, seed } = model.card;
  const text = readText(file, { bytesMaximum: HISTORY_BYTES_MAXIMUM });
  const result = await evaluateFrozen({ model, file, text, from, to });
  return { preset: own ?? 'columns', seed, trained: { folder, trainedTo: data.last, fileSha256: data.sha256 }, result };
}

/** What a reader must know of the figures. */
function aboutHistory({ backend, notes }: HistoryEvaluation, ensembles: number, trained: Trained | undefined): string[] {
  const known = 'Each forecast uses only what was known at its time.';
  if (trained !== undefined)
    return [`Kept nets, trained up to ${trained.trainedTo.slice(0, 10)} and not since; linear models go on learning. ${known}`, ...notes];
  const which = ensembles === 1 ? 'One ensemble' : `${ensembles} ensembles, each row that of the middle one`;
  return [`${which}; trained with TensorFlow.js on ${backend}. ${known}`, ...notes];
}
