import { logistic, logit } from './ensemble.ts';
import { burnInOf, type TrainingSequences } from './sequences.ts';

/** What a net, or an ensemble, says of realised variance and shocks over whole sequences: sequence after sequence, step, horizon. */
export interface ScoredExtras {
  readonly data: TrainingSequences;
  readonly sequences: readonly number[];
  /** In units of `varianceScale`. */
  readonly variance: Readonly<Float32Array>;
  /** Probabilities before calibration. */
  readonly shock: Readonly<Float32Array>;
  readonly varianceScale: readonly number[];
}

/** How probabilities are put right: logistic(slope · logit(p) + intercept) (Platt 1999). */
export interface Platt {
  readonly slope: number;
  readonly intercept: number;
}

/** One tenth of the forecasts, from the lowest probabilities to the highest. */
export interface ReliabilityBin {
  readonly forecast: number;
  readonly happened: number;
  readonly count: number;
}

/** How well realised variance and shocks are foretold at one horizon, on sequences that the weights were not fitted on. */
export interface ExtraMetrics {
  readonly horizonSeconds: number;
  /** Mean QLIKE v/h − ln(v/h) − 1 (Patton 2011), and that of the training part's mean variance as a constant forecast; variance of 0 left out. */
  readonly qlike: number;
  readonly qlikeOfMean: number;
  /** What the forecast variance is multiplied by, so that it is right in the mean. */
  readonly varianceFactor: number;
  readonly platt: Platt;
  /** Mean square of probability less outcome (Brier 1950), and that of the share of shocks as a constant forecast. */
  readonly brier: number;
  readonly brierOfMean: number;
  /** Share of rows with a shock before the horizon. */
  readonly shockShare: number;
  /** Of probabilities that were put right on the other half of the sequences. */
  readonly reliability: readonly ReliabilityBin[];
}

const BINS = 10;
const PLATT_STEPS = 50;
/** Weight of no correction in the fit, in rows: keeps the slope finite where outcomes are told apart fully, or never differ. */
const PLATT_PRIOR = 1;

/** Metrics of each horizon. Brier score and reliability use, for each half of the sequences, what was fitted on the other. */
export function extraMetrics({ data, sequences, variance, shock, varianceScale }: ScoredExtras): ExtraMetrics[] {
  const { extras, horizonsSeconds, steps } = data;
  if (extras === undefined) return [];
  const horizons = horizonsSeconds.length;
  const burnIn = burnInOf(data);
  return horizonsSeconds.map((horizonSeconds, h) => {
    const unit = varianceScale[h] ?? 1;
    const rows: { readonly half: number; readonly said: number; readonly was: number; readonly p: number; readonly happened: number }[] =
      [];
    sequences.forEach((sequence, place) => {
      for (let step = burnIn; step < steps; step += 1) {
        const at = (place * steps + step) * horizons + h;
        const from = (sequence * steps + step) * horizons + h;
        const was = (extras.variance[from] ?? 0) / unit;
        rows.push({
          half: place % 2,
          said: variance[at] ?? Number.NaN,
          was,
          p: shock[at] ?? Number.NaN,
          happened: extras.shock[from] ?? 0,
        });
      }
    });
    const total = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
    const varianceFactor = Math.max(
      1e-6,
      total((row) => row.was) /
        Math.max(
          1e-12,
          total((row) => row.said),
        ),
    );
    const moved = rows.filter((row) => row.was > 0);
    const qlike = (ratio: (row: (typeof rows)[number]) => number): number =>
      moved.reduce((sum, row) => sum + ratio(row) - Math.log(ratio(row)) - 1, 0) / Math.max(1, moved.length);
    const byHalf = [0, 1].map((half) => plattFit(rows.filter((row) => row.half !== half)));
    const put = rows.map((row) => ({ p: calibrated(row.p, byHalf[row.half] ?? { slope: 1, intercept: 0 }), happened: row.happened }));
    const share = total((row) => row.happened) / Math.max(1, rows.length);
    return {
      horizonSeconds,
      qlike: qlike((row) => row.was / (row.said * varianceFactor)),
      qlikeOfMean: qlike((row) => row.was),
      varianceFactor,
      platt: plattFit(rows),
      brier: put.reduce((sum, { p, happened }) => sum + (p - happened) * (p - happened), 0) / Math.max(1, put.length),
      brierOfMean: share * (1 - share),
      shockShare: share,
      reliability: bins(put),
    };
  });
}

/** A probability put right. */
export const calibrated = (p: number, { slope, intercept }: Platt): number => logistic(slope * logit(p) + intercept);

/** Logistic regression of outcomes on logits by Newton's method, drawn to no correction by {@link PLATT_PRIOR}. */
export function plattFit(rows: readonly { readonly p: number; readonly happened: number }[]): Platt {
  let slope = 1;
  let intercept = 0;
  const logits = rows.map(({ p }) => logit(p));
  for (let n = 0; n < PLATT_STEPS; n += 1) {
    let [gs, gi] = [PLATT_PRIOR * (slope - 1), PLATT_PRIOR * intercept];
    let [hss, hsi, hii] = [PLATT_PRIOR, 0, PLATT_PRIOR];
    rows.forEach(({ happened }, i) => {
      const x = logits[i] ?? 0;
      const p = logistic(slope * x + intercept);
      const weight = Math.max(1e-9, p * (1 - p));
      gs += (p - happened) * x;
      gi += p - happened;
      hss += weight * x * x;
      hsi += weight * x;
      hii += weight;
    });
    const determinant = hss * hii - hsi * hsi;
    // Steps are held: far from the optimum Newton's overshoots.
    const ds = Math.max(-1, Math.min(1, (hii * gs - hsi * gi) / determinant));
    const di = Math.max(-1, Math.min(1, (hss * gi - hsi * gs) / determinant));
    slope -= ds;
    intercept -= di;
    if (Math.abs(ds) + Math.abs(di) < 1e-10) break;
  }
  return { slope, intercept };
}

function bins(forecasts: readonly { readonly p: number; readonly happened: number }[]): ReliabilityBin[] {
  const sorted = [...forecasts].sort((a, b) => a.p - b.p);
  return Array.from({ length: BINS }, (_, n) => {
    const part = sorted.slice(Math.floor((n * sorted.length) / BINS), Math.floor(((n + 1) * sorted.length) / BINS));
    const mean = (of: (row: (typeof part)[number]) => number): number =>
      part.reduce((sum, row) => sum + of(row), 0) / Math.max(1, part.length);
    return { forecast: mean((row) => row.p), happened: mean((row) => row.happened), count: part.length };
  }).filter(({ count }) => count > 0);
}
