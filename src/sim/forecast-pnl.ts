import { FACTOR_COUNT, FACTORS, type FactorName } from '../pricing/factors.ts';

/** What an agent's exposures to the factors earned: those it held because of its forecast, and the rest, which came to it. Dollars. */
export interface SurfacePnl {
  readonly forecast: number;
  readonly inventory: number;
  /** Sum of the squares of what the exposures earned in each step, dollars²: BᵀΣB over the run, as the moves turned out. */
  readonly variance: number;
}

/**
 * Divides what an agent earned by moves of the factors between its forecast and its inventory (models 4f). Per step and factor, with B what it
 * held, B* what it says it holds because of its forecast, and dx the move:
 *
 *   forecast += clip(B*) dx,  clip(B*) of the sign of B and no larger in size, 0 where the signs differ;  inventory += (B − clip(B*)) dx.
 *
 * The two sum to the causes `level` to `curvature`, to rounding: test/sim/forecast-pnl.test.ts.
 */
export class ForecastPnl {
  readonly #factors: Float64Array;
  readonly #amounts = new Float64Array(FACTOR_COUNT);
  #forecast = 0;
  #variance = 0;

  /** @param factors at the opening. */
  constructor(factors: ArrayLike<number>) {
    this.#factors = Float64Array.from(factors);
  }

  /**
   * Takes in one world step.
   * @param targets B* over the step that has ended, dollars per unit of each factor; undefined where the agent has none.
   * @param factors after the step.
   * @param amountOf what the agent has earned by moves of a factor so far.
   */
  step(targets: Readonly<Float64Array> | undefined, factors: ArrayLike<number>, amountOf: (factor: FactorName) => number): void {
    let earned = 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const amount = amountOf(FACTORS[f] ?? 'level');
      const move = (factors[f] ?? 0) - (this.#factors[f] ?? 0);
      // B dx: clipping B* to B is clipping B* dx to it, since both move by the same dx.
      const held = amount - (this.#amounts[f] ?? 0);
      earned += held;
      const wanted = (targets?.[f] ?? 0) * move;
      if (wanted * held > 0) this.#forecast += Math.abs(wanted) < Math.abs(held) ? wanted : held;
      this.#amounts[f] = amount;
      this.#factors[f] = factors[f] ?? 0;
    }
    this.#variance += earned * earned;
  }

  get total(): SurfacePnl {
    const all = this.#amounts.reduce((sum, amount) => sum + amount, 0);
    return { forecast: this.#forecast, inventory: all - this.#forecast, variance: this.#variance };
  }
}
