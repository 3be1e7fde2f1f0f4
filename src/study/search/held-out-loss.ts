import { normalCdf, normalPdf } from '../../core/special.ts';
import { LstmCell } from '../../forecast/lstm/cell.ts';
import { LinearHead } from '../../forecast/lstm/head.ts';
import { blankOutputs, type OutputLayout, readOutputs } from '../../forecast/lstm/outputs.ts';
import { BURN_IN_ROWS, type InputScaler, standardised } from '../../forecast/lstm/scaling.ts';
import { outputsOf, type TrainingSequences } from '../../forecast/lstm/sequences.ts';
import type { LstmWeights } from '../../forecast/lstm/weights.ts';

/** A net with what scales its inputs and outputs, as training fitted it. */
export interface ScaledNet {
  readonly weights: LstmWeights;
  readonly inputScaler: InputScaler;
  /** Root mean square of each output's target in the training part. */
  readonly targetScale: readonly number[];
  readonly layout: OutputLayout;
}

/**
 * Continuous ranked probability score of a normal forecast, in the unit of the outcome: ∫ (F(x) − 1{x ≥ y})² dx, never below 0, lower is better.
 * Source: Gneiting and Raftery (2007), JASA 102, equation 21, with the sign of a loss.
 * @param sd above 0.
 */
export function normalCrps(outcome: number, mean: number, sd: number): number {
  const z = (outcome - mean) / sd;
  return sd * (z * (2 * normalCdf(z) - 1) + 2 * normalPdf(z) - INVERSE_ROOT_PI);
}

const INVERSE_ROOT_PI = 0.5641895835477563;

/**
 * How much worse a net forecasts these sequences than the random walk does: the ratio of their scores (CRPS), less 1, in the mean over
 * all outputs. 0 is the random walk with the training part's own spread, −0.05 a twentieth better. The net is run as it is served: state carried
 * over the whole sequence, scored after the burn-in; whatever its head, by the change and the scale that it would give, as those of a normal and before calibration. NaN where the net says no number.
 */
export function heldOutLoss(net: ScaledNet, data: TrainingSequences, sequences: readonly number[]): number {
  const outputs = outputsOf(data);
  const own = new Float64Array(outputs);
  const walk = new Float64Array(outputs);
  const cell = new LstmCell(net.weights.layer);
  const head = new LinearHead(net.weights.head);
  const width = data.features.length;
  const read = blankOutputs(net.layout);
  const row = new Float64Array(width);
  for (const sequence of sequences) {
    cell.reset();
    for (let step = 0; step < data.steps; step += 1) {
      const at = sequence * data.steps + step;
      for (let i = 0; i < width; i += 1) {
        row[i] = standardised(data.rows[at * width + i] ?? Number.NaN, net.inputScaler.mean[i] ?? 0, net.inputScaler.sd[i] ?? 1);
      }
      cell.step(row);
      if (step < BURN_IN_ROWS) continue;
      head.apply(cell.hidden, row);
      readOutputs(head.output, 0, net.layout, read);
      for (let output = 0; output < outputs; output += 1) {
        const unit = net.targetScale[output] ?? Number.NaN;
        const target = (data.targets[at * outputs + output] ?? Number.NaN) / unit;
        if (Number.isNaN(target)) continue;
        own[output] = (own[output] ?? 0) + normalCrps(target, read.change[output] ?? Number.NaN, read.scale[output] ?? Number.NaN);
        walk[output] = (walk[output] ?? 0) + normalCrps(target, 0, 1);
      }
    }
  }
  let sum = 0;
  let scored = 0;
  for (let output = 0; output < outputs; output += 1) {
    if (walk[output] === 0) continue;
    sum += (own[output] ?? Number.NaN) / (walk[output] ?? Number.NaN) - 1;
    scored += 1;
  }
  return sum / scored;
}
