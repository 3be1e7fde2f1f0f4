import { InvariantError, invariant, unreachable } from '../core/assert.ts';
import { combineHash } from '../core/hash.ts';
import type { AgentId, Lots, OrderId, Ticks } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import type { Line } from '../kernel/line.ts';
import { TIE_REQUEST_MINIMUM } from '../kernel/ties.ts';
import type { CancelScope, OrderRequest, ProtectionSettings, SeriesQuote } from '../market/order.ts';

/** A request on its way from a desk to the exchange. */
type Message =
  | ({ kind: 'submit'; agent: AgentId; order: OrderId } & OrderRequest)
  | { kind: 'cancel'; agent: AgentId; order: OrderId }
  | { kind: 'reduce'; agent: AgentId; order: OrderId; by: Lots }
  | { kind: 'replace'; agent: AgentId; order: OrderId; newOrder: OrderId; price: Ticks; lots: Lots }
  | { kind: 'cancel-all'; agent: AgentId; scope: CancelScope }
  | { kind: 'mass-quote'; agent: AgentId; message: OrderId; quotes: readonly SeriesQuote[] }
  | { kind: 'protect'; agent: AgentId; settings: ProtectionSettings | undefined }
  | { kind: 'reset-protection'; agent: AgentId };

/** Carries requests to the exchange, each over its sender's order line: those of one sender arrive in the order of sending. */
export class OrderGateway implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #exchange: Exchange;
  readonly #lines: readonly Line[];
  readonly #nameHashes: readonly number[];
  readonly #seedHash: number;
  readonly #messages: (Message | undefined)[] = [];
  readonly #free: number[] = [];

  /**
   * @param lines to the exchange, by agent.
   * @param nameHashes of the agents, by id: ties at one nanosecond are drawn from them, so that nobody wins by id.
   */
  constructor(kernel: Kernel, exchange: Exchange, lines: readonly Line[], nameHashes: readonly number[], seedHash: number) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#exchange = exchange;
    this.#lines = lines;
    this.#nameHashes = nameHashes;
    this.#seedHash = seedHash;
  }

  send(message: Message): void {
    const line = this.#lines[message.agent];
    if (line === undefined) throw new InvariantError(`agent ${message.agent} has no line to the exchange`);
    const at = line.arrival(this.#kernel.now);
    const slot = this.#free.pop() ?? this.#messages.length;
    this.#messages[slot] = message;
    // One draw per (instant, agent): requests of one agent keep their order, by sequence.
    const tie = combineHash(combineHash(this.#seedHash, at), this.#nameHashes[message.agent] ?? 0);
    this.#kernel.schedule(at, this.#target, 0, slot, Math.max(TIE_REQUEST_MINIMUM, tie));
  }

  on(_code: number, slot: number): void {
    const message = this.#messages[slot];
    invariant(message !== undefined, () => `no order message in slot ${slot}`);
    this.#messages[slot] = undefined;
    this.#free.push(slot);
    switch (message.kind) {
      case 'submit':
        this.#exchange.submit(message.agent, message.order, message);
        break;
      case 'cancel':
        this.#exchange.cancel(message.agent, message.order);
        break;
      case 'reduce':
        this.#exchange.reduce(message.agent, message.order, message.by);
        break;
      case 'cancel-all':
        this.#exchange.cancelAll(message.agent, message.scope);
        break;
      case 'mass-quote':
        this.#exchange.massQuote(message.agent, message.message, message.quotes);
        break;
      case 'protect':
        this.#exchange.protect(message.agent, message.settings);
        break;
      case 'reset-protection':
        this.#exchange.resetProtection(message.agent);
        break;
      case 'replace':
        this.#exchange.replace(message.agent, message.order, message.newOrder, message.price, message.lots);
        break;
      default:
        unreachable(message);
    }
  }
}
