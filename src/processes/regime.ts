import type { Rng } from '../core/rng.ts';

/** A Markov chain of regimes in continuous time, seen on a grid. Exact for steps of any length; one draw per step. */
export class RegimeChain {
  #current: number;
  readonly #rates: readonly (readonly number[])[];
  readonly #speed: number;
  #days = Number.NaN;
  #transitions: readonly (readonly number[])[] = [];

  /** @param ratesPerDay rate from row to column per day; the diagonal is not read. */
  constructor(start: number, ratesPerDay: readonly (readonly number[])[], speed: number) {
    this.#current = start;
    this.#rates = ratesPerDay;
    this.#speed = speed;
  }

  get current(): number {
    return this.#current;
  }

  /** Puts the chain into a regime, as a scripted shift does. */
  force(regime: number): void {
    this.#current = regime;
  }

  /** Moves on by `days`. */
  step(days: number, rng: Rng): number {
    if (days !== this.#days) {
      this.#days = days;
      this.#transitions = transitionMatrix(this.#rates, days * this.#speed);
    }
    let u = rng.uniform();
    const row = this.#transitions[this.#current] ?? [];
    for (let to = 0; to < row.length; to += 1) {
      if (to === this.#current) continue;
      const probability = row[to] ?? 0;
      if (u < probability) {
        this.#current = to;
        break;
      }
      u -= probability;
    }
    return this.#current;
  }
}

const TAYLOR_TERMS = 14;

/**
 * Probabilities of going from row to column within `days`: the exponential of the generator, by scaling and squaring of its Taylor series
 * (Moler and Van Loan 2003, SIAM Review 45, method 3), in the form of a uniformised chain: no term is negative, so no digits cancel. Against
 * closed forms and an independent series: test/processes/regime.test.ts.
 */
export function transitionMatrix(ratesPerDay: readonly (readonly number[])[], days: number): number[][] {
  const n = ratesPerDay.length;
  const leaving = ratesPerDay.map((row, from) => row.reduce((sum, rate, to) => (to === from ? sum : sum + rate), 0));
  // Uniformisation: e^(Qt) = e^(−qt)·e^((Q + qI)t), in which no term is negative.
  const fastest = Math.max(0, ...leaving) * days;
  let part = 1;
  let squarings = 0;
  for (; fastest * part > 0.5; part /= 2) squarings += 1;
  const jump = ratesPerDay.map((row, from) =>
    row.map((rate, to) => part * (to === from ? fastest - (leaving[from] ?? 0) * days : rate * days)),
  );
  let power = identity(n);
  let result = identity(n);
  for (let k = 1; k <= TAYLOR_TERMS; k += 1) {
    power = product(power, jump).map((row) => row.map((value) => value / k));
    result = result.map((row, i) => row.map((value, j) => value + (power[i]?.[j] ?? 0)));
  }
  result = result.map(normalised);
  for (let s = 0; s < squarings; s += 1) result = product(result, result).map(normalised);
  return result;
}

const identity = (n: number): number[][] => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));

function product(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) => b.map((_, j) => row.reduce((sum, value, k) => sum + value * (b[k]?.[j] ?? 0), 0)));
}

function normalised(row: readonly number[]): number[] {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.map((value) => value / sum);
}
