/** A hidden Markov chain in discrete time whose observations are normal, with mean and standard deviation of the state. */
export interface HiddenChain {
  readonly transitions: readonly (readonly number[])[];
  readonly means: readonly number[];
  readonly sds: readonly number[];
}

interface Passes {
  readonly logLikelihood: number;
  /** Probability of each state at each time given all observations, row by row. */
  readonly posterior: Float64Array;
  /** Expected transitions. */
  readonly moves: number[][];
}

const density = (x: number, mean: number, sd: number): number =>
  Math.exp((-(x - mean) * (x - mean)) / (2 * sd * sd)) / (sd * Math.sqrt(2 * Math.PI));

/** Scaled forward and backward passes (Rabiner 1989), from equal chances of the states. */
function passes(values: ArrayLike<number>, { transitions, means, sds }: HiddenChain): Passes {
  const [count, k] = [values.length, means.length];
  const [forward, backward, fit] = [0, 0, 0].map(() => new Float64Array(count * k)) as [Float64Array, Float64Array, Float64Array];
  const scales = new Float64Array(count);
  let logLikelihood = 0;
  for (let t = 0; t < count; t += 1) {
    let scale = 0;
    for (let j = 0; j < k; j += 1) {
      let prior = t === 0 ? 1 / k : 0;
      if (t > 0) for (let i = 0; i < k; i += 1) prior += (forward[(t - 1) * k + i] ?? 0) * (transitions[i]?.[j] ?? 0);
      fit[t * k + j] = density(values[t] ?? 0, means[j] ?? 0, sds[j] ?? 1);
      forward[t * k + j] = prior * (fit[t * k + j] ?? 0);
      scale += forward[t * k + j] ?? 0;
    }
    for (let j = 0; j < k; j += 1) forward[t * k + j] = (forward[t * k + j] ?? 0) / scale;
    scales[t] = scale;
    logLikelihood += Math.log(scale);
  }
  const moves = transitions.map((row) => row.map(() => 0));
  backward.fill(1, (count - 1) * k);
  for (let t = count - 2; t >= 0; t -= 1) {
    for (let i = 0; i < k; i += 1) {
      let sum = 0;
      for (let j = 0; j < k; j += 1) {
        const ahead =
          (((transitions[i]?.[j] ?? 0) * (fit[(t + 1) * k + j] ?? 0)) / (scales[t + 1] ?? 1)) * (backward[(t + 1) * k + j] ?? 0);
        sum += ahead;
        (moves[i] as number[])[j] = (moves[i]?.[j] ?? 0) + (forward[t * k + i] ?? 0) * ahead;
      }
      backward[t * k + i] = sum;
    }
  }
  return { logLikelihood, posterior: forward.map((value, i) => value * (backward[i] ?? 0)), moves };
}

export const hiddenLogLikelihood = (values: ArrayLike<number>, chain: HiddenChain): number => passes(values, chain).logLikelihood;

/** Maximum likelihood by expectation and maximisation (Baum, Petrie, Soules and Weiss 1970), from a first guess to a standstill. */
export function fittedHiddenChain(values: ArrayLike<number>, start: HiddenChain): HiddenChain & { readonly logLikelihood: number } {
  let chain = start;
  let before = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < 500; round += 1) {
    const { logLikelihood, moves, posterior } = passes(values, chain);
    if (logLikelihood - before < 1e-5) return { ...chain, logLikelihood };
    before = logLikelihood;
    chain = maximised(values, moves, posterior);
  }
  throw new Error('the fit did not settle');
}

function maximised(values: ArrayLike<number>, moves: number[][], posterior: Float64Array): HiddenChain {
  const k = moves.length;
  const weighted = (state: number, of: (value: number) => number): number => {
    let [sum, weight] = [0, 0];
    for (let t = 0; t < values.length; t += 1) {
      const p = posterior[t * k + state] ?? 0;
      sum += p * of(values[t] ?? 0);
      weight += p;
    }
    return sum / weight;
  };
  const means = moves.map((_, state) => weighted(state, (value) => value));
  return {
    means,
    sds: means.map((mean, state) => Math.sqrt(weighted(state, (value) => (value - mean) * (value - mean)))),
    transitions: moves.map((row) => {
      const total = row.reduce((sum, value) => sum + value, 0);
      return row.map((value) => value / total);
    }),
  };
}
