import { invariant } from '../../core/assert.ts';
import type { Forecast, Forecaster, ForecasterModel } from '../forecaster.ts';
import { BURN_IN_ROWS, clipped, LOG_SCALE_LIMIT } from '../lstm/scaling.ts';
import type { LinearDocument, LinearFit } from './linear-document.ts';
import { RegressorRow } from './regressors.ts';

/** The linear forecasters of a document, each ready to be run in any number of markets. They forecast from the same row on as the net. */
export function linearForecasterModels(document: LinearDocument): ForecasterModel[] {
  return document.models.map((fit) => ({
    kind: fit.kind,
    stepSeconds: document.stepSeconds,
    horizonsSeconds: document.horizonsSeconds,
    features: document.features,
    warmupSteps: BURN_IN_ROWS + 1,
    start: () => new RunningLinear(document, fit),
  }));
}

class RunningLinear implements Forecaster {
  readonly #row: RegressorRow;
  readonly #coefficients: Float64Array;
  readonly #logScale: Float64Array;
  readonly #change: Float64Array;
  readonly #scale: Float64Array;
  readonly #current: Forecast;
  #rowsSeen = 0;

  constructor({ features, inputScaler, horizonsSeconds }: LinearDocument, fit: LinearFit) {
    this.#row = new RegressorRow(features, inputScaler, fit.regressors);
    this.#coefficients = Float64Array.from(fit.coefficients.flat());
    this.#logScale = Float64Array.from(fit.logScale.flat());
    this.#change = new Float64Array(fit.coefficients.length);
    this.#scale = new Float64Array(fit.coefficients.length);
    this.#current = { horizonsSeconds, change: this.#change, scale: this.#scale };
  }

  observe(_factors: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    const { input, values } = this.#row;
    invariant(row.length === input.length, () => `expected a row of ${input.length} features, found ${row.length}`);
    this.#row.observe(row);
    let isSound = true;
    for (let output = 0; output < this.#change.length; output += 1) {
      const change = product(this.#coefficients, output * values.length, values);
      const scale = scaleOf(this.#logScale, output, input);
      this.#change[output] = change;
      this.#scale[output] = scale;
      isSound &&= Number.isFinite(change) && scale > 0 && Number.isFinite(scale);
    }
    this.#rowsSeen += 1;
    if (isSound) return;
    // A row that is no number would stay in the sums for ever.
    this.#row.reset();
    this.#rowsSeen = 0;
  }

  forecast(): Forecast | undefined {
    return this.#rowsSeen > BURN_IN_ROWS ? this.#current : undefined;
  }
}

/** Σ coefficients[offset + i] · x[i]. */
export function product(coefficients: Readonly<Float64Array>, offset: number, x: Readonly<Float64Array>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += coefficients[offset + i]! * x[i]!;
  return sum;
}

/** Scale of an output's error: exp(constant + what the row says), the latter within the limit of the net's. */
export function scaleOf(logScale: Readonly<Float64Array>, output: number, input: Readonly<Float64Array>): number {
  const offset = output * (1 + input.length);
  return Math.exp(logScale[offset]! + clipped(product(logScale, offset + 1, input), LOG_SCALE_LIMIT));
}
