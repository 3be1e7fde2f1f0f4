/** Pace of trading, and variance of the spot, in each state as multiples of the usual: quiet, usual, busy. */
const PACE = [0.5, 1, 2] as const;
const VARIANCE = [0.4, 1, 3] as const;
/** Chance that a state lasts another step; what is left goes to the neighbours. */
const STAYS = 0.97;
/** Steps over which the usual pace is averaged. */
const USUAL_STEPS = 240;
/** Counts scatter more than Poisson's, as orders come in clusters: their variance is this many times the mean. */
const OVERDISPERSION = 4;
/** No step says more than this about one state against another, in log-likelihood: a jump is one event, not a regime. */
const LOG_LIMIT = 2;

/**
 * Probabilities of a quiet, a usual and a busy market, filtered step by step from the number of prints and the return of the spot (Hamilton
 * 1989, Econometrica 57, eq. 22.4.5): nothing later than the step enters. Counts are taken as normal about each state's pace times the usual one
 * so far, returns as normal about 0; both are the code's own figures, fitted on nothing.
 */
export class RegimeFilter {
  /** Probabilities after the last step; they add up to 1. Borrowed. */
  readonly probabilities = new Float64Array([0.25, 0.5, 0.25]);
  readonly #prior = new Float64Array(3);
  readonly #logs = new Float64Array(3);
  #usual = 0;
  #steps = 0;

  /**
   * Takes in a step.
   * @param prints of the step.
   * @param move return of the spot in implied standard deviations.
   */
  step(prints: number, move: number): void {
    this.#steps += 1;
    this.#usual += (prints - this.#usual) / Math.min(this.#steps, USUAL_STEPS);
    const p = this.probabilities;
    const prior = this.#prior;
    const leaves = 1 - STAYS;
    const [quiet = 0, usual = 0, busy = 0] = p;
    prior[0] = quiet * STAYS + (usual * leaves) / 2;
    prior[1] = usual * STAYS + (quiet + busy) * leaves;
    prior[2] = busy * STAYS + (usual * leaves) / 2;
    let top = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < 3; s += 1) {
      const log = this.#logLikelihood(s, prints, move);
      this.#logs[s] = log;
      top = Math.max(top, log);
    }
    let total = 0;
    for (let s = 0; s < 3; s += 1) {
      const weight = (prior[s] ?? 0) * Math.exp(Math.max(-LOG_LIMIT, (this.#logs[s] ?? 0) - top));
      p[s] = weight;
      total += weight;
    }
    for (let s = 0; s < 3; s += 1) p[s] = (p[s] ?? 0) / total;
  }

  #logLikelihood(state: number, prints: number, move: number): number {
    // A quarter of a print keeps the variance above 0 where nothing has traded yet.
    const mean = (PACE[state] ?? 1) * Math.max(0.25, this.#usual);
    const spread = OVERDISPERSION * mean;
    const variance = VARIANCE[state] ?? 1;
    const surprise = prints - mean;
    return -0.5 * ((surprise * surprise) / spread + Math.log(spread) + (move * move) / variance + Math.log(variance));
  }
}
