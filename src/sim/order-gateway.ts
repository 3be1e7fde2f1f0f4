import { InvariantError, invariant, unreachable } from '../core/assert.ts';
import { combineHash } from '../core/hash.ts';
import { type AgentId, agentId, type Lots, type OrderId, type Ticks } from '../core/units.ts';
import { NO_ORDER, UNKNOWN } from '../exchange/blank-report.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import type { Line } from '../kernel/line.ts';
import { TIE_REQUEST_MINIMUM } from '../kernel/ties.ts';
import type { CancelScope, OrderRequest, ProtectionSettings, SeriesQuote } from '../market/order.ts';

/** One of the requests that make up nearly all there are. Reused: of what it says, that counts which its kind has. */
interface OrderMessage extends Mutable<OrderRequest> {
  kind: 'submit' | 'cancel' | 'replace';
  agent: AgentId;
  order: OrderId;
  newOrder: OrderId;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Any other request. */
type Command =
  | { kind: 'reduce'; agent: AgentId; order: OrderId; by: Lots }
  | { kind: 'cancel-all'; agent: AgentId; scope: CancelScope }
  | { kind: 'mass-quote'; agent: AgentId; message: OrderId; quotes: readonly SeriesQuote[] }
  | { kind: 'protect'; agent: AgentId; settings: ProtectionSettings | undefined }
  | { kind: 'reset-protection'; agent: AgentId };

const ORDER = 0;
const COMMAND = 1;

/** Carries requests to the exchange, each over its sender's order line: those of one sender arrive in the order of sending. */
export class OrderGateway implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #exchange: Exchange;
  readonly #lines: readonly Line[];
  readonly #nameHashes: readonly number[];
  readonly #seedHash: number;
  readonly #messages: OrderMessage[] = [];
  readonly #freeMessages: number[] = [];
  readonly #commands: (Command | undefined)[] = [];
  readonly #freeCommands: number[] = [];

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
    this.#schedule(agent, ORDER, slot);
  }

  cancel(agent: AgentId, order: OrderId): void {
    this.#schedule(agent, ORDER, this.#slot('cancel', agent, order));
  }

  replace(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void {
    const slot = this.#slot('replace', agent, order);
    const message = this.#message(slot);
    message.newOrder = newOrder;
    message.price = price;
    message.lots = size;
    this.#schedule(agent, ORDER, slot);
  }

  send(command: Command): void {
    const slot = this.#freeCommands.pop() ?? this.#commands.length;
    this.#commands[slot] = command;
    this.#schedule(command.agent, COMMAND, slot);
  }

  #schedule(agent: AgentId, code: number, slot: number): void {
    const line = this.#lines[agent];
    if (line === undefined) throw new InvariantError(`agent ${agent} has no line to the exchange`);
    const at = line.arrival(this.#kernel.now);
    // One draw per (instant, agent): requests of one agent keep their order, by sequence.
    const tie = combineHash(combineHash(this.#seedHash, at), this.#nameHashes[agent] ?? 0);
    this.#kernel.schedule(at, this.#target, code, slot, Math.max(TIE_REQUEST_MINIMUM, tie));
  }

  on(code: number, slot: number): void {
    if (code === ORDER) this.#deliver(slot);
    else this.#carryOut(slot);
  }

  #deliver(slot: number): void {
    const message = this.#message(slot);
    const { kind, agent, order } = message;
    if (kind === 'submit') this.#exchange.submit(agent, order, message);
    else if (kind === 'cancel') this.#exchange.cancel(agent, order);
    else this.#exchange.replace(agent, order, message.newOrder, message.price, message.lots);
    this.#freeMessages.push(slot);
  }

  #carryOut(slot: number): void {
    const command = this.#commands[slot];
    invariant(command !== undefined, () => `no command in slot ${slot}`);
    this.#commands[slot] = undefined;
    this.#freeCommands.push(slot);
    switch (command.kind) {
      case 'reduce':
        this.#exchange.reduce(command.agent, command.order, command.by);
        break;
      case 'cancel-all':
        this.#exchange.cancelAll(command.agent, command.scope);
        break;
      case 'mass-quote':
        this.#exchange.massQuote(command.agent, command.message, command.quotes);
        break;
      case 'protect':
        this.#exchange.protect(command.agent, command.settings);
        break;
      case 'reset-protection':
        this.#exchange.resetProtection(command.agent);
        break;
      default:
        unreachable(command);
    }
  }

  /** Slot of a message that is not under way, which now is. */
  #slot(kind: OrderMessage['kind'], agent: AgentId, order: OrderId): number {
    const slot = this.#freeMessages.pop() ?? this.#messages.push(blankMessage()) - 1;
    const message = this.#message(slot);
    message.kind = kind;
    message.agent = agent;
    message.order = order;
    return slot;
  }

  #message(slot: number): OrderMessage {
    const message = this.#messages[slot];
    if (message === undefined) throw new InvariantError(`no order message in slot ${slot}`);
    return message;
  }
}

function blankMessage(): OrderMessage {
  const nobody = { kind: 'cancel', agent: agentId(0), order: NO_ORDER, newOrder: NO_ORDER } as const;
  return { ...UNKNOWN, ...nobody, type: 'limit', post: undefined, day: undefined };
}
