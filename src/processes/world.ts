import { invariant } from '../core/assert.ts';
import type { Streams } from '../core/rng.ts';
import { NANOS_PER_MILLI, NANOS_PER_YEAR } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { TheoChain, type ValuationTerms } from '../pricing/theo.ts';
import { IntradayActivity } from './activity.ts';
import { BasisProcess } from './basis.ts';
import type { Candidate, FlowConditions } from './customer-arrivals.ts';
import { CustomerDemand } from './customer-demand.ts';
import { MarketTime } from './market-time.ts';
import { RegimeChain } from './regime.ts';
import { expectedMeanVariance, SpotProcess } from './spot.ts';
import { SlowFactors } from './surface-dynamics.ts';
import type { RegimeSpec, WorldSpec } from './world-spec.ts';

const YEARS_30_DAYS = 30 / 365;
/** Observed factors are kept inside values a surface can have; the bounds are far outside what the presets reach. */
export const FACTOR_MINIMUM = [Math.log(0.03), -2, -0.95, -2.5];
export const FACTOR_MAXIMUM = [Math.log(4), 2, 0.95, 1.5];

/**
 * The hidden state of the market on the world grid: regime, spot, slow surface factors, demand pressure, and the
 * customers who will come. It knows of no quote and no trade, so every run at one seed has the same world; what trades do to
 * it comes on top (`sim/impacted-world.ts`). The path is computed `lookaheadSteps` ahead of the present, for those to whom a scenario grants a view of the future (decision 9).
 */
export class World {
  readonly stepNanos: number;
  /** Number of the present step; step s lasts from s·stepNanos to (s + 1)·stepNanos. */
  step = -1;
  readonly #spec: WorldSpec;
  readonly #capacity: number;
  readonly #spots: Float64Array;
  readonly #regimes: Int32Array;
  readonly #variances: Float64Array;
  readonly #factors: Float64Array;
  readonly #pressures: Float64Array;
  readonly #memories: Float64Array;
  readonly #activities: Float64Array;
  readonly #excitations: Float64Array;
  readonly #bases: Float64Array;
  readonly #candidates: Candidate[][];
  readonly #activity: IntradayActivity;
  readonly #regime: RegimeChain;
  readonly #regimeRng;
  readonly #spot: SpotProcess;
  readonly #slow: SlowFactors;
  readonly #demand: CustomerDemand;
  readonly #basis: BasisProcess | undefined;
  readonly #time: MarketTime;
  readonly #theo: TheoChain;
  readonly #means = new Float64Array(FACTOR_COUNT);
  readonly #speeds: Float64Array;
  readonly #observed = new Float64Array(FACTOR_COUNT);
  #head = -1;

  constructor(spec: WorldSpec, chain: Chain, valuation: ValuationTerms, streams: Streams) {
    this.#spec = spec;
    this.stepNanos = spec.stepMillis * NANOS_PER_MILLI;
    this.#capacity = spec.lookaheadSteps + 2;
    this.#time = new MarketTime(spec.sessions, spec.stepMillis);
    this.#spots = new Float64Array(this.#capacity);
    this.#regimes = new Int32Array(this.#capacity);
    this.#variances = new Float64Array(this.#capacity);
    this.#factors = new Float64Array(this.#capacity * FACTOR_COUNT);
    this.#pressures = new Float64Array(this.#capacity * FACTOR_COUNT);
    this.#memories = new Float64Array(this.#capacity);
    this.#activities = new Float64Array(this.#capacity);
    this.#excitations = new Float64Array(this.#capacity);
    this.#bases = new Float64Array(this.#capacity);
    this.#candidates = Array.from({ length: this.#capacity }, () => []);
    this.#activity = new IntradayActivity(spec.activity, spec.stepMillis, streams.stream('world/activity'));
    this.#regime = new RegimeChain(spec.startRegime, spec.transitionsPerDay, spec.regimeSpeed);
    this.#regimeRng = streams.stream('world/regime');
    this.#spot = new SpotProcess(spec.spot, spec.startVol * spec.startVol, streams.stream('world/spot'));
    this.#slow = new SlowFactors(spec.factors, streams.stream('world/factors'));
    this.#theo = new TheoChain(chain, valuation);
    this.#theo.move(spec.factors, spec.spot, 0);
    const { surface, demand } = this.#regimeSpec(spec.startRegime);
    this.#demand = new CustomerDemand(chain, spec.flow, this.#theo, surface.dailySd, streams);
    this.#demand.warmUp(this.#theo, this.#conditions(0), demand);
    // The surface of the opening is the observed one: its slow part starts at what the pressure leaves.
    this.#slow.shift(this.#demand.pressure, -1);
    if (spec.basis !== undefined) this.#basis = new BasisProcess(spec.basis, spec.stepMillis / 60_000, streams.stream('world/basis'));
    this.#speeds = Float64Array.from(spec.halfLifeDays, (days) => Math.LN2 / days);
    for (let i = 0; i <= spec.lookaheadSteps; i += 1) this.#generate();
    this.step = 0;
  }

  /** Moves the present on by one step. */
  advance(): void {
    this.#generate();
    this.step += 1;
  }

  /** Fundamental spot, `ahead` steps from now. */
  spot(ahead = 0): number {
    return this.#spots[this.#slot(ahead)] ?? 0;
  }

  /** Premium of the perpetual's fundamental value over the spot, as a fraction of it. */
  basis(ahead = 0): number {
    return this.#bases[this.#slot(ahead)] ?? 0;
  }

  /** Regime's index. */
  regime(ahead = 0): number {
    return this.#regimes[this.#slot(ahead)] ?? 0;
  }

  /** False between two sessions: then no customers come. */
  get isOpen(): boolean {
    return this.#time.isOpen(this.step);
  }

  regimeName(ahead = 0): string {
    return this.#regimeSpec(this.regime(ahead)).name;
  }

  /** Annual variance of the spot. */
  variance(ahead = 0): number {
    return this.#variances[this.#slot(ahead)] ?? 0;
  }

  /** Activity of the market over the step that begins then; 1 is the usual ({@link IntradayActivity}). */
  activity(ahead = 0): number {
    return this.#activities[this.#slot(ahead)] ?? 0;
  }

  /** One observed factor: slow part plus pressure. */
  factor(index: number, ahead = 0): number {
    return this.#factors[this.#slot(ahead) * FACTOR_COUNT + index] ?? 0;
  }

  /** The part of a factor that is demand pressure, and will decay. */
  pressure(index: number, ahead = 0): number {
    return this.#pressures[this.#slot(ahead) * FACTOR_COUNT + index] ?? 0;
  }

  /** Net demand that is remembered ({@link CustomerArrivals.memory}). */
  demandMemory(ahead = 0): number {
    return this.#memories[this.#slot(ahead)] ?? 0;
  }

  /** Net number of orders that earlier ones will draw ({@link CustomerArrivals.excitation}). */
  demandExcitation(ahead = 0): number {
    return this.#excitations[this.#slot(ahead)] ?? 0;
  }

  /** Copies all observed factors. */
  factorsInto(out: Float64Array, ahead = 0): void {
    for (let f = 0; f < FACTOR_COUNT; f += 1) out[f] = this.factor(f, ahead);
  }

  /** Customers who arrive within the present step, in no order of time; borrowed until the step has left the ring. */
  candidates(): readonly Candidate[] {
    return this.#candidates[this.#slot(0)] ?? [];
  }

  #slot(ahead: number): number {
    invariant(ahead >= 0 && this.step + ahead <= this.#head, () => `the world is not known ${ahead} steps ahead`);
    return (this.step + ahead) % this.#capacity;
  }

  #regimeSpec(index: number): RegimeSpec {
    const spec = this.#spec.regimes[index];
    invariant(spec !== undefined, () => `no regime ${index}`);
    return spec;
  }

  #generate(): void {
    const step = this.#head + 1;
    const years = this.stepNanos / NANOS_PER_YEAR;
    const nowYears = step * years;
    if (step > 0) this.#move(step, years * this.#time.pace(step));
    if (step > 0) this.#basis?.step();
    const regime = this.#regimeSpec(this.#regime.current);
    const slot = step % this.#capacity;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const pressure = this.#demand.pressure[f] ?? 0;
      const value = (this.#slow.values[f] ?? 0) + pressure;
      this.#observed[f] = Math.max(FACTOR_MINIMUM[f] ?? value, Math.min(FACTOR_MAXIMUM[f] ?? value, value));
      this.#factors[slot * FACTOR_COUNT + f] = this.#observed[f] ?? 0;
      this.#pressures[slot * FACTOR_COUNT + f] = pressure;
    }
    this.#spots[slot] = this.#spot.spot;
    this.#bases[slot] = this.#basis?.value ?? 0;
    this.#variances[slot] = this.#spot.variance;
    this.#activities[slot] = this.#activity.value;
    this.#regimes[slot] = this.#regime.current;
    this.#memories[slot] = this.#demand.arrivals.memory;
    this.#excitations[slot] = this.#demand.arrivals.excitation;
    this.#theo.move(this.#observed, this.#spot.spot, nowYears);
    const list = this.#candidates[slot] ?? [];
    list.length = 0;
    // While the market is closed nobody comes; orders under way come once it is open again.
    if (this.#time.isOpen(step)) {
      this.#demand.step(this.#theo, nowYears, this.#spec.stepMillis / 1000, this.#conditions(step), regime.demand, list);
    }
    this.#head = step;
  }

  #conditions(step: number): FlowConditions {
    const { ratePerHour, activityElasticity } = this.#spec.flow;
    return { ratePerHour: (pathValue(ratePerHour, step) ?? 0) * this.#activity.elastic(activityElasticity), variance: this.#spot.variance };
  }

  /**
   * From one step to the next, by years of the market's own time: regime, spot, slow factors, scripted moves, decay of the pressure, and the
   * activity that the next step will have.
   */
  #move(step: number, years: number): void {
    const spec = this.#spec;
    const days = years * spec.daysPerYear;
    this.#regime.step(days, this.#regimeRng);
    // Each end of a step is the very number that is the start of the next: no moment falls between two steps, or into both.
    const before = ((step - 1) * spec.stepMillis) / 1000;
    const after = (step * spec.stepMillis) / 1000;
    for (const shift of spec.timeline) {
      if (shift.regime !== undefined && shift.atSeconds > before && shift.atSeconds <= after) this.#regime.force(shift.regime);
    }
    const regime = this.#regimeSpec(this.#regime.current);
    const thetaFactor = pathValue(spec.thetaPath, step) ?? 1;
    const activity = this.#activity.value;
    this.#spot.step(regime.spot, years, thetaFactor, activity);
    if (spec.meanReversion) this.#longRunMeans(regime, thetaFactor, pathValue(spec.levelPath, step) ?? 0);
    const { shock, jump } = this.#spot;
    const means = spec.meanReversion ? this.#means : undefined;
    this.#slow.step(regime.surface, means, this.#speeds, days, shock, jump, activity);
    for (const shift of spec.timeline) this.#script(shift, before, after);
    this.#demand.decay(spec.stepMillis / 1000, regime.demand);
    this.#activity.step(step);
  }

  /** Long-run level = ½ ln(expected mean variance over 30 days) + premium (decision 4). */
  #longRunMeans(regime: RegimeSpec, thetaFactor: number, levelShift: number): void {
    const variance = expectedMeanVariance(regime.spot, this.#spot.variance, YEARS_30_DAYS, thetaFactor);
    this.#means[0] = 0.5 * Math.log(variance) + regime.surface.premium + levelShift;
    this.#means[1] = regime.surface.slope;
    this.#means[2] = regime.surface.skew;
    this.#means[3] = regime.surface.curvature;
  }

  #script(shift: WorldSpec['timeline'][number], before: number, after: number): void {
    const over = Math.max(shift.overSeconds, this.#spec.stepMillis / 1000);
    const share = (Math.min(after, shift.atSeconds + over) - Math.max(before, shift.atSeconds)) / over;
    if (share <= 0) return;
    this.#spot.spot *= Math.exp(shift.spotLogReturn * share);
    this.#spot.variance *= Math.exp(2 * shift.spotVolLogChange * share);
    this.#slow.shift(shift.factors, share);
  }
}

function pathValue(path: number | Readonly<Float64Array> | undefined, step: number): number | undefined {
  return typeof path === 'object' ? path[Math.min(step, path.length - 1)] : path;
}
