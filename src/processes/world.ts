import { invariant } from '../core/assert.ts';
import type { Streams } from '../core/rng.ts';
import { NANOS_PER_MILLI, NANOS_PER_YEAR } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { TheoChain, type ValuationTerms } from '../pricing/theo.ts';
import type { Candidate } from './customer-arrivals.ts';
import { CustomerDemand } from './customer-demand.ts';
import { HiddenState } from './hidden-state.ts';
import { MarketTime } from './market-time.ts';
import type { WorldSpec } from './world-spec.ts';

/** Observed factors are kept inside values a surface can have; the bounds are far outside what the presets reach. */
export const FACTOR_MINIMUM = [Math.log(0.03), -2, -0.95, -2.5];
export const FACTOR_MAXIMUM = [Math.log(4), 2, 0.95, 1.5];

/**
 * The hidden state of the market on the world grid: regime, spot, slow surface factors, demand pressure, and the
 * customers who will come. It knows of no quote and no trade, so every run at one seed has the same world; what trades do to
 * it comes on top (`sim/impacted-world.ts`). The path is computed `lookaheadSteps` ahead of the present, for those to whom a scenario grants a view of
 * the future (decision 9).
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
  readonly #jumps: Uint8Array;
  readonly #candidates: Candidate[][];
  readonly #state: HiddenState;
  readonly #demand: CustomerDemand;
  readonly #time: MarketTime;
  readonly #theo: TheoChain;
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
    this.#jumps = new Uint8Array(this.#capacity);
    this.#candidates = Array.from({ length: this.#capacity }, () => []);
    this.#state = new HiddenState(spec, streams);
    this.#theo = new TheoChain(chain, valuation);
    this.#theo.move(spec.factors, spec.spot, 0);
    const { surface, demand } = this.#state.regimeSpec;
    this.#demand = new CustomerDemand(chain, spec.flow, this.#theo, surface, streams);
    this.#demand.warmUp(this.#theo, this.#state.conditions(0), demand);
    // The surface of the opening is the observed one: its slow part starts at what the pressure leaves.
    this.#state.slow.shift(this.#demand.pressure, -1);
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

  /** True when the spot or the surface jumped on the way to that step ({@link HiddenState.jumped}). */
  jumped(ahead = 0): boolean {
    return this.#jumps[this.#slot(ahead)] === 1;
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
    return this.#spec.regimes[this.regime(ahead)]?.name ?? '';
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

  #generate(): void {
    const step = this.#head + 1;
    const years = this.stepNanos / NANOS_PER_YEAR;
    const nowYears = step * years;
    const state = this.#state;
    if (step > 0) {
      state.move(step, years * this.#time.pace(step));
      this.#demand.decay(this.#spec.stepMillis / 1000, state.regimeSpec.demand);
    }
    const slot = step % this.#capacity;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const pressure = this.#demand.pressure[f] ?? 0;
      const value = (state.slow.values[f] ?? 0) + pressure;
      this.#observed[f] = Math.max(FACTOR_MINIMUM[f] ?? value, Math.min(FACTOR_MAXIMUM[f] ?? value, value));
      this.#factors[slot * FACTOR_COUNT + f] = this.#observed[f] ?? 0;
      this.#pressures[slot * FACTOR_COUNT + f] = pressure;
    }
    this.#spots[slot] = state.spot.spot;
    this.#bases[slot] = state.basis;
    this.#jumps[slot] = state.jumped ? 1 : 0;
    this.#variances[slot] = state.spot.variance;
    this.#activities[slot] = state.activity.value;
    this.#regimes[slot] = state.regime;
    this.#memories[slot] = this.#demand.arrivals.memory;
    this.#excitations[slot] = this.#demand.arrivals.excitation;
    this.#theo.move(this.#observed, state.spot.spot, nowYears);
    const list = this.#candidates[slot] ?? [];
    list.length = 0;
    // While the market is closed nobody comes; orders under way come once it is open again.
    if (this.#time.isOpen(step)) {
      this.#demand.step(this.#theo, nowYears, this.#spec.stepMillis / 1000, state.conditions(step), state.regimeSpec.demand, list);
    }
    this.#head = step;
  }
}
