import { InputError } from '../core/assert.ts';
import type { DatedTable } from '../core/dated-table.ts';
import { type ColumnMap, mappedLayout } from '../data/column-map.ts';
import { readDatedTable } from '../data/dated-table.ts';
import { HISTORY_LAYOUTS } from '../data/history-layouts.ts';
import { columnPreset, usualStep } from '../study/history/column-definition.ts';
import { type HistoryPanel, historyPanel } from '../study/history/panel.ts';
import { HISTORY_PRESETS, type HistoryPreset, type HistoryPresetName } from '../study/history/presets.ts';

/** What a file of history holds, as plain data. */
export type HistorySubject =
  | { readonly preset: HistoryPresetName }
  /** `stepSeconds` is that of the file where not given. */
  | { readonly columns: ColumnMap; readonly stepSeconds?: number };

/** A file read as its subject says. */
export interface SubjectHistory {
  readonly table: DatedTable;
  readonly preset: HistoryPreset;
  readonly panel: HistoryPanel;
}

/**
 * Reads a file of history.
 * @param toSeconds rows after it are as if they were not there.
 * @throws InputError as the readers do, or where no row is left.
 */
export function subjectHistory(
  source: string,
  text: string,
  subject: HistorySubject,
  toSeconds = Number.POSITIVE_INFINITY,
): SubjectHistory {
  const layout = 'preset' in subject ? HISTORY_LAYOUTS[subject.preset] : mappedLayout(subject.columns);
  const table = upTo(readDatedTable(source, text, layout), toSeconds);
  const preset = 'preset' in subject ? HISTORY_PRESETS[subject.preset] : presetOf(subject.columns, subject.stepSeconds ?? usualStep(table));
  return { table, preset, panel: historyPanel(table, preset.definition) };
}

function presetOf({ calmBelow, spot, vols }: ColumnMap, stepSeconds: number): HistoryPreset {
  const border = calmBelow === undefined ? {} : { stressedVol: calmBelow };
  return columnPreset({ vols: vols.map(({ name }) => name), hasSpot: spot !== undefined, stepSeconds, ...border });
}

function upTo(table: DatedTable, toSeconds: number): DatedTable {
  if (toSeconds === Number.POSITIVE_INFINITY) return table;
  const assets = table.assets.flatMap(({ asset, columns, seconds }) => {
    const end = seconds.findIndex((at) => at > toSeconds);
    const kept = end < 0 ? seconds.length : end;
    if (kept === 0) return [];
    const cut = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice(0, kept)]));
    return [{ asset, seconds: seconds.slice(0, kept), columns: cut }];
  });
  if (assets.length === 0) throw new InputError(table.source, [{ path: '', message: 'has no row up to --to' }]);
  return { ...table, assets };
}
