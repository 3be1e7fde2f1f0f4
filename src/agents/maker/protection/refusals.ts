import { z } from 'zod';
import { seconds, wholePositive } from '../../../config/quantity.ts';
import type { RejectReason } from '../../../market/order.ts';
import { CALM, PULL, type Vote } from './level.ts';

export const refusalParams = z
  .strictObject({
    enabled: z.boolean().default(true),
    perMinute: wholePositive({ about: 'refusals of its requests within a minute, from which quotes are pulled' }).default(10),
    disconnectsPerHour: wholePositive({ about: 'lost connections within an hour, from which it stays out after the last one' }).default(3),
    pauseSeconds: seconds({ about: 'time for which it then stays out' }).prefault('5 min'),
  })
  .prefault({})
  .describe('the venue refuses its requests, or its connection is lost, again and again: something is wrong that it does not understand');

export type RefusalParams = z.output<typeof refusalParams>;

/** Refusals that happen in good order: the order was gone already, it would have traded, the venue's protection is on. */
const ORDINARY = new Set<RejectReason>(['unknown-order', 'would-trade', 'protection-frozen', 'market-closed', 'not-connected']);

/** Times of the latest happenings of a kind. */
class Recent {
  readonly #times: number[] = [];
  readonly #spanSeconds: number;

  constructor(spanSeconds: number) {
    this.#spanSeconds = spanSeconds;
  }

  note(nowSeconds: number): void {
    this.#times.push(nowSeconds);
  }

  count(nowSeconds: number): number {
    while ((this.#times[0] ?? nowSeconds) < nowSeconds - this.#spanSeconds) this.#times.shift();
    return this.#times.length;
  }
}

/** Refused requests and lost connections. */
export class Refusals {
  readonly #params: RefusalParams;
  readonly #refusals = new Recent(60);
  readonly #disconnects = new Recent(3600);
  #isConnected = true;
  #pauseUntil = Number.NEGATIVE_INFINITY;
  #pausedFor = '';

  constructor(params: RefusalParams) {
    this.#params = params;
  }

  refused(nowSeconds: number, reason: RejectReason | undefined): void {
    if (reason === undefined || ORDINARY.has(reason)) return;
    this.#refusals.note(nowSeconds);
    const count = this.#refusals.count(nowSeconds);
    if (count >= this.#params.perMinute) this.#pause(nowSeconds, `${count} requests refused within a minute, the last one as ${reason}`);
  }

  connected(nowSeconds: number, isConnected: boolean): void {
    this.#isConnected = isConnected;
    if (!isConnected) this.#disconnects.note(nowSeconds);
    const count = this.#disconnects.count(nowSeconds);
    if (count >= this.#params.disconnectsPerHour) this.#pause(nowSeconds, `connection lost ${count} times within an hour`);
  }

  vote(nowSeconds: number): Vote {
    if (!this.#isConnected) return { level: PULL, reason: 'no connection to the exchange' };
    return nowSeconds < this.#pauseUntil ? { level: PULL, reason: this.#pausedFor } : CALM;
  }

  #pause(nowSeconds: number, reason: string): void {
    this.#pauseUntil = nowSeconds + this.#params.pauseSeconds;
    this.#pausedFor = reason;
  }
}
