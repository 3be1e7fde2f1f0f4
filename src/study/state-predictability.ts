import { LinearRegression } from '../core/linear-regression.ts';
import { streams } from '../core/rng.ts';
import { FACTOR_COUNT, FACTORS } from '../pricing/factors.ts';
import { World } from '../processes/world.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** How much of a factor's change over a horizon is known to one who knows the hidden state: the ceiling of any forecast. */
export interface StatePredictability {
  readonly factor: string;
  readonly horizonSteps: number;
  /** Regime at the origin, or `all`. */
  readonly regime: string;
  /** 1 − (squared error of the state regression)/(squared change), in sample. */
  readonly r2: number;
  /** Standard deviation of the change, and of its predictable part, in the factor's unit. */
  readonly changeSd: number;
  readonly predictableSd: number;
  readonly origins: number;
}

/**
 * Regresses true changes of the factors on the hidden state at the origin, regime by regime: the factor's own pressure, the memory of net
 * demand, and the orders that earlier ones will draw, with a constant. The truth now is known, so this measures what is forecastable, not what is unseen (economics 6). Changes overlap; with
 * thousands of origins per regressor the in-sample excess of R² is below 0.001. Yields after each seed which share is done.
 */
export function* statePredictability(
  scenario: Scenario,
  seeds: readonly string[],
  horizonsSteps: readonly number[],
): Generator<number, StatePredictability[]> {
  const regimes = scenario.world.regimes.map((regime) => regime.name);
  const longest = Math.max(...horizonsSteps);
  const perStep = Math.max(1, Math.round((scenario.forecast.stepSeconds * 1000) / scenario.world.stepMillis));
  const steps = Math.floor(scenario.durationSeconds / scenario.forecast.stepSeconds);
  const cells = new Map<string, LinearRegression>();
  const cell = (factor: number, horizon: number, regime: number): LinearRegression => {
    const key = `${factor} ${horizon} ${regime}`;
    const known = cells.get(key) ?? new LinearRegression(4);
    cells.set(key, known);
    return known;
  };
  for (const [done, seed] of seeds.entries()) {
    const path = record(scenario, seed, steps + longest, perStep);
    for (let step = 0; step < steps; step += 1) {
      const at = step * FACTOR_COUNT;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const x = [1, path.pressures[at + f] ?? 0, path.memories[step] ?? 0, path.excitations[step] ?? 0];
        for (const ahead of horizonsSteps) {
          cell(f, ahead, path.regimes[step] ?? 0).add(x, (path.factors[at + ahead * FACTOR_COUNT + f] ?? 0) - (path.factors[at + f] ?? 0));
        }
      }
    }
    yield (done + 1) / seeds.length;
  }
  const rows: StatePredictability[] = [];
  for (let factor = 0; factor < FACTOR_COUNT; factor += 1) {
    for (const horizonSteps of horizonsSteps) {
      const parts = regimes
        .map((_, regime) => cells.get(`${factor} ${horizonSteps} ${regime}`))
        .map((c) => (c === undefined ? { residual: 0, total: 0, count: 0 } : { ...c.squares(), count: c.count }));
      const sum = parts.reduce((a, b) => ({ residual: a.residual + b.residual, total: a.total + b.total, count: a.count + b.count }));
      for (const [i, part] of [sum, ...parts].entries()) {
        if (part.count === 0) continue;
        rows.push({
          factor: FACTORS[factor] ?? '',
          horizonSteps,
          regime: i === 0 ? 'all' : (regimes[i - 1] ?? ''),
          // What never moves has nothing to forecast.
          r2: part.total > 0 ? 1 - part.residual / part.total : 0,
          changeSd: Math.sqrt(part.total / part.count),
          predictableSd: Math.sqrt(Math.max(0, part.total - part.residual) / part.count),
          origins: part.count,
        });
      }
    }
  }
  return rows;
}

interface Path {
  readonly factors: Float64Array;
  readonly pressures: Float64Array;
  readonly memories: Float64Array;
  readonly excitations: Float64Array;
  readonly regimes: Int32Array;
}

function record(scenario: Scenario, seed: string, steps: number, perStep: number): Path {
  const world = new World({ ...scenario.world, lookaheadSteps: 0 }, scenario.chain, scenario.valuation, streams(seed));
  const path = {
    factors: new Float64Array(steps * FACTOR_COUNT),
    pressures: new Float64Array(steps * FACTOR_COUNT),
    memories: new Float64Array(steps),
    excitations: new Float64Array(steps),
    regimes: new Int32Array(steps),
  };
  for (let step = 0; step < steps; step += 1) {
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      path.factors[step * FACTOR_COUNT + f] = world.factor(f);
      path.pressures[step * FACTOR_COUNT + f] = world.pressure(f);
    }
    path.memories[step] = world.demandMemory();
    path.excitations[step] = world.demandExcitation();
    path.regimes[step] = world.regime();
    for (let i = 0; i < perStep; i += 1) world.advance();
  }
  return path;
}
