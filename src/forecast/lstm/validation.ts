import { burnInOf, outputsOf, type TrainingSequences } from './sequences.ts';

/** Forecasts of a net over whole sequences, sequence after sequence, in the layout and units of the targets. */
export interface ScoredSequences {
  readonly data: TrainingSequences;
  /** Indices of the sequences forecast. */
  readonly sequences: readonly number[];
  /** Expected change, and the scale of its error before calibration. */
  readonly change: Readonly<Float32Array>;
  readonly scale: Readonly<Float32Array>;
}

/** How well one output does on sequences that the weights were not fitted on. */
export interface OutputMetrics {
  readonly factor: string;
  readonly horizonSeconds: number;
  /** 1 - squared error / squared error of the random walk. 0 is no skill, below 0 is harm. */
  readonly r2VsRandomWalk: number;
  /** 95 % interval of that ratio, sequences being independent (Cochran 1977, Sampling Techniques, eq. 6.13). */
  readonly r2Low: number;
  readonly r2High: number;
  /** Share of outcomes within ±1.2816 of the scale, calibrated on the other half of the sequences. */
  readonly coverage80: number;
  /** Samples whose horizons do not overlap. */
  readonly samples: number;
}

/** Quantile of the standard normal that bounds its central 80 % and its central 95 %. */
const NORMAL_80 = 1.281_551_565_544_600_4;
const NORMAL_95 = 1.959_963_984_540_054;

/** Least multiplier: errors that are all 0 must not give a scale of 0. */
const MULTIPLIER_MIN = 1e-3;

/** One known target: its sequence's place in the part, its step, and what was said about it. */
interface Outcome {
  readonly place: number;
  readonly step: number;
  readonly target: number;
  readonly error: number;
  /** Absolute error in units of the predicted scale. */
  readonly score: number;
}

/**
 * Per output, what the predicted scale must be multiplied by for ±1.2816 of it to hold 80 % of the outcomes: the conformal
 * quantile of the absolute errors in units of the scale (Lei et al. 2018, JASA 113), which never falls short on these sequences.
 */
export function calibrationMultipliers(scored: ScoredSequences): number[] {
  return Array.from({ length: outputsOf(scored.data) }, (_, output) => multiplier(outcomes(scored, output)));
}

/** The metrics of all outputs, in their order. An output without a known target scores 0 with no sample. */
export function outputMetrics(scored: ScoredSequences): OutputMetrics[] {
  const { factors, horizonsSeconds, stepSeconds } = scored.data;
  const burnIn = burnInOf(scored.data);
  return horizonsSeconds.flatMap((horizonSeconds, horizon) =>
    factors.map((factor, k) => {
      const known = outcomes(scored, horizon * factors.length + k);
      const aheadSteps = Math.round(horizonSeconds / stepSeconds);
      const samples = known.filter(({ step }) => (step - burnIn) % aheadSteps === 0).length;
      return { factor, horizonSeconds, ...skill(known), coverage80: crossCoverage(known), samples };
    }),
  );
}

function outcomes({ change, data, scale, sequences }: ScoredSequences, output: number): Outcome[] {
  const outputs = outputsOf(data);
  const known: Outcome[] = [];
  sequences.forEach((sequence, place) => {
    for (let step = burnInOf(data); step < data.steps; step += 1) {
      const target = data.targets[(sequence * data.steps + step) * outputs + output] ?? Number.NaN;
      if (Number.isNaN(target)) continue;
      const at = (place * data.steps + step) * outputs + output;
      const error = target - (change[at] ?? Number.NaN);
      known.push({ place, step, target, error, score: Math.abs(error) / (scale[at] ?? Number.NaN) });
    }
  });
  return known;
}

function multiplier(known: readonly Outcome[]): number {
  if (known.length === 0) return 1;
  const scores = Float64Array.from(known, ({ score }) => score).sort();
  const rank = Math.min(known.length, Math.ceil(0.8 * (known.length + 1)));
  return Math.max(MULTIPLIER_MIN, (scores[rank - 1] ?? 0) / NORMAL_80);
}

/** R2 as a ratio of two sums over sequences, and its interval from how the sequences differ. */
function skill(known: readonly Outcome[]): Pick<OutputMetrics, 'r2VsRandomWalk' | 'r2Low' | 'r2High'> {
  const sums = new Map<number, { error: number; walk: number }>();
  let error = 0;
  let walk = 0;
  for (const outcome of known) {
    const own = sums.get(outcome.place) ?? { error: 0, walk: 0 };
    own.error += outcome.error * outcome.error;
    own.walk += outcome.target * outcome.target;
    sums.set(outcome.place, own);
    error += outcome.error * outcome.error;
    walk += outcome.target * outcome.target;
  }
  if (!(walk > 0)) return { r2VsRandomWalk: 0, r2Low: 0, r2High: 0 };
  const ratio = error / walk;
  const spread = [...sums.values()].reduce((sum, own) => sum + (own.error - ratio * own.walk) * (own.error - ratio * own.walk), 0);
  const margin = (NORMAL_95 * Math.sqrt((spread * sums.size) / Math.max(1, sums.size - 1))) / walk;
  return { r2VsRandomWalk: 1 - ratio, r2Low: 1 - ratio - margin, r2High: 1 - ratio + margin };
}

/** Coverage of each half of the sequences with the multiplier of the other half: a multiplier always fits its own. */
function crossCoverage(known: readonly Outcome[]): number {
  if (known.length === 0) return 0;
  const halves = [0, 1].map((half) => known.filter(({ place }) => place % 2 === half));
  const covered = halves.map((half, i) => {
    const limit = NORMAL_80 * multiplier(halves[1 - i] ?? []);
    return half.filter(({ score }) => score <= limit).length;
  });
  return covered.reduce((sum, count) => sum + count, 0) / known.length;
}
