import { BURN_IN_ROWS, TARGET_LIMIT } from '../lstm/scaling.ts';
import { checkSequences, fitScaler, fitTargetScale, outputsOf, type SequenceSplit, type TrainingSequences } from '../lstm/sequences.ts';
import { LINEAR_FORMAT, type LinearDocument, type LinearFit, linearHash } from './linear-document.ts';
import { kindPlans, smoothOf, unique } from './linear-kinds.ts';
import { type Regressor, RegressorRow, regressorKey } from './regressors.ts';
import { RidgeSystem } from './ridge-system.ts';
import { fitScales } from './scale-fit.ts';

/** Ridge penalties tried, as shares of each regressor's sum of squares. */
const PENALTIES = [1e-6, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100];
/** Weights of the newest value tried for the local level. Above 1 it runs ahead of the last value, as after a tracker that lags. */
const GAINS = Array.from({ length: 30 }, (_, n) => (n + 1) / 20);
const HELD_OUT_SHARE = 0.15;
const SIGNIFICANT = 7;

/** A sequence at a time, without rows that no net would be scored on. */
interface Rows {
  readonly x: Readonly<Float64Array>;
  readonly input: Readonly<Float64Array>;
  readonly y: Readonly<Float64Array>;
}

/**
 * Fits all linear forecasters on the sequences that a net is trained on, in its inputs and against its targets: scaled by their root mean square,
 * clipped to ±{@link TARGET_LIMIT}, rows of the burn-in and rows with an unknown target left out. Penalties and the gain of the local level are those
 * with the smallest squared error on the held-out sequences, coefficients those of the others. About 5 s for 192,000 rows.
 *
 * @param split the net's own; without one the last 15 % of the sequences are held out.
 * @throws InputError when the sequences are faulty, or have no changes of the factors among their features.
 */
export function fitLinearForecasters(data: TrainingSequences, split: SequenceSplit = lastHeldOut(data.count)): LinearDocument {
  const source = 'sequences for the linear models';
  checkSequences(source, data);
  const plans = kindPlans(source, data.features, data.factors);
  const scaler = fitScaler(data, split.training);
  const targetScale = Float64Array.from(fitTargetScale(source, data, split.training));
  const regressors = unique(plans.flatMap((plan) => plan.regressors.flat()));
  const outputs = outputsOf(data);
  const index = new Map(regressors.map((regressor, i) => [regressorKey(regressor), 1 + i]));
  const [fitted, heldOut] = [split.training, split.validation].map((sequences) => {
    const system = new RidgeSystem(1 + regressors.length, outputs);
    eachRow(data, sequences, new RegressorRow(data.features, scaler, regressors), targetScale, ({ x, y }) => system.add(x, y));
    return system;
  }) as [RidgeSystem, RidgeSystem];

  const ridge = plans.map((plan): Omit<LinearFit, 'logScale'> => {
    const own = unique(plan.regressors.flat());
    const coefficients: number[][] = [];
    const penalties: number[] = [];
    const heldOutR2: number[] = [];
    for (let output = 0; output < outputs; output += 1) {
      const used = plan.regressors[output % data.factors.length] ?? [];
      const subset = [0, ...used.map((regressor) => index.get(regressorKey(regressor)) ?? 0)];
      const best = bestPenalty(fitted, heldOut, subset, output);
      const unit = targetScale[output] ?? 1;
      const of = new Map(used.map((regressor, n) => [regressorKey(regressor), (best.beta[1 + n] ?? 0) * unit]));
      coefficients.push([(best.beta[0] ?? 0) * unit, ...own.map((regressor) => of.get(regressorKey(regressor)) ?? 0)].map(rounded));
      penalties.push(best.penalty);
      heldOutR2.push(rounded(best.r2));
    }
    return { kind: plan.kind, regressors: own, coefficients, penalties, heldOutR2 };
  });
  const models = [...ridge, localLevel(data, split, scaler, targetScale)];
  const scales = fitScales(models, targetScale, data.features.length, (regressorsOf, part, visit) => {
    eachRow(
      data,
      part === 'fitted' ? split.training : split.validation,
      new RegressorRow(data.features, scaler, regressorsOf),
      targetScale,
      visit,
    );
  });
  const document: Omit<LinearDocument, 'hash'> = {
    format: LINEAR_FORMAT,
    stepSeconds: data.stepSeconds,
    horizonsSeconds: [...data.horizonsSeconds],
    factors: [...data.factors],
    features: [...data.features],
    inputScaler: { mean: [...scaler.mean], sd: [...scaler.sd] },
    sequences: { fitted: split.training.length, heldOut: split.validation.length, steps: data.steps },
    models: models.map((model, m) => ({
      kind: model.kind,
      regressors: model.regressors,
      coefficients: model.coefficients,
      logScale: (scales[m] ?? []).map((row) => row.map(rounded)),
      penalties: model.penalties,
      heldOutR2: model.heldOutR2,
    })),
  };
  return { ...document, hash: linearHash({ ...document }) };
}

function bestPenalty(fitted: RidgeSystem, heldOut: RidgeSystem, subset: readonly number[], output: number) {
  return PENALTIES.map((penalty) => {
    const beta = fitted.solve(subset, output, penalty);
    const { residual, total } = heldOut.squares(subset, output, beta);
    return { penalty, beta, r2: total > 0 ? 1 - residual / total : 0 };
  }).reduce((best, each) => (each.r2 > best.r2 ? each : best));
}

/** Expects each factor to return to its exponential average, at every horizon alike: one gain per factor, by the error at the first horizon. */
function localLevel(
  data: TrainingSequences,
  split: SequenceSplit,
  scaler: { readonly mean: readonly number[]; readonly sd: readonly number[] },
  targetScale: Readonly<Float64Array>,
): Omit<LinearFit, 'logScale'> {
  const outputs = outputsOf(data);
  const candidates = data.factors.flatMap((factor) => GAINS.map((gain) => smoothOf(factor, gain)));
  const [fitted, heldOut] = [split.training, split.validation].map((sequences) => {
    const sums = new Float64Array(candidates.length * data.horizonsSeconds.length);
    const walk = new Float64Array(outputs);
    eachRow(data, sequences, new RegressorRow(data.features, scaler, candidates), targetScale, ({ x, y }) => {
      for (let output = 0; output < outputs; output += 1) walk[output]! += y[output]! * y[output]!;
      for (let c = 0; c < candidates.length; c += 1) {
        const f = Math.floor(c / GAINS.length);
        const change = -x[1 + c]! * sdOf(f);
        for (let h = 0; h < data.horizonsSeconds.length; h += 1) {
          const output = h * data.factors.length + f;
          const error = y[output]! - change / targetScale[output]!;
          sums[h * candidates.length + c]! += error * error;
        }
      }
    });
    return { sums, walk };
  }) as [{ sums: Float64Array; walk: Float64Array }, { sums: Float64Array; walk: Float64Array }];
  function sdOf(f: number): number {
    const feature = candidates[f * GAINS.length]?.feature ?? '';
    return scaler.sd[data.features.indexOf(feature)] ?? 0;
  }
  const chosen = data.factors.map((_, f) => {
    let best = f * GAINS.length;
    for (let c = best; c < (f + 1) * GAINS.length; c += 1) if (fitted.sums[c]! < fitted.sums[best]!) best = c;
    return best;
  });
  const regressors: Regressor[] = chosen.map((c) => candidates[c]!);
  const coefficients: number[][] = [];
  const heldOutR2: number[] = [];
  for (let output = 0; output < outputs; output += 1) {
    const f = output % data.factors.length;
    const h = Math.floor(output / data.factors.length);
    coefficients.push([0, ...regressors.map((_, i) => (i === f ? rounded(-sdOf(f)) : 0))]);
    heldOutR2.push(rounded(1 - heldOut.sums[h * candidates.length + chosen[f]!]! / heldOut.walk[output]!));
  }
  return { kind: 'local-level', regressors, coefficients, penalties: coefficients.map(() => 0), heldOutR2 };
}

/** Gives the rows of these sequences that have all targets, after the burn-in; `y` in target scales, clipped. */
function eachRow(
  data: TrainingSequences,
  sequences: readonly number[],
  regressors: RegressorRow,
  targetScale: Readonly<Float64Array>,
  visit: (rows: Rows) => void,
): void {
  const width = data.features.length;
  const outputs = targetScale.length;
  const y = new Float64Array(outputs);
  for (const sequence of sequences) {
    regressors.reset();
    for (let step = 0; step < data.steps; step += 1) {
      const at = sequence * data.steps + step;
      regressors.observe(data.rows.subarray(at * width, (at + 1) * width));
      if (step < BURN_IN_ROWS) continue;
      let isKnown = true;
      for (let output = 0; output < outputs; output += 1) {
        const scaled = data.targets[at * outputs + output]! / targetScale[output]!;
        isKnown &&= !Number.isNaN(scaled);
        y[output] = Math.min(TARGET_LIMIT, Math.max(-TARGET_LIMIT, scaled));
      }
      if (isKnown) visit({ x: regressors.values, input: regressors.input, y });
    }
  }
}

function lastHeldOut(count: number): SequenceSplit {
  const fitted = Math.max(2, Math.min(count - 2, Math.round(count * (1 - HELD_OUT_SHARE))));
  const all = Array.from({ length: count }, (_, i) => i);
  return { training: all.slice(0, fitted), validation: all.slice(fitted) };
}

/** Seven significant digits: far below what a coefficient is known to. */
const rounded = (value: number): number => Number(value.toPrecision(SIGNIFICANT));
