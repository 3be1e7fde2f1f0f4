import { normalCdf, normalPdf } from '../../core/special.ts';
import type { Belief } from './gaussian-process.ts';

/**
 * By how much a point is expected to fall below `best`, which counts as 0 where it does not: E[max(0, best − f)] for a normal f.
 * Source: Jones, Schonlau and Welch (1998), J. Global Optim. 13, equation 15, for a minimum.
 * Accuracy: against simulation within four standard errors (test/study/search/expected-improvement.test.ts).
 */
export function expectedImprovement({ mean, variance }: Belief, best: number): number {
  const sd = Math.sqrt(variance);
  if (!(sd > 0)) return Math.max(0, best - mean);
  const z = (best - mean) / sd;
  return sd * (z * normalCdf(z) + normalPdf(z));
}

/** Best points of the first look that are refined. */
const REFINED = 4;
/** First and last step of the refinement, as shares of the cube. */
const STEP_FIRST = 0.08;
const STEP_LAST = 0.002;

/**
 * A point of the unit cube where `score` is high: the best of `candidates`, after the few best were moved along one coordinate at a time by steps
 * that are halved when none pays. Undefined where no candidate has a score.
 * @param score undefined for a point that may not be taken.
 */
export function bestPoint(
  candidates: readonly (readonly number[])[],
  score: (point: readonly number[]) => number | undefined,
): readonly number[] | undefined {
  const scored = candidates.flatMap((point) => {
    const value = score(point);
    return value === undefined ? [] : [{ point, value }];
  });
  const leaders = scored.sort((a, b) => b.value - a.value).slice(0, REFINED);
  let best: { readonly point: readonly number[]; readonly value: number } | undefined;
  for (const leader of leaders) {
    let here = leader;
    for (let step = STEP_FIRST; step > STEP_LAST; ) {
      const better = neighbours(here.point, step)
        .map((point) => ({ point, value: score(point) ?? Number.NEGATIVE_INFINITY }))
        .reduce((a, b) => (b.value > a.value ? b : a), here);
      if (better === here) step /= 2;
      else here = better;
    }
    if (best === undefined || here.value > best.value) best = here;
  }
  return best?.point;
}

/** The points one step away along each coordinate, within the cube. */
function neighbours(point: readonly number[], step: number): number[][] {
  return point.flatMap((coordinate, i) =>
    [-step, step]
      .map((move) => Math.min(1, Math.max(0, coordinate + move)))
      .filter((moved) => moved !== coordinate)
      .map((moved) => point.map((other, j) => (j === i ? moved : other))),
  );
}
