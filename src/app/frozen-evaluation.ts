import { InputError } from '../core/assert.ts';
import { evaluation } from '../study/evaluation/evaluation.ts';
import { historyBaselines } from '../study/history/baselines.ts';
import { ensembleRows } from '../study/history/ensemble-rows.ts';
import { historyTable } from '../study/history/history-forecasts.ts';
import type { HistoryPanel } from '../study/history/panel.ts';
import { windowOrigins, windowSet } from '../study/history/windows.ts';
import { day, type HistoryEvaluation, isoTime } from './history-evaluation.ts';
import { ensembleForecasts } from './history-kept.ts';
import { checkPanel, type HistoryModel, subjectOf } from './history-model.ts';
import { subjectHistory } from './history-subject.ts';

/** What kept nets are asked. */
export interface FrozenQuestion {
  readonly model: HistoryModel;
  /** Name and text of the file. */
  readonly file: string;
  readonly text: string;
  /** Days, as the user wrote them; from the first row after training where not given. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Scores kept nets on rows after those that training saw, as `evaluate --preset` scores those that walk: the nets stay as they are; linear models, gate
 * and conformal scales go on learning from what is known.
 *
 * @throws InputError on rows inside the training span, and on a file that does not serve.
 */
export async function evaluateFrozen({ file, from, model, text, to }: FrozenQuestion): Promise<HistoryEvaluation> {
  const { card, nets, path } = model;
  const { panel, preset } = subjectHistory(file, text, subjectOf(card));
  checkPanel(model, panel);
  const lastSeconds = Date.parse(card.data.last) / 1000;
  const start = day('--from', from)?.start;
  const end = day('--to', to)?.end ?? Number.POSITIVE_INFINITY;
  checkSpan(panel, start, end, lastSeconds, card.data.last);
  const at = (row: number): number => panel.seconds[row] ?? Number.NaN;
  const served = windowOrigins(panel, card.window).filter((row) => at(row) > lastSeconds && at(row) >= (start ?? 0) && at(row) <= end);
  if (served.length === 0) {
    const message = `has no row to forecast between --from and --to, after the ${card.window} that a window needs`;
    throw new InputError(file, [{ path: '', message }]);
  }
  const { selectBackend } = await import('../forecast/lstm/train/backend.ts');
  const backend = await selectBackend('auto');
  const data = windowSet(panel, served, card.window, card.features);
  const said = await ensembleForecasts(nets, data, [...served.keys()]);
  const [first, last] = [isoTime(at(served[0] ?? 0)), isoTime(at(served.at(-1) ?? 0))];
  const title = `${panel.definition.name} of ${file}, forecasts from ${first.slice(0, 10)} to ${last.slice(0, 10)}, by the nets of ${path}`;
  const table = historyTable(title, panel, preset, historyBaselines(panel, preset), served, said);
  if (table.targets.length === 0) {
    const message = 'has no forecast whose outcome is known and that the linear models make too: a longer file is needed';
    throw new InputError(file, [{ path: '', message }]);
  }
  const reference = preset.partners.at(-1) ?? 'har';
  const rows = ensembleRows([evaluation(table, { reference })]);
  return {
    title,
    from: first,
    to: last,
    backend: backend.name,
    notes: panel.notes,
    rows,
    evaluation: { title, reference, rows },
    table,
    curves: card.members.map(({ trainLoss, validationLoss }, i) => {
      return { name: `net ${i + 1}`, train: trainLoss, validation: validationLoss.slice(1) };
    }),
  };
}

/** @throws InputError where a row that was asked for is one that training saw: any of them with --from, all of them without. */
function checkSpan({ seconds }: HistoryPanel, start: number | undefined, end: number, lastSeconds: number, last: string): void {
  const asked = seconds.filter((at) => at >= (start ?? Number.NEGATIVE_INFINITY) && at <= end);
  const seen = asked.filter((at) => at <= lastSeconds).length;
  if (seen === 0 || (start === undefined && seen < asked.length)) return;
  const message = `asks for rows inside the training span, which ends with ${last}: what training has seen is no test; expected days after it`;
  throw new InputError(start !== undefined ? '--from' : Number.isFinite(end) ? '--to' : '--data', [{ path: '', message }]);
}
