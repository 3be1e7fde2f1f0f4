import { InputError } from '../core/assert.ts';
import { tableTime } from '../data/table-time.ts';
import type { LearningCurve } from '../report/evaluation-report.ts';
import { type Evaluation, evaluation } from '../study/evaluation/evaluation.ts';
import type { ForecastTable } from '../study/evaluation/forecast-table.ts';
import { historyBaselines } from '../study/history/baselines.ts';
import { type EnsembleRow, ensembleRows } from '../study/history/ensemble-rows.ts';
import { historyTable } from '../study/history/history-forecasts.ts';
import { averaged } from '../study/history/mixtures.ts';
import { HISTORY_PRESETS, type HistoryPresetName } from '../study/history/presets.ts';
import { readText } from './files.ts';
import { type HistoryFile, type HistoryNetTask, loadHistory, runHistoryNet } from './history-net.ts';
import { trainedNets } from './history-pool.ts';
import { breath, interruption } from './interruption.ts';
import type { Progress } from './progress.ts';

/** What `volpit evaluate --preset` is asked. */
export interface HistoryQuestion {
  readonly preset: HistoryPresetName;
  readonly file: string;
  /** Days, the first and the last with a forecast, as the user wrote them. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly seed: string;
  /** Disjoint ensembles; figures are those of the one in the middle. */
  readonly ensembles: number;
  readonly workers: number;
}

/** What came out. */
export interface HistoryEvaluation {
  readonly title: string;
  /** Time of the first and the last forecast, as ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly backend: string;
  readonly notes: readonly string[];
  readonly rows: readonly EnsembleRow[];
  readonly evaluation: Evaluation;
  /** What the first ensemble forecast, and how its nets learned: for pictures. */
  readonly table: ForecastTable;
  readonly curves: readonly LearningCurve[];
}

/** Of a file of history. */
export const HISTORY_BYTES_MAXIMUM = 256 * 1_048_576;

/**
 * Trains and tests walk-forward on a file of real history: baselines and ensembles of nets, each fitted only on what was known, scored together.
 * @throws InputError on a file or dates that do not serve; Interruption on a signal.
 */
export async function evaluateHistory(question: HistoryQuestion, progress: Progress): Promise<HistoryEvaluation> {
  const preset = HISTORY_PRESETS[question.preset];
  const from = day('--from', question.from);
  const to = day('--to', question.to);
  const range = { ...(from === undefined ? {} : { fromSeconds: from.start }), ...(to === undefined ? {} : { toSeconds: to.end }) };
  const file: HistoryFile = {
    source: question.file,
    text: readText(question.file, { bytesMaximum: HISTORY_BYTES_MAXIMUM }),
    preset: question.preset,
    range,
  };
  const { panel, plan } = loadHistory(file);
  const perEnsemble = preset.net.seedsPerEnsemble;
  const tasks = Array.from({ length: question.ensembles * perEnsemble }, (_, i): HistoryNetTask => {
    return { ...file, seed: `history/${question.seed}/ensemble${Math.floor(i / perEnsemble)}/net${i % perEnsemble}` };
  });
  const nets = await trainedNets(tasks, question.workers, 'run', runHistoryNet, progress);
  const baselines = historyBaselines(panel, preset);
  const reference = preset.partners.at(-1) ?? 'har';
  const times = [...plan.served].map((row) => panel.seconds[row] ?? 0);
  const [first, last] = [isoTime(times[0] ?? 0), isoTime(times.at(-1) ?? 0)];
  const title = `${question.preset} of ${question.file}, forecasts from ${first.slice(0, 10)} to ${last.slice(0, 10)}, walk-forward`;
  const evaluations: Evaluation[] = [];
  const tables: ForecastTable[] = [];
  for (let ensemble = 0; ensemble < question.ensembles; ensemble += 1) {
    await breath();
    interruption().throwIfAborted();
    const members = nets.slice(ensemble * perEnsemble, (ensemble + 1) * perEnsemble);
    const table = historyTable(title, panel, preset, baselines, plan.served, averaged(members));
    if (ensemble === 0) tables.push(table);
    evaluations.push(evaluation(table, { reference }));
  }
  const rows = ensembleRows(evaluations);
  return {
    title,
    from: first,
    to: last,
    backend: nets[0]?.backend ?? '',
    notes: [...panel.notes, ...plan.notes],
    rows,
    evaluation: { title, reference, rows },
    table: tables[0] ?? { title, targets: [] },
    curves: nets.slice(0, perEnsemble).map(({ learning }, i) => ({ name: `net ${i + 1}, first fit`, ...learning })),
  };
}

/** First and last second of a day that the user wrote. */
export function day(flag: string, text: string | undefined): { readonly start: number; readonly end: number } | undefined {
  if (text === undefined) return undefined;
  const end = /^\d{4}-\d\d-\d\d$/.test(text) ? tableTime(text) : undefined;
  if (end === undefined)
    throw new InputError(flag, [{ path: '', message: `found "${text.slice(0, 40)}", expected a day like 2015-01-02` }]);
  return { start: end - 86_400, end };
}

/** Of seconds since 1970. */
export const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();
