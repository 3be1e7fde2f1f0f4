import { type AgentId, type InstrumentId, type Lots, MONEY_PER_DOLLAR, type Money } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { type Side, signOf } from '../market/order.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import type { TheoChain } from '../pricing/theo.ts';
import type { Ledger } from './ledger.ts';

/**
 * Where profit and loss came from, in dollars; positive is a gain. `spreadCapture`: fair value against price of fills in
 * options; `hedgeCost`: the same for the underlying; `delta` … `curvature`: positions held times Greeks at the start of each step times
 * what moved; `basis`: positions in the perpetual times what it moved against the index; `funding`: what their holders paid each other;
 * `settlement`: settlement price against the last fair value; `residual`: what the Greeks do not explain.
 */
export const CAUSES = [
  'spreadCapture',
  'delta',
  'gamma',
  'theta',
  'level',
  'slope',
  'skew',
  'curvature',
  'hedgeCost',
  'basis',
  'funding',
  'settlement',
  'fees',
  'residual',
] as const;
export type Cause = (typeof CAUSES)[number];
const AT = Object.fromEntries(CAUSES.map((cause, index) => [cause, index])) as Readonly<Record<Cause, number>>;

/**
 * Profit and loss of every agent by cause, marked at the world's fair values (decision 11). The parts sum to cash plus the
 * value of what is held, to rounding of the last bits: test/ledger/attribution.test.ts.
 */
export class Attribution {
  /** The causes that there can be in this run. */
  readonly causes: readonly Cause[];
  readonly #chain: Chain;
  readonly #amounts: Float64Array;
  readonly #before: {
    price: Float64Array;
    delta: Float64Array;
    gamma: Float64Array;
    theta: Float64Array;
    exposures: Float64Array;
    factors: Float64Array;
  };
  /** Of the present step: moves of the factors and of the spot, and its length. */
  readonly #moves = new Float64Array(FACTOR_COUNT);
  #spotMove = 0;
  #years = 0;
  #spot = 0;
  /** The perpetual's fair value. */
  #perpetual = 0;
  #atYears = 0;

  /** @param has causes that not every market has. */
  constructor(chain: Chain, agents: number, has: { readonly basis: boolean; readonly funding: boolean } = { basis: true, funding: true }) {
    this.causes = CAUSES.filter((cause) => (cause !== 'basis' || has.basis) && (cause !== 'funding' || has.funding));
    const n = chain.options.length;
    this.#chain = chain;
    this.#amounts = new Float64Array(agents * CAUSES.length);
    this.#before = {
      price: new Float64Array(n),
      delta: new Float64Array(n),
      gamma: new Float64Array(n),
      theta: new Float64Array(n),
      exposures: new Float64Array(n * FACTOR_COUNT),
      factors: new Float64Array(FACTOR_COUNT),
    };
  }

  /** Sets the marks at the opening. @param perpetual its fair value in dollars. */
  open(theo: TheoChain, factors: Readonly<Float64Array>, nowYears: number, perpetual = theo.spot): void {
    this.#copy(theo, factors, nowYears, perpetual);
  }

  /** Fair value in dollars per unit of the underlying, as of the last step. */
  fair(instrument: InstrumentId): number {
    return instrument === this.#chain.underlying.id ? this.#perpetual : (this.#before.price[instrument - 1] ?? 0);
  }

  /** Delta per unit, as of the last step. */
  delta(instrument: InstrumentId): number {
    return instrument === this.#chain.underlying.id ? 1 : (this.#before.delta[instrument - 1] ?? 0);
  }

  /** Books the edge of a fill against the fair value, and its fee. */
  fill(agent: AgentId, instrument: InstrumentId, side: Side, priceTicks: number, size: Lots, fee: Money): void {
    const listing = this.#chain.instruments[instrument];
    if (listing === undefined) return;
    const edge = signOf(side) * (this.fair(instrument) - priceTicks * listing.tickSize) * size * listing.lotSize;
    this.#add(agent, listing.kind === 'option' ? 'spreadCapture' : 'hedgeCost', edge);
    this.#add(agent, 'fees', -fee / MONEY_PER_DOLLAR);
  }

  /** Books the difference between the settlement price and the last fair value, and the fee, before the ledger closes the positions. */
  settle(instrument: InstrumentId, moneyPerLot: Money, feePerLot: Money, ledger: Ledger, agents: readonly AgentId[]): void {
    const listing = this.#chain.instruments[instrument];
    if (listing === undefined) return;
    const gap = moneyPerLot / MONEY_PER_DOLLAR - this.fair(instrument) * listing.lotSize;
    for (const agent of agents) {
      const held = ledger.position(agent, instrument);
      this.#add(agent, 'settlement', held * gap);
      this.#add(agent, 'fees', (-Math.abs(held) * feePerLot) / MONEY_PER_DOLLAR);
    }
  }

  /** Books what funding moves, before or after the ledger does. @param moneyPerLot what a long lot of the perpetual pays. */
  fund(moneyPerLot: Money, ledger: Ledger, agents: readonly AgentId[]): void {
    for (const agent of agents) {
      this.#add(agent, 'funding', (-ledger.position(agent, this.#chain.underlying.id) * moneyPerLot) / MONEY_PER_DOLLAR);
    }
  }

  /**
   * Moves the marks to a new step, and books what the positions held over it gained, by cause.
   * @param perpetual its fair value in dollars; the spot where there is no basis.
   */
  step(
    theo: TheoChain,
    factors: Readonly<Float64Array>,
    nowYears: number,
    ledger: Ledger,
    agents: readonly AgentId[],
    perpetual = theo.spot,
  ): void {
    this.#spotMove = theo.spot - this.#spot;
    const basisMove = perpetual - this.#perpetual - this.#spotMove;
    this.#years = nowYears - this.#atYears;
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.#moves[f] = (factors[f] ?? 0) - (this.#before.factors[f] ?? 0);
    const underlying = this.#chain.underlying;
    for (const agent of agents) {
      const units = ledger.position(agent, underlying.id) * underlying.lotSize;
      this.#add(agent, 'delta', units * this.#spotMove);
      this.#add(agent, 'basis', units * basisMove);
      for (const option of this.#chain.options) {
        const held = ledger.position(agent, option.id);
        if (held !== 0) this.#hold(agent, option, held, theo);
      }
    }
    this.#copy(theo, factors, nowYears, perpetual);
  }

  /** Runs for every position and step, so it takes and gives no number that is not whole: each would be an object of its own. */
  #hold(agent: AgentId, option: OptionSeries, held: Lots, theo: TheoChain): void {
    const before = this.#before;
    const amounts = this.#amounts;
    const i = option.id - 1;
    const at = agent * CAUSES.length;
    const units = held * option.lotSize;
    const delta = (before.delta[i] ?? 0) * this.#spotMove;
    const gamma = 0.5 * (before.gamma[i] ?? 0) * this.#spotMove * this.#spotMove;
    const theta = (before.theta[i] ?? 0) * this.#years;
    let explained = delta + gamma + theta;
    amounts[at + AT.delta] = (amounts[at + AT.delta] ?? 0) + units * delta;
    amounts[at + AT.gamma] = (amounts[at + AT.gamma] ?? 0) + units * gamma;
    amounts[at + AT.theta] = (amounts[at + AT.theta] ?? 0) + units * theta;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const part = (before.exposures[i * FACTOR_COUNT + f] ?? 0) * (this.#moves[f] ?? 0);
      explained += part;
      amounts[at + AT.level + f] = (amounts[at + AT.level + f] ?? 0) + units * part;
    }
    const residual = (theo.price[i] ?? 0) - (before.price[i] ?? 0) - explained;
    amounts[at + AT.residual] = (amounts[at + AT.residual] ?? 0) + units * residual;
  }

  #add(agent: AgentId, cause: Cause, amount: number): void {
    const at = agent * CAUSES.length + AT[cause];
    this.#amounts[at] = (this.#amounts[at] ?? 0) + amount;
  }

  #copy(theo: TheoChain, factors: Readonly<Float64Array>, nowYears: number, perpetual: number): void {
    this.#before.price.set(theo.price);
    this.#before.delta.set(theo.delta);
    this.#before.gamma.set(theo.gamma);
    this.#before.theta.set(theo.theta);
    this.#before.exposures.set(theo.exposures);
    this.#before.factors.set(factors);
    this.#spot = theo.spot;
    this.#perpetual = perpetual;
    this.#atYears = nowYears;
  }

  /** Dollars by cause so far. */
  amount(agent: AgentId, cause: Cause): number {
    return this.#amounts[agent * CAUSES.length + AT[cause]] ?? 0;
  }

  /** Sum of all causes: profit and loss marked at fair value. */
  total(agent: AgentId): number {
    let total = 0;
    for (const cause of CAUSES) total += this.amount(agent, cause);
    return total;
  }

  /** Value of cash and positions at fair value, from the ledger alone: what {@link total} must equal. */
  equity(agent: AgentId, ledger: Ledger): number {
    let value = ledger.cash(agent) / MONEY_PER_DOLLAR;
    for (const listing of this.#chain.instruments) value += ledger.position(agent, listing.id) * listing.lotSize * this.fair(listing.id);
    return value;
  }
}
