import { invariant, unreachable } from '../core/assert.ts';
import { lognormal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import { NANOS_PER_SECOND, type Nanos } from '../core/units.ts';

/** The longest that a message may be under way, in nanoseconds: what a law draws beyond it counts as this. */
export const LATENCY_MAXIMUM_NANOS = 60 * NANOS_PER_SECOND;

/**
 * How long one message is under way, in whole nanoseconds from 0 to {@link LATENCY_MAXIMUM_NANOS}.
 * - `constant`: always the same.
 * - `lognormal`: minimum + (median − minimum) · e^(σ z) with z standard normal: the shifted (three-parameter) lognormal. Nothing is faster
 *   than `minimumNanos`, half is faster than `medianNanos`; `sigma` is the standard deviation of the log of what exceeds the minimum.
 * - `empirical`: one of the values, each with a probability proportional to its weight. The order of the list has no effect.
 */
export type LatencyLaw =
  | { readonly kind: 'constant'; readonly nanos: Nanos }
  | { readonly kind: 'lognormal'; readonly medianNanos: Nanos; readonly sigma: number; readonly minimumNanos: Nanos }
  | { readonly kind: 'empirical'; readonly values: readonly WeightedLatency[] };

/** One value of an empirical law. Weights are relative, ≥ 0, and not all zero. */
export interface WeightedLatency {
  readonly nanos: Nanos;
  readonly weight: number;
}

/** The latency of the next message, in whole nanoseconds. */
export type LatencyDraw = () => number;

/**
 * Draws from a law, one uniform per message by inversion: a larger uniform is a longer latency, so that two laws on one stream are
 * coupled message by message. The draws' mean and quantiles are those of the law (test/kernel/latency.test.ts).
 */
export function latencyDraw(law: Exclude<LatencyLaw, { readonly kind: 'constant' }>, rng: Rng): LatencyDraw {
  switch (law.kind) {
    case 'lognormal':
      return lognormalDraw(law.medianNanos - law.minimumNanos, law.sigma, law.minimumNanos, rng);
    case 'empirical':
      return empiricalDraw(law.values, rng);
    default:
      return unreachable(law);
  }
}

function lognormalDraw(medianExcess: number, sigma: number, minimum: number, rng: Rng): LatencyDraw {
  // The median times e^(σ z) and not e^(ln median + σ z): with σ = 0 it is the median, exactly.
  return () => Math.min(LATENCY_MAXIMUM_NANOS, minimum + Math.round(medianExcess * lognormal(rng, 0, sigma)));
}

function empiricalDraw(values: readonly WeightedLatency[], rng: Rng): LatencyDraw {
  const drawn = values.filter(({ weight }) => weight > 0).sort((a, b) => a.nanos - b.nanos);
  invariant(drawn.length > 0, 'an empirical latency without a value that can be drawn');
  const nanos = Float64Array.from(drawn, (value) => value.nanos);
  const upTo = Float64Array.from(drawn, (value) => value.weight);
  for (let i = 1; i < upTo.length; i += 1) upTo[i] = (upTo[i] ?? 0) + (upTo[i - 1] ?? 0);
  const total = upTo.at(-1) ?? 0;
  return () => {
    const aim = rng.uniform() * total;
    let low = 0;
    let high = nanos.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (aim < (upTo[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return nanos[low] ?? 0;
  };
}
