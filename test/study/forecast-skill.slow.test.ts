import { expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { type Rng, streams } from '../../src/core/rng.ts';
import type { ErrorSeries } from '../../src/sim/forecast-record.ts';
import { forecastSkill } from '../../src/study/forecast-skill.ts';

const KNOWN_SD = 0.25;
/** Share of what could be known that the forecast uses. */
const USED = 0.7;
/** 1 − E e²/E w² with e = (1 − 0.7)·known + rest. */
const TRUE_R2 = 1 - ((1 - USED) * (1 - USED) * KNOWN_SD * KNOWN_SD + 1) / (KNOWN_SD * KNOWN_SD + 1);

/** Forecasts of sums over `steps` increments, one per step: neighbours share all but one of theirs. */
function run(rng: Rng, count: number, steps: number): ErrorSeries[] {
  const known = Array.from({ length: count + steps }, () => KNOWN_SD * normal(rng));
  const rest = known.map(() => normal(rng));
  const errors: number[] = [];
  const walkErrors: number[] = [];
  for (let t = 0; t < count; t += 1) {
    let error = 0;
    let walk = 0;
    for (let i = t; i < t + steps; i += 1) {
      error += (1 - USED) * (known[i] ?? 0) + (rest[i] ?? 0);
      walk += (known[i] ?? 0) + (rest[i] ?? 0);
    }
    errors.push(error);
    walkErrors.push(walk);
  }
  return [{ factor: 0, horizonSeconds: 30 * steps, errors, walkErrors, covered: 0 }];
}

/** Share of studies whose interval holds the true R², and the mean of their R². */
function coverage(studies: number, runs: number, count: number, steps: number) {
  const rng = streams('coverage').stream(`${runs} ${count} ${steps}`);
  let held = 0;
  let sum = 0;
  for (let n = 0; n < studies; n += 1) {
    const [row] = forecastSkill(
      Array.from({ length: runs }, () => run(rng, count, steps)),
      30,
    );
    sum += row?.r2VsRandomWalk ?? 0;
    if (row !== undefined && row.ci95[0] <= TRUE_R2 && TRUE_R2 <= row.ci95[1]) held += 1;
  }
  return { held: held / studies, mean: sum / studies };
}

// Bounds: nominal 95 %, ±4 binomial standard errors of 600 studies (3.6 points), and below by what Bartlett weights are known
// to lose where a run holds few forecasts that do not overlap.
test.each([
  ['one run, independent errors', 1, 1000, 1, 0.914, 0.986],
  ['one run, each change shared by 10 forecasts', 1, 2400, 10, 0.86, 0.986],
  ['four runs of 240 steps, horizon 10', 4, 240, 10, 0.86, 0.986],
  ['one run of 240 steps, horizon 10', 1, 240, 10, 0.86, 0.986],
  ['one run of 240 steps, horizon 60', 1, 240, 60, 0.79, 0.986],
  ['12 runs of 240 steps, horizon 1', 12, 240, 1, 0.9, 0.986],
  ['12 runs of 240 steps, horizon 60: only 4 samples in each', 12, 240, 60, 0.88, 0.986],
])('%s: the interval holds the truth about as often as it says', (_name, runs, count, steps, low, high) => {
  const { held, mean } = coverage(600, runs, count, steps);
  console.log(`${_name}: ${(100 * held).toFixed(1)} %, mean R2 ${mean.toFixed(4)}, true ${TRUE_R2.toFixed(4)}`);
  expect(held).toBeGreaterThan(low);
  expect(held).toBeLessThan(high);
});
