import { logistic, pooled } from '../ensemble.ts';
import { type ExtraMetrics, extraMetrics } from '../extra-validation.ts';
import type { TrainingSequences } from '../sequences.ts';
import { calibrationMultipliers, type OutputMetrics, outputMetrics, type ScoredSequences } from '../validation.ts';
import type { Preparation, TrainedNet } from './trained-net.ts';

/** What all nets of an ensemble together say of the validation part, and how good that is. */
export interface AssembledMetrics {
  /** Multiplier of each predicted scale. */
  readonly calibration: readonly number[];
  /** Forecasts of the validation part, with scales before calibration. */
  readonly validation: ScoredSequences;
  readonly metrics: readonly OutputMetrics[];
  /** One entry per horizon; empty where the data hold neither volatility nor shocks. */
  readonly extraMetrics: readonly ExtraMetrics[];
}

/** Pools the forecasts of the nets as they will be served, calibrates them, and scores them. */
export function assembled(data: TrainingSequences, preparation: Preparation, nets: readonly TrainedNet[]): AssembledMetrics {
  const first = nets[0]?.validation;
  const change = new Float32Array(first?.change.length ?? 0);
  const scale = new Float32Array(change.length);
  pooled(
    nets.map((net) => net.validation),
    change,
    scale,
  );
  const mean = (of: (net: TrainedNet, at: number) => number): Float32Array =>
    Float32Array.from({ length: first?.variance.length ?? 0 }, (_, at) => nets.reduce((sum, net) => sum + of(net, at), 0) / nets.length);
  const sequences = preparation.split.validation;
  const validation = { data, sequences, change, scale };
  return {
    validation,
    calibration: calibrationMultipliers(validation),
    metrics: outputMetrics(validation),
    extraMetrics: extraMetrics({
      data,
      sequences,
      variance: mean((net, at) => net.validation.variance[at] ?? Number.NaN),
      shock: mean((net, at) => logistic(net.validation.shockLogit[at] ?? Number.NaN)),
      varianceScale: preparation.varianceScale,
    }),
  };
}
