import { InputError } from '../../core/assert.ts';
import type { ForecasterModel } from '../forecaster.ts';
import type { LstmModel } from '../lstm/lstm-model.ts';
import { RunningAverage } from './running-average.ts';

/** Kinds that combine trained forecasters and learn in the market. */
export type CombinedKind = 'average' | 'adaptive';

/**
 * The average of what is trained, as it is served: the net, the linear model where there is one, and the random walk, weighed for each factor and
 * horizon by a fixed-share gate that starts at (net + linear)/2, with an online conformal scale. `average` leaves the net as it was trained; `adaptive` also
 * updates its linear head by recursive least squares and answers alarms of drift.
 *
 * @param linear of the same grid and features; undefined: the gate has the net and the random walk.
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
