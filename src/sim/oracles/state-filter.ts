import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { Gaussian } from './gaussian.ts';
import type { PathLaw } from './path-law.ts';
import { SeenValues, StepBelief } from './step-belief.ts';
import type { SurfaceLaw } from './surface-law.ts';
import { SEEN, type SeenStep, STATE, STATES } from './surface-state.ts';

const isSignal = (i: number): boolean => i >= STATE.signal && i < STATE.signal + FACTOR_COUNT;
const KNOWN = Array.from({ length: STATES }, (_, i) => i).filter((i) => !isSignal(i));
/** In this order: who knows the tracker's errors and the pressure sees in the tracked factors what the slow ones did. */
const LEARNT = [...KNOWN, ...SEEN.filter((index) => index >= STATES)];

/**
 * The best forecast of one who knows the hidden state of now, regime and tracker's error included, and sees what a maker sees. The signal is no state of now but the
 * future, which is given to nobody: it is believed as the filter believes it, from prints and from what the slow factors did, both of
 * which are better told from the rest when that is known. One regime at a time, so one Gaussian, and exact for the law.
 */
export class StateFilter {
  readonly #path: PathLaw;
  readonly #step: StepBelief;
  readonly #opening: SurfaceLaw['opening'];
  readonly #belief = new Gaussian(STATES);
  readonly #seen = new SeenValues();
  /** Regime of the next step, by its place in the law; undefined before the first. */
  #place: number | undefined;

  constructor(law: SurfaceLaw, path: PathLaw) {
    this.#path = path;
    this.#step = new StepBelief(law);
    this.#opening = law.opening;
  }

  /**
   * Takes in a step.
   * @param state what is true after it; signals and momentum in it are not read.
   * @param place regime of the next step, by its place in the law.
   */
  see(seen: SeenStep, state: Readonly<Float64Array>, place: number): void {
    const belief = this.#belief;
    if (this.#place === undefined) {
      this.#seen.open(seen);
      belief.mean.set(this.#opening.mean);
      belief.covariance.set(this.#opening.covariance);
    } else {
      this.#seen.see(seen);
      const { values } = this.#seen;
      values.set(state.subarray(0, STATE.momentum));
      this.#step.predict(belief, this.#place);
      this.#step.observe(LEARNT, values);
      this.#step.into(belief);
    }
    this.#place = place;
    // What is known is known, to the last bit.
    for (const i of KNOWN) {
      belief.mean[i] = i < STATE.momentum ? (state[i] ?? 0) : (this.#seen.values[i] ?? 0);
      for (let j = 0; j < STATES; j += 1) {
        belief.covariance[i * STATES + j] = 0;
        belief.covariance[j * STATES + i] = 0;
      }
    }
  }

  /** Expected true factor at a horizon (by its place) less the tracked one now. */
  forecast(horizon: number, factor: number): number {
    const { mean } = this.#belief;
    return this.#path.change(this.#place ?? 0, horizon, factor, mean) - (mean[STATE.error + factor] ?? 0);
  }
}
