import type { Interval } from '../bootstrap.ts';
import { studentQuantile } from '../student-t.ts';
import { sumVariance } from './dependent-sum.ts';
import { counts, type Membership, type Origins } from './origins.ts';

/** How much less a model loses than a benchmark: with squared errors, R². */
export interface Skill {
  /** 1 − Σloss/Σbenchmark: 0 where both lose the same, negative where the model loses more. */
  readonly value: number;
  readonly ci95: Interval;
  /** Origins that count, and how many of them have outcomes that do not overlap. */
  readonly n: number;
  readonly samples: number;
}

/**
 * Skill over the origins that count, with the interval of a ratio: each origin counts by u = (1 − s)·benchmark − loss, whose sum is 0, and the
 * interval is s ± t·√Var(Σu)/Σbenchmark (the delta method; {@link sumVariance} for the variance, Student's t on its degrees of freedom).
 * Undefined where no origin counts. A benchmark that never loses gives 0.
 */
export function lossSkill(loss: ArrayLike<number>, benchmark: ArrayLike<number>, origins: Origins, member?: Membership): Skill | undefined {
  let n = 0;
  let own = 0;
  let other = 0;
  for (let i = 0; i < origins.count; i += 1) {
    if (!counts(member, i)) continue;
    n += 1;
    own += loss[i] ?? 0;
    other += benchmark[i] ?? 0;
  }
  if (n === 0) return undefined;
  const value = other > 0 ? 1 - own / other : 0;
  const u = new Float64Array(origins.count);
  for (let i = 0; i < origins.count; i += 1) if (counts(member, i)) u[i] = (1 - value) * (benchmark[i] ?? 0) - (loss[i] ?? 0);
  const { variance, samples, df } = sumVariance(u, origins, member);
  const half = other > 0 && variance > 0 ? (studentQuantile(0.975, df) * Math.sqrt(variance)) / other : 0;
  return { value, ci95: [value - half, value + half], n, samples };
}
