import { invariant } from '../../core/assert.ts';
import { choleskyFactor, inverseFromFactor, solvedLower, solvedUpper } from './cholesky.ts';

/** Parameters of a Gaussian process, all above 0. */
export interface GaussianProcessParameters {
  /** Per input: how far one has to go for the function to forget. */
  readonly lengthScales: readonly number[];
  /** Variance of the function itself. */
  readonly signalVariance: number;
  /** Variance of the error of each value, on top of the one that is known of it. */
  readonly noiseVariance: number;
}

/** Values of a function, each with an error. */
export interface Observations {
  readonly points: readonly (readonly number[])[];
  readonly values: readonly number[];
  /** Known variance of each value's error; 0 where there is none. */
  readonly errorVariances: readonly number[];
}

/** What is believed of the function at a point: its own mean and variance, without the error of a further value. */
export interface Belief {
  readonly mean: number;
  readonly variance: number;
}

/** Added to the diagonal, as a share of the signal's variance: keeps points that nearly agree from breaking the factorisation. */
const JITTER = 1e-8;

const ROOT_5 = Math.sqrt(5);

/**
 * A Gaussian process of mean 0 with Matérn's kernel of order 5/2 and a length scale per input, given some values:
 * k(r) = s²·(1 + √5 r + 5r²/3)·e^(−√5 r), r² = Σ (Δ/ℓ)².
 *
 * Source: Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, algorithm 2.1, equations 4.17 and 5.9.
 * Accuracy: posterior to 1e-12 of matrices inverted by hand, gradient to 1e-6 of differences (test/study/search/gaussian-process.test.ts).
 */
export class GaussianProcess {
  readonly #data: Observations;
  readonly #parameters: GaussianProcessParameters;
  readonly #factor: Float64Array;
  /** Inverse covariance times values. */
  readonly #weights: Float64Array;

  constructor(data: Observations, parameters: GaussianProcessParameters) {
    this.#data = data;
    this.#parameters = parameters;
    const n = data.points.length;
    const { noiseVariance, signalVariance } = parameters;
    const covariance = new Float64Array(n * n);
    data.points.forEach((point, i) => {
      for (let j = 0; j <= i; j += 1) covariance[i * n + j] = kernel(point, data.points[j] ?? [], parameters);
      covariance[i * n + i] = signalVariance * (1 + JITTER) + noiseVariance + (data.errorVariances[i] ?? 0);
    });
    const factor = choleskyFactor(covariance, n);
    invariant(factor !== undefined, 'the covariance of a Gaussian process is not positive definite');
    this.#factor = factor;
    this.#weights = solvedUpper(factor, solvedLower(factor, data.values));
  }

  /** What the values say about the function at a point. */
  at(point: readonly number[]): Belief {
    const { points } = this.#data;
    const covariances = Float64Array.from(points, (known) => kernel(point, known, this.#parameters));
    const explained = solvedLower(this.#factor, covariances);
    const variance = this.#parameters.signalVariance - dot(explained, explained);
    return { mean: dot(covariances, this.#weights), variance: Math.max(0, variance) };
  }

  /** The same process with one more value, which is what it expects there: what to believe of a point that is still at work. */
  believing(point: readonly number[]): GaussianProcess {
    const { errorVariances, points, values } = this.#data;
    const more = { points: [...points, point], values: [...values, this.at(point).mean], errorVariances: [...errorVariances, 0] };
    return new GaussianProcess(more, this.#parameters);
  }

  /** Logarithm of the density of the values. */
  logLikelihood(): number {
    const n = this.#weights.length;
    let logDeterminant = 0;
    for (let i = 0; i < n; i += 1) logDeterminant += Math.log(this.#factor[i * n + i] ?? 1);
    return -0.5 * dot(Float64Array.from(this.#data.values), this.#weights) - logDeterminant - 0.5 * n * Math.log(2 * Math.PI);
  }

  /** Derivatives of {@link logLikelihood} by the logarithms of the length scales, of the signal's and of the noise's variance. */
  logLikelihoodGradient(): Float64Array {
    const { points } = this.#data;
    const { lengthScales, noiseVariance, signalVariance } = this.#parameters;
    const n = points.length;
    const inputs = lengthScales.length;
    const inverse = inverseFromFactor(this.#factor, n);
    const gradient = new Float64Array(inputs + 2);
    const add = (place: number, value: number): void => {
      gradient[place] = (gradient[place] ?? 0) + value;
    };
    points.forEach((point, i) => {
      for (let j = 0; j < i; j += 1) {
        const other = points[j] ?? [];
        // Both halves of the matrix, hence no ½.
        const share = (this.#weights[i] ?? 0) * (this.#weights[j] ?? 0) - (inverse[i * n + j] ?? 0);
        const r = distance(point, other, lengthScales);
        const slope = share * signalVariance * (5 / 3) * (1 + ROOT_5 * r) * Math.exp(-ROOT_5 * r);
        for (let k = 0; k < inputs; k += 1) {
          const apart = ((point[k] ?? 0) - (other[k] ?? 0)) / (lengthScales[k] ?? 1);
          add(k, slope * apart * apart);
        }
        add(inputs, share * kernel(point, other, this.#parameters));
      }
      const own = 0.5 * ((this.#weights[i] ?? 0) * (this.#weights[i] ?? 0) - (inverse[i * n + i] ?? 0));
      add(inputs, own * signalVariance * (1 + JITTER));
      add(inputs + 1, own * noiseVariance);
    });
    return gradient;
  }
}

function kernel(a: readonly number[], b: readonly number[], { lengthScales, signalVariance }: GaussianProcessParameters): number {
  const r = distance(a, b, lengthScales);
  return signalVariance * (1 + ROOT_5 * r + (5 / 3) * r * r) * Math.exp(-ROOT_5 * r);
}

function distance(a: readonly number[], b: readonly number[], lengthScales: readonly number[]): number {
  let square = 0;
  for (let k = 0; k < lengthScales.length; k += 1) {
    const apart = ((a[k] ?? 0) - (b[k] ?? 0)) / (lengthScales[k] ?? 1);
    square += apart * apart;
  }
  return Math.sqrt(square);
}

function dot(a: Readonly<Float64Array>, b: Readonly<Float64Array>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
