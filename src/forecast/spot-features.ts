import { RegimeFilter } from './regime-filter.ts';

/** Steps over which the realised variance is averaged. */
const VARIANCE_STEPS = [5, 20, 60] as const;
const TREND_STEPS = 20;
const SECONDS_PER_YEAR = 31_536_000;
/** Least ratio of realised to implied variance that is told from none. */
const RATIO_MINIMUM = 1e-4;

/** Names of what {@link SpotFeatures} writes, in order. */
export const SPOT_FEATURES: readonly string[] = [
  'return',
  'returnAbsolute',
  `return${TREND_STEPS}`,
  ...VARIANCE_STEPS.map((steps) => `realisedOverImplied${steps}`),
  'quietProbability',
  'busyProbability',
  'basis',
  'basisChange',
];

/**
 * The spot over a step: its return in units of the implied standard deviation, the same decayed over {@link TREND_STEPS} steps, logarithms
 * of realised over implied vol, filtered probabilities of a quiet and a busy market, and the premium of what is hedged with over
 * the spot, in basis points (0 where they are one). Where the spot was not seen the return is 0.
 */
export class SpotFeatures {
  readonly #stepSeconds: number;
  readonly #regimes = new RegimeFilter();
  /** Ratios start at 1, as if one implied step had been seen. */
  readonly #variances = new Float64Array(VARIANCE_STEPS.length).fill(1);
  #trend = 0;
  #spot: number | undefined;
  #basis: number | undefined;
  #steps = 0;

  constructor(stepSeconds: number) {
    this.#stepSeconds = stepSeconds;
  }

  /**
   * Closes a step: writes its features from `start` on, and returns where they end.
   * @param implied at-the-money vol at 30 days.
   * @param prints of the step.
   */
  step(row: Float64Array, start: number, implied: number, spot: number | undefined, basis: number | undefined, prints: number): number {
    this.#steps += 1;
    const sd = implied * Math.sqrt(this.#stepSeconds / SECONDS_PER_YEAR);
    const move = spot === undefined || this.#spot === undefined ? 0 : Math.log(spot / this.#spot) / sd;
    if (spot !== undefined) this.#spot = spot;
    this.#trend = this.#trend * Math.exp(-1 / TREND_STEPS) + move;
    this.#regimes.step(prints, move);
    let at = start;
    row[at++] = move;
    row[at++] = Math.abs(move);
    row[at++] = this.#trend;
    for (let w = 0; w < VARIANCE_STEPS.length; w += 1) {
      const before = this.#variances[w] ?? 1;
      if (this.#steps > 1) this.#variances[w] = before + (move * move - before) / Math.min(this.#steps + 1, VARIANCE_STEPS[w] ?? 1);
      row[at++] = 0.5 * Math.log(Math.max(RATIO_MINIMUM, this.#variances[w] ?? 1));
    }
    row[at++] = this.#regimes.probabilities[0] ?? 0;
    row[at++] = this.#regimes.probabilities[2] ?? 0;
    const premium = 10_000 * (basis ?? this.#basis ?? 0);
    row[at++] = premium;
    row[at++] = this.#basis === undefined ? 0 : premium - 10_000 * this.#basis;
    if (basis !== undefined) this.#basis = basis;
    return at;
  }
}
