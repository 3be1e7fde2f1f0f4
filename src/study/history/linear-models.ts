import { invariant } from '../../core/assert.ts';
import type { HistoryPanel } from './panel.ts';
import type { RowModel } from './prequential.ts';
import { RidgeModel } from './ridge-model.ts';

/**
 * Of models with several correlated regressors: a standardised coefficient is believed to be within 0.07 of the noise's standard deviation, which is
 * a share of 0.5 % explained by each. Chosen on 2011 to 2014 of the Cboe indices (docs/forecasting.md).
 */
const PENALTY = 200;

/** Of vector autoregressions: only against regressors that say the same. */
const VECTOR_PENALTY = 20;

/**
 * Autoregression of the first order of the level: the change on a constant per asset and the last value.
 */
export function autoregression(panel: HistoryPanel, state: number): RowModel {
  const values = stateOf(panel, state);
  return ordinary(panel, [(row) => values[row] ?? Number.NaN]);
}

/**
 * Heterogeneous autoregression (Corsi 2009, J. Financial Econometrics 7(2), on levels of log vol): the change on a constant per asset, the last value,
 * and the means of the last week's and month's.
 */
export function heterogeneous(panel: HistoryPanel, state: number): RowModel {
  return ordinary(panel, historyTerms(panel, state));
}

/**
 * The same with exogenous inputs, the term slopes and realised vols, and all but the constants shrunk: the linear model that is hard to beat.
 */
export function heterogeneousExogenous(panel: HistoryPanel, state: number): RowModel {
  const { exogenous, features } = panel.definition;
  const terms = exogenous.map((name) => {
    const values = panel.inputs[features.indexOf(name)];
    invariant(values !== undefined, () => `${name} is no feature of ${panel.definition.name}`);
    return (row: number) => values[row] ?? Number.NaN;
  });
  return shrunk(panel, [...historyTerms(panel, state), ...terms]);
}

/**
 * Vector autoregression of the first order on the factors' levels (Sims 1980, Econometrica 48(1)), equation by equation, shrunk; changes over
 * several rows are those that it expects one after another. States that are no factors follow from those that are.
 */
export class VectorAutoregression implements RowModel {
  readonly #panel: HistoryPanel;
  readonly #factors: readonly Readonly<Float64Array>[];
  readonly #equations: readonly RidgeModel[];
  readonly #weights: readonly number[];
  readonly #steps: number;
  /** The factors that an equation is asked about: those of a row, or expected ones. */
  #levels = new Float64Array(0);
  #asset = 0;

  constructor(panel: HistoryPanel, state: number, steps: number) {
    const { factors, states } = panel.definition;
    const place = new Map(states.map(({ name }, i) => [name, i]));
    this.#panel = panel;
    this.#steps = steps;
    this.#factors = factors.map((name) => stateOf(panel, place.get(name) ?? -1));
    const assets = panel.assets.length;
    const regressors = (): Float64Array => Float64Array.from([...constants(assets, this.#asset), ...this.#levels]);
    this.#equations = factors.map(() => new RidgeModel(regressors, assets + factors.length, assets, VECTOR_PENALTY));
    this.#weights = factorWeights(states[state]?.name ?? '', factors);
  }

  learn(row: number): void {
    this.#look(row);
    this.#equations.forEach((equation, i) => {
      const values = this.#factors[i];
      equation.learn(row, (values?.[row + 1] ?? Number.NaN) - (values?.[row] ?? Number.NaN));
    });
  }

  refit(): void {
    for (const equation of this.#equations) equation.refit();
  }

  predict(row: number): number {
    this.#look(row);
    const before = this.#levels;
    for (let step = 0; step < this.#steps; step += 1) {
      const levels = this.#levels;
      this.#levels = levels.map((level, i) => level + (this.#equations[i]?.predict(row) ?? Number.NaN));
    }
    return this.#weights.reduce((sum, weight, i) => sum + weight * ((this.#levels[i] ?? 0) - (before[i] ?? 0)), 0);
  }

  #look(row: number): void {
    this.#levels = Float64Array.from(this.#factors, (values) => values[row] ?? Number.NaN);
    this.#asset = this.#panel.asset[row] ?? 0;
  }
}

/** A state as a sum of factors: itself, or a slope `slope_7_90` as the difference of `atm_7d` and `atm_90d`. */
function factorWeights(state: string, factors: readonly string[]): number[] {
  const slope = /^slope_(\d+)_(\d+)$/.exec(state);
  const weights = factors.map((name) => {
    if (slope === null) return name === state ? 1 : 0;
    return name === `atm_${slope[1]}d` ? 1 : name === `atm_${slope[2]}d` ? -1 : 0;
  });
  invariant(
    weights.some((weight) => weight !== 0),
    () => `${state} does not follow from the factors`,
  );
  return weights;
}

/** Last value and the two means of a state; a mean is of rows since the last pause. */
function historyTerms(panel: HistoryPanel, state: number): ((row: number) => number)[] {
  const values = stateOf(panel, state);
  const means = panel.definition.meanRows.map((count) => segmentMean(panel, values, count));
  return [values, ...means].map((terms) => (row: number) => terms[row] ?? Number.NaN);
}

/** Mean of the last `count` rows, or of as many as there are since the pause. */
function segmentMean(panel: HistoryPanel, values: Readonly<Float64Array>, count: number): Float64Array {
  let from = 0;
  return Float64Array.from(values, (_, row) => {
    if (panel.segment[row] !== panel.segment[from]) from = row;
    const first = Math.max(from, row - count + 1);
    let sum = 0;
    for (let at = first; at <= row; at += 1) sum += values[at] ?? Number.NaN;
    return sum / (row - first + 1);
  });
}

function ordinary(panel: HistoryPanel, terms: readonly ((row: number) => number)[]): RowModel {
  return new RidgeModel(regressorsOf(panel, terms), panel.assets.length + terms.length, panel.assets.length);
}

function shrunk(panel: HistoryPanel, terms: readonly ((row: number) => number)[]): RowModel {
  return new RidgeModel(regressorsOf(panel, terms), panel.assets.length + terms.length, panel.assets.length, PENALTY);
}

/** One constant per asset, then the terms. */
function regressorsOf(panel: HistoryPanel, terms: readonly ((row: number) => number)[]): (row: number) => Float64Array {
  const assets = panel.assets.length;
  return (row) => Float64Array.from([...constants(assets, panel.asset[row] ?? 0), ...terms.map((term) => term(row))]);
}

const constants = (assets: number, asset: number): number[] => Array.from({ length: assets }, (_, i) => (i === asset ? 1 : 0));

function stateOf(panel: HistoryPanel, state: number): Readonly<Float64Array> {
  const values = panel.states[state];
  invariant(values !== undefined, () => `there is no state ${state}`);
  return values;
}
