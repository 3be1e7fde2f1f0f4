import { z } from 'zod';
import { fraction, seconds } from '../../../config/quantity.ts';
import { NANOS_PER_SECOND } from '../../../core/units.ts';
import type { Chain } from '../../../market/chain.ts';
import type { Desk } from '../../agent.ts';
import { CALM, PULL, type Vote } from './level.ts';

export const staleFeedParams = z
  .strictObject({
    enabled: z.boolean().default(true),
    missingSeconds: seconds({ about: 'the book of the underlying may lack a side for so long' }).prefault(2),
    unchangedSeconds: seconds({ about: 'it may stand unchanged, and so may the index where it is read, for so long' }).prefault('120 s'),
    booksSeconds: seconds({ about: 'a book of an option has stopped when it has lacked a side for so long' }).prefault(30),
    booksShare: fraction({ about: 'share of the option books that may have stopped, of those that ever had two sides' }).prefault(0.5),
  })
  .prefault({})
  .describe('what is seen of the market is old: the spot is not known, nor could be hedged in, or the surface is not known');

export type StaleFeedParams = z.output<typeof staleFeedParams>;

const NEVER = Number.NaN;

/** Stale feed: how old is what the desk shows of the underlying, the index and the option books. */
export class StaleFeed {
  readonly #params: StaleFeedParams;
  readonly #chain: Chain;
  readonly #readsIndex: boolean;
  /** When the underlying's book last had two sides, when it last changed, and how it was. */
  #wholeAt = NEVER;
  #changedAt = NEVER;
  readonly #top = new Float64Array(4);
  #indexAt = NEVER;
  #index: number | undefined;
  /** By series: when its book last had two sides; not a number before it had. */
  readonly #booksAt: Float64Array;

  constructor(params: StaleFeedParams, chain: Chain, readsIndex: boolean) {
    this.#params = params;
    this.#chain = chain;
    this.#readsIndex = readsIndex;
    this.#booksAt = new Float64Array(chain.options.length).fill(NEVER);
  }

  /** Forgets what was seen, as after a night. */
  forget(): void {
    this.#wholeAt = NEVER;
    this.#changedAt = NEVER;
    this.#indexAt = NEVER;
    this.#booksAt.fill(NEVER);
  }

  /** Reads all books. */
  vote(desk: Desk): Vote {
    const now = desk.now / NANOS_PER_SECOND;
    this.#lookAtUnderlying(desk, now);
    const { missingSeconds, unchangedSeconds } = this.#params;
    if (now - this.#wholeAt > missingSeconds) return pulled(`the book of the underlying has lacked a side for ${age(now - this.#wholeAt)}`);
    if (now - this.#changedAt > unchangedSeconds) return pulled(`the book of the underlying has stood for ${age(now - this.#changedAt)}`);
    if (this.#readsIndex && now - this.#indexAt > unchangedSeconds) return pulled(`the index has stood for ${age(now - this.#indexAt)}`);
    return this.#options(desk, now);
  }

  #lookAtUnderlying(desk: Desk, now: number): void {
    const { bid, bidLots, ask, askLots } = desk.bbo(this.#chain.underlying.id);
    const top = this.#top;
    const isWhole = bid !== undefined && ask !== undefined;
    if (isWhole || Number.isNaN(this.#wholeAt)) this.#wholeAt = now;
    if (Number.isNaN(this.#changedAt) || top[0] !== (bid ?? 0) || top[1] !== bidLots || top[2] !== (ask ?? 0) || top[3] !== askLots) {
      this.#changedAt = now;
      top[0] = bid ?? 0;
      top[1] = bidLots;
      top[2] = ask ?? 0;
      top[3] = askLots;
    }
    if (Number.isNaN(this.#indexAt) || desk.indexDollars !== this.#index) this.#indexAt = now;
    this.#index = desk.indexDollars;
  }

  #options(desk: Desk, now: number): Vote {
    const { booksSeconds, booksShare } = this.#params;
    let seen = 0;
    let stopped = 0;
    for (const option of this.#chain.options) {
      if ((this.#chain.expiries[option.expiry]?.years ?? 0) <= desk.nowYears) continue;
      const i = option.id - 1;
      const { bid, ask } = desk.bbo(option.id);
      if (bid !== undefined && ask !== undefined) this.#booksAt[i] = now;
      const at = this.#booksAt[i] ?? NEVER;
      if (Number.isNaN(at)) continue;
      seen += 1;
      if (now - at > booksSeconds) stopped += 1;
    }
    if (stopped <= booksShare * seen) return CALM;
    return pulled(`${stopped} of ${seen} option books have lacked a side for more than ${booksSeconds} s`);
  }
}

const pulled = (reason: string): Vote => ({ level: PULL, reason });
const age = (seconds: number): string => `${seconds.toFixed(0)} s`;
