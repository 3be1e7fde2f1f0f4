import { InvariantError, invariant } from '../core/assert.ts';
import type { AgentId, InstrumentId, OrderId } from '../core/units.ts';
import { longer } from '../kernel/longer.ts';
import { OrderIndex } from './order-index.ts';

const INITIAL_SLOTS = 64;
const NO_SLOT = -1;

/**
 * All resting orders of an exchange: in which instrument each is, whose it is, and each agent's own, oldest first.
 * Nothing is allocated once the arrays have grown to the number of orders that rest at once.
 */
export class OpenOrders {
  readonly #index = new OrderIndex();
  #ids = new Float64Array(INITIAL_SLOTS);
  #agents = new Int32Array(INITIAL_SLOTS);
  #instruments = new Int32Array(INITIAL_SLOTS);
  #flags = new Uint8Array(INITIAL_SLOTS);
  #previous = new Int32Array(INITIAL_SLOTS);
  /** Next order of the agent; for a slot that is free again, the next such slot. */
  #next = new Int32Array(INITIAL_SLOTS);
  #free = NO_SLOT;
  #fresh = 0;
  readonly #firsts: Int32Array;
  readonly #lasts: Int32Array;
  readonly #counts: Int32Array;

  /** Agents are numbered from 0 to `agents − 1`. */
  constructor(agents: number) {
    this.#firsts = new Int32Array(agents).fill(NO_SLOT);
    this.#lasts = new Int32Array(agents).fill(NO_SLOT);
    this.#counts = new Int32Array(agents);
  }

  /** Number of resting orders of all agents. */
  get size(): number {
    return this.#index.size;
  }

  /** Number of an agent's resting orders. */
  count(agent: AgentId): number {
    return this.#counts[agent]!;
  }

  /** An agent's resting order that came first, or undefined when it has none. */
  oldest(agent: AgentId): OrderId | undefined {
    const slot = this.#firsts[agent]!;
    return slot === NO_SLOT ? undefined : (this.#ids[slot]! as OrderId);
  }

  /** The agent's order that came next after one that rests, or undefined when that is the last. @throws InvariantError when it does not rest. */
  after(order: OrderId): OrderId | undefined {
    const slot = this.#next[this.#slotOf(order)]!;
    return slot === NO_SLOT ? undefined : (this.#ids[slot]! as OrderId);
  }

  /** Whose order it is; undefined when it does not rest. */
  agentOf(order: OrderId): AgentId | undefined {
    const slot = this.#index.find(order);
    return slot === undefined ? undefined : (this.#agents[slot]! as AgentId);
  }

  /** In which instrument it rests. @throws InvariantError when it does not. */
  instrumentOf(order: OrderId): InstrumentId {
    return this.#instruments[this.#slotOf(order)]! as InstrumentId;
  }

  /** Its flags (`FLAG`). @throws InvariantError when it does not rest. */
  flagsOf(order: OrderId): number {
    return this.#flags[this.#slotOf(order)]!;
  }

  /** @throws InvariantError when the id is in use, or the agent unknown. */
  add(order: OrderId, agent: AgentId, instrument: InstrumentId, flags = 0): void {
    const slot = this.#free === NO_SLOT ? this.#fresh : this.#free;
    this.#index.add(order, slot);
    if (slot === this.#fresh) this.#useFresh();
    else this.#free = this.#next[slot]!;
    const last = this.#lasts[agent]!;
    this.#ids[slot] = order;
    this.#agents[slot] = agent;
    this.#instruments[slot] = instrument;
    this.#flags[slot] = flags;
    this.#previous[slot] = last;
    this.#next[slot] = NO_SLOT;
    if (last === NO_SLOT) this.#firsts[agent] = slot;
    else this.#next[last] = slot;
    this.#lasts[agent] = slot;
    this.#counts[agent] = this.#counts[agent]! + 1;
  }

  /** @throws InvariantError when the order does not rest. */
  remove(order: OrderId): void {
    const slot = this.#slotOf(order);
    const agent = this.#agents[slot]!;
    const before = this.#previous[slot]!;
    const after = this.#next[slot]!;
    if (before === NO_SLOT) this.#firsts[agent] = after;
    else this.#next[before] = after;
    if (after === NO_SLOT) this.#lasts[agent] = before;
    else this.#previous[after] = before;
    this.#counts[agent] = this.#counts[agent]! - 1;
    this.#index.remove(order);
    this.#next[slot] = this.#free;
    this.#free = slot;
  }

  /**
   * Checks the counts and links, and calls `visit` for each order, by agent and age.
   * @throws InvariantError when they disagree.
   */
  verify(visit: (order: OrderId, agent: AgentId, instrument: InstrumentId) => void): void {
    let total = 0;
    for (let agent = 0; agent < this.#counts.length; agent += 1) {
      let count = 0;
      let last = NO_SLOT;
      for (let slot = this.#firsts[agent]!; slot !== NO_SLOT; slot = this.#next[slot]!) {
        const order = this.#ids[slot]! as OrderId;
        invariant(
          this.#agents[slot]! === agent && this.#previous[slot]! === last,
          () => `the orders of agent ${agent} are not linked at ${order}`,
        );
        invariant(this.#index.find(order) === slot, () => `open order ${order} is not indexed`);
        visit(order, agent as AgentId, this.#instruments[slot]! as InstrumentId);
        count += 1;
        last = slot;
      }
      invariant(
        count === this.#counts[agent]! && last === this.#lasts[agent]!,
        () => `agent ${agent} has ${count} orders, not ${this.#counts[agent]}`,
      );
      total += count;
    }
    invariant(total === this.#index.size, () => `${total} open orders, ${this.#index.size} are indexed`);
  }

  #slotOf(order: OrderId): number {
    const slot = this.#index.find(order);
    if (slot === undefined) throw new InvariantError(`order ${order} does not rest`);
    return slot;
  }

  #useFresh(): void {
    this.#fresh += 1;
    const old = this.#ids.length;
    if (this.#fresh <= old) return;
    this.#ids = longer(this.#ids, new Float64Array(2 * old));
    this.#agents = longer(this.#agents, new Int32Array(2 * old));
    this.#instruments = longer(this.#instruments, new Int32Array(2 * old));
    this.#flags = longer(this.#flags, new Uint8Array(2 * old));
    this.#previous = longer(this.#previous, new Int32Array(2 * old));
    this.#next = longer(this.#next, new Int32Array(2 * old));
  }
}
