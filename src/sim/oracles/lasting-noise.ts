import { FACTOR_COUNT } from '../../pricing/factors.ts';

const F = FACTOR_COUNT;
/** Steps that noise is summed over to see how much of it lasts: as long as pressure and clusters of customers live, and far shorter than a signal. */
const STRETCH_STEPS = 40;

/**
 * What a linear mean leaves of the telling prints, summed over stretches of steps that follow each other. A filter takes the noise of each step for new. What
 * is left of these prints is not: informed traders see the pressure of the future too, which comes and goes in minutes, and who
 * sends as much at a wide edge as at a narrow one departs from the line for as long as the edge lasts. A belief about what lasts for hours would be too sure of
 * itself by that, so the noise is taken to be as wide as it is in sum (Newey and West 1987, in blocks).
 */
export class LastingNoise {
  readonly #mean: Float64Array;
  readonly #width: number;
  readonly #first: number;
  readonly #sum = new Float64Array(F);
  readonly #squares = new Float64Array(F);
  readonly #squaresOfSums = new Float64Array(F);
  #run: object | undefined;
  #last = 0;
  #steps = 0;

  /** @param mean coefficients, `output · width + regressor`; those of the telling prints begin at output `first`. */
  constructor(mean: Float64Array, width: number, first: number) {
    this.#mean = mean;
    this.#width = width;
    this.#first = first;
  }

  /** Takes in a step of a run; one that does not follow the last begins a new stretch. */
  add(x: Readonly<Float64Array>, y: Readonly<Float64Array>, run: object, step: number): void {
    if (run !== this.#run || step !== this.#last + 1 || this.#steps === STRETCH_STEPS) this.#close();
    this.#run = run;
    this.#last = step;
    this.#steps += 1;
    for (let f = 0; f < F; f += 1) {
      const output = this.#first + f;
      let rest = y[output] ?? 0;
      for (let k = 0; k < this.#width; k += 1) rest -= (this.#mean[output * this.#width + k] ?? 0) * (x[k] ?? 0);
      this.#sum[f] = (this.#sum[f] ?? 0) + rest;
      this.#squares[f] = (this.#squares[f] ?? 0) + rest * rest;
    }
  }

  /** By factor: variance of the sums over what it would be if each step's noise were new; at least 1. */
  ratios(): Float64Array {
    this.#close();
    return this.#squares.map((squares, f) => (squares > 0 ? Math.max(1, (this.#squaresOfSums[f] ?? 0) / squares) : 1));
  }

  #close(): void {
    for (let f = 0; f < F; f += 1) {
      const sum = this.#sum[f] ?? 0;
      this.#squaresOfSums[f] = (this.#squaresOfSums[f] ?? 0) + sum * sum;
      this.#sum[f] = 0;
    }
    this.#steps = 0;
  }
}
