import { goldenMinimum } from './golden-section.ts';

/** A GARCH(1,1) law of returns without drift: σ²_{t+1} = ω + α r_t² + β σ²_t. */
export interface GarchLaw {
  /** Long-run variance, ω/(1 − α − β). */
  readonly variance: number;
  /** α + β, below 1. */
  readonly persistence: number;
  /** α. */
  readonly reaction: number;
}

/** Bounds of ln(1 − persistence), and of α as a share of the persistence. */
const LOG_GAP = [Math.log(1e-4), Math.log(0.9)] as const;
const SHARE = [1e-3, 0.9] as const;

/**
 * Variance of the next return after each span of returns is seen under the law, from the long-run variance on.
 * @param each told the variance expected of every return, and the return.
 */
export function garchFilter(returns: ArrayLike<number>, law: GarchLaw, each?: (variance: number, value: number) => void): number {
  const { persistence, reaction, variance } = law;
  const [omega, beta] = [(1 - persistence) * variance, persistence - reaction];
  let expected = variance;
  for (let i = 0; i < returns.length; i += 1) {
    const value = returns[i] ?? 0;
    each?.(expected, value);
    expected = omega + reaction * value * value + beta * expected;
  }
  return expected;
}

/**
 * The law of greatest normal likelihood with the long-run variance at that of the sample (Bollerslev 1986, J. Econometrics 31; variance targeting of
 * Engle and Mezrich 1996), by golden section over persistence and reaction in turn within each other.
 *
 * Accuracy: gives back a simulated law within four standard errors (test/study/history/garch.test.ts).
 *
 * @param spans returns of one asset, a span per stretch without a pause; not all 0.
 */
export function fittedGarch(spans: readonly ArrayLike<number>[]): GarchLaw {
  let [squares, count] = [0, 0];
  for (const span of spans) {
    for (let i = 0; i < span.length; i += 1) squares += (span[i] ?? 0) * (span[i] ?? 0);
    count += span.length;
  }
  const variance = squares / count;
  const law = (logGap: number, share: number): GarchLaw => {
    const persistence = 1 - Math.exp(logGap);
    return { variance, persistence, reaction: share * persistence };
  };
  const deviance = (logGap: number, share: number): number => {
    let sum = 0;
    for (const span of spans) {
      garchFilter(span, law(logGap, share), (expected, value) => {
        sum += Math.log(expected) + (value * value) / expected;
      });
    }
    return sum;
  };
  const shareFor = (logGap: number): number => goldenMinimum((share) => deviance(logGap, share), ...SHARE, 0.005);
  const logGap = goldenMinimum((gap) => deviance(gap, shareFor(gap)), ...LOG_GAP, 0.05);
  return law(logGap, shareFor(logGap));
}

/** Mean variance per return over the next `steps`, when `next` is expected of the first. */
export function garchMean(law: GarchLaw, next: number, steps: number): number {
  const { persistence, variance } = law;
  let decayed = 0;
  for (let step = 0, weight = 1; step < steps; step += 1) {
    decayed += weight;
    weight *= persistence;
  }
  return variance + ((next - variance) * decayed) / steps;
}
