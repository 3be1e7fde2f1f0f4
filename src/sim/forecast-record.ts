import type { ForecastInspection } from '../agents/inspection.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';

/** The truth that forecasts are scored against, as of its present step. */
export interface ScoredWorld {
  readonly step: number;
  readonly stepNanos: number;
  /** One observed factor of the surface. */
  factor(index: number): number;
}

/** Errors of one factor at one horizon, one entry per forecast, in order of time. */
export interface ErrorSeries {
  readonly factor: number;
  readonly horizonSeconds: number;
  /** Truth at the horizon minus the forecast. */
  readonly errors: readonly number[];
  /** Truth at the horizon minus the tracker's estimate at the origin: the random walk's error (decision 13). */
  readonly walkErrors: readonly number[];
  /** Forecasts whose 80 % interval held the truth. */
  readonly covered: number;
}

interface Pending {
  readonly forecast: ForecastInspection;
  readonly horizon: number;
  readonly dueStep: number;
}

interface MutableSeries {
  factor: number;
  horizonSeconds: number;
  errors: number[];
  walkErrors: number[];
  covered: number;
}

/** Half-width of a normal's 80 % interval in standard deviations. */
const EIGHTY = 1.2816;

/** Scores an agent's forecasts against the true observed factors of the world, as they come due. */
export class ForecastRecord {
  readonly #world: ScoredWorld;
  readonly #pending: Pending[] = [];
  readonly #series: MutableSeries[] = [];
  #last = -1;

  constructor(world: ScoredWorld) {
    this.#world = world;
  }

  /** Takes note of a forecast once; repeats of the same one are ignored. */
  note(forecast: ForecastInspection | undefined): void {
    if (forecast === undefined || forecast.madeSeconds === this.#last) return;
    this.#last = forecast.madeSeconds;
    if (this.#series.length === 0) this.#open(forecast);
    forecast.horizonsSeconds.forEach((seconds, horizon) => {
      const dueStep = Math.round(((forecast.madeSeconds + seconds) * 1e9) / this.#world.stepNanos);
      this.#pending.push({ forecast, horizon, dueStep });
    });
  }

  #open(forecast: ForecastInspection): void {
    forecast.horizonsSeconds.forEach((horizonSeconds) => {
      for (let factor = 0; factor < FACTOR_COUNT; factor += 1)
        this.#series.push({ factor, horizonSeconds, errors: [], walkErrors: [], covered: 0 });
    });
  }

  /** Settles what is due at the world's present step. */
  step(): void {
    const now = this.#world.step;
    let kept = 0;
    for (const pending of this.#pending) {
      if (pending.dueStep === now) this.#settle(pending);
      else if (pending.dueStep > now) {
        this.#pending[kept] = pending;
        kept += 1;
      }
    }
    this.#pending.length = kept;
  }

  #settle({ forecast, horizon }: Pending): void {
    for (let factor = 0; factor < FACTOR_COUNT; factor += 1) {
      const at = horizon * FACTOR_COUNT + factor;
      const series = this.#series[at];
      if (series === undefined) continue;
      const walk = this.#world.factor(factor) - (forecast.origin[factor] ?? 0);
      const error = walk - (forecast.change[at] ?? 0);
      series.errors.push(error);
      series.walkErrors.push(walk);
      if (Math.abs(error) <= EIGHTY * (forecast.scale[at] ?? 0)) series.covered += 1;
    }
  }

  get series(): readonly ErrorSeries[] {
    return this.#series;
  }
}
