import type { Side } from '../../src/market/order.ts';

/** One thing that somebody does at a venue; `pick` chooses an order that rests. */
export interface FlowStep {
  readonly op: 'submit' | 'reduce' | 'delete' | 'execute' | 'hidden';
  readonly side: Side;
  /** Ticks behind the best price of the other side, 1 at least. */
  readonly away: number;
  readonly lots: number;
  readonly pick: number;
}

interface Order {
  readonly id: number;
  readonly side: Side;
  readonly price: number;
  lots: number;
}

const EMPTY = 9_999_999_999;

/**
 * What LOBSTER would write of a venue whose whole book is known here: messages that change the first `levels` levels of it, and those
 * levels after each. What happens behind them is left out, as there.
 */
export class LobsterExport {
  readonly messages: string[] = [];
  readonly rows: string[] = [];
  readonly #levels: number;
  readonly #orders: Order[] = [];
  #id = 100;
  #time = 34_200;

  constructor(levels: number) {
    this.#levels = levels;
  }

  run(steps: readonly FlowStep[]): void {
    for (const step of steps) this.#step(step);
  }

  #step({ op, side, away, lots, pick }: FlowStep): void {
    this.#time += 1;
    if (op === 'hidden') this.#tell(5, { id: 0, side, price: 1_000_000, lots }, lots);
    else if (op === 'submit') this.#submit(side, away, lots);
    else this.#take(op, side, lots, pick);
  }

  #submit(side: Side, away: number, lots: number): void {
    const facing = this.#queue(side === 'buy' ? 'sell' : 'buy')[0]?.price ?? (side === 'buy' ? 1_005_000 : 1_000_000);
    this.#id += 1;
    const order = { id: this.#id, side, price: facing + (side === 'buy' ? -100 : 100) * away, lots };
    this.#change(1, order, lots, () => this.#orders.push(order));
  }

  #take(op: 'reduce' | 'delete' | 'execute', side: Side, lots: number, pick: number): void {
    const queue = this.#queue(side);
    const order = op === 'execute' ? queue[0] : queue[pick % Math.max(1, queue.length)];
    if (order === undefined) return;
    const all = op === 'delete' || lots >= order.lots;
    const taken = all ? order.lots : lots;
    this.#change(op === 'execute' ? 4 : all ? 3 : 2, order, taken, () => {
      order.lots -= taken;
      if (order.lots === 0) this.#orders.splice(this.#orders.indexOf(order), 1);
    });
  }

  #change(type: number, order: Order, lots: number, act: () => void): void {
    const before = this.#row();
    act();
    if (this.#row() !== before) this.#tell(type, order, lots);
  }

  #tell(type: number, { id, side, price }: Order, lots: number): void {
    this.messages.push([this.#time, type, id, lots, price, side === 'buy' ? 1 : -1].join(','));
    this.rows.push(this.#row());
  }

  /** Orders of a side, the next to trade first. */
  #queue(side: Side): Order[] {
    const sign = side === 'buy' ? -1 : 1;
    return this.#orders.filter((order) => order.side === side).sort((a, b) => sign * (a.price - b.price) || a.id - b.id);
  }

  #row(): string {
    const depth = (side: Side): (readonly [number, number])[] => {
      const levels = new Map<number, number>();
      for (const { price, lots } of this.#queue(side)) levels.set(price, (levels.get(price) ?? 0) + lots);
      return [...levels];
    };
    const [asks, bids] = [depth('sell'), depth('buy')];
    return Array.from({ length: this.#levels }, (_, i) => [...(asks[i] ?? [EMPTY, 0]), ...(bids[i] ?? [-EMPTY, 0])].join(',')).join(',');
  }
}
