import { type InstrumentId, MONEY_PER_DOLLAR } from '../../core/units.ts';
import type { Chain } from '../../market/chain.ts';
import { type Report, signOf } from '../../market/order.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { Desk, Settlement } from '../agent.ts';

/** A maker's own account from its reports and payments alone, marked at its own values: what its loss limit looks at. */
export class OwnAccount {
  /** Dollars received less dollars paid, fees included. */
  cash = 0;
  readonly #chain: Chain;

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  hear(report: Readonly<Report>): void {
    const listing = this.#chain.instruments[report.instrument];
    if (report.kind !== 'fill' || listing === undefined) return;
    this.cash -= (signOf(report.side) * report.price * report.lots * listing.moneyPerTickLot + report.fee) / MONEY_PER_DOLLAR;
  }

  settled({ units, dollarsPerUnit, feeDollars }: Settlement): void {
    this.cash += units * dollarsPerUnit - feeDollars;
  }

  /** Funding of the perpetual, received above 0. */
  funded(dollars: number): void {
    this.cash += dollars;
  }

  /** Profit and loss since the opening at these values. @param perpetual in dollars. */
  pnl(theo: TheoChain, desk: Desk, perpetual = theo.spot): number {
    const held = (instrument: InstrumentId, lotSize: number): number => desk.position(instrument) * lotSize;
    let value = this.cash + held(this.#chain.underlying.id, this.#chain.underlying.lotSize) * perpetual;
    for (const option of this.#chain.options) value += held(option.id, option.lotSize) * (theo.price[option.id - 1] ?? 0);
    return value;
  }
}
