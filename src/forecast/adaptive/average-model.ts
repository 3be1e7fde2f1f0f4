import { InputError } from '../../core/assert.ts';
import type { ForecasterModel } from '../forecaster.ts';
import type { LstmModel } from '../lstm/lstm-model.ts';
import { RunningAverage } from './running-average.ts';

/** Kinds that combine trained forecasters and learn in the market. */
export type CombinedKind = 'average' | 'adaptive';

/**
 * The average of what is trained, as it is served, times the slope of a long memory, with an online conformal scale. `average` is half of the net and half of
 * the linear model, as they were trained. `adaptive` weighs both, the random walk and a net whose linear head it updates by recursive least squares by a
 * fixed-share gate for each factor and horizon, and answers alarms of drift.
 *
 * @param linear of the same grid and features; undefined: `average` is the net alone, and the gate of `adaptive` has one expert fewer.
 * @throws InputError when the two were trained on different grids.
 */
export function averageModel(kind: CombinedKind, net: LstmModel, linear: ForecasterModel | undefined): ForecasterModel {
  const grid = (model: ForecasterModel): string => `${model.stepSeconds} s: ${model.horizonsSeconds.join(', ')} s`;
  if (linear !== undefined && grid(linear) !== grid(net)) {
    const message = `expected the net's steps and horizons, ${grid(net)}; found ${grid(linear)}`;
    throw new InputError(`model ${linear.kind}`, [{ path: 'horizonsSeconds', message }]);
  }
  return {
    kind,
    stepSeconds: net.stepSeconds,
    horizonsSeconds: net.horizonsSeconds,
    features: net.features,
    warmupSteps: net.warmupSteps,
    start: () => new RunningAverage(kind, net, linear),
  };
}
