import { FACTOR_COUNT, FACTORS } from '../../pricing/factors.ts';
import type { Forecast } from '../forecaster.ts';
import type { LstmForecaster, LstmModel } from '../lstm/lstm-model.ts';
import { RecursiveLeastSquares } from './recursive-least-squares.ts';
import { StepRing } from './step-ring.ts';

/** How the head is updated. */
export interface CorrectionTerms {
  /** Pull to the frozen head, in independent outcomes: the forecast's own size, and each input of one standard deviation. */
  readonly ridge: number;
  /** Steps after which an outcome's weight has fallen to 1/e. */
  readonly memorySteps: number;
  /** Steps between two scheduled updates. */
  readonly everySteps: number;
  /** Share of the past that is kept at an alarm. */
  readonly keepAtAlarm: number;
}

/** Chosen on worlds of seeds `tune/…`; what else was tried stands in docs/forecasting.md. */
export const CORRECTION: CorrectionTerms = { ridge: 40, memorySteps: 150, everySteps: 1, keepAtAlarm: 0.1 };

/** Flow features have long memories and move together: they are pulled harder than prices. */
const FLOW_RIDGE = 4;
/** The forecast's own size: the first thing that a change of law gets wrong. */
const FORECAST_RIDGE = 0.3;
/** Changes over a step are nearly independent of each other: each step tells of them, whatever the horizon. They are pulled less. */
const CHANGE_RIDGE = 0.005;
/** Long horizons have few outcomes: what they add to the correction of the shortest is pulled harder. */
const LONG_WEIGHT = 0.03;
/** Steps after the origin before which the tracked factor still holds the origin's error. */
const SETTLE_STEPS = 4;
/** Outcomes count at most so many scales. */
const OUTCOME_LIMIT = 4;

/**
 * Update of the net's linear head inside a run (decision 16): per factor and horizon a correction, linear in the head's own input, learnt by
 * {@link RecursiveLeastSquares} from what came of the frozen head's forecasts and pulled back to it. Of the head's input
 * [hidden state, row] it moves few directions: the frozen forecast itself (its size), and what the row says about the factor (its change, its distance
 * from its average, the flow in it). A run holds a few dozen outcomes that do not overlap: fifty coefficients fit their noise (docs/forecasting.md).
 *
 * The truth is not to be seen in a market. The outcome is the *tracked* factor plus what the corrected forecast then expects of it over the shortest
 * horizon, that is, the best view of the truth at the horizon: read so many steps before a long horizon, and {@link SETTLE_STEPS} after the
 * origin of a short one, since the error of the view at the origin dies out only then (a target of temporal differences; Sutton 1988). The tracked
 * factor alone would teach that errors of the view stay: with it, half as much was learnt of a view that became noisy or slow.
 */
export class HeadCorrection {
  /** Corrected changes, `horizon * factors + factor`, in the factors' units; borrowed. */
  readonly change: Float64Array;
  readonly #horizons: readonly number[];
  /** Shortest horizon, in steps. */
  readonly #nearest: number;
  readonly #units: readonly number[];
  readonly #terms: CorrectionTerms;
  readonly #fits: readonly RecursiveLeastSquares[];
  /** Per factor: columns of the row that speak of it. */
  readonly #columns: readonly Int32Array[];
  readonly #offsets: Int32Array;
  readonly #x: readonly Float64Array[];
  /** Per step: inputs of each factor, then frozen changes, scales and the tracked factors. */
  readonly #ring: StepRing;
  readonly #width: number;
  #sinceUpdate = 0;
  /** Updates made on schedule and at alarms. */
  scheduled = 0;
  triggered = 0;

  constructor(model: LstmModel, horizonsSteps: readonly number[], terms: CorrectionTerms = CORRECTION) {
    this.#horizons = horizonsSteps;
    this.#nearest = horizonsSteps[0] ?? 1;
    this.#units = model.targetScale;
    this.#terms = terms;
    this.#columns = FACTORS.map((factor) =>
      Int32Array.from(model.features.flatMap((feature, column) => (feature.startsWith(factor) ? [column] : []))),
    );
    const ridges = this.#columns.map((columns, f) => {
      const names = [...columns].map((column) => model.features[column] ?? '');
      const flows = names.filter(isFlow).length;
      const inputs = names.map((name) => (isFlow(name) ? FLOW_RIDGE * flows : name === changeOf(f) ? CHANGE_RIDGE : 1));
      return [FORECAST_RIDGE, ...inputs].map((factor) => factor * terms.ridge);
    });
    this.#offsets = new Int32Array(FACTOR_COUNT);
    let at = 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      this.#offsets[f] = at;
      at += this.#columns[f]?.length ?? 0;
    }
    const outputs = horizonsSteps.length * FACTOR_COUNT;
    this.#fits = Array.from(
      { length: outputs },
      (_, o) => new RecursiveLeastSquares({ ridge: ridges[o % FACTOR_COUNT] ?? [], memory: terms.memorySteps }),
    );
    this.#x = ridges.map((ridge) => new Float64Array(ridge.length));
    this.#width = at + 2 * outputs + 2 * FACTOR_COUNT;
    this.#ring = new StepRing(this.#width, Math.max(...horizonsSteps.map((steps) => reading(steps, this.#nearest))) + 1);
    this.change = new Float64Array(outputs);
  }

  /** Forgets what was said before: the net began anew. What was learnt stays. */
  restart(): void {
    this.#ring.clear();
  }

  /** Takes in a step and what the frozen forecaster said at it: corrects that, and learns from what is due. */
  observe(factors: Readonly<Float64Array>, net: LstmForecaster, frozen: Forecast): void {
    const { values } = this.#ring;
    const now = this.#ring.begin();
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const columns = this.#columns[f];
      const first = now + (this.#offsets[f] ?? 0);
      const inputs = columns?.length ?? 0;
      for (let i = 0; i < inputs; i += 1) values[first + i] = net.input[columns?.[i] ?? 0] ?? 0;
    }
    const outputs = this.change.length;
    const said = now + this.#width - 2 * FACTOR_COUNT - 2 * outputs;
    for (let o = 0; o < outputs; o += 1) {
      values[said + o] = frozen.change[o] ?? 0;
      values[said + outputs + o] = frozen.scale[o] ?? 0;
    }
    for (let f = 0; f < FACTOR_COUNT; f += 1) values[said + 2 * outputs + f] = factors[f] ?? 0;
    for (let o = 0; o < outputs; o += 1) {
      this.#row(now, o);
      const f = o % FACTOR_COUNT;
      const own = (this.#units[o] ?? 1) * (this.#fits[o]?.value(this.#x[f] ?? this.change) ?? 0);
      // What the nearest horizon has learnt of the view's error now is so for all.
      const view = said + 2 * outputs + FACTOR_COUNT + f;
      if (o < FACTOR_COUNT) values[view] = own;
      this.change[o] = (frozen.change[o] ?? 0) + own + (o < FACTOR_COUNT ? 0 : (values[view] ?? 0));
    }
    for (let h = 0; h < this.#horizons.length; h += 1) this.#learn(h, factors);
    this.#sinceUpdate += 1;
    if (this.#sinceUpdate >= this.#terms.everySteps) {
      this.scheduled += 1;
      this.#update();
    }
  }

  /** An alarm: most of the past is forgotten, and the head updated at once. */
  alarm(): void {
    for (const fit of this.#fits) fit.forget(this.#terms.keepAtAlarm);
    this.triggered += 1;
    this.#update();
  }

  #update(): void {
    this.#sinceUpdate = 0;
    for (const fit of this.#fits) fit.solve();
  }

  /** Writes the regressors of an output as of a row of the ring. */
  #row(start: number, output: number): void {
    const f = output % FACTOR_COUNT;
    const x = this.#x[f];
    if (x === undefined) return;
    const { values } = this.#ring;
    const said = start + this.#width - 2 * FACTOR_COUNT - 2 * this.change.length;
    x[0] = (values[said + output] ?? 0) / (this.#units[output] ?? 1);
    const first = start + (this.#offsets[f] ?? 0);
    for (let i = 1; i < x.length; i += 1) x[i] = values[first + i - 1] ?? 0;
  }

  #learn(h: number, factors: Readonly<Float64Array>): void {
    const steps = reading(this.#horizons[h] ?? 1, this.#nearest);
    const then = this.#ring.back(steps);
    if (then < 0) return;
    const { values } = this.#ring;
    const outputs = this.change.length;
    const said = then + this.#width - 2 * FACTOR_COUNT - 2 * outputs;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const o = h * FACTOR_COUNT + f;
      const unit = this.#units[o] ?? 1;
      const scale = (values[said + outputs + o] ?? 1) / unit;
      const view = h === 0 ? 0 : (values[said + 2 * outputs + FACTOR_COUNT + f] ?? 0);
      const outcome = (factors[f] ?? 0) + (this.change[f] ?? 0) - (values[said + 2 * outputs + f] ?? 0);
      const error = (outcome - view - this.#frozenAt(said, f, steps + this.#nearest)) / unit;
      const limit = OUTCOME_LIMIT * scale;
      this.#row(then, o);
      this.#fits[o]?.add(
        this.#x[f] ?? this.change,
        Math.max(-limit, Math.min(limit, error)),
        (h === 0 ? 1 : LONG_WEIGHT) / (scale * scale * steps),
      );
    }
  }

  /** The frozen forecast of a factor so many steps ahead: straight between its horizons. */
  #frozenAt(said: number, f: number, steps: number): number {
    const { values } = this.#ring;
    let before = 0;
    let from = 0;
    for (let h = 0; h < this.#horizons.length; h += 1) {
      const horizon = this.#horizons[h] ?? 1;
      const to = values[said + h * FACTOR_COUNT + f] ?? 0;
      if (steps <= horizon) return from + ((to - from) * (steps - before)) / (horizon - before);
      before = horizon;
      from = to;
    }
    return from;
  }
}

const changeOf = (factor: number): string => `${FACTORS[factor]}Change`;

const isFlow = (feature: string | undefined): boolean => feature?.includes('Flow') === true;

/** Steps after the origin at which the outcome of a horizon is read. */
const reading = (horizonSteps: number, nearest: number): number => Math.max(horizonSteps - nearest, SETTLE_STEPS);
