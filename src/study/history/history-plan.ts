import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import type { HistoryPanel } from './panel.ts';
import type { HistoryPreset } from './presets.ts';
import { type Fold, type WalkTerms, walkForwardFolds } from './walk-forward.ts';
import { windowOrigins, windowSet } from './windows.ts';

/** What nets are trained on and asked about, and when. */
export interface HistoryPlan {
  readonly data: TrainingSequences;
  readonly folds: readonly Fold[];
  /** Panel row of each forecast, fold after fold: the order in which nets answer. */
  readonly served: Readonly<Int32Array>;
  /** What was left out, in words. */
  readonly notes: readonly string[];
}

/** Bounds that the caller may leave open. */
export interface HistoryRange {
  readonly fromSeconds?: number;
  readonly toSeconds?: number;
}

/**
 * Cuts history into folds under a preset. Inputs that do not move before the first forecast teach nothing, and would enter as noise when they move
 * later: they are left out, and named in the notes.
 *
 * @param fromDaySeconds the preset's usual first day, where it has one: used where enough comes before it.
 * @throws InputError when there is too little history before the first forecast, or nothing to forecast ({@link walkForwardFolds}).
 */
export function historyPlan(panel: HistoryPanel, preset: HistoryPreset, range: HistoryRange, fromDaySeconds?: number): HistoryPlan {
  const { net, warmUpShare } = preset;
  const origins = windowOrigins(panel, net.window);
  const at = (place: number): number => panel.seconds[origins[place] ?? -1] ?? Number.NaN;
  const enough = Math.ceil(net.trainingMin / (1 - net.validationShare)) + 20;
  const before = fromDaySeconds === undefined ? 0 : origins.filter((row) => (panel.seconds[row] ?? 0) < fromDaySeconds).length;
  const isUsual = before >= enough && before < origins.length;
  const open = isUsual ? fromDaySeconds : at(Math.min(origins.length - 1, Math.max(enough, Math.floor(warmUpShare * origins.length))));
  const terms: WalkTerms = {
    fromSeconds: range.fromSeconds ?? open ?? Number.NEGATIVE_INFINITY,
    toSeconds: range.toSeconds ?? Number.POSITIVE_INFINITY,
    refitTimes: net.refitTimes,
    validationShare: net.validationShare,
    trainingMin: net.trainingMin,
  };
  const folds = walkForwardFolds(panel, origins, terms);
  const { features, still } = movingFeatures(panel, origins, folds[0]?.training ?? []);
  return {
    data: windowSet(panel, origins, net.window, features),
    folds,
    served: Int32Array.from(folds.flatMap(({ served }) => served.map((place) => origins[place] ?? -1))),
    notes: still.length === 0 ? [] : [`inputs that do not move before the first forecast are left out: ${still.join(', ')}`],
  };
}

/** Names of the inputs that move over these places of the origins, and of those that do not. */
export function movingFeatures(
  panel: HistoryPanel,
  origins: Readonly<Int32Array>,
  places: readonly number[],
): { readonly features: readonly string[]; readonly still: readonly string[] } {
  const moves = (values: Readonly<Float64Array> | undefined): boolean =>
    places.some((place) => values?.[origins[place] ?? -1] !== values?.[origins[places[0] ?? 0] ?? -1]);
  const features = panel.features.filter((_, i) => moves(panel.inputs[i]));
  return { features, still: panel.features.filter((name) => !features.includes(name)) };
}
