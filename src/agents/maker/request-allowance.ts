import { NANOS_PER_SECOND, type Nanos } from '../../core/units.ts';

/** What a venue publishes of its rate of requests: so many a second in the long run, `burst` at once. */
export interface RequestTerms {
  readonly perSecond: number;
  readonly burst: number;
}

/** Share of the venue's rate that mass quotes may use; the rest is left to hedges, and to messages that arrive closer together than they were sent. */
const SHARE = 0.5;

/** A bucket like the venue's (`exchange/request-rate.ts`), of half its rate, so that quotes never use up what hedges need. */
export class RequestAllowance {
  readonly #perNano: number;
  readonly #full: number;
  #left: number;
  #at = 0;

  /** @param terms unlimited if undefined. */
  constructor(terms: RequestTerms | undefined) {
    this.#perNano = terms === undefined ? Number.POSITIVE_INFINITY : (SHARE * terms.perSecond) / NANOS_PER_SECOND;
    this.#full = terms === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(SHARE * terms.burst));
    this.#left = this.#full;
  }

  /** Counts a request that is sent now; false, and nothing counted, when there is no room for it. */
  takes(now: Nanos): boolean {
    const filled = now === this.#at ? this.#left : Math.min(this.#full, this.#left + (now - this.#at) * this.#perNano);
    if (filled < 1) return false;
    this.#left = filled - 1;
    this.#at = now;
    return true;
  }
}
