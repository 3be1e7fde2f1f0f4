const SECONDS_PER_YEAR = 31_536_000;
/** A move of the spot is a shock from so many implied standard deviations of the whole horizon on. */
const SPOT_SDS = 3;
/** A move of the level is a shock from so much on, in log points. */
const LEVEL_MOVE = 0.05;

/** What counts as a shock, for the model's card. */
export const SHOCK_MEANING = `before the horizon the regime changes, the spot is ${SPOT_SDS} or more implied standard deviations of the horizon away, or the vol at 30 days by ${100 * LEVEL_MOVE} % of itself or more`;

/** What the spot and the regime did along one path on the forecast grid: the outcomes of forecasts of volatility and shocks. */
export class RealisedPath {
  readonly #stepSeconds: number;
  readonly #logSpot: Float64Array;
  readonly #level: Float64Array;
  /** Sum of squared log returns, and count of changes of regime, up to each step. */
  readonly #squares: Float64Array;
  readonly #changes: Int32Array;
  #regime = 0;

  constructor(steps: number, stepSeconds: number) {
    this.#stepSeconds = stepSeconds;
    this.#logSpot = new Float64Array(steps);
    this.#level = new Float64Array(steps);
    this.#squares = new Float64Array(steps);
    this.#changes = new Int32Array(steps);
  }

  /** Takes in a step, in order from 0 on; step 0 begins a new path. */
  note(step: number, spot: number, level: number, regime: number): void {
    const log = Math.log(spot);
    const move = step === 0 ? 0 : log - (this.#logSpot[step - 1] ?? 0);
    const changed = step > 0 && regime !== this.#regime ? 1 : 0;
    this.#logSpot[step] = log;
    this.#level[step] = level;
    this.#squares[step] = (step === 0 ? 0 : (this.#squares[step - 1] ?? 0)) + move * move;
    this.#changes[step] = (step === 0 ? 0 : (this.#changes[step - 1] ?? 0)) + changed;
    this.#regime = regime;
  }

  /** Realised variance of the spot over `ahead` steps after a step, annual. */
  variance(step: number, ahead: number): number {
    const squares = (this.#squares[step + ahead] ?? 0) - (this.#squares[step] ?? 0);
    return Math.max(0, squares) * (SECONDS_PER_YEAR / (ahead * this.#stepSeconds));
  }

  /** Whether there is a shock within `ahead` steps after a step, as {@link SHOCK_MEANING} says. */
  hasShock(step: number, ahead: number): boolean {
    if ((this.#changes[step + ahead] ?? 0) > (this.#changes[step] ?? 0)) return true;
    const level = this.#level[step] ?? 0;
    const spotLimit = SPOT_SDS * Math.exp(level) * Math.sqrt((ahead * this.#stepSeconds) / SECONDS_PER_YEAR);
    for (let at = step + 1; at <= step + ahead; at += 1) {
      if (Math.abs((this.#logSpot[at] ?? 0) - (this.#logSpot[step] ?? 0)) >= spotLimit) return true;
      if (Math.abs((this.#level[at] ?? 0) - level) >= LEVEL_MOVE) return true;
    }
    return false;
  }
}
