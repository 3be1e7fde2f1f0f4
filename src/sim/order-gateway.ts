import { InvariantError } from '../core/assert.ts';
import { combineHash } from '../core/hash.ts';
import { type AgentId, agentId, type Lots, type Nanos, nanos, type OrderId, type Ticks } from '../core/units.ts';
import { NO_ORDER, UNKNOWN } from '../exchange/blank-report.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_REQUEST_MINIMUM } from '../kernel/ties.ts';
import type { OrderRequest } from '../market/order.ts';

/** A request on its way from a desk to the exchange. Reused: of what it says, that counts which its kind has. */
interface Message extends Mutable<OrderRequest> {
  kind: 'submit' | 'cancel' | 'replace';
  agent: AgentId;
  order: OrderId;
  newOrder: OrderId;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const BLANK: Message = {
  ...UNKNOWN,
  kind: 'cancel',
  agent: agentId(0),
  order: NO_ORDER,
  newOrder: NO_ORDER,
  type: 'limit',
  post: undefined,
  day: undefined,
};

/** Carries requests to the exchange, each after its sender's order latency. */
export class OrderGateway implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #exchange: Exchange;
  readonly #latency: readonly Nanos[];
  readonly #nameHashes: readonly number[];
  readonly #seedHash: number;
  readonly #messages: Message[] = [];
  readonly #free: number[] = [];

  /** @param nameHashes of the agents, by id: ties at one nanosecond are drawn from them, so that nobody wins by id. */
  constructor(kernel: Kernel, exchange: Exchange, latency: readonly Nanos[], nameHashes: readonly number[], seedHash: number) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#exchange = exchange;
    this.#latency = latency;
    this.#nameHashes = nameHashes;
    this.#seedHash = seedHash;
  }

  submit(agent: AgentId, order: OrderId, request: OrderRequest): void {
    const slot = this.#slot('submit', agent, order);
    const message = this.#message(slot);
    message.instrument = request.instrument;
    message.side = request.side;
    message.type = request.type;
    message.price = request.price;
    message.lots = request.lots;
    message.post = request.post;
    message.day = request.day;
    this.#send(agent, slot);
  }

  cancel(agent: AgentId, order: OrderId): void {
    this.#send(agent, this.#slot('cancel', agent, order));
  }

  replace(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void {
    const slot = this.#slot('replace', agent, order);
    const message = this.#message(slot);
    message.newOrder = newOrder;
    message.price = price;
    message.lots = size;
    this.#send(agent, slot);
  }

  /** A message that is not under way. */
  #slot(kind: Message['kind'], agent: AgentId, order: OrderId): number {
    const slot = this.#free.pop() ?? this.#messages.push({ ...BLANK }) - 1;
    const message = this.#message(slot);
    message.kind = kind;
    message.agent = agent;
    message.order = order;
    return slot;
  }

  #message(slot: number): Message {
    const message = this.#messages[slot];
    if (message === undefined) throw new InvariantError(`no order message in slot ${slot}`);
    return message;
  }

  #send(agent: AgentId, slot: number): void {
    const at = nanos(this.#kernel.now + (this.#latency[agent] ?? 0));
    // One draw per (instant, agent): requests of one agent keep their order, by sequence.
    const tie = combineHash(combineHash(this.#seedHash, at), this.#nameHashes[agent] ?? 0);
    this.#kernel.schedule(at, this.#target, 0, slot, Math.max(TIE_REQUEST_MINIMUM, tie));
  }

  on(_code: number, slot: number): void {
    const message = this.#message(slot);
    const { kind, agent, order } = message;
    if (kind === 'submit') this.#exchange.submit(agent, order, message);
    else if (kind === 'cancel') this.#exchange.cancel(agent, order);
    else this.#exchange.replace(agent, order, message.newOrder, message.price, message.lots);
    this.#free.push(slot);
  }
}
