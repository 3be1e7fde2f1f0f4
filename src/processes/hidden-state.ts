import { invariant } from '../core/assert.ts';
import type { Rng, Streams } from '../core/rng.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { IntradayActivity } from './activity.ts';
import { BasisProcess } from './basis.ts';
import type { FlowConditions } from './customer-arrivals.ts';
import { RegimeChain } from './regime.ts';
import { expectedMeanVariance, SpotProcess } from './spot.ts';
import { SlowFactors } from './surface-dynamics.ts';
import type { RegimeSpec, WorldSpec } from './world-spec.ts';

const YEARS_30_DAYS = 30 / 365;

/** What moves by itself, as it is at the latest step: regime, spot, slow factors of the surface, activity, basis. Every process has a stream of its own. */
export class HiddenState {
  readonly spot: SpotProcess;
  readonly slow: SlowFactors;
  readonly activity: IntradayActivity;
  /** True when the last move held a jump of the spot, or a scripted move of spot or surface that is over within one step. */
  jumped = false;
  readonly #spec: WorldSpec;
  readonly #basis: BasisProcess | undefined;
  readonly #regime: RegimeChain;
  readonly #regimeRng: Rng;
  readonly #means = new Float64Array(FACTOR_COUNT);
  readonly #speeds: Float64Array;

  constructor(spec: WorldSpec, streams: Streams) {
    this.#spec = spec;
    this.activity = new IntradayActivity(spec.activity, spec.stepMillis, streams.stream('world/activity'));
    this.#regime = new RegimeChain(spec.startRegime, spec.transitionsPerDay, spec.regimeSpeed);
    this.#regimeRng = streams.stream('world/regime');
    this.spot = new SpotProcess(spec.spot, spec.startVol * spec.startVol, streams.stream('world/spot'));
    this.slow = new SlowFactors(spec.factors, streams.stream('world/factors'));
    if (spec.basis !== undefined) this.#basis = new BasisProcess(spec.basis, spec.stepMillis / 60_000, streams.stream('world/basis'));
    this.#speeds = Float64Array.from(spec.halfLifeDays, (days) => Math.LN2 / days);
  }

  /** Index of the regime. */
  get regime(): number {
    return this.#regime.current;
  }

  get regimeSpec(): RegimeSpec {
    const spec = this.#spec.regimes[this.#regime.current];
    invariant(spec !== undefined, () => `no regime ${this.#regime.current}`);
    return spec;
  }

  /** Premium of the perpetual over the spot, as a fraction. */
  get basis(): number {
    return this.#basis?.value ?? 0;
  }

  /** What customers meet at a step. */
  conditions(step: number): FlowConditions {
    const { ratePerHour, activityElasticity } = this.#spec.flow;
    const pace = this.activity.elastic(activityElasticity);
    return { ratePerHour: (pathValue(ratePerHour, step) ?? 0) * pace, variance: this.spot.variance };
  }

  /**
   * From one step to the next, by years of the market's own time: regime, spot, slow factors, scripted moves, basis, and the activity that the
   * next step will have.
   */
  move(step: number, years: number): void {
    const spec = this.#spec;
    const days = years * spec.daysPerYear;
    this.#regime.step(days, this.#regimeRng);
    // Each end of a step is the very number that is the start of the next: no moment falls between two steps, or into both.
    const before = ((step - 1) * spec.stepMillis) / 1000;
    const after = (step * spec.stepMillis) / 1000;
    for (const shift of spec.timeline) {
      if (shift.regime !== undefined && shift.atSeconds > before && shift.atSeconds <= after) this.#regime.force(shift.regime);
    }
    const regime = this.regimeSpec;
    const thetaFactor = pathValue(spec.thetaPath, step) ?? 1;
    const activity = this.activity.value;
    this.spot.step(regime.spot, years, thetaFactor, activity);
    if (spec.meanReversion) this.#longRunMeans(regime, thetaFactor, pathValue(spec.levelPath, step) ?? 0);
    const { shock, jump } = this.spot;
    this.jumped = jump !== 0;
    const means = spec.meanReversion ? this.#means : undefined;
    this.slow.step(regime.surface, means, this.#speeds, days, shock, jump, activity);
    for (const shift of spec.timeline) this.#script(shift, before, after);
    this.#basis?.step();
    this.activity.step(step, shock);
  }

  /** Long-run level = ½ ln(expected mean variance over 30 days) + premium (decision 4). */
  #longRunMeans(regime: RegimeSpec, thetaFactor: number, levelShift: number): void {
    const variance = expectedMeanVariance(regime.spot, this.spot.variance, YEARS_30_DAYS, thetaFactor);
    this.#means[0] = 0.5 * Math.log(variance) + regime.surface.premium + levelShift;
    this.#means[1] = regime.surface.slope;
    this.#means[2] = regime.surface.skew;
    this.#means[3] = regime.surface.curvature;
  }

  #script(shift: WorldSpec['timeline'][number], before: number, after: number): void {
    const over = Math.max(shift.overSeconds, this.#spec.stepMillis / 1000);
    const share = (Math.min(after, shift.atSeconds + over) - Math.max(before, shift.atSeconds)) / over;
    if (share <= 0) return;
    const moves = shift.spotLogReturn !== 0 || shift.factors.some((move) => move !== 0);
    if (moves && shift.overSeconds <= this.#spec.stepMillis / 1000) this.jumped = true;
    this.spot.spot *= Math.exp(shift.spotLogReturn * share);
    this.spot.variance *= Math.exp(2 * shift.spotVolLogChange * share);
    this.slow.shift(shift.factors, share);
  }
}

function pathValue(path: number | Readonly<Float64Array> | undefined, step: number): number | undefined {
  return typeof path === 'object' ? path[Math.min(step, path.length - 1)] : path;
}
