import { InputError, type Issue } from '../core/assert.ts';
import { readDatedTable } from '../data/dated-table.ts';
import { HISTORY_LAYOUTS } from '../data/history-layouts.ts';
import { tableTime } from '../data/table-time.ts';
import { type HistoryPlan, type HistoryRange, historyPlan } from '../study/history/history-plan.ts';
import { type HistoryPanel, historyPanel } from '../study/history/panel.ts';
import { HISTORY_PRESETS, type HistoryPresetName } from '../study/history/presets.ts';

/** A file of history and what is asked of it, as plain data. */
export interface HistoryFile {
  readonly source: string;
  readonly text: string;
  readonly preset: HistoryPresetName;
  readonly range: HistoryRange;
}

/** One net through that file: what is sent to a worker. */
export interface HistoryNetTask extends HistoryFile {
  readonly seed: string;
}

/** What comes back. */
export type HistoryNetOutcome =
  | {
      readonly kind: 'done';
      readonly change: Float64Array;
      readonly scale: Float64Array;
      readonly backend: string;
      /** Losses of the first fit. */
      readonly learning: { readonly train: readonly number[]; readonly validation: readonly number[] };
    }
  | { readonly kind: 'bad-input'; readonly source: string; readonly issues: readonly Issue[] };

/** A file read and cut into folds. */
export interface LoadedHistory {
  readonly panel: HistoryPanel;
  readonly plan: HistoryPlan;
}

/** @throws InputError as the readers and the plan do. */
export function loadHistory({ preset, range, source, text }: HistoryFile): LoadedHistory {
  const { definition, fromDay } = HISTORY_PRESETS[preset];
  const panel = historyPanel(readDatedTable(source, text, HISTORY_LAYOUTS[preset]), definition);
  const end = fromDay === undefined ? undefined : tableTime(fromDay);
  return { panel, plan: historyPlan(panel, HISTORY_PRESETS[preset], range, end === undefined ? undefined : end - 86_400) };
}

let loaded: { readonly key: string; readonly history: LoadedHistory } | undefined;

/**
 * Trains one net through history and gives its forecasts, in the order of the plan. Equal tasks give equal bytes, wherever they run.
 */
export async function runHistoryNet(task: HistoryNetTask): Promise<HistoryNetOutcome> {
  try {
    const key = JSON.stringify([task.source, task.preset, task.range, task.text.length]);
    if (loaded?.key !== key) loaded = { key, history: loadHistory(task) };
    const { plan } = loaded.history;
    const { net } = HISTORY_PRESETS[task.preset];
    // TensorFlow.js is loaded only where something is trained.
    const [{ selectBackend }, { walkWindows }] = await Promise.all([
      import('../forecast/lstm/train/backend.ts'),
      import('../forecast/lstm/train/window-walk.ts'),
    ]);
    const backend = await selectBackend('auto');
    const { change, histories, scale } = await walkWindows(plan.data, plan.folds, {
      units: net.units,
      seed: task.seed,
      first: net.first,
      later: net.later,
    });
    return {
      kind: 'done',
      change,
      scale,
      backend: backend.name,
      learning: { train: histories[0]?.trainLoss ?? [], validation: histories[0]?.validationLoss.slice(1) ?? [] },
    };
  } catch (error) {
    // An error that crosses to another thread is no longer of its class.
    if (!(error instanceof InputError)) throw error;
    return { kind: 'bad-input', source: error.source, issues: error.issues };
  }
}
