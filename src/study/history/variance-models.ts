import { fittedGarch, type GarchLaw, garchFilter, garchMean } from './garch.ts';
import { type HistoryPanel, rowAhead } from './panel.ts';
import type { RowModel } from './prequential.ts';
import { RidgeModel } from './ridge-model.ts';

/** Returns are not taken to be smaller than this in the mean: prices that stand still have a variance too. */
const VARIANCE_MINIMUM = 1e-10;
/** Rows whose variance the random walk holds. */
const MONTH = 22;
/** Decay of the exponentially weighted variance (RiskMetrics 1996). */
const DECAY = 0.94;

/** Realised variances of a panel with a price. */
export class RealisedVariance {
  readonly #panel: HistoryPanel;
  readonly #prices: Readonly<Float64Array>;

  constructor(panel: HistoryPanel, logPrice: Readonly<Float64Array>) {
    this.#panel = panel;
    this.#prices = logPrice;
  }

  /** Logarithm of the mean squared return of the `steps` rows up to a row; NaN where they cross a pause. */
  logUpTo(row: number, steps: number): number {
    if (row - steps < 0 || rowAhead(this.#panel, row - steps, steps) !== row) return Number.NaN;
    let sum = 0;
    for (let at = row - steps + 1; at <= row; at += 1) {
      const move = (this.#prices[at] ?? Number.NaN) - (this.#prices[at - 1] ?? Number.NaN);
      sum += move * move;
    }
    return Math.log(Math.max(sum / steps, VARIANCE_MINIMUM));
  }

  /** What the walk holds: the variance of the last month of rows. */
  logAtOrigin(row: number): number {
    return this.logUpTo(row, MONTH);
  }

  /** Log variance of the `steps` rows after each row, less that at the origin. */
  outcomes(steps: number): Float64Array {
    return Float64Array.from(this.#panel.seconds, (_, row) => {
      const ahead = rowAhead(this.#panel, row, steps);
      return ahead === undefined ? Number.NaN : this.logUpTo(ahead, steps) - this.logAtOrigin(row);
    });
  }

  /** Returns of the span of a row up to it. */
  returnsUpTo(row: number): Float64Array {
    const first = this.#panel.segment.indexOf(this.#panel.segment[row] ?? 0);
    return Float64Array.from({ length: row - first }, (_, i) => (this.#prices[first + i + 1] ?? 0) - (this.#prices[first + i] ?? 0));
  }
}

/**
 * Log variance on log variances of the last week and month (after Corsi 2009; a single squared return has no useful logarithm), and where asked
 * on log implied vol too; half of the residual variance is added, since the mean of a lognormal variance is wanted and not its median.
 */
export class LogVarianceModel implements RowModel {
  readonly #ridge: RidgeModel;
  readonly #regressors: (row: number) => Float64Array;
  readonly #learned: { readonly row: number; readonly outcome: number }[] = [];
  #correction = 0;

  constructor(panel: HistoryPanel, realised: RealisedVariance, implied: readonly Readonly<Float64Array>[]) {
    const assets = panel.assets.length;
    const [week, month] = panel.definition.meanRows;
    this.#regressors = (row) => {
      const origin = realised.logAtOrigin(row);
      const own = [week, month].map((count) => realised.logUpTo(row, count) - origin);
      const others = implied.map((values) => 2 * (values[row] ?? Number.NaN) - origin);
      return Float64Array.from([...Array.from({ length: assets }, (_, i) => (i === panel.asset[row] ? 1 : 0)), origin, ...own, ...others]);
    };
    this.#ridge = new RidgeModel(this.#regressors, assets + 3 + implied.length, assets, 1);
  }

  learn(row: number, outcome: number): void {
    if (!this.#regressors(row).every(Number.isFinite)) return;
    this.#learned.push({ row, outcome });
    this.#ridge.learn(row, outcome);
  }

  refit(): void {
    this.#ridge.refit();
    const squares = this.#learned.reduce((sum, { row, outcome }) => {
      const error = outcome - this.#ridge.predict(row);
      return sum + error * error;
    }, 0);
    this.#correction = squares / (2 * Math.max(1, this.#learned.length));
  }

  predict(row: number): number {
    return this.#ridge.predict(row) + this.#correction;
  }
}

/** The exponentially weighted mean of squared returns, for every horizon. */
export function ewmaVarianceModel(realised: RealisedVariance): RowModel {
  return {
    learn: () => undefined,
    refit: () => undefined,
    predict(row) {
      const returns = realised.returnsUpTo(row).subarray(-500);
      let [sum, weights, weight] = [0, 0, 1];
      for (let i = returns.length - 1; i >= 0; i -= 1) {
        sum += weight * (returns[i] ?? 0) * (returns[i] ?? 0);
        weights += weight;
        weight *= DECAY;
      }
      return Math.log(Math.max(sum / weights, VARIANCE_MINIMUM)) - realised.logAtOrigin(row);
    },
  };
}

/** GARCH(1,1) of each asset, fitted on its returns so far. */
export class GarchModel implements RowModel {
  readonly #panel: HistoryPanel;
  readonly #realised: RealisedVariance;
  readonly #steps: number;
  /** Last known row of each span. */
  readonly #known = new Map<number, number>();
  readonly #laws = new Map<number, GarchLaw>();

  constructor(panel: HistoryPanel, realised: RealisedVariance, steps: number) {
    this.#panel = panel;
    this.#realised = realised;
    this.#steps = steps;
  }

  learn(row: number): void {
    this.#known.set(this.#panel.segment[row] ?? 0, row);
  }

  refit(): void {
    for (const asset of this.#panel.assets.keys()) {
      const rows = [...this.#known.values()].filter((row) => this.#panel.asset[row] === asset);
      const spans = rows.map((row) => this.#realised.returnsUpTo(row));
      if (spans.some((span) => span.some((value) => value !== 0))) this.#laws.set(asset, fittedGarch(spans));
    }
  }

  predict(row: number): number {
    const law = this.#laws.get(this.#panel.asset[row] ?? 0);
    if (law === undefined) return Number.NaN;
    const next = garchFilter(this.#realised.returnsUpTo(row), law);
    return Math.log(Math.max(garchMean(law, next, this.#steps), VARIANCE_MINIMUM)) - this.#realised.logAtOrigin(row);
  }
}
