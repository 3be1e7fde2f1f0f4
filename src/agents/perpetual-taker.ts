import { lots } from '../core/units.ts';
import { midTicks } from '../market/data.ts';
import { type Perpetual, priceFromTicks, ticksAbove, ticksBelow } from '../market/instrument.ts';
import type { Desk } from './agent.ts';

/** Trades the perpetual at once: one immediate-or-cancel order at a time, no further from the mid than it may slip. */
export class PerpetualTaker {
  readonly #perpetual: Perpetual;
  readonly #slippageBp: number;

  /** @param slippageBp how far from the mid an order may trade, in basis points. */
  constructor(perpetual: Perpetual, slippageBp: number) {
    this.#perpetual = perpetual;
    this.#slippageBp = slippageBp;
  }

  /** Units held, long above 0, as far as reports have come. */
  held(desk: Desk): number {
    return desk.position(this.#perpetual.id) * this.#perpetual.lotSize;
  }

  /** Dollars per unit; undefined when a side of the book is empty. */
  mid(desk: Desk): number | undefined {
    const mid = midTicks(desk.bbo(this.#perpetual.id));
    return mid === undefined ? undefined : priceFromTicks(this.#perpetual, mid);
  }

  /**
   * Sends an order for so many units, bought above 0; less than half a lot is none. Does nothing while an order is under way, or when a
   * side of the book is empty. True when an order was sent.
   */
  trade(desk: Desk, units: number): boolean {
    const perpetual = this.#perpetual;
    const size = lots(Math.round(Math.abs(units) / perpetual.lotSize));
    const mid = this.mid(desk);
    if (size === 0 || mid === undefined || this.#isBusy(desk)) return false;
    const buys = units > 0;
    const worst = mid * (1 + ((buys ? 1 : -1) * this.#slippageBp) / 10_000);
    const price = buys ? ticksAbove(perpetual, worst) : ticksBelow(perpetual, worst);
    return desk.submit({ instrument: perpetual.id, side: buys ? 'buy' : 'sell', type: 'ioc', price, lots: size }) !== undefined;
  }

  #isBusy(desk: Desk): boolean {
    return desk.openLots(this.#perpetual.id, 'buy') + desk.openLots(this.#perpetual.id, 'sell') > 0;
  }
}
