import type { DemandParameters, FlowSpec } from './world-spec.ts';

/** Falls beyond this many standard deviations call for no more puts than these. */
const FALL_MAXIMUM = 6;
/** Mean of max(0, z) for a standard normal z: what a rush is measured against, so that the mean rate stays what it is. */
const MEAN_FALL = 1 / Math.sqrt(2 * Math.PI);

/**
 * Which way customers lean: with or against past net demand, toward puts when regimes call for them, and toward protection after a fall of
 * the spot. Moved once per step, read per order.
 */
export class DemandDirection {
  readonly #spec: FlowSpec;
  #memory = 0;
  #momentum = 0;
  #lastSpot: number | undefined;
  #fall = 0;
  #tilt = 0;
  #perOrder = 0;

  constructor(spec: FlowSpec) {
    this.#spec = spec;
  }

  /** Net demand that is remembered, in standard deviations of what independent directions would give. */
  get memory(): number {
    return this.#memory;
  }

  /** Recent fall of the spot, in standard deviations of such moves; negative after a rise. */
  get fall(): number {
    return this.#fall;
  }

  /**
   * Moves on to a step of so many hours.
   * @param ratePerHour orders per hour in the mean, those that orders draw after them included.
   * @param variance annual, of the spot.
   */
  step(hours: number, ratePerHour: number, demand: DemandParameters, spot: number, variance: number): void {
    const spec = this.#spec;
    const memoryHours = spec.memoryMinutes / 60 / Math.LN2;
    this.#memory *= Math.exp(-hours / memoryHours);
    // Λτ orders are remembered; ±1 each without memory has variance Λτ/2 (the decay counts each order's square).
    const remembered = Math.max(1, ratePerHour * memoryHours);
    this.#perOrder = 1 / Math.sqrt(remembered / 2);
    // Only first orders take their direction from the memory, but each draws others after it, mostly of its own side: with this factor
    // `continuation` is the branching ratio of all of demand.
    const carried = demand.branching * carriedDirection(spec);
    this.#tilt = ((demand.continuation / Math.sqrt(2 * remembered)) * (1 - carried)) / (1 - demand.branching);
    const trendHours = spec.trendMinutes / 60 / Math.LN2;
    const before = this.#lastSpot ?? spot;
    this.#lastSpot = spot;
    this.#momentum = this.#momentum * Math.exp(-hours / trendHours) + Math.log(spot / before);
    const usual = Math.sqrt((Math.max(0, variance) * trendHours) / (2 * 365 * 24));
    const fall = usual > 0 ? -this.#momentum / usual : 0;
    this.#fall = Math.max(-FALL_MAXIMUM, Math.min(FALL_MAXIMUM, fall));
  }

  /** How much more often hedgers come than in the mean. */
  rush(): number {
    const { hedgerRush } = this.#spec;
    return (1 + hedgerRush * Math.max(0, this.#fall)) / (1 + hedgerRush * MEAN_FALL);
  }

  /** Probability that a first order buys. `tilt` is added to what memory says. */
  buyProbability(tilt: number): number {
    return 0.5 * (1 + Math.tanh(tilt + this.#tilt * this.#memory));
  }

  /** The same for one who hedges with puts. */
  hedgerBuyProbability(putTilt: number): number {
    return this.buyProbability(putTilt + this.#spec.hedgerResponse * this.#fall);
  }

  /** Remembers an order: +1 bought vega, −1 sold it, 0 neither. */
  remember(sign: number): void {
    this.#memory += sign * this.#perOrder;
  }
}

/** Mean product of the signs of an order and of one that it draws after it. */
export function carriedDirection(spec: Pick<FlowSpec, 'splitShare' | 'sameSide'>): number {
  return spec.splitShare + (1 - spec.splitShare) * (2 * spec.sameSide - 1);
}
