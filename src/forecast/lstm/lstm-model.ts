import { InputError, type Issue, invariant } from '../../core/assert.ts';
import type { Forecast, Forecaster, ForecasterModel } from '../forecaster.ts';
import { LstmCell } from './cell.ts';
import { LinearHead } from './head.ts';
import type { ModelCard } from './model-card.ts';
import { BURN_IN_ROWS, clipped, LOG_SCALE_LIMIT, standardised } from './scaling.ts';
import type { LstmWeights } from './weights.ts';

/** A trained net, ready to be run in any number of markets. */
export interface LstmModel extends ForecasterModel {
  readonly kind: 'lstm';
  /** Length of the head's input, [hidden state, standardised row]: what a linear update of the head inside a run regresses on. */
  readonly headInputs: number;
  /** Root mean square of each output's target in training, in the factor's own unit: the head's outputs are in multiples of it. */
  readonly targetScale: readonly number[];
  start(): LstmForecaster;
}

/** A net in one market. */
export interface LstmForecaster extends Forecaster {
  /** Rows after which an output was not a finite number. There is no forecast then, nor for the burn-in after it. */
  readonly faults: number;
  /** The head's input at the last row, in its two parts; borrowed, and overwritten by the next row. */
  readonly hidden: Readonly<Float64Array>;
  readonly input: Readonly<Float64Array>;
}

/**
 * The forecaster of a trained net: standardises each row, steps the cell, and scales the outputs back.
 *
 * Its forecast is undefined during the first {@link BURN_IN_ROWS} rows, which are needed to leave the zero state. After an output
 * that is not finite, which only an input that is not a number can cause, it forgets its state and starts again.
 *
 * @throws InputError when weights and card do not belong together.
 */
export function lstmForecasterModel(weights: LstmWeights, card: ModelCard): LstmModel {
  const expected: readonly (readonly [string, number, number])[] = [
    ['features', card.features.length, weights.features],
    ['units', card.units, weights.units],
    ['outputs', 2 * card.factors.length * card.horizonsSeconds.length, weights.outputs],
    ['parameters', card.training.parameters, weights.parameters],
  ];
  const issues: Issue[] = expected
    .filter(([, ofCard, ofWeights]) => ofCard !== ofWeights)
    .map(([path, ofCard, ofWeights]) => ({ path, message: `expected ${ofCard} as the model card says, found ${ofWeights}` }));
  if (issues.length > 0) throw new InputError(weights.source, issues);
  return {
    kind: 'lstm',
    stepSeconds: card.stepSeconds,
    horizonsSeconds: card.horizonsSeconds,
    features: card.features,
    warmupSteps: BURN_IN_ROWS + 1,
    headInputs: weights.units + weights.features,
    targetScale: card.targetScale,
    start: () => new RunningNet(weights, card),
  };
}

class RunningNet implements LstmForecaster {
  faults = 0;
  #rowsSeen = 0;
  readonly #cell: LstmCell;
  readonly #head: LinearHead;
  readonly #input: Float64Array;
  readonly #mean: Float64Array;
  readonly #sd: Float64Array;
  readonly #targetScale: Float64Array;
  readonly #errorScale: Float64Array;
  readonly #change: Float64Array;
  readonly #scale: Float64Array;
  readonly #current: Forecast;

  constructor(weights: LstmWeights, card: ModelCard) {
    this.#cell = new LstmCell(weights.layer);
    this.#head = new LinearHead(weights.head);
    this.#input = new Float64Array(card.features.length);
    this.#mean = Float64Array.from(card.inputScaler.mean);
    this.#sd = Float64Array.from(card.inputScaler.sd);
    this.#targetScale = Float64Array.from(card.targetScale);
    this.#errorScale = this.#targetScale.map((scale, output) => scale * card.calibration[output]!);
    this.#change = new Float64Array(this.#targetScale.length);
    this.#scale = new Float64Array(this.#targetScale.length);
    this.#current = { horizonsSeconds: card.horizonsSeconds, change: this.#change, scale: this.#scale };
  }

  get hidden(): Readonly<Float64Array> {
    return this.#cell.hidden;
  }

  get input(): Readonly<Float64Array> {
    return this.#input;
  }

  observe(_factors: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    const input = this.#input;
    invariant(row.length === input.length, () => `expected a row of ${input.length} features, found ${row.length}`);
    for (let feature = 0; feature < input.length; feature += 1) {
      input[feature] = standardised(row[feature]!, this.#mean[feature]!, this.#sd[feature]!);
    }
    this.#cell.step(input);
    this.#head.apply(this.#cell.hidden, input);
    if (this.#rescaled()) {
      this.#rowsSeen += 1;
      return;
    }
    this.faults += 1;
    this.#rowsSeen = 0;
    this.#cell.reset();
  }

  forecast(): Forecast | undefined {
    return this.#rowsSeen > BURN_IN_ROWS ? this.#current : undefined;
  }

  /** Writes the forecast in the factors' own units; false when an output is not finite. */
  #rescaled(): boolean {
    const change = this.#change;
    const scale = this.#scale;
    const { output } = this.#head;
    const outputs = change.length;
    let finite = true;
    for (let i = 0; i < outputs; i += 1) {
      change[i] = output[i]! * this.#targetScale[i]!;
      scale[i] = Math.exp(clipped(output[outputs + i]!, LOG_SCALE_LIMIT)) * this.#errorScale[i]!;
      finite &&= Number.isFinite(change[i]!) && Number.isFinite(scale[i]!);
    }
    return finite;
  }
}
