import { InputError, type Issue } from '../core/assert.ts';
import { fixed, textTable } from '../core/text-table.ts';
import { readColumnMap } from '../data/column-map.ts';
import type { HistoryCard } from '../forecast/lstm/history-card.ts';
import { HISTORY_PRESETS } from '../study/history/presets.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit.ts';
import { readText } from './files.ts';
import { day, HISTORY_BYTES_MAXIMUM } from './history-evaluation.ts';
import { keptHistory } from './history-kept.ts';
import type { HistorySubject } from './history-subject.ts';
import { CARD_FILE } from './model-folder.ts';
import { outputFolder } from './output-folder.ts';
import { memberFile, memberWeights } from './training/card.ts';
import { type TrainOptions, trainOptions } from './training/train-options.ts';

/** Options that have a meaning here; all others are about simulated markets. */
const OWN = ['data', 'preset', 'columns', 'to', 'seed', 'backend', 'workers', 'out', 'force', 'json'];

type Options = TrainOptions & { readonly measureOnly: boolean };

/** Whether a command line asks for nets of real history. */
export const isHistoryTraining = ({ columns, data, preset, to }: Options): boolean =>
  [columns, data, preset, to].some((value) => value !== undefined);

/** `volpit train --data`: trains an ensemble on a file of real history, and keeps it with its card. */
export async function trainHistory(context: Context, scenarios: readonly string[], options: Options): Promise<number> {
  const { output, version } = context;
  const { data, out, subject } = checked(scenarios, options);
  const count = ('preset' in subject ? HISTORY_PRESETS[subject.preset] : HISTORY_PRESETS.cboe).net.seedsPerEnsemble;
  const files = Array.from({ length: count }, (_, i) => [memberFile(i + 1), memberWeights(i + 1)]).flat();
  const folder = outputFolder(out, { force: options.force, files: [...files, CARD_FILE] });
  const { backend, seed, to, workers } = options;
  // Midnight is the next day's.
  const toSeconds = (day('--to', to)?.end ?? Number.POSITIVE_INFINITY) - 0.001;
  const text = readText(data, { bytesMaximum: HISTORY_BYTES_MAXIMUM });
  const what = options.columns === undefined ? `--preset ${options.preset}` : `--columns ${options.columns}`;
  const until = to === undefined ? '' : ` --to ${to}`;
  const command = `volpit train --data ${data} ${what}${until} --backend ${backend} --seed ${seed} --out ${out}`;
  const bar = context.progress(`training on ${data}`);
  const now = (): number => performance.now();
  const task = { source: data, text, subject, toSeconds, seed, backend, workers, command, version, now };
  const kept = await keptHistory(task, bar).finally(() => bar.end());
  folder.write(kept.files);
  if (options.json) output.json('train-history', { model: folder.path, card: kept.card });
  else output.print(trainedText(kept.card, folder.path));
  return EXIT.ok;
}

/** @throws InputError with all that is wrong with the command line. */
function checked(
  scenarios: readonly string[],
  options: Options,
): { readonly data: string; readonly out: string; readonly subject: HistorySubject } {
  const { columns, data, out, preset } = options;
  const issues: Issue[] = [];
  if (data === undefined) issues.push({ path: '--data', message: 'missing; expected the file of history' });
  if (out === undefined) issues.push({ path: '--out', message: 'missing; expected a folder for the model' });
  if ((preset === undefined) === (columns === undefined))
    issues.push({ path: '--preset', message: 'expected either --preset or --columns, which say what the file holds' });
  if (scenarios.length > 0)
    issues.push({ path: 'scenarios', message: `found ${scenarios.join(' ')}: with --data there is nothing to simulate` });
  const values = options as unknown as Readonly<Record<string, unknown>>;
  for (const [key, { flags, initial }] of Object.entries(trainOptions)) {
    if (OWN.includes(key) || Object.is(values[key], initial)) continue;
    issues.push({ path: flags.split(' ')[0] ?? key, message: 'is about simulated markets: with --data the preset sets the nets' });
  }
  if (issues.length > 0 || data === undefined || out === undefined) throw new InputError('train', issues);
  if (preset !== undefined) return { data, out, subject: { preset } };
  return { data, out, subject: { columns: readColumnMap('--columns', columns ?? '') } };
}

function trainedText({ data, members, metrics, seconds, split, stillFeatures }: HistoryCard, path: string): string {
  const days = ({ first, last, windows }: HistoryCard['split']['training']): string =>
    `${windows} windows from ${first.slice(0, 10)} to ${last.slice(0, 10)}`;
  const percent = (value: number): string => fixed(100 * value, 1);
  const rows = metrics.rows.map(({ ci95, coverage80, horizon, model, n, r2VsRandomWalk, target }) => [
    ...[target, horizon, model, String(n), percent(r2VsRandomWalk), `${percent(ci95[0])} to ${percent(ci95[1])}`],
    coverage80 === null ? '' : percent(coverage80),
  ]);
  return [
    `${members.length} nets on ${days(split.training)}; ${days(split.earlyStopping)} chose the epochs (${members.map(({ bestEpoch }) => bestEpoch).join(', ')})`,
    '',
    'On the part that chose the epochs, so these figures flatter; per cent',
    textTable([['target', 'horizon', 'model', 'n', 'R2', '95 %', 'cover 80'], ...rows]),
    ...(stillFeatures.length === 0 ? [] : ['', `inputs that never move are left out: ${stillFeatures.join(', ')}`]),
    '',
    `${path}: ${fixed(seconds, 0)} s. Test it on rows after ${data.last.slice(0, 10)}: volpit evaluate ${path} --data FILE`,
  ].join('\n');
}
