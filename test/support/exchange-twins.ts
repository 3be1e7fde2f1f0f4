import { agentId, type InstrumentId, lots, money, nanos, orderId, ticks } from '../../src/core/units.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import type { ExchangeSinks } from '../../src/exchange/exchange-sinks.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { buildChain, type Chain } from '../../src/market/chain.ts';
import type { CancelScope, OrderRequest, ProtectionSettings, Report, SeriesQuote } from '../../src/market/order.ts';
import { NaiveExchange, type NaiveRules } from './naive-exchange.ts';
import { TraceBooks } from './trace-books.ts';

/** Everything that can be asked of an exchange, as plain data. */
export type ExchangeCommand =
  | { readonly op: 'wait'; readonly nanos: number }
  | { readonly op: 'index'; readonly cents: number }
  | { readonly op: 'submit'; readonly agent: number; readonly id: number; readonly request: OrderRequest }
  | { readonly op: 'cancel'; readonly agent: number; readonly id: number }
  | { readonly op: 'reduce'; readonly agent: number; readonly id: number; readonly by: number }
  | {
      readonly op: 'replace';
      readonly agent: number;
      readonly id: number;
      readonly newId: number;
      readonly price: number;
      readonly lots: number;
    }
  | { readonly op: 'cancelAll'; readonly agent: number; readonly scope: CancelScope }
  | { readonly op: 'massQuote'; readonly agent: number; readonly message: number; readonly quotes: readonly SeriesQuote[] }
  | { readonly op: 'protect'; readonly agent: number; readonly settings: ProtectionSettings | undefined }
  | { readonly op: 'reset' | 'connect' | 'disconnect'; readonly agent: number }
  | { readonly op: 'withhold' | 'list'; readonly instruments: readonly InstrumentId[] }
  | { readonly op: 'endDay' | 'close' | 'open' }
  | { readonly op: 'expire'; readonly expiry: number };

/** Seven instruments as in exchange-log.ts; options have whole prices to 8, every second to 16, and every fourth from there on. */
export function bandedChain(): Chain {
  return buildChain({
    symbol: 'XYZ',
    underlying: { tickSize: 0.01, lotSize: 0.1 },
    options: {
      tickSize: 0.01,
      lotSize: 0.1,
      tickTable: [
        { from: ticks(8), step: 2 },
        { from: ticks(16), step: 4 },
      ],
    },
    expiries: [
      { label: '7d', years: 7 / 365, carry: 0, strikes: [100] },
      { label: '30d', years: 30 / 365, carry: 0, strikes: [95, 105] },
    ],
  });
}

/** The exchange and the naive one under the same commands, the first with a ledger and with books rebuilt from its records. */
export class ExchangeTwins {
  readonly naive: NaiveExchange;
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  readonly rules: NaiveRules;
  readonly chain: Chain;
  /** What the exchange told since the last look. */
  told: string[] = [];
  matches = 0;
  /** Why orders were removed since the last look, by the records: a `RemovalCause` per line that says so. */
  causes: number[] = [];
  readonly #rebuilt = new TraceBooks();

  constructor(rules: NaiveRules, chain = bandedChain()) {
    this.rules = rules;
    this.chain = chain;
    this.naive = new NaiveExchange(chain, rules);
    this.ledger = new Ledger(chain.instruments, rules.agents);
    const sinks: ExchangeSinks = {
      report: (agent, report) => this.told.push(lineOf(agent, report)),
      match: (m, makerFee, takerFee) => {
        this.ledger.post(m, makerFee, takerFee);
        this.matches += 1;
        const maker = `${m.maker} #${m.makerOrder} ${m.cause} ${makerFee} ${takerFee}`;
        this.told.push(`match i${m.instrument} ${m.lots}@${m.price} ${m.taker} #${m.takerOrder} ${m.takerSide}, ${maker}`);
      },
      changed: (instrument) => this.told.push(`changed i${instrument}`),
      record: (kind, instrument, agent, order, price, size, extra) => {
        if (kind === TRACE.removed) this.causes.push(extra);
        this.#rebuilt.onRecord(kind, this.naive.now, instrument, agent ?? 0, order, price, size, extra);
      },
    };
    const { priceBand } = rules;
    const options = {
      fees: rules.fees,
      limits: { lotsPerOrder: rules.lotsPerOrder, ordersPerAgent: rules.ordersPerAgent, requestRate: rules.requestRate },
      agents: rules.agents,
      selfTrade: rules.selfTrade,
      priceBand: priceBand === undefined ? undefined : { fraction: priceBand.thousandths / 1000, ticksMinimum: priceBand.ticksMinimum },
      now: () => nanos(this.naive.now),
      risk: {
        delta: (instrument: InstrumentId) => (rules.delta[instrument] ?? 0) / 1e6,
        vega: (instrument: InstrumentId) => (rules.vega[instrument] ?? 0) / 1e6,
      },
    };
    this.exchange = new Exchange(chain, options, sinks);
    this.exchange.setIndex(this.naive.indexCents / 100);
  }

  /** Gives both the command. Returns what differs, in words, or undefined. */
  run(command: ExchangeCommand): string | undefined {
    const { naive, exchange } = this;
    naive.told = [];
    this.told = [];
    this.causes = [];
    this.#give(command);
    const said = this.told.join('\n');
    const expected = naive.told.join('\n');
    if (said !== expected) return `told\n${said}\n\nbut expected\n${expected}`;
    for (const { id } of this.chain.instruments) {
      if (exchange.book(id).digest() !== naive.digest(id)) return `the book of ${id} is another after\n${said}`;
    }
    for (let agent = 0; agent < this.rules.agents; agent += 1) {
      const [is, expectedCount] = [exchange.openOrders(agentId(agent)), naive.open(agent).length];
      if (is !== expectedCount) return `agent ${agent} has ${is} orders, expected ${expectedCount}, after\n${said}`;
    }
    return undefined;
  }

  /**
   * Checks what holds whatever was asked: consistent books, neither crossed nor locked; money and lots conserved to the last unit; the
   * records alone give the books; what is ahead of each order. @throws when something does not.
   */
  verify(): void {
    this.exchange.verify();
    this.ledger.verify();
    for (const { id } of this.chain.instruments) {
      for (const side of ['buy', 'sell'] as const) {
        const rebuilt = this.#rebuilt.queue(id, side).map((order) => `${order.id} ${order.price} ${order.lots}`);
        const queue = this.naive.queue(id, side).map((order) => `${order.id} ${order.price} ${order.lots}`);
        if (rebuilt.join() !== queue.join()) throw new Error(`the records give ${rebuilt.join()} for ${id} ${side}, not ${queue.join()}`);
        for (const order of this.naive.queue(id, side)) {
          const [is, expected] = [this.exchange.book(id).lotsAhead(orderId(order.id)), this.naive.lotsAhead(order.id)];
          if (is !== expected) throw new Error(`${is} lots are ahead of order ${order.id}, expected ${expected}`);
        }
      }
      let long = 0;
      let short = 0;
      for (let agent = 0; agent < this.rules.agents; agent += 1) {
        const held = this.ledger.position(agentId(agent), id);
        long += Math.max(0, held);
        short += Math.max(0, -held);
      }
      if (long !== short) throw new Error(`open interest of ${id} is ${long} long and ${short} short`);
    }
  }

  #give(command: ExchangeCommand): void {
    const { naive, exchange } = this;
    const { lifecycle } = exchange;
    switch (command.op) {
      case 'wait':
        naive.now += command.nanos;
        break;
      case 'index':
        naive.indexCents = command.cents;
        exchange.setIndex(command.cents / 100);
        break;
      case 'submit':
        naive.submit(command.agent, command.id, command.request);
        exchange.submit(agentId(command.agent), orderId(command.id), command.request);
        break;
      case 'cancel':
        naive.cancel(command.agent, command.id);
        exchange.cancel(agentId(command.agent), orderId(command.id));
        break;
      case 'reduce':
        naive.reduce(command.agent, command.id, command.by);
        exchange.reduce(agentId(command.agent), orderId(command.id), lots(command.by));
        break;
      case 'replace':
        naive.replace(command.agent, command.id, command.newId, command.price, command.lots);
        exchange.replace(agentId(command.agent), orderId(command.id), orderId(command.newId), ticks(command.price), lots(command.lots));
        break;
      case 'cancelAll':
        naive.cancelAll(command.agent, command.scope);
        exchange.cancelAll(agentId(command.agent), command.scope);
        break;
      case 'massQuote':
        naive.massQuote(command.agent, command.message, command.quotes);
        exchange.massQuote(agentId(command.agent), orderId(command.message), command.quotes);
        break;
      case 'protect':
        naive.protect(command.agent, command.settings);
        exchange.protect(agentId(command.agent), command.settings);
        break;
      case 'reset':
        naive.resetProtection(command.agent);
        exchange.resetProtection(agentId(command.agent));
        break;
      case 'connect':
        naive.connect(command.agent);
        lifecycle.connect(agentId(command.agent));
        break;
      case 'disconnect':
        naive.disconnect(command.agent);
        lifecycle.disconnect(agentId(command.agent));
        break;
      case 'withhold':
        naive.withhold(command.instruments);
        lifecycle.withhold(command.instruments);
        break;
      case 'list':
        naive.list(command.instruments);
        lifecycle.list(command.instruments);
        break;
      case 'close':
        naive.close();
        lifecycle.close();
        break;
      case 'open':
        naive.reopen();
        lifecycle.open();
        break;
      case 'endDay':
        naive.endDay();
        lifecycle.endDay();
        break;
      case 'expire': {
        naive.expire(command.expiry);
        const terms = (instrument: InstrumentId) => ({ moneyPerLot: money(1000 * instrument), feePerLot: money(7) });
        lifecycle.expire(command.expiry, 100, terms, (instrument, { moneyPerLot, feePerLot }) => {
          this.ledger.settle(instrument, moneyPerLot, feePerLot);
          this.told.push(`settle i${instrument}`);
        });
        break;
      }
    }
  }
}

/** A report in words; of each kind the fields that mean something. */
function lineOf(agent: number, r: Readonly<Report>): string {
  switch (r.kind) {
    case 'quoted':
      return `${agent} quoted #${r.order} x${r.lots}`;
    case 'frozen':
    case 'thawed':
      return `${agent} ${r.kind}`;
    case 'fill':
      return `${agent} fill #${r.order} i${r.instrument} ${r.side} ${r.price} x${r.lots} left ${r.remaining} ${r.liquidity} ${r.fee}`;
    case 'removed':
      return `${agent} removed #${r.order} i${r.instrument} ${r.side} ${r.price} x${r.lots} left ${r.remaining}`;
    case 'accepted':
      return `${agent} accepted #${r.order} i${r.instrument} ${r.side} ${r.price} x${r.lots}`;
    case 'rejected':
      return `${agent} rejected #${r.order} i${r.instrument} ${r.side} ${r.price} x${r.lots} ${r.reason}`;
  }
}
