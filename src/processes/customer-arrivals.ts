import { logistic, poisson } from '../core/distributions.ts';
import type { Rng, Streams } from '../core/rng.ts';
import type { Chain } from '../market/chain.ts';
import type { OptionSeries } from '../market/instrument.ts';
import type { Side } from '../market/order.ts';
import { screenHalfSpread } from '../pricing/flow-shape.ts';
import type { TheoChain } from '../pricing/theo.ts';
import { carriedDirection, DemandDirection } from './demand-direction.ts';
import { DueList } from './due-list.ts';
import { Excitation } from './excitation.ts';
import { OrderSizes } from './order-sizes.ts';
import { PACKAGES, PackageLegs } from './packages.ts';
import { SeriesInterest } from './series-interest.ts';
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
  /** True for the second leg of a package: wanted for as much as the candidate before it has traded. */
  readonly follows: boolean;
}

/** What a customer wants; large orders come in parts of one interest. */
interface Interest {
  readonly option: OptionSeries;
  readonly side: Side;
  readonly second: { readonly option: OptionSeries; readonly side: Side } | undefined;
  /** Standard logistic: how eager it is. */
  readonly taste: number;
}

/** State of the market that customers react to, at a step. */
export interface FlowConditions {
  /** Orders per hour before the regime's activity. */
  readonly ratePerHour: number;
  /** Of the spot, annual. */
  readonly variance: number;
}

const YEARS_30_DAYS = 30 / 365;
const COUNT_MEAN_MAXIMUM = 200;
const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/**
 * Customers' orders: a Hawkes process in its cluster form (Hawkes and Oakes 1974). First orders arrive as Poisson; each order draws `branching` others
 * after it in the mean, at delays from a mixture of exponentials: most are further parts of the same interest, the rest reactions of others in the same
 * expiry. The rate asked for is that of all orders in the long run: first orders come at (1 − branching) times it. Of the first orders some are
 * hedgers, who come for puts below the spot, and come in numbers when it falls; some are packages of two legs.
 *
 * Nothing here depends on quotes or trades, so that everybody meets the same people at one seed.
 */
export class CustomerArrivals {
  readonly #spec: FlowSpec;
  readonly #counts: Rng;
  readonly #marks: Rng;
  readonly #draws: Rng;
  readonly #interest: SeriesInterest;
  readonly #direction: DemandDirection;
  readonly #packages: PackageLegs;
  readonly #sizes: OrderSizes;
  readonly #due = new DueList<{ readonly from: Interest; readonly split: boolean }>();
  readonly #excitation: Excitation;
  readonly #years: readonly number[];
  /** Start of the present step, and its length. */
  #now = 0;
  #length = 1;

  constructor(chain: Chain, spec: FlowSpec, streams: Streams) {
    this.#spec = spec;
    this.#counts = streams.stream('flow/counts');
    this.#marks = streams.stream('flow/marks');
    this.#draws = streams.stream('flow/draws');
    this.#interest = new SeriesInterest(chain);
    this.#direction = new DemandDirection(spec);
    this.#packages = new PackageLegs(chain);
    this.#sizes = new OrderSizes(spec.sizes, spec.sizeScale, spec.sizeMaximum);
    this.#excitation = new Excitation(spec.delays);
    this.#years = chain.expiries.map(({ years }) => years);
  }

  /** Net demand that is remembered ({@link DemandDirection.memory}). */
  get memory(): number {
    return this.#direction.memory;
  }

  /** Net number of orders still to come that earlier ones drew, as far as can be known: buyers less sellers ({@link Excitation}). */
  get excitation(): number {
    return this.#excitation.expected;
  }

  /** Draws the candidates of one step, in no order of time, and gives each to `take`. `theo` is the fair chain, moved to the step. */
  step(
    theo: TheoChain,
    nowYears: number,
    stepSeconds: number,
    { ratePerHour, variance }: FlowConditions,
    demand: DemandParameters,
    take: (candidate: Candidate) => void,
  ): void {
    const { hedgerShare } = this.#spec;
    const hours = stepSeconds / 3600;
    const rate = ratePerHour * demand.activity;
    this.#length = stepSeconds;
    this.#interest.refresh(theo, nowYears, this.#now);
    this.#excitation.decay(stepSeconds);
    this.#direction.step(hours, rate, demand, theo.spot, variance);
    const hedgers = hedgerShare * this.#direction.rush();
    const count = this.#count((1 - demand.branching) * rate * hours * (1 - hedgerShare + hedgers));
    const hedgerOdds = hedgers / (1 - hedgerShare + hedgers);
    for (let i = 0; i < count; i += 1) {
      const at = this.#now + this.#counts.uniform() * stepSeconds;
      this.#arrive(this.#firstInterest(theo, demand, hedgerOdds), at, theo, nowYears, demand, take);
    }
    const end = this.#now + stepSeconds;
    for (let due = this.#due.next(end); due !== undefined; due = this.#due.next(end)) {
      const interest = due.item.split ? due.item.from : this.#reaction(due.item.from);
      this.#arrive(interest, due.at, theo, nowYears, demand, take);
    }
    this.#now = end;
  }

  /** A Poisson count with this mean; a large one in parts, as the draw sums probabilities. */
  #count(mean: number): number {
    let count = 0;
    for (let rest = mean; rest > 0; rest -= COUNT_MEAN_MAXIMUM) count += poisson(this.#counts, Math.min(rest, COUNT_MEAN_MAXIMUM));
    return count;
  }

  #firstInterest(theo: TheoChain, demand: DemandParameters, hedgerOdds: number): Interest | undefined {
    const rng = this.#marks;
    const kind = rng.uniform();
    const hedges = kind < hedgerOdds;
    const option = hedges ? this.#interest.downsidePut(rng) : this.#interest.anywhere(rng);
    const direction = rng.uniform();
    const taste = logistic(rng);
    const which = rng.uniform();
    if (option === undefined) return undefined;
    const bundled = !hedges && (kind - hedgerOdds) / (1 - hedgerOdds) < this.#spec.packageShare;
    const downside = option.right === 'put' && option.strike < theo.spot;
    const buys = hedges
      ? this.#direction.hedgerBuyProbability(demand.putTilt)
      : this.#direction.buyProbability(downside && !bundled ? demand.putTilt : 0);
    const side = direction < buys ? 'buy' : 'sell';
    const kindOfPackage = bundled ? PACKAGES[Math.floor(which * PACKAGES.length)] : undefined;
    const leg = kindOfPackage === undefined ? undefined : this.#packages.second(kindOfPackage, option, theo.spot);
    const second = leg === undefined ? undefined : { option: leg.option, side: leg.sameSide ? side : opposite(side) };
    return { option, side, second, taste };
  }

  /** Another customer, drawn by one who has just come: in the same expiry, with a taste of its own. */
  #reaction(from: Interest): Interest | undefined {
    const rng = this.#draws;
    const option = this.#interest.within(from.option.expiry, rng);
    const side = rng.uniform() < this.#spec.sameSide ? from.side : opposite(from.side);
    const taste = logistic(rng);
    return option === undefined ? undefined : { option, side, second: undefined, taste };
  }

  #arrive(
    interest: Interest | undefined,
    at: number,
    theo: TheoChain,
    nowYears: number,
    demand: DemandParameters,
    take: (candidate: Candidate) => void,
  ): void {
    if (interest === undefined) return;
    const contracts = this.#sizes.draw(this.#draws);
    const within = Math.min(1 - 1e-9, Math.max(1e-9, (at - this.#now) / this.#length));
    const { option, side, second } = interest;
    if (!this.#lives(option, nowYears) || (second !== undefined && !this.#lives(second.option, nowYears))) return;
    take(this.#candidate(option, side, interest.taste, contracts, within, theo, false));
    if (second !== undefined) take(this.#candidate(second.option, second.side, interest.taste, contracts, within, theo, true));
    // One leg against the other leaves no net demand for vol.
    const sign = second !== undefined && second.side !== side ? 0 : side === 'buy' ? 1 : -1;
    this.#direction.remember(sign);
    this.#excitation.add(sign * demand.branching * carriedDirection(this.#spec));
    this.#draw(interest, at, demand.branching);
  }

  /** The orders that one draws after it. */
  #draw(from: Interest, at: number, branching: number): void {
    const count = poisson(this.#draws, branching);
    for (let i = 0; i < count; i += 1) {
      const delay = this.#excitation.delay(this.#draws);
      this.#due.add(at + delay, { from, split: this.#draws.uniform() < this.#spec.splitShare });
    }
  }

  #lives(option: OptionSeries, nowYears: number): boolean {
    return (this.#years[option.expiry] ?? 0) > nowYears;
  }

  #candidate(
    option: OptionSeries,
    side: Side,
    taste: number,
    contracts: number,
    within: number,
    theo: TheoChain,
    follows: boolean,
  ): Candidate {
    const spec = this.#spec;
    const years = theo.surface.yearsLeft(option.expiry);
    const y0 = screenHalfSpread(spec.reservationPerVol, theo.surface.vol(option.expiry, 0), years / YEARS_30_DAYS);
    const beta = 1.156 / y0;
    return { within, option, side, contracts, reservationVol: (taste - spec.reservationAlpha) / beta, screenHalfSpread: y0, follows };
  }
}
