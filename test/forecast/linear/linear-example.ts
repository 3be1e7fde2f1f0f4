import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import type { TrainingSequences } from '../../../src/forecast/lstm/sequences.ts';

export const PHI = -0.4;
export const PULL = 0.05;

/**
 * Two factors: the changes of `a` follow a first-order autoregression, `b` is a random walk; a flow that decays over 10 steps pulls `a` after
 * it. Targets are the changes over the next step and the next three.
 */
export function linearWorld(seed: string, count = 24, steps = 120): TrainingSequences {
  const rng = streams(seed).stream('test/linear');
  const features = ['aChange', 'bChange', 'aFlow10', 'aFlow20', 'other'];
  const rows = new Float32Array(count * steps * features.length);
  const targets = new Float32Array(count * steps * 4);
  for (let n = 0; n < count; n += 1) {
    const total = steps + 4;
    const a = new Float64Array(total);
    const b = new Float64Array(total);
    const flow = new Float64Array(total);
    const slow = new Float64Array(total);
    for (let t = 1; t < total; t += 1) {
      const push = normal(rng);
      flow[t] = 0.9 * flow[t - 1]! + push;
      slow[t] = 0.95 * slow[t - 1]! + push;
      a[t] = a[t - 1]! + PHI * (a[t - 1]! - (a[t - 2] ?? 0)) + 0.01 * (PULL * flow[t - 1]! + normal(rng));
      b[t] = b[t - 1]! + 3 * normal(rng);
    }
    for (let t = 1; t <= steps; t += 1) {
      const row = n * steps + t - 1;
      rows.set([a[t]! - a[t - 1]!, b[t]! - b[t - 1]!, flow[t]!, slow[t]!, 7 + normal(rng)], row * features.length);
      targets.set([a[t + 1]! - a[t]!, b[t + 1]! - b[t]!, a[t + 3]! - a[t]!, b[t + 3]! - b[t]!], row * 4);
    }
  }
  return { features, factors: ['a', 'b'], horizonsSeconds: [30, 90], stepSeconds: 30, steps, count, rows, targets };
}
