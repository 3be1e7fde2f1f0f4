import { NANOS_PER_SECOND } from '../../core/units.ts';
import { FeatureBuilder } from '../../forecast/features.ts';
import type { Forecast, Forecaster, ForecasterModel, ForecasterReport } from '../../forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { AgentSetup, Desk } from '../agent.ts';
import type { ForecastInspection } from '../inspection.ts';
import type { MarketWatch } from './market-watch.ts';

/** A maker's forecast of the surface: a row of features at each forecast step, and what its forecaster makes of it. */
export class Forecasting {
  /** The latest forecast that was one; undefined while the forecaster warms up. */
  forecast: Forecast | undefined;
  readonly #setup: AgentSetup;
  readonly #watch: MarketWatch;
  readonly #model: ForecasterModel;
  #features: FeatureBuilder;
  #forecaster: Forecaster;
  /** Where and when the forecast was made. */
  readonly #origin = new Float64Array(FACTOR_COUNT);
  #madeSeconds = 0;
  #nextStep = 0;

  constructor(kind: string, setup: AgentSetup, watch: MarketWatch) {
    this.#setup = setup;
    this.#watch = watch;
    this.#model = setup.forecaster(kind);
    this.#features = this.#blankFeatures();
    this.#forecaster = this.#model.start();
  }

  /** Begins anew, as after a night. */
  forget(): void {
    this.#features = this.#blankFeatures();
    this.#forecaster = this.#model.start();
    this.forecast = undefined;
    this.#nextStep = 0;
  }

  /** Hears a print; contracts are above 0 where a buyer crossed. */
  trade(series: number, contracts: number): void {
    this.#features.trade(series, contracts);
    this.#forecaster.trade?.(series, contracts, this.#watch.tracker.theo);
  }

  /** Closes a forecast step when its time has come; true when it did. */
  step(desk: Desk): boolean {
    if (desk.now < this.#nextStep) return false;
    const step = this.#setup.forecastStepSeconds * NANOS_PER_SECOND;
    this.#nextStep = (Math.floor(desk.now / step) + 1) * step;
    const { tracker } = this.#watch;
    const row = this.#features.step({
      factors: tracker.factors,
      spot: this.#watch.spot,
      basis: this.#watch.basis,
      hours: desk.now / (3600 * NANOS_PER_SECOND),
    });
    this.#forecaster.observe(tracker.factors, row);
    this.#keep(this.#forecaster.forecast(), desk);
    return true;
  }

  /** Seconds since the forecast was made; Infinity without one. */
  ageSeconds(nowSeconds: number): number {
    return this.forecast === undefined ? Number.POSITIVE_INFINITY : nowSeconds - this.#madeSeconds;
  }

  /** Forecast steps since the forecast was made: 0 after each step that gives one, and while there never was one. */
  ageSteps(desk: Desk): number {
    if (this.forecast === undefined) return 0;
    const stepSeconds = this.#setup.forecastStepSeconds;
    return Math.floor(desk.now / NANOS_PER_SECOND / stepSeconds) - Math.floor(this.#madeSeconds / stepSeconds);
  }

  /** Takes a forecast over, with numbers of its own: a forecaster may write the next one over them. One without numbers is none. */
  #keep(made: Forecast | undefined, desk: Desk): void {
    if (made === undefined || !made.change.every(Number.isFinite) || !made.scale.every(Number.isFinite)) return;
    this.forecast = {
      horizonsSeconds: made.horizonsSeconds,
      change: Float64Array.from(made.change),
      scale: Float64Array.from(made.scale),
    };
    this.#origin.set(this.#watch.tracker.factors);
    this.#madeSeconds = desk.now / NANOS_PER_SECOND;
  }

  get warmup(): { readonly seen: number; readonly needed: number } {
    return { seen: this.#features.steps, needed: this.#model.warmupSteps };
  }

  get learning(): ForecasterReport | undefined {
    return this.#forecaster.report?.();
  }

  inspect(): ForecastInspection | undefined {
    const { forecast } = this;
    if (forecast === undefined) return undefined;
    return {
      madeSeconds: this.#madeSeconds,
      origin: Array.from(this.#origin),
      horizonsSeconds: forecast.horizonsSeconds,
      change: Array.from(forecast.change),
      scale: Array.from(forecast.scale),
    };
  }

  #blankFeatures(): FeatureBuilder {
    return new FeatureBuilder(this.#watch.tracker.theo, this.#setup.forecastStepSeconds);
  }
}
