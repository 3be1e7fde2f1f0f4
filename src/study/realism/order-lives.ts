import { NANOS_PER_SECOND } from '../../core/units.ts';
import { REMOVAL } from '../../exchange/trace-codes.ts';
import { TRACE, type TraceObserver } from '../../kernel/trace.ts';

/** Removals that somebody asked for. */
const ASKED: readonly number[] = [REMOVAL.cancelled, REMOVAL.replaced];

interface Resting {
  readonly at: number;
  readonly sells: boolean;
  lots: number;
}

/** Follows the orders that rest in option books by what a trace says of them: how long those lived that were taken away, and on which side each is. */
export class OrderLives implements TraceObserver {
  /** Seconds. */
  readonly cancelled: number[] = [];
  readonly #resting = new Map<number, Resting>();

  onRecord(kind: number, at: number, instrument: number, _agent: number, order: number, _price: number, size: number, extra: number): void {
    if (instrument === 0) return;
    if (kind === TRACE.accepted) this.#resting.set(order, { at, sells: extra === 1, lots: size });
    else if (kind === TRACE.hit) this.#less(order, size);
    else if (kind === TRACE.removed) {
      const gone = this.#less(order, size);
      if (gone !== undefined && ASKED.includes(extra)) this.cancelled.push((at - gone.at) / NANOS_PER_SECOND);
    }
  }

  /** Whether a resting order sells; undefined where none of that number rests. */
  sells(order: number): boolean | undefined {
    return this.#resting.get(order)?.sells;
  }

  /** Takes lots off; gives the order if nothing of it is left. */
  #less(order: number, size: number): Resting | undefined {
    const resting = this.#resting.get(order);
    if (resting === undefined) return undefined;
    resting.lots -= size;
    if (resting.lots > 0) return undefined;
    this.#resting.delete(order);
    return resting;
  }
}
