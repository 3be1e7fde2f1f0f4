import { InputError } from '../../core/assert.ts';
import { type HistoryPanel, rowAhead } from './panel.ts';

/** What a net is fitted on at one time, and what it forecasts from then on. Entries index a list of origins in order of time. */
export interface Fold {
  /** Time of the first origin served: nothing later was known to the fit. */
  readonly cutSeconds: number;
  readonly training: readonly number[];
  /** The latest known origins, held out to choose the epoch. */
  readonly validation: readonly number[];
  /** Origins that this fit serves. */
  readonly served: readonly number[];
}

/** Where and how often history is cut. */
export interface WalkTerms {
  /** First and last time of an origin that is served. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Distinct times that a fit serves. */
  readonly refitTimes: number;
  /** Share of the known origins that chooses the epoch. */
  readonly validationShare: number;
  /** Fewest origins in the first training part. */
  readonly trainingMin: number;
}

/**
 * Expanding walk-forward folds. An origin may be trained on when the outcome of its longest horizon is known at the cut; between training and
 * validation part the same is asked of the first origin of the latter: the labels in between are purged (López de Prado 2018, chapter 7).
 *
 * @param origins panel rows in order of time.
 * @throws InputError when nothing is served, or too little is known before; it says how many rows are needed.
 */
export function walkForwardFolds(panel: HistoryPanel, origins: ArrayLike<number>, terms: WalkTerms): Fold[] {
  const longest = longestSteps(panel);
  const at = (place: number): number => panel.seconds[origins[place] ?? -1] ?? Number.NaN;
  const served = Array.from(origins, (_, place) => place).filter((place) => at(place) >= terms.fromSeconds && at(place) <= terms.toSeconds);
  const times = [...new Set(served.map(at))];
  if (served.length === 0) throw new InputError(panel.source, [{ path: '', message: 'has no origin between --from and --to' }]);
  const splitAt = knownSplits(panel, origins, terms.validationShare);
  const folds: Fold[] = [];
  for (let first = 0; first < times.length; first += terms.refitTimes) {
    const cutSeconds = times[first] ?? Number.NaN;
    const end = times[first + terms.refitTimes] ?? Number.POSITIVE_INFINITY;
    const { known, training, validation } = splitAt(cutSeconds);
    if (training.length < terms.trainingMin) throw tooShort(panel, terms, known, training.length, longest);
    folds.push({ cutSeconds, training, validation, served: served.filter((place) => at(place) >= cutSeconds && at(place) < end) });
  }
  return folds;
}

/** Steps of the longest horizon: a window is known when the outcome of all its targets is. */
export const longestSteps = (panel: HistoryPanel): number => Math.max(...panel.definition.horizons.map(({ steps }) => steps));

/** Places of the origins whose outcomes were known at a time, in two parts with the labels between them purged. */
export interface KnownSplit {
  /** Count of all that were known. */
  readonly known: number;
  readonly training: readonly number[];
  /** The latest of them. */
  readonly validation: readonly number[];
}

/** What could be trained on at any time, as {@link walkForwardFolds} says. */
export function knownSplits(panel: HistoryPanel, origins: ArrayLike<number>, validationShare: number): (cutSeconds: number) => KnownSplit {
  const longest = longestSteps(panel);
  const knownAt = Float64Array.from(origins, (row) => panel.seconds[rowAhead(panel, row, longest) ?? -1] ?? Number.POSITIVE_INFINITY);
  const places = Array.from(origins, (_, place) => place);
  return (cutSeconds) => {
    const known = places.filter((place) => (knownAt[place] ?? Number.POSITIVE_INFINITY) <= cutSeconds);
    const held = Math.max(1, Math.round(known.length * validationShare));
    const validation = known.slice(known.length - held);
    const border = panel.seconds[origins[validation[0] ?? 0] ?? -1] ?? Number.NaN;
    const training = known.slice(0, known.length - held).filter((place) => (knownAt[place] ?? Number.POSITIVE_INFINITY) <= border);
    return { known: known.length, training, validation };
  };
}

/** @param longest steps of the longest horizon. */
export function tooShort(
  panel: HistoryPanel,
  { trainingMin, validationShare }: Pick<WalkTerms, 'trainingMin' | 'validationShare'>,
  known: number,
  training: number,
  longest: number,
): InputError {
  const needed = Math.ceil(trainingMin / (1 - validationShare)) + longest * panel.assets.length;
  const message =
    `has ${known} usable rows with a known outcome before the first forecast, ${training} of them to train on; ` +
    `expected at least ${needed}, after those that windows and means begin with: give a later --from, or a longer file`;
  return new InputError(panel.source, [{ path: '', message }]);
}
