import { InputError } from '../core/assert.ts';
import { evaluationPage } from '../report/evaluation-page.ts';
import { EVALUATION_PARTS, evaluationText } from '../study/evaluation/evaluation-text.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit.ts';
import { evaluateHistory, type HistoryEvaluation } from './history-evaluation.ts';
import { choiceOption } from './options.ts';
import { outputFile } from './output-file.ts';
import { packageInfo } from './package-info.ts';

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
export async function printHistoryEvaluation({ output, progress }: Context, options: HistoryOptions): Promise<number> {
  const { data, ensembles, from, json, preset, seed, to, workers } = options;
  if (preset === undefined)
    throw new InputError('--data', [{ path: '', message: 'expected --preset with it, which says what the file holds' }]);
  if (data === undefined) throw new InputError('--preset', [{ path: '', message: 'expected --data with it, the file of history' }]);
  const page =
    options.report === undefined ? undefined : outputFile(options.report, { flag: '--report', force: options.force, inputs: [data] });
  const bar = progress(`training on ${data}`);
  const result = await evaluateHistory({ preset, file: data, from, to, seed, ensembles, workers }, bar).finally(() => bar.end());
  page?.write(
    evaluationPage({
      version: packageInfo().version,
      about: aboutHistory(result, ensembles),
      evaluation: result.evaluation,
      table: result.table,
      subject: 'average',
      curves: result.curves,
    }),
  );
  if (json) {
    const { backend, notes, rows } = result;
    const { reference } = result.evaluation;
    output.json('evaluate-history', { preset, data, from: result.from, to: result.to, seed, ensembles, reference, backend, notes, rows });
  } else {
    output.print(evaluationText(result.evaluation, options.details ? EVALUATION_PARTS : ['skill']));
    for (const line of aboutHistory(result, ensembles)) output.print(line);
  }
  if (page !== undefined) output.say(`wrote ${page.path}`);
  return EXIT.ok;
}

/** What a reader must know of the figures. */
function aboutHistory({ backend, notes }: HistoryEvaluation, ensembles: number): string[] {
  const which = ensembles === 1 ? 'One ensemble' : `${ensembles} ensembles, each row that of the middle one`;
  return [`${which}; trained with TensorFlow.js on ${backend}. Each forecast uses only what was known at its time.`, ...notes];
}
