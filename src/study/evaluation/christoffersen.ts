import { erfc } from '../../core/special.ts';
import { apart, type Origins } from './origins.ts';

/** Whether an interval holds its share, and whether its misses come one by one. */
export interface IntervalTest {
  /** Likelihood ratio of share and independence together, and its p-value from χ² with 2 degrees of freedom. */
  readonly conditional: number;
  readonly conditionalP: number;
  /** Likelihood ratio of independence alone, 1 degree of freedom. */
  readonly independence: number;
  readonly independenceP: number;
  /** Outcomes that went into it, none overlapping. */
  readonly n: number;
}

/**
 * Tests of Christoffersen (1998, eqs 3 to 5) on origins whose outcomes do not overlap: misses as a Markov chain, pairs of neighbours in one
 * block only. Undefined without a pair, and where no outcome, or every one, was a miss: then nothing can be said of how misses follow one another.
 *
 * @param inside 1 where the interval held the outcome.
 * @param level share that it should hold.
 */
export function christoffersen(inside: ArrayLike<number>, level: number, origins: Origins): IntervalTest | undefined {
  // From state to state, 1 being a miss; what a block begins with has nothing before it.
  const moves = [0, 0, 0, 0];
  const picked = apart(origins);
  let span = 0;
  let before: number | undefined;
  for (const origin of picked) {
    while (origin >= (origins.spans[span]?.to ?? Infinity)) {
      span += 1;
      before = undefined;
    }
    const miss = inside[origin] === 1 ? 0 : 1;
    if (before !== undefined) moves[2 * before + miss] = (moves[2 * before + miss] ?? 0) + 1;
    before = miss;
  }
  const [n00 = 0, n01 = 0, n10 = 0, n11 = 0] = moves;
  const n = n00 + n01 + n10 + n11;
  const misses = n01 + n11;
  if (n === 0 || misses === 0 || misses === n) return undefined;
  const chain = logLikelihood(n01, n00) + logLikelihood(n11, n10);
  const independent = logLikelihood(misses, n - misses);
  const nominal = misses * Math.log(1 - level) + (n - misses) * Math.log(level);
  const independence = Math.max(0, 2 * (chain - independent));
  const conditional = Math.max(independence, 2 * (chain - nominal));
  return {
    conditional,
    conditionalP: Math.exp(-conditional / 2),
    independence,
    independenceP: erfc(Math.sqrt(independence / 2)),
    n: picked.length,
  };
}

/** Greatest log-likelihood of a yes-no sample. */
function logLikelihood(yes: number, no: number): number {
  const n = yes + no;
  return (yes === 0 ? 0 : yes * Math.log(yes / n)) + (no === 0 ? 0 : no * Math.log(no / n));
}
