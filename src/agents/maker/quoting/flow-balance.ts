import { z } from 'zod';
import { nonNegative, seconds } from '../../../config/quantity.ts';
import { SECONDS_PER_YEAR } from '../../../core/units.ts';
import type { Side } from '../../../market/order.ts';

/** What is believed of buyers and sellers who do not come alike. */
export const balanceParams = z
  .strictObject({
    halfLifeSeconds: seconds({
      about: 'time in which a print loses half of its weight, and in which an imbalance passes',
      minimum: 1,
    }).prefault(1200),
    priorPrints: nonNegative({ about: 'prints, as many on both sides, that are taken to have been seen before' }).default(100),
  })
  .prefault({})
  .describe('belief: how long one side can outnumber the other');

/**
 * Share of buyers among those who come, by expiry, from the prints: counts that decay at a half-life, shrunk to even. With B − S the weight of buyers
 * less that of sellers among N of all, and n prints before,
 *
 *   balance of the chain (B − S)/(N + n),   of an expiry (B_e − S_e + n · that of the chain)/(N_e + n),   share ½ (1 + balance).
 *
 * A print is one, whatever its size: the closed forms ask how often a quote of one clip is met.
 */
export class FlowBalance {
  /** Speed at which an imbalance is believed to pass, per year. */
  readonly decay: number;
  readonly #prior: number;
  /** By expiry: B − S and N. */
  readonly #net: Float64Array;
  readonly #all: Float64Array;
  #atYears = 0;

  constructor(expiries: number, { halfLifeSeconds, priorPrints }: z.output<typeof balanceParams>) {
    this.decay = (Math.LN2 * SECONDS_PER_YEAR) / halfLifeSeconds;
    this.#prior = priorPrints;
    this.#net = new Float64Array(expiries);
    this.#all = new Float64Array(expiries);
  }

  /** Hears a print. */
  hear(expiry: number, aggressor: Side): void {
    this.#net[expiry] = (this.#net[expiry] ?? 0) + (aggressor === 'buy' ? 1 : -1);
    this.#all[expiry] = (this.#all[expiry] ?? 0) + 1;
  }

  /** Lets time pass. */
  moveTo(nowYears: number): void {
    const kept = Math.exp(-this.decay * (nowYears - this.#atYears));
    this.#atYears = nowYears;
    for (let e = 0; e < this.#net.length; e += 1) {
      this.#net[e] = (this.#net[e] ?? 0) * kept;
      this.#all[e] = (this.#all[e] ?? 0) * kept;
    }
  }

  /** Forgets all prints, as after a night. */
  forget(): void {
    this.#net.fill(0);
    this.#all.fill(0);
  }

  /** Share of buyers in an expiry, between 0 and 1; ½ where nothing was seen. */
  share(expiry: number): number {
    let net = 0;
    let all = 0;
    for (let e = 0; e < this.#net.length; e += 1) {
      net += this.#net[e] ?? 0;
      all += this.#all[e] ?? 0;
    }
    const own = this.#all[expiry] ?? 0;
    if (all === 0 || own + this.#prior === 0) return 0.5;
    const chain = net / (all + this.#prior);
    return 0.5 * (1 + ((this.#net[expiry] ?? 0) + this.#prior * chain) / (own + this.#prior));
  }
}
