import type { BitstampEvent } from '../data/bitstamp-orders.ts';

/** Stretches of a feed in which its book is crossed or locked, and what began and ended them. */
export interface CrossedFigures {
  /** Events after which the feed's book is crossed or locked. */
  readonly events: number;
  readonly spells: number;
  /** Spells that began with a new order that reached the other side, and with a market order that was given another price. */
  readonly byNewOrder: number;
  readonly byNewPrice: number;
  /** Spells that ended with a reported fill, and with a cancellation. */
  readonly endedByFill: number;
  readonly endedByCancel: number;
  /** Length of the spells that ended, in milliseconds of receipt; 0 when there is none. */
  readonly medianMillis: number;
  readonly maximumMillis: number;
}

/** Counts the spells while events come. */
export class CrossedSpells {
  readonly #lengths: number[] = [];
  #began: number | undefined;
  #events = 0;
  #spells = 0;
  #byNewOrder = 0;
  #byNewPrice = 0;
  #endedByFill = 0;
  #endedByCancel = 0;

  /** @param isCrossed whether the feed's book is crossed after the event. */
  event({ receivedMillis, action, volume }: BitstampEvent, isCrossed: boolean): void {
    if (isCrossed) this.#events += 1;
    if (isCrossed && this.#began === undefined) {
      this.#began = receivedMillis;
      this.#spells += 1;
      if (action === 'created') this.#byNewOrder += 1;
      if (action === 'changed') this.#byNewPrice += 1;
    } else if (!isCrossed && this.#began !== undefined) {
      this.#lengths.push(receivedMillis - this.#began);
      this.#began = undefined;
      if (action === 'deleted' && volume > 0) this.#endedByCancel += 1;
      else if (action !== 'created') this.#endedByFill += 1;
    }
  }

  figures(): CrossedFigures {
    const lengths = [...this.#lengths].sort((a, b) => a - b);
    return {
      events: this.#events,
      spells: this.#spells,
      byNewOrder: this.#byNewOrder,
      byNewPrice: this.#byNewPrice,
      endedByFill: this.#endedByFill,
      endedByCancel: this.#endedByCancel,
      medianMillis: lengths[Math.floor(lengths.length / 2)] ?? 0,
      maximumMillis: lengths.at(-1) ?? 0,
    };
  }
}
