import type { Rng } from './rng.ts';
import { inverseNormalCdf } from './special.ts';

/**
 * Draws from the common distributions by inversion: each takes exactly one uniform, so that what one draw turns out to be
 * never moves the next one (decision 1: a fixed number of draws per step).
 */

/** Standard normal. Source of the quantile: {@link inverseNormalCdf}. */
export function normal(rng: Rng): number {
  return inverseNormalCdf(rng.uniform());
}

/** Exponential with the given mean. */
export function exponential(rng: Rng, mean: number): number {
  return -mean * Math.log(rng.uniform());
}

/** Lognormal: exp of a normal with the given mean and standard deviation (of the logarithm). */
export function lognormal(rng: Rng, logMean: number, logSd: number): number {
  return Math.exp(logMean + logSd * normal(rng));
}

/** Logistic with mean 0 and unit scale: P(X > x) = 1 / (1 + e^x). */
export function logistic(rng: Rng): number {
  const u = rng.uniform();
  return Math.log(u / (1 - u));
}

/**
 * Poisson count by summing the probabilities. Meant for means of order one; the work grows with the count.
 * @throws RangeError on a mean that is negative or above 500, where e^-mean would lose its digits: a bug of the caller.
 */
export function poisson(rng: Rng, mean: number): number {
  if (!(mean >= 0 && mean <= 500)) throw new RangeError(`poisson mean must lie in [0, 500], got ${mean}`);
  let remaining = rng.uniform();
  let probability = Math.exp(-mean);
  let count = 0;
  while (remaining > probability && probability > 0) {
    remaining -= probability;
    count += 1;
    probability *= mean / count;
  }
  return count;
}

/** Index drawn with probability proportional to its weight. Weights are ≥ 0 and not all zero. */
export function categorical(rng: Rng, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i += 1) total += weights[i] ?? 0;
  let remaining = rng.uniform() * total;
  for (let i = 0; i < weights.length - 1; i += 1) {
    remaining -= weights[i] ?? 0;
    if (remaining < 0) return i;
  }
  return weights.length - 1;
}
