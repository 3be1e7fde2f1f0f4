import type { Lots } from '../core/units.ts';

/** A match of ours, of which the feed reports twice: once for each of the two orders. */
export interface PredictedFill {
  readonly taker: number;
  readonly maker: number;
  readonly lots: Lots;
  /** When it was made. */
  readonly atMillis: number;
  isTakerTold: boolean;
  isMakerTold: boolean;
}

/** The matches that our exchange has made and the feed has not, or only half, reported. There are few at a time. */
export class PredictedFills {
  #fills: PredictedFill[] = [];

  get size(): number {
    return this.#fills.length;
  }

  /** The orders with a fill that is still to be reported for one of its two. */
  orders(): ReadonlySet<number> {
    return new Set(this.#fills.flatMap(({ taker, maker }) => [taker, maker]));
  }

  add(taker: number, maker: number, lots: Lots, atMillis: number): void {
    this.#fills.push({ taker, maker, lots, atMillis, isTakerTold: false, isMakerTold: false });
  }

  /** The oldest fill, if it was made before that time. */
  overdue(millis: number): PredictedFill | undefined {
    const oldest = this.#fills[0];
    return oldest !== undefined && oldest.atMillis < millis ? oldest : undefined;
  }

  /** The first fill of an order that is still to be reported for it. */
  next(order: number): PredictedFill | undefined {
    return this.#fills.find((fill) => isOpenFor(fill, order));
  }

  /** Lots of an order that are still to be reported as traded. */
  outstanding(order: number): number {
    return this.#fills.reduce((sum, fill) => sum + (isOpenFor(fill, order) ? fill.lots : 0), 0);
  }

  /** The feed has reported a fill for one of its two orders. */
  tell(fill: PredictedFill, order: number): void {
    if (fill.taker === order) fill.isTakerTold = true;
    else fill.isMakerTold = true;
    if (fill.isTakerTold && fill.isMakerTold) this.#fills = this.#fills.filter((other) => other !== fill);
  }

  /** Takes back the fills of a taker of which nothing has been reported; returns their makers. */
  withdraw(taker: number): readonly number[] {
    const gone = this.#fills.filter((fill) => fill.taker === taker && !fill.isTakerTold && !fill.isMakerTold);
    this.#fills = this.#fills.filter((fill) => !gone.includes(fill));
    return gone.map(({ maker }) => maker);
  }
}

const isOpenFor = (fill: PredictedFill, order: number): boolean =>
  (fill.taker === order && !fill.isTakerTold) || (fill.maker === order && !fill.isMakerTold);
