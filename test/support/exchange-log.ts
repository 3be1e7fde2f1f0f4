import {
  type AgentId,
  agentId,
  type InstrumentId,
  instrumentId,
  lots,
  money,
  nanos,
  type OrderId,
  orderId,
  ticks,
} from '../../src/core/units.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import type { ExchangeSinks } from '../../src/exchange/exchange-sinks.ts';
import type { FeeSchedule } from '../../src/exchange/rules.ts';
import { renderRecord } from '../../src/kernel/trace.ts';
import { buildChain, type Chain } from '../../src/market/chain.ts';
import type { OrderType, Side } from '../../src/market/order.ts';

/** An underlying (0), a call and a put of a first expiry (1, 2), four series of a second (3 to 6). One tick of one lot is 1,000 units. */
export function smallChain(): Chain {
  return buildChain({
    symbol: 'XYZ',
    underlying: { tickSize: 0.01, lotSize: 0.1 },
    options: { tickSize: 0.01, lotSize: 0.1 },
    expiries: [
      { label: '7d', years: 7 / 365, carry: 0, strikes: [100] },
      { label: '30d', years: 30 / 365, carry: 0, strikes: [95, 105] },
    ],
  });
}

export const SMALL_FEES: FeeSchedule = {
  option: { maker: 0, taker: 0.0003, premiumCap: 0.125 },
  perpetual: { maker: -0.0001, taker: 0.0005 },
};

/** An exchange whose sinks write down what they hear, one line each, in the order in which they hear it. */
export class ExchangeLog {
  readonly lines: string[] = [];
  readonly records: string[] = [];
  readonly exchange: Exchange;
  /** Called inside each delivery, for tests of what a listener finds. */
  listening: ((line: string) => void) | undefined;

  constructor(limits = { lotsPerOrder: 1_000, ordersPerAgent: 5 }, agents = 4, chain = smallChain()) {
    const sinks: ExchangeSinks = {
      report: (agent, r) => {
        const head = `${letter(agent)} ${r.kind} #${r.order} i${r.instrument} ${r.side} ${r.price} x${r.lots}`;
        if (r.kind === 'fill') this.#write(`${head} left ${r.remaining} ${r.liquidity} fee ${r.fee}`);
        else this.#write(r.kind === 'rejected' ? `${head} ${r.reason}` : head);
      },
      match: (m, makerFee, takerFee) => {
        const taker = `${letter(m.taker)} #${m.takerOrder} ${m.takerSide}`;
        this.#write(
          `match i${m.instrument} ${m.lots}@${m.price} ${taker}, maker ${letter(m.maker)} #${m.makerOrder}, fees ${makerFee} ${takerFee}`,
        );
      },
      changed: (instrument) => this.#write(`changed i${instrument}`),
      record: (kind, instrument, agent, order, price, size, extra) =>
        this.records.push(renderRecord(kind, nanos(0), instrument, agent ?? 0, order, price, size, extra).replace('0.000000000 ', '')),
    };
    this.exchange = new Exchange(chain, { fees: SMALL_FEES, limits, agents }, sinks);
    this.exchange.setIndex(100);
  }

  /** `submit('A', 1, 3, 'sell', 41, 5)`: agent A's order 1 in instrument 3. Returns what was heard. */
  submit(agent: string, order: number, instrument: number, side: Side, price: number, size: number, type: OrderType = 'limit'): string[] {
    const request = { instrument: instrumentId(instrument), side, type, price: ticks(price), lots: lots(size) };
    return this.#heard(() => this.exchange.submit(idOf(agent), orderId(order), request));
  }

  cancel(agent: string, order: number): string[] {
    return this.#heard(() => this.exchange.cancel(idOf(agent), orderId(order)));
  }

  replace(agent: string, order: number, newOrder: number, price: number, size: number): string[] {
    return this.#heard(() => this.exchange.replace(idOf(agent), orderId(order), orderId(newOrder), ticks(price), lots(size)));
  }

  cancelAll(agent: string): string[] {
    return this.#heard(() => this.exchange.cancelAll(idOf(agent)));
  }

  /** Settles each series at a thousand units times its id. */
  expire(expiry: number): string[] {
    const terms = (instrument: InstrumentId) => ({ moneyPerLot: money(1_000 * instrument), feePerLot: money(0) });
    return this.#heard(() =>
      this.exchange.lifecycle.expire(expiry, 100, terms, (instrument, { moneyPerLot }) =>
        this.#write(`settle i${instrument} ${moneyPerLot}`),
      ),
    );
  }

  #heard(act: () => void): string[] {
    this.lines.length = 0;
    this.records.length = 0;
    act();
    this.exchange.verify();
    return [...this.lines];
  }

  #write(line: string): void {
    this.lines.push(line);
    this.listening?.(line);
  }
}

export const idOf = (name: string): AgentId => agentId(name.charCodeAt(0) - 65);
export const letter = (agent: AgentId): string => String.fromCharCode(65 + agent);
export const order = (id: number): OrderId => orderId(id);
