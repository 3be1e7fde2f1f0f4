import { InputError, type Issue, invariant } from '../../core/assert.ts';
import type { Forecast, Forecaster, ForecasterModel } from '../forecaster.ts';
import { LstmCell } from './cell.ts';
import { logistic, pooled } from './ensemble.ts';
import { calibrated } from './extra-validation.ts';
import { LinearHead } from './head.ts';
import type { ModelCard } from './model-card.ts';
import { blankOutputs, type OutputLayout, outputWidth, type ReadOutputs, readOutputs } from './outputs.ts';
import { BURN_IN_ROWS, standardised } from './scaling.ts';
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
 * The forecaster of a trained net, or of an ensemble of them: standardises each row, steps the cells, and scales the outputs back. An ensemble
 * forecasts as {@link pooled} says.
 *
 * Its forecast is undefined during the first {@link BURN_IN_ROWS} rows, which are needed to leave the zero state. After an output
 * that is not finite, which only an input that is not a number can cause, it forgets its state and starts again.
 *
 * @param members weights of the nets, in the order of the card.
 * @throws InputError when weights and card do not belong together.
 */
export function lstmForecasterModel(members: readonly LstmWeights[], card: ModelCard): LstmModel {
  const layout = layoutOf(card);
  invariant(members.length === 1 + card.members.length, 'a card has one entry for each further member');
  for (const weights of members) {
    const expected: readonly (readonly [string, number, number])[] = [
      ['features', card.features.length, weights.features],
      ['units', card.units, weights.units],
      ['outputs', outputWidth(layout), weights.outputs],
      ['parameters', card.training.parameters, weights.parameters],
    ];
    const issues: Issue[] = expected
      .filter(([, ofCard, ofWeights]) => ofCard !== ofWeights)
      .map(([path, ofCard, ofWeights]) => ({ path, message: `expected ${ofCard} as the model card says, found ${ofWeights}` }));
    if (issues.length > 0) throw new InputError(weights.source, issues);
  }
  return {
    kind: 'lstm',
    stepSeconds: card.stepSeconds,
    horizonsSeconds: card.horizonsSeconds,
    features: card.features,
    warmupSteps: BURN_IN_ROWS + 1,
    headInputs: members.length * card.units + card.features.length,
    targetScale: card.targetScale,
    start: () => new RunningNets(members, card),
  };
}

/** The outputs of the nets that this card describes. */
const layoutOf = ({ extras, factors, head, horizonsSeconds }: ModelCard): OutputLayout => ({
  head,
  targets: factors.length * horizonsSeconds.length,
  horizons: horizonsSeconds.length,
  extras: extras !== null,
});

/** One net at work: its state and what it has said of the last row. */
interface Member {
  readonly cell: LstmCell;
  readonly head: LinearHead;
  readonly said: ReadOutputs;
}

class RunningNets implements LstmForecaster {
  faults = 0;
  readonly input: Float64Array;
  readonly hidden: Float64Array;
  #rowsSeen = 0;
  readonly #members: readonly Member[];
  readonly #said: readonly ReadOutputs[];
  readonly #layout: OutputLayout;
  readonly #card: ModelCard;
  readonly #mean: Float64Array;
  readonly #sd: Float64Array;
  readonly #change: Float64Array;
  readonly #scale: Float64Array;
  readonly #realisedVol: Float64Array;
  readonly #shock: Float64Array;
  readonly #current: Forecast;

  constructor(members: readonly LstmWeights[], card: ModelCard) {
    const layout = layoutOf(card);
    this.#layout = layout;
    this.#card = card;
    this.#members = members.map(({ layer, head }) => ({
      cell: new LstmCell(layer),
      head: new LinearHead(head),
      said: blankOutputs(layout),
    }));
    this.#said = this.#members.map(({ said }) => said);
    this.input = new Float64Array(card.features.length);
    this.hidden = new Float64Array(members.length * card.units);
    this.#mean = Float64Array.from(card.inputScaler.mean);
    this.#sd = Float64Array.from(card.inputScaler.sd);
    this.#change = new Float64Array(layout.targets);
    this.#scale = new Float64Array(layout.targets);
    this.#realisedVol = new Float64Array(layout.horizons);
    this.#shock = new Float64Array(layout.horizons);
    const extras = layout.extras ? { realisedVol: this.#realisedVol, shockProbability: this.#shock } : {};
    this.#current = { horizonsSeconds: card.horizonsSeconds, change: this.#change, scale: this.#scale, ...extras };
  }

  observe(_factors: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    const { input } = this;
    invariant(row.length === input.length, () => `expected a row of ${input.length} features, found ${row.length}`);
    for (let feature = 0; feature < input.length; feature += 1) {
      input[feature] = standardised(row[feature]!, this.#mean[feature]!, this.#sd[feature]!);
    }
    let at = 0;
    for (const { cell, head, said } of this.#members) {
      cell.step(input);
      head.apply(cell.hidden, input);
      this.hidden.set(cell.hidden, at);
      at += cell.hidden.length;
      readOutputs(head.output, 0, this.#layout, said);
    }
    if (this.#rescaled()) {
      this.#rowsSeen += 1;
      return;
    }
    this.faults += 1;
    this.#rowsSeen = 0;
    this.hidden.fill(0);
    for (const { cell } of this.#members) cell.reset();
  }

  forecast(): Forecast | undefined {
    return this.#rowsSeen > BURN_IN_ROWS ? this.#current : undefined;
  }

  /** Writes the forecast in the factors' own units; false when an output is not finite. */
  #rescaled(): boolean {
    const { targetScale, calibration } = this.#card;
    const change = this.#change;
    const scale = this.#scale;
    pooled(this.#said, change, scale);
    let finite = true;
    for (let i = 0; i < change.length; i += 1) {
      change[i] = change[i]! * targetScale[i]!;
      scale[i] = scale[i]! * targetScale[i]! * calibration[i]!;
      finite &&= Number.isFinite(change[i]!) && Number.isFinite(scale[i]!);
    }
    return finite && this.#extras();
  }

  #extras(): boolean {
    const { extras } = this.#card;
    if (extras === null) return true;
    let finite = true;
    for (let h = 0; h < this.#shock.length; h += 1) {
      const metrics = extras.metrics[h]!;
      let variance = 0;
      let shock = 0;
      for (const said of this.#said) {
        variance += said.variance[h]! / this.#said.length;
        shock += logistic(said.shockLogit[h]!) / this.#said.length;
      }
      this.#realisedVol[h] = Math.sqrt(variance * extras.varianceScale[h]! * metrics.varianceFactor);
      this.#shock[h] = calibrated(shock, metrics.platt);
      finite &&= Number.isFinite(this.#realisedVol[h]!) && Number.isFinite(this.#shock[h]!);
    }
    return finite;
  }
}
