/** Forecast steps over which moves are compared: the tracked surface lags the spot by about one. */
const SPAN_STEPS = 2;
/** Independent moves below which nothing is concluded. */
const MOVES_MINIMUM = 10;
/** Of the squared t statistic below which a slope is taken for none. */
const SHRINKAGE = 2;

/**
 * How the at-the-money vol of each expiry goes with the spot: slope of its change on the log return, by exponentially weighted least squares over
 * moves of two forecast steps, through the origin. A slope is shrunk by 1 − 2/t², and 0 where that is below 0 or fewer than ten
 * moves count: what may be noise is not hedged (positive-part shrinkage, after James and Stein 1961; t by the effective number of moves that do not overlap).
 *
 * It is by expiry, not of the level factor alone: the slope factor moves against the level, and far vols go with the spot much less than the
 * level does. What it is worth: test/agents/maker/hedging/minimum-variance.slow.test.ts.
 */
export class VolResponse {
  readonly #expiries: number;
  readonly #decay: number;
  /** Log spot and vols at the last steps, the latest first. */
  readonly #spots = new Float64Array(SPAN_STEPS + 1);
  readonly #vols: readonly Float64Array[];
  readonly #xy: Float64Array;
  readonly #yy: Float64Array;
  readonly #slopes: Float64Array;
  #steps = 0;
  #weight = 0;
  #squaredWeight = 0;
  #xx = 0;

  /** @param halfLifeSteps forecast steps after which a move counts half. */
  constructor(expiries: number, halfLifeSteps: number) {
    this.#expiries = expiries;
    this.#decay = Math.exp(-Math.LN2 / halfLifeSteps);
    this.#vols = Array.from({ length: SPAN_STEPS + 1 }, () => new Float64Array(expiries));
    this.#xy = new Float64Array(expiries);
    this.#yy = new Float64Array(expiries);
    this.#slopes = new Float64Array(expiries);
  }

  /** Change of the at-the-money vol of an expiry for a log return of 1; below 0 where vol rises when the spot falls. */
  slope(expiry: number): number {
    return this.#slopes[expiry] ?? 0;
  }

  /** A gap in time: what has been learnt holds, but no move is taken across it. */
  pause(): void {
    this.#steps = 0;
  }

  /** Takes in one forecast step. @param vol at-the-money vol by expiry. */
  observe(spot: number, vol: (expiry: number) => number): void {
    for (let age = SPAN_STEPS; age > 0; age -= 1) {
      this.#spots[age] = this.#spots[age - 1] ?? 0;
      for (let e = 0; e < this.#expiries; e += 1) this.#set(age, e, this.#vol(age - 1, e));
    }
    this.#spots[0] = Math.log(spot);
    for (let e = 0; e < this.#expiries; e += 1) this.#set(0, e, vol(e));
    this.#steps += 1;
    if (this.#steps > SPAN_STEPS) this.#learn();
  }

  #learn(): void {
    const move = (this.#spots[0] ?? 0) - (this.#spots[SPAN_STEPS] ?? 0);
    this.#weight = this.#weight * this.#decay + 1;
    this.#squaredWeight = this.#squaredWeight * this.#decay * this.#decay + 1;
    this.#xx = this.#xx * this.#decay + move * move;
    const moves = (this.#weight * this.#weight) / this.#squaredWeight / SPAN_STEPS;
    for (let e = 0; e < this.#expiries; e += 1) {
      const change = this.#vol(0, e) - this.#vol(SPAN_STEPS, e);
      const xy = (this.#xy[e] ?? 0) * this.#decay + move * change;
      const yy = (this.#yy[e] ?? 0) * this.#decay + change * change;
      this.#xy[e] = xy;
      this.#yy[e] = yy;
      this.#slopes[e] = moves < MOVES_MINIMUM || this.#xx === 0 ? 0 : shrunk(xy / this.#xx, (yy - (xy * xy) / this.#xx) / this.#xx, moves);
    }
  }

  #vol(age: number, expiry: number): number {
    return this.#vols[age]?.[expiry] ?? 0;
  }

  #set(age: number, expiry: number, vol: number): void {
    const row = this.#vols[age];
    if (row !== undefined) row[expiry] = vol;
  }
}

/** @param residual sum of squares that the slope leaves, over that of the moves. */
function shrunk(slope: number, residual: number, moves: number): number {
  if (slope === 0) return 0;
  const inverseSquaredT = Math.max(0, residual) / (moves - 1) / (slope * slope);
  return slope * Math.max(0, 1 - SHRINKAGE * inverseSquaredT);
}
