import { studentTwoSidedP } from '../student-t.ts';
import { type MeanTest, meanTest } from './mean-test.ts';
import type { Origins } from './origins.ts';
import { series } from './series.ts';

/** A test of one model against another: statistic above 0 where the model is the better one. */
export interface ComparisonTest {
  readonly statistic: number;
  readonly p: number;
}

const brief = (test: MeanTest | undefined): ComparisonTest | undefined =>
  test === undefined ? undefined : { statistic: test.statistic, p: test.p };

/**
 * Diebold and Mariano (1995): whether two forecasts lose the same in the mean, by {@link meanTest} of loss(benchmark) − loss(model). Above 0 the
 * model is better; p is two-sided. Equal forecasts give 0 and 1.
 */
export function dieboldMariano(loss: ArrayLike<number>, benchmark: ArrayLike<number>, origins: Origins): ComparisonTest | undefined {
  return brief(meanTest(differences(benchmark, loss), origins));
}

/**
 * Clark and West (2007, eq. 3.1): whether a model that holds the benchmark as a special case forecasts better in truth. The noise of
 * its fitted coefficients, which costs it squared error even where they are 0, is given back: e₀² − e₁² + (f₀ − f₁)². p is one-sided, for better.
 * Undefined where both forecast the same.
 *
 * @param change forecasts of the model.
 * @param benchmark forecasts of the nested one; 0 for the random walk.
 */
export function clarkWest(
  outcome: ArrayLike<number>,
  change: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  origins: Origins,
): ComparisonTest | undefined {
  const gains = series(outcome.length, (i) => {
    const truth = outcome[i] ?? 0;
    const own = change[i] ?? 0;
    const other = benchmark[i] ?? 0;
    return (truth - other) * (truth - other) - (truth - own) * (truth - own) + (other - own) * (other - own);
  });
  const test = meanTest(gains, origins);
  if (test === undefined || test.p === 1) return undefined;
  const tail = studentTwoSidedP(test.statistic, test.df) / 2;
  return { statistic: test.statistic, p: test.statistic > 0 ? tail : 1 - tail };
}

function differences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return series(a.length, (i) => (a[i] ?? 0) - (b[i] ?? 0));
}
