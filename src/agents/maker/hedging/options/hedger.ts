import { lots, NANOS_PER_SECOND, type OrderId, type Ticks } from '../../../../core/units.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../../../../market/instrument.ts';
import { opposite, type Report, type Side, signOf } from '../../../../market/order.ts';
import type { AgentSetup, Desk } from '../../../agent.ts';
import type { HedgeInspection } from '../../../inspection.ts';
import { contractMeasures, MEASURE_COUNT } from '../../exposures.ts';
import type { QuotingView } from '../../quoting/quoter.ts';
import type { RiskBudget } from '../../risk-budget.ts';
import type { OptionHedgeParams } from './params.ts';
import { VegaGate } from './vega-gate.ts';

const BASIS_POINTS = 10_000;
const SECONDS_PER_MINUTE = 60;

/** What a trade in options has to keep to, beside the limits of measures. */
export interface OptionRoom {
  /** Contracts of a series, long or short. */
  readonly positionPerSeries: number;
  /** The maker's own quote on a side of a series, in ticks; undefined where none stands. */
  own(series: number, side: Side): Ticks | undefined;
}

/** A hedge that pays; dollars per contract. */
interface Candidate {
  readonly option: OptionSeries;
  readonly side: Side;
  readonly size: number;
  readonly saved: number;
  readonly halfSpread: number;
  readonly fee: number;
  readonly delta: number;
}

/**
 * Hedges the exposures to the factors and gamma with options: buys or sells at the best price of the others when the risk that it saves over a
 * horizon, ½ γ h times the fall of BᵀΣB, is more than half-spread, fee and the hedge of its delta. Of all that pays, that whose cost is the smallest
 * share of what it saves.
 *
 * One immediate order at a time, up to where the next contract would not pay, within a budget of costs per minute. It keeps the maker's limits
 * with all open quotes counted as filled, and does not trade through a quote of its own.
 */
export class OptionHedger {
  last: HedgeInspection | undefined;
  readonly #setup: AgentSetup;
  readonly #params: OptionHedgeParams;
  readonly #room: OptionRoom;
  readonly #gate: VegaGate;
  readonly #effect = new Float64Array(MEASURE_COUNT);
  #order: OrderId | undefined;
  #notBefore = 0;
  #minute = -1;
  #spent = 0;

  constructor(setup: AgentSetup, params: OptionHedgeParams, room: OptionRoom) {
    this.#setup = setup;
    this.#params = params;
    this.#room = room;
    this.#gate = new VegaGate(params);
  }

  hear({ order, kind, remaining }: Readonly<Report>): void {
    if (order === this.#order && (kind === 'removed' || kind === 'rejected' || (kind === 'fill' && remaining === 0)))
      this.#order = undefined;
  }

  /** Nothing is under way any longer. */
  forget(): void {
    this.#order = undefined;
  }

  /** Sends the best hedge, if one pays. @param wanted exposures that are held on purpose. */
  act(desk: Desk, view: QuotingView, budget: RiskBudget, wanted: Readonly<Float64Array> | undefined): void {
    if (this.#order !== undefined || desk.now < this.#notBefore) return;
    const minute = Math.floor(desk.now / (SECONDS_PER_MINUTE * NANOS_PER_SECOND));
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#spent = 0;
    }
    this.#gate.look(view, wanted);
    let best: Candidate | undefined;
    let least = 1;
    for (const option of view.chain.options) {
      const found = this.#candidate(desk, view, option);
      if (found === undefined) continue;
      const share = costOf(found) / found.saved;
      if (share >= least) continue;
      least = share;
      best = found;
    }
    if (best !== undefined && this.#fits(view, budget, best)) this.#send(desk, view, best);
  }

  /** The hedge in one series, sized to where the next contract would cost what it saves; undefined where none pays. */
  #candidate(desk: Desk, view: QuotingView, option: OptionSeries): Candidate | undefined {
    const i = option.id - 1;
    const [bid, ask] = [view.bid[i] ?? Number.NaN, view.ask[i] ?? Number.NaN];
    if (Number.isNaN(bid) || Number.isNaN(ask) || view.theo.yearsLeft(i) === 0 || !desk.listed(option.id)) return undefined;
    const { risk, curvature } = this.#gate.contract(view, i);
    const side: Side = risk < 0 ? 'buy' : 'sell';
    const price = side === 'buy' ? ask : bid;
    if (this.#meetsOwn(option, side, price)) return undefined;
    // What the price is away from the own value may be more than half of the book's width, and is then what it costs.
    const halfSpread = Math.max((ask - bid) / 2, signOf(side) * (price - (view.theo.price[i] ?? 0)));
    const { spot } = view.theo;
    const fee = this.#setup.feePerUnit(option.id, ticksBelow(option, price), 'taker', spot);
    const delta = (Math.abs(view.theo.delta[i] ?? 0) * spot * this.#params.deltaCostBp) / BASIS_POINTS;
    const cost = halfSpread + fee + delta;
    if (curvature <= 0 || Math.abs(risk) - (option.lotSize * curvature) / 2 <= cost) return undefined;
    const size = this.#lots(desk, option, side, { most: (Math.abs(risk) - cost) / curvature, cost });
    const saved = Math.abs(risk) - (size * option.lotSize * curvature) / 2;
    return size < 1 ? undefined : { option, side, size, saved, halfSpread, fee, delta };
  }

  #meetsOwn(option: OptionSeries, side: Side, price: number): boolean {
    const own = this.#room.own(option.id - 1, opposite(side));
    return own !== undefined && signOf(side) * (price - own * option.tickSize) >= -option.tickSize / 2;
  }

  /** Lots that pay, that the others show, and that size, budget and position leave. */
  #lots(desk: Desk, option: OptionSeries, side: Side, { most, cost }: { readonly most: number; readonly cost: number }): number {
    const { askLots, bidLots } = desk.bbo(option.id);
    const held = desk.position(option.id) * signOf(side) + desk.openLots(option.id, side);
    const room = Math.floor(this.#room.positionPerSeries / option.lotSize + 1e-9) - held;
    const affordable = (this.#params.dollarsPerMinute - this.#spent) / cost;
    const units = Math.min(most, this.#params.size, affordable);
    return Math.min(side === 'buy' ? askLots : bidLots, room, Math.floor(units / option.lotSize + 1e-9));
  }

  #fits(view: QuotingView, budget: RiskBudget, { option, side, size }: Candidate): boolean {
    const effect = contractMeasures(view.theo, option.id - 1, this.#effect);
    for (let m = 0; m < MEASURE_COUNT; m += 1) effect[m] = (effect[m] ?? 0) * signOf(side) * size * option.lotSize;
    return budget.grant(option.expiry, effect) === undefined;
  }

  #send(desk: Desk, view: QuotingView, best: Candidate): void {
    const { option, side, size, saved, halfSpread, fee, delta } = best;
    const quoted = (side === 'buy' ? view.ask : view.bid)[option.id - 1] ?? 0;
    const price = side === 'buy' ? ticksBelow(option, quoted) : ticksAbove(option, quoted);
    const order = desk.submit({ instrument: option.id, side, type: 'ioc', price, lots: lots(size) });
    if (order === undefined) return;
    this.#order = order;
    this.#notBefore = desk.now + this.#params.everySeconds * NANOS_PER_SECOND;
    this.#spent += costOf(best) * size * option.lotSize;
    const costs = `half-spread ${halfSpread.toFixed(2)}, fee ${fee.toFixed(2)}, delta ${delta.toFixed(2)}`;
    const reason = `saves ${saved.toFixed(2)} $ of risk per contract over ${this.#params.horizonMinutes} min, for ${costOf(best).toFixed(2)}: ${costs}`;
    const atSeconds = desk.now / NANOS_PER_SECOND;
    this.last = { atSeconds, instrument: option.id, side, units: size * option.lotSize, kind: 'vega', reason };
  }
}

const costOf = ({ halfSpread, fee, delta }: Candidate): number => halfSpread + fee + delta;
