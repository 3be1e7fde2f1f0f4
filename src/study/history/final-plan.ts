import type { SequenceSplit, TrainingSequences } from '../../forecast/lstm/sequences.ts';
import { movingFeatures } from './history-plan.ts';
import type { HistoryPanel } from './panel.ts';
import type { NetTerms } from './presets.ts';
import { knownSplits, longestSteps, tooShort } from './walk-forward.ts';
import { windowOrigins, windowSet } from './windows.ts';

/** What a net that is to be kept is trained on: all history that there is. */
export interface FinalPlan {
  readonly data: TrainingSequences;
  readonly split: SequenceSplit;
  /** Panel row of each window, which the split indexes. */
  readonly origins: Readonly<Int32Array>;
  /** Inputs that never move in the training part, and are left out. */
  readonly still: readonly string[];
}

/**
 * Cuts all of a panel into the two parts of one fit, as the first fold of a walk would be if its first forecast came after the last row: the
 * latest share of the windows with known outcomes chooses the epoch, the labels between the parts are purged.
 *
 * @throws InputError when there is too little history.
 */
export function finalPlan(panel: HistoryPanel, net: NetTerms): FinalPlan {
  const origins = windowOrigins(panel, net.window);
  const { known, training, validation } = knownSplits(panel, origins, net.validationShare)(Number.MAX_VALUE);
  if (training.length < net.trainingMin) throw tooShort(panel, net, known, training.length, longestSteps(panel));
  const { features, still } = movingFeatures(panel, origins, training);
  return { data: windowSet(panel, origins, net.window, features), split: { training, validation }, origins, still };
}
