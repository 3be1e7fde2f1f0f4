import { z } from 'zod';
import { seconds } from '../../../config/quantity.ts';
import { defineHedger, type Hedger, type HedgingView } from './hedger.ts';

const FULLY = { centre: 0, halfWidth: 0 };
const NOT_AT_ALL = { centre: 0, halfWidth: Number.POSITIVE_INFINITY };

/** Trades delta back to 0 on a grid of times, and goes on until it is there; nothing in between. */
export const every = defineHedger({
  kind: 'every',
  summary: 'hedges in full on a grid of times, and not in between',
  params: z.strictObject({ seconds: seconds({ about: 'time between two hedges', minimum: 1 }).prefault(60) }),
  create: (params) => new Every(params.seconds),
});

class Every implements Hedger {
  readonly #seconds: number;
  #next = 0;

  constructor(everySeconds: number) {
    this.#seconds = everySeconds;
  }

  band({ nowSeconds, isUnfinished }: HedgingView): { centre: number; halfWidth: number } {
    const isDue = nowSeconds >= this.#next;
    if (isDue) this.#next = (Math.floor(nowSeconds / this.#seconds) + 1) * this.#seconds;
    return isDue || isUnfinished ? FULLY : NOT_AT_ALL;
  }
}
