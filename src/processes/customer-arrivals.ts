import { categorical, logistic, lognormal, poisson } from '../core/distributions.ts';
import type { Rng, Streams } from '../core/rng.ts';
import type { Chain } from '../market/chain.ts';
import type { OptionSeries } from '../market/instrument.ts';
import type { Side } from '../market/order.ts';
import { screenHalfSpread, strikeWeight, tenorWeight } from '../pricing/flow-shape.ts';
import type { TheoChain } from '../pricing/theo.ts';
import type { DemandParameters, FlowSpec } from './world-spec.ts';

/** A customer who would trade at the right price: drawn before anyone quotes (decision 8). */
export interface Candidate {
  /** Share of the world step after which it arrives, in (0, 1). */
  readonly within: number;
  readonly option: OptionSeries;
  readonly side: Side;
  /** Units of the underlying, before rounding to lots. */
  readonly contracts: number;
  /** How many vol (1.00 = 100 points) beyond the fair vol it would go; negative if it wants better than fair. */
  readonly reservationVol: number;
  /** The unit of reservations at its arrival: y0 of its expiry, in vol. */
  readonly screenHalfSpread: number;
}

const DAYS_PER_YEAR = 365;
const YEARS_30_DAYS = 30 / DAYS_PER_YEAR;
/** Steps between two refreshes of the weights: strikes move slowly against the spot. */
const WEIGHTS_EVERY = 30;

/**
 * Customers' wishes: Poisson arrivals, weighted over strikes and expiries, with a direction that remembers net demand.
 * Five draws per candidate whatever comes of them, so that no quote can shift the next draw.
 */
export class CustomerArrivals {
  readonly #chain: Chain;
  readonly #spec: FlowSpec;
  readonly #counts: Rng;
  readonly #marks: Rng;
  readonly #weights: Float64Array;
  #memory = 0;
  #weightsAge = WEIGHTS_EVERY;

  constructor(chain: Chain, spec: FlowSpec, streams: Streams) {
    this.#chain = chain;
    this.#spec = spec;
    this.#counts = streams.stream('flow/counts');
    this.#marks = streams.stream('flow/marks');
    this.#weights = new Float64Array(chain.options.length);
  }

  /** Net demand that is remembered, in standard deviations of what directions without memory would give. */
  get memory(): number {
    return this.#memory;
  }

  /** Draws the candidates of one step, `years` long, and gives each to `take`. `theo` is the fair chain, moved to the step. */
  step(
    theo: TheoChain,
    nowYears: number,
    stepYears: number,
    ratePerHour: number,
    demand: DemandParameters,
    take: (candidate: Candidate) => void,
  ): void {
    const hours = stepYears * DAYS_PER_YEAR * 24;
    const memoryHours = this.#spec.memoryMinutes / 60 / Math.LN2;
    const rate = ratePerHour * demand.activity;
    const perStep = rate * hours;
    this.#memory *= Math.exp(-hours / memoryHours);
    const count = poisson(this.#counts, perStep);
    if (this.#weightsAge >= WEIGHTS_EVERY) this.#refreshWeights(theo, nowYears);
    this.#weightsAge += 1;
    // Λτ arrivals are remembered; ±1 each without memory has variance Λτ/2 (the decay counts each arrival's square).
    const remembered = Math.max(1, rate * memoryHours);
    const tiltPerMemory = demand.continuation / Math.sqrt(2 * remembered);
    for (let i = 0; i < count; i += 1) {
      const candidate = this.#candidate(theo, nowYears, demand, tiltPerMemory);
      if (candidate === undefined) continue;
      this.#memory += (candidate.side === 'buy' ? 1 : -1) / Math.sqrt(remembered / 2);
      take(candidate);
    }
  }

  #candidate(theo: TheoChain, nowYears: number, demand: DemandParameters, tiltPerMemory: number): Candidate | undefined {
    const rng = this.#marks;
    const within = rng.uniform();
    const index = categorical(rng, this.#weights);
    const direction = rng.uniform();
    const contracts = Math.min(this.#spec.sizeMaximum, lognormal(rng, this.#spec.sizeLogMean, this.#spec.sizeLogSd));
    const taste = logistic(rng);
    const option = this.#chain.options[index];
    const expiry = option === undefined ? undefined : this.#chain.expiries[option.expiry];
    if (option === undefined || expiry === undefined || expiry.years <= nowYears) return undefined;
    const wing = option.right === 'put' && option.strike < theo.spot ? demand.putTilt : 0;
    const buy = direction < 0.5 * (1 + Math.tanh(wing + tiltPerMemory * this.#memory));
    const years = theo.surface.yearsLeft(option.expiry);
    const atm = theo.surface.vol(option.expiry, 0);
    const y0 = screenHalfSpread(this.#spec.reservationPerVol, atm, years / YEARS_30_DAYS);
    const beta = 1.156 / y0;
    return {
      within,
      option,
      side: buy ? 'buy' : 'sell',
      contracts,
      reservationVol: (taste - this.#spec.reservationAlpha) / beta,
      screenHalfSpread: y0,
    };
  }

  /** Expiry weight, shared among its strikes by their weights (`pricing/flow-shape.ts`). */
  #refreshWeights(theo: TheoChain, nowYears: number): void {
    this.#weightsAge = 0;
    const totals = new Float64Array(this.#chain.expiries.length);
    for (const option of this.#chain.options) {
      const expiry = this.#chain.expiries[option.expiry];
      const left = (expiry?.years ?? 0) - nowYears;
      const i = option.id - 1;
      this.#weights[i] = 0;
      if (left <= 0) continue;
      const k = Math.log(option.strike / (theo.forward[option.expiry] ?? theo.spot));
      const deviations = Math.abs(k) / (theo.surface.vol(option.expiry, 0) * Math.sqrt(left));
      const outOfTheMoney = option.right === 'call' ? k >= 0 : k <= 0;
      const weight = strikeWeight(deviations, outOfTheMoney);
      this.#weights[i] = weight;
      totals[option.expiry] = (totals[option.expiry] ?? 0) + weight;
    }
    for (const option of this.#chain.options) {
      const days = ((this.#chain.expiries[option.expiry]?.years ?? 0) - nowYears) * DAYS_PER_YEAR;
      const tenor = tenorWeight(days);
      const total = totals[option.expiry] ?? 0;
      const i = option.id - 1;
      if (total > 0) this.#weights[i] = ((this.#weights[i] ?? 0) * tenor) / total;
    }
  }
}
