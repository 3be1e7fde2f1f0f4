import type { Agent } from '../../src/agents/agent.ts';
import { hashText } from '../../src/core/hash.ts';
import { streams } from '../../src/core/rng.ts';
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
import { Feed } from '../../src/exchange/feed.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import type { LatencyLaw } from '../../src/kernel/latency.ts';
import type { Chain } from '../../src/market/chain.ts';
import type { OrderType, Side } from '../../src/market/order.ts';
import type { LatencyLeg } from '../../src/scenario/scenario.ts';
import { agentLines } from '../../src/sim/agent-lines.ts';
import { AgentDesk } from '../../src/sim/desk.ts';
import { IndexFeed } from '../../src/sim/index-feed.ts';
import { OrderGateway } from '../../src/sim/order-gateway.ts';
import { ReportCourier } from '../../src/sim/report-courier.ts';
import { SMALL_FEES, smallChain } from './exchange-log.ts';
import { constant } from './lines.ts';

export interface Participant {
  readonly name: string;
  readonly orderNanos: number;
  /** Of books and prints; of reports as well, unless `latency` says otherwise. */
  readonly dataNanos: number;
  /** Laws in place of the constants, by leg. */
  readonly latency?: Partial<Record<LatencyLeg, LatencyLaw>>;
  /** Lots per instrument; none if undefined. */
  readonly limit?: number;
  readonly agent?: Partial<Agent>;
}

/** Desks, their mail and an exchange, without a world: what is done to it at which nanosecond is the test's own affair. */
export class DeskMarket {
  /** Of the streams that latencies are drawn from. */
  static readonly seed = 'desks';
  readonly chain: Chain = smallChain();
  readonly kernel = new Kernel({ seed: DeskMarket.seed, queueCapacity: 100_000 });
  readonly exchange: Exchange;
  readonly desks: readonly AgentDesk[];
  readonly index: IndexFeed;
  /** All reports as they are delivered: `12 A fill #1 i3 x2`. */
  readonly delivered: string[] = [];
  #lastOrder = 0;

  constructor(participants: readonly Participant[], limits = { lotsPerOrder: 100, ordersPerAgent: 50 }) {
    const { kernel, chain } = this;
    const names = participants.map(({ name }) => name);
    const lines = agentLines(
      participants.map(({ name, orderNanos, dataNanos, latency }) => {
        const data = latency?.data ?? constant(dataNanos);
        return { name, latency: { order: latency?.order ?? constant(orderNanos), ack: latency?.ack ?? data, data } };
      }),
      streams(DeskMarket.seed),
    );
    const mail: { courier?: ReportCourier; feed?: Feed; gateway?: OrderGateway } = {};
    this.exchange = new Exchange(
      chain,
      { fees: SMALL_FEES, limits, agents: names.length },
      {
        report: (agent, report) => mail.courier?.sendReport(agent, report),
        match: ({ instrument, price, lots: size, takerSide }) =>
          mail.courier?.sendTrade({ instrument, price, lots: size, aggressor: takerSide, at: kernel.now }),
        changed: (instrument) => mail.feed?.changed(instrument),
        record: () => {},
      },
    );
    this.exchange.setIndex(100);
    this.index = new IndexFeed(() => kernel.now, lines.data);
    const services = {
      kernel,
      gateway: () => present(mail.gateway),
      feed: () => present(mail.feed),
      listed: (id: InstrumentId) => this.exchange.lifecycle.listed(id),
      index: this.index,
      isOpen: () => this.exchange.lifecycle.isOpen,
      nextOrder: (): OrderId => {
        this.#lastOrder += 1;
        return orderId(this.#lastOrder);
      },
    };
    this.desks = participants.map(({ name, limit, agent }, index) => {
      const heard: Agent = {
        onOpen: () => {},
        ...agent,
        onReport: (report, desk) => {
          const reason = report.reason === undefined ? '' : ` ${report.reason}`;
          this.delivered.push(
            `${kernel.now} ${name} ${report.kind} #${report.order} i${report.instrument} ${report.side} x${report.lots}${reason}`,
          );
          agent?.onReport?.(report, desk);
        },
      };
      const lotsMaximum = new Float64Array(chain.instruments.length).fill(limit ?? Number.POSITIVE_INFINITY);
      return new AgentDesk(agentId(index), name, heard, lotsMaximum, services);
    });
    mail.courier = new ReportCourier(kernel, lines, this.desks);
    mail.gateway = new OrderGateway(kernel, this.exchange, lines.order, names.map(hashText), 77);
    mail.feed = new Feed(kernel, (id) => this.exchange.book(id), chain.instruments.length, lines.data, {
      onData: (agent, instrument) => {
        const desk = present(this.desks[agent]);
        desk.agent.onData?.(instrument, desk);
      },
    });
  }

  desk(name: string): AgentDesk {
    return present(this.desks.find((desk) => desk.name === name));
  }

  submit(name: string, side: Side, price: number, size: number, type: OrderType = 'limit', instrument = 3): OrderId | undefined {
    return this.desk(name).submit({ instrument: instrumentId(instrument), side, type, price: ticks(price), lots: lots(size) });
  }

  /** Lets everything happen up to and including this nanosecond; gives the reports that were delivered meanwhile. */
  until(time: number): string[] {
    this.delivered.length = 0;
    this.kernel.advance(nanos(time));
    this.exchange.verify();
    return [...this.delivered];
  }

  /** The barrier of an expiry, as the simulation makes it; everything is worth nothing. */
  expire(expiry: number): void {
    this.exchange.lifecycle.expire(
      expiry,
      100,
      () => ({ moneyPerLot: money(0), feePerLot: money(0) }),
      (id: InstrumentId) => {
        for (const desk of this.desks) desk.settled(id);
      },
    );
  }

  /** Position, open buy lots and open sell lots of a desk in instrument 3, as it knows them. */
  state(name: string, instrument = 3): readonly [position: number, buy: number, sell: number] {
    const desk = this.desk(name);
    const id = instrumentId(instrument);
    return [desk.position(id), desk.openLots(id, 'buy'), desk.openLots(id, 'sell')];
  }

  id(name: string): AgentId {
    return this.desk(name).id;
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}
