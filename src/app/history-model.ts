import { join } from 'node:path';
import { InputError } from '../core/assert.ts';
import { type HistoryCard, parseHistoryCard } from '../forecast/lstm/history-card.ts';
import type { WindowNet } from '../forecast/lstm/train/window-net.ts';
import type { HistoryPanel } from '../study/history/panel.ts';
import { readText } from './files.ts';
import type { HistorySubject } from './history-subject.ts';
import { CARD_FILE, checkedNet, MODEL_BYTES_MAXIMUM } from './model-folder.ts';

/** Nets of real history as they lie in a folder: `model.json`, `model-2.json`, ... (TF.js LayersModels), their weights, and `card.json`. */
export interface HistoryModel {
  readonly path: string;
  readonly card: HistoryCard;
  readonly nets: readonly WindowNet[];
}

/**
 * Reads kept nets of real history.
 * @throws InputError naming the file and what is wrong: missing, foreign (a model of simulated markets too), damaged, or shapes that do not fit.
 */
export async function readHistoryModel(path: string): Promise<HistoryModel> {
  const cardPath = join(path, CARD_FILE);
  const card = parseHistoryCard(cardPath, readText(cardPath));
  const { windowNetOf } = await import('../forecast/lstm/train/window-files.ts');
  const nets = card.members.map((member) => {
    const modelPath = join(path, member.model);
    const weights = checkedNet(path, modelPath, readText(modelPath, { bytesMaximum: MODEL_BYTES_MAXIMUM }), member);
    const outputs = 2 * card.targets.length * card.horizons.length;
    const issues = [
      ['features', card.features.length, weights.features] as const,
      ['units', card.units, weights.units] as const,
      ['outputs', outputs, weights.outputs] as const,
    ].flatMap(([name, expected, found]) => (expected === found ? [] : [{ path: name, message: `expected ${expected}, found ${found}` }]));
    if (issues.length > 0) throw new InputError(modelPath, issues);
    return windowNetOf(weights, card.inputScaler, card.targetScale);
  });
  return { path, card, nets };
}

/** What the files are that these nets read. */
export function subjectOf({ columns, preset }: HistoryCard): HistorySubject {
  if (preset !== null) return { preset };
  if (columns === null) throw new Error('a card has a preset or columns');
  const { asset, calmBelow, spot, stepSeconds, time, vols } = columns;
  return {
    columns: {
      time,
      vols,
      ...(spot === undefined ? {} : { spot }),
      ...(asset === undefined ? {} : { asset }),
      ...(calmBelow === undefined ? {} : { calmBelow }),
    },
    stepSeconds,
  };
}

/** @throws InputError when the panel has other assets, inputs or targets than the nets were trained with. */
export function checkPanel({ card, path }: HistoryModel, panel: HistoryPanel): void {
  const { horizons, states } = panel.definition;
  const shown = (names: readonly string[]): string => names.map((name) => (name === '' ? 'one without a name' : name)).join(', ');
  const expect = (what: string, expected: readonly string[], found: readonly string[]): void => {
    if (expected.join('\n') === found.join('\n')) return;
    const message = `the nets of ${path} were trained with the ${what} ${shown(expected)}, found ${shown(found)}`;
    throw new InputError(panel.source, [{ path: '', message }]);
  };
  expect('assets', card.data.assets, panel.assets);
  const known = card.features.filter((name) => panel.features.includes(name));
  expect('inputs', card.features, known);
  expect(
    'targets',
    card.targets.map(({ name }) => name),
    states.map(({ name }) => name),
  );
  expect(
    'horizons',
    card.horizons.map(({ steps }) => String(steps)),
    horizons.map(({ steps }) => String(steps)),
  );
}
