import { type InstrumentId, type Lots, lots, NANOS_PER_SECOND, type OrderId, type Ticks, ticks } from '../../../../core/units.ts';
import { type Report, type Side, signOf } from '../../../../market/order.ts';
import type { AgentSetup, Desk } from '../../../agent.ts';
import type { HedgeInspection } from '../../../inspection.ts';
import { contractMeasures, MEASURE_COUNT } from '../../exposures.ts';
import type { QuotingView } from '../../quoting/quoter.ts';
import type { RiskBudget } from '../../risk-budget.ts';
import type { OptionRoom } from '../options/hedger.ts';
import { ArbitrageFinder, type ArbitragePackage, type PackageLeg } from './finder.ts';
import type { ArbitrageParams } from './params.ts';
import { TouchPrices } from './touch-prices.ts';

/** A leg that was sent. */
interface SentLeg extends PackageLeg {
  readonly order: OrderId | undefined;
  filled: number;
  isOver: boolean;
}

/**
 * Takes quotes of others that contradict each other. All legs of a package go out at once as fill-or-kill at the prices seen, one package at a time. A
 * leg that finds nobody leaves the others open: their delta is handed to the hedger of delta, whatever its band, and what is left is a position like any
 * other, which quotes work off.
 */
export class ArbitrageTaker {
  last: HedgeInspection | undefined;
  readonly #setup: AgentSetup;
  readonly #params: ArbitrageParams;
  readonly #limit: number;
  readonly #prices: TouchPrices;
  readonly #finder: ArbitrageFinder;
  readonly #effect = new Float64Array(MEASURE_COUNT);
  readonly #owe: (delta: number, reason: string) => void;
  #sent: SentLeg[] = [];
  #what = '';
  #notBefore = 0;

  /** @param owe takes the delta that a package with a missing leg leaves open, and the reason. */
  constructor(setup: AgentSetup, params: ArbitrageParams, room: OptionRoom, owe: (delta: number, reason: string) => void) {
    this.#setup = setup;
    this.#params = params;
    this.#limit = room.positionPerSeries;
    this.#prices = new TouchPrices(setup, params, room.own);
    this.#finder = new ArbitrageFinder(setup.chain, setup.valuation.rate, params);
    this.#owe = owe;
  }

  hear({ order, kind, lots: size, remaining }: Readonly<Report>): void {
    const leg = this.#sent.find((each) => each.order === order);
    if (leg === undefined) return;
    if (kind === 'fill') leg.filled += size;
    leg.isOver ||= kind === 'removed' || kind === 'rejected' || (kind === 'fill' && remaining === 0);
  }

  /** Nothing is under way any longer. */
  forget(): void {
    this.#sent = [];
  }

  /** Once all legs of a package have been reported on: hands the delta of one that is not whole to the hedger of delta. */
  settle({ theo }: QuotingView): void {
    const legs = this.#sent;
    if (legs.some(({ isOver }) => !isOver)) return;
    this.#sent = [];
    if (legs.every(({ lots: size, filled }) => filled === Math.abs(size))) return;
    let delta = 0;
    for (const { instrument, lots: size, filled } of legs) {
      const units = Math.sign(size) * filled * (this.#setup.chain.instruments[instrument]?.lotSize ?? 0);
      delta += units * (instrument === this.#setup.chain.underlying.id ? 1 : (theo.delta[instrument - 1] ?? 0));
    }
    if (delta !== 0) this.#owe(delta, `a leg is missing: ${this.#what}`);
  }

  /** Sends the best package that there is. */
  act(desk: Desk, view: QuotingView, budget: RiskBudget): void {
    if (this.#sent.length > 0 || desk.now < this.#notBefore) return;
    this.#prices.look(desk, view);
    const found = this.#finder.find(this.#prices, view.theo, (instrument, buys) => this.#room(desk, instrument, buys));
    if (found !== undefined && this.#fits(view, budget, found)) this.#send(desk, found);
  }

  /** Lots that the limit of a series leaves to a side, what is open counted as filled. */
  #room(desk: Desk, instrument: InstrumentId, buys: boolean): number {
    const { lotSize } = this.#setup.chain.instruments[instrument] ?? { lotSize: 1 };
    const side: Side = buys ? 'buy' : 'sell';
    return Math.floor(this.#limit / lotSize + 1e-9) - desk.position(instrument) * signOf(side) - desk.openLots(instrument, side);
  }

  /** Each leg counts against the limits as if it alone were filled. */
  #fits(view: QuotingView, budget: RiskBudget, { legs }: ArbitragePackage): boolean {
    return legs.every(({ instrument, lots: size }) => {
      const option = this.#setup.chain.options[instrument - 1];
      if (option === undefined) return true;
      const effect = contractMeasures(view.theo, option.id - 1, this.#effect);
      for (let m = 0; m < MEASURE_COUNT; m += 1) effect[m] = (effect[m] ?? 0) * size * option.lotSize;
      return budget.grant(option.expiry, effect) === undefined;
    });
  }

  #send(desk: Desk, { bound, legs, contracts, gain, where }: ArbitragePackage): void {
    this.#what = `${bound} of ${where}`;
    // Prices are read before the first leg goes: a desk shows what it is lent.
    const orders = legs.map((leg) => ({ ...leg, side: (leg.lots > 0 ? 'buy' : 'sell') as Side, price: this.#price(desk, leg) }));
    this.#sent = orders.map(({ instrument, lots: size, side, price }) => {
      const order = desk.submit({ instrument, side, type: 'fok', price, lots: wholeLots(size) });
      return { instrument, lots: size, order, filled: 0, isOver: order === undefined };
    });
    this.#notBefore = desk.now + this.#params.coolDownSeconds * NANOS_PER_SECOND;
    const first = legs[0];
    if (first === undefined) return;
    const told = legs
      .map((leg) => `${leg.lots > 0 ? 'buys' : 'sells'} ${this.#setup.chain.instruments[leg.instrument]?.symbol}`)
      .join(', ');
    this.last = {
      atSeconds: desk.now / NANOS_PER_SECOND,
      instrument: first.instrument,
      side: first.lots > 0 ? 'buy' : 'sell',
      units: contracts,
      kind: 'arbitrage',
      reason: `${this.#what}: ${told}; ${gain.toFixed(2)} $ per contract after all costs`,
    };
  }

  #price(desk: Desk, { instrument, lots: size }: PackageLeg): Ticks {
    const { bid, ask } = desk.bbo(instrument);
    return (size > 0 ? ask : bid) ?? ticks(0);
  }
}

const wholeLots = (size: number): Lots => lots(Math.abs(size));
