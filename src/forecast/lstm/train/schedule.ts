/** How the learning rate goes from step to step. */
export type Schedule = 'cosine' | 'plateau' | 'constant';

/** Share of all steps in which the learning rate rises, and the share of it that is left at the end. */
const WARM_UP = 0.05;
const RATE_LEFT = 0.05;
/** Epochs without a better validation loss after which a plateau halves the rate, and what the loss must fall by to be better. */
const PLATEAU_EPOCHS = 3;

/**
 * Share of the highest learning rate that holds in a step: after a linear warm-up over 5 % of the steps a cosine to a twentieth of it
 * (Loshchilov and Hutter 2017, without restarts); or a half, once more after every three epochs without a better loss; or all of it from
 * the first step on, for more training of a net that was trained before.
 *
 * @param validationLoss before the first epoch, then after each: all that the schedule remembers, so that training can be taken up again.
 */
export function rateShare(schedule: Schedule, step: number, stepsInAll: number, validationLoss: readonly number[]): number {
  if (schedule === 'constant') return 1;
  const warmUp = Math.ceil(WARM_UP * stepsInAll);
  if (step < warmUp) return (step + 1) / warmUp;
  if (schedule === 'plateau') return Math.exp(-Math.LN2 * plateaus(validationLoss));
  const progress = (step - warmUp) / Math.max(1, stepsInAll - warmUp);
  return RATE_LEFT + (1 - RATE_LEFT) * 0.5 * (1 + Math.cos(Math.PI * progress));
}

/** How often three epochs in a row have brought no better loss. */
export function plateaus(losses: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  let idle = 0;
  let count = 0;
  for (const loss of losses) {
    idle = loss < best ? 0 : idle + 1;
    best = Math.min(best, loss);
    if (idle === PLATEAU_EPOCHS) {
      count += 1;
      idle = 0;
    }
  }
  return count;
}
