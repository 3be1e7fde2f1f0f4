import type { Streams } from '../core/rng.ts';
import type { Chain } from '../market/chain.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import type { TheoChain } from '../pricing/theo.ts';
import { type Candidate, CustomerArrivals, type FlowConditions } from './customer-arrivals.ts';
import { DemandPressure } from './pressure.ts';
import type { DemandParameters, FlowSpec, SurfaceParameters } from './world-spec.ts';

/** How long customers come before the opening, and in which steps: several lives of the memory and of the pressure. */
const WARM_UP_SECONDS = 3600;
const WARM_UP_STEP_SECONDS = 10;

/** Customers, and what their wishes do to the surface: every candidate presses on it, whether or not it trades (decision 6). */
export class CustomerDemand {
  readonly arrivals: CustomerArrivals;
  readonly #pressure: DemandPressure;

  /**
   * @param theo the fair chain at the opening.
   * @param surface of the regime at the opening: how the factors move is the unit in which an impact is stated.
   */
  constructor(chain: Chain, spec: FlowSpec, theo: TheoChain, surface: SurfaceParameters, streams: Streams) {
    this.arrivals = new CustomerArrivals(chain, spec, streams);
    theo.valueAll();
    this.#pressure = new DemandPressure(surface, theo.exposures);
  }

  /** Pressure on level, slope, skew, curvature; borrowed. */
  get pressure(): Readonly<Float64Array> {
    return this.#pressure.values;
  }

  /** Lets customers come before the opening: their orders under way, the memory of them and their pressure are there at the first step. */
  warmUp(theo: TheoChain, conditions: FlowConditions, demand: DemandParameters): void {
    for (let seconds = 0; seconds < WARM_UP_SECONDS; seconds += WARM_UP_STEP_SECONDS) {
      this.decay(WARM_UP_STEP_SECONDS, demand);
      this.step(theo, 0, WARM_UP_STEP_SECONDS, conditions, demand);
    }
  }

  /** The pressure decays. */
  decay(seconds: number, demand: DemandParameters): void {
    this.#pressure.decay(seconds / 60 / demand.pressureHalfLifeMinutes);
  }

  /** Draws the candidates of a step, lets each press on the surface, and puts it into `into`. */
  step(
    theo: TheoChain,
    nowYears: number,
    stepSeconds: number,
    conditions: FlowConditions,
    demand: DemandParameters,
    into?: Candidate[],
  ): void {
    this.arrivals.step(theo, nowYears, stepSeconds, conditions, demand, (candidate) => {
      const { option, side, contracts } = candidate;
      into?.push(candidate);
      theo.value(option);
      this.#pressure.push(side === 'buy' ? contracts : -contracts, theo.exposures, (option.id - 1) * FACTOR_COUNT, demand.impact);
    });
  }
}
