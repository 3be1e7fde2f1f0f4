import { LinearRegression } from '../../core/linear-regression.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { FLOW_MINUTES, jumpsBetween, type RecordedWorld } from './recorded-world.ts';

/** Steps over which past changes of the tracked factor are taken. */
export const LAG_STEPS = [1, 2, 3, 5, 10, 20, 40] as const;
/** A constant and the past changes; then the flow of the last step and its decayed sums. */
export const OWN_REGRESSORS = 1 + LAG_STEPS.length;
export const MAKER_REGRESSORS = OWN_REGRESSORS + 1 + FLOW_MINUTES.length;
const STATE_REGRESSORS = 3;
/** Forecasts are made from this step on, as served (decision 14). */
export const BURN_IN_STEPS = 16;

/** What a maker knows at a step, for a linear forecast of one factor: the first {@link OWN_REGRESSORS} are its own lags alone. */
export function makerRegressors(world: RecordedWorld, factor: number, step: number, out: Float64Array): Float64Array {
  const at = step * FACTOR_COUNT + factor;
  const now = world.tracked[at] ?? 0;
  let n = 0;
  out[n++] = 1;
  for (const lag of LAG_STEPS) out[n++] = now - (world.tracked[Math.max(0, step - lag) * FACTOR_COUNT + factor] ?? 0);
  out[n++] = world.flow[at] ?? 0;
  for (let w = 0; w < FLOW_MINUTES.length; w += 1) out[n++] = world.decayedFlow[at * FLOW_MINUTES.length + w] ?? 0;
  return out;
}

/**
 * Steps of a world from which forecasts are fitted and scored: all after the burn-in that have an outcome `longest` steps later, except where the
 * spot jumps among the lags or before that outcome. Nothing foresees a jump, and in squares one outweighs a hundred hours.
 */
export function originSteps(world: RecordedWorld, longest: number): number[] {
  const steps: number[] = [];
  const lags = Math.max(...LAG_STEPS);
  for (let step = BURN_IN_STEPS; step < world.steps - longest; step += 1)
    if (!jumpsBetween(world, step - lags, step + longest)) steps.push(step);
  return steps;
}

/** Linear forecast of the true change of a factor: intercept, and slopes on its pressure and on the memory of demand. */
export type StateLaw = readonly [constant: number, pressure: number, memory: number];

/**
 * Linear forecasts of one factor at each horizon, fitted by least squares on recorded worlds:
 * - by regime at the origin, the true change on the hidden state (pressure, memory of demand), the truth now known;
 * - the true factor less the tracked one now on what a maker sees, and on the tracked factor's own lags alone.
 */
export class ForecastFits {
  readonly horizonsSteps: readonly number[];
  readonly #factor: number;
  readonly #state: LinearRegression[][];
  readonly #maker: LinearRegression[];
  readonly #own: LinearRegression[];
  #laws: { state: StateLaw[][]; maker: Float64Array[]; own: Float64Array[] } | undefined;

  constructor(factor: number, regimes: number, horizonsSteps: readonly number[]) {
    this.#factor = factor;
    this.horizonsSteps = horizonsSteps;
    this.#state = Array.from({ length: regimes }, () => horizonsSteps.map(() => new LinearRegression(STATE_REGRESSORS)));
    this.#maker = horizonsSteps.map(() => new LinearRegression(MAKER_REGRESSORS));
    this.#own = horizonsSteps.map(() => new LinearRegression(OWN_REGRESSORS));
  }

  /** Adds the origins of a world ({@link originSteps}). */
  add(world: RecordedWorld): void {
    this.#laws = undefined;
    const x = new Float64Array(MAKER_REGRESSORS);
    const state = new Float64Array(STATE_REGRESSORS);
    for (const step of originSteps(world, Math.max(...this.horizonsSteps))) {
      const at = step * FACTOR_COUNT + this.#factor;
      makerRegressors(world, this.#factor, step, x);
      state[0] = 1;
      state[1] = world.pressure[at] ?? 0;
      state[2] = world.memory[step] ?? 0;
      const byRegime = this.#state[world.regime[step] ?? 0];
      for (const [h, ahead] of this.horizonsSteps.entries()) {
        const outcome = world.truth[at + ahead * FACTOR_COUNT] ?? 0;
        byRegime?.[h]?.add(state, outcome - (world.truth[at] ?? 0));
        this.#maker[h]?.add(x, outcome - (world.tracked[at] ?? 0));
        this.#own[h]?.add(x, outcome - (world.tracked[at] ?? 0));
      }
    }
  }

  /** Law of a regime at a horizon; of a regime that was never seen, no change. */
  state(regime: number, horizon: number): StateLaw {
    return this.#fitted().state[regime]?.[horizon] ?? [0, 0, 0];
  }

  /** Forecast of the true factor less the tracked one now. */
  maker(regressors: Float64Array, horizon: number): number {
    return product(this.#fitted().maker[horizon], regressors);
  }

  /** The same from the tracked factor's own past. */
  own(regressors: Float64Array, horizon: number): number {
    return product(this.#fitted().own[horizon], regressors);
  }

  #fitted(): { state: StateLaw[][]; maker: Float64Array[]; own: Float64Array[] } {
    this.#laws ??= {
      state: this.#state.map((byHorizon) =>
        byHorizon.map((regression): StateLaw => {
          const [constant = 0, pressure = 0, memory = 0] = regression.coefficients();
          return [constant, pressure, memory];
        }),
      ),
      maker: this.#maker.map((regression) => regression.coefficients()),
      own: this.#own.map((regression) => regression.coefficients()),
    };
    return this.#laws;
  }
}

/** Product over as many terms as there are coefficients. */
function product(coefficients: Float64Array | undefined, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < (coefficients?.length ?? 0); i += 1) sum += (coefficients?.[i] ?? 0) * (x[i] ?? 0);
  return sum;
}
