import { z } from 'zod';
import { nonNegative, positive, seconds } from '../../../config/quantity.ts';
import { CALM, PULL, type Vote, WIDEN } from './level.ts';

const SECONDS_PER_YEAR = 31_536_000;
/** Pieces of the window: a move is forgotten when the whole piece in which it began is older than the window. */
const PIECES = 8;

export const fastMarketParams = z
  .strictObject({
    enabled: z.boolean().default(true),
    windowSeconds: seconds({ about: 'over which the move of the spot is taken', above: 0 }).prefault(5),
    widenSd: positive({
      about: 'move in standard deviations of the at-the-money vol of the nearest expiry, from which quotes are widened',
    }).default(6),
    pullSd: positive({ about: 'the same, from which they are pulled' }).default(10),
    pullBp: positive({
      about: 'move in basis points from which they are pulled, however many standard deviations that is; none if left out',
    }).optional(),
    minimumBp: nonNegative({ about: 'smaller moves are none, in basis points' }).default(10),
  })
  .prefault({})
  .describe('the spot has moved by more than its vol allows: what others see in it is not known yet');

export type FastMarketParams = z.output<typeof fastMarketParams>;

/**
 * Fast market: the largest move of the spot from anywhere in a window, in standard deviations of a lognormal walk at the tracked vol over the
 * window. Over one- to five-second moves of the bundled scenarios without jumps, 6 are passed once in a thousand seconds and 10 hardly ever.
 */
export class FastMarket {
  readonly #params: FastMarketParams;
  /** By piece of time, in turn: its number, and the lowest and highest ln(spot) in it. */
  readonly #pieces = new Float64Array(PIECES + 1).fill(Number.NEGATIVE_INFINITY);
  readonly #lowest = new Float64Array(PIECES + 1);
  readonly #highest = new Float64Array(PIECES + 1);
  #last = Number.NaN;

  constructor(params: FastMarketParams) {
    this.#params = params;
  }

  /** Takes in a spot, in dollars. */
  see(nowSeconds: number, spot: number): void {
    const at = Math.log(spot);
    const piece = Math.floor((nowSeconds * PIECES) / this.#params.windowSeconds);
    const slot = piece % (PIECES + 1);
    const isNew = this.#pieces[slot] !== piece;
    this.#pieces[slot] = piece;
    this.#lowest[slot] = isNew ? at : Math.min(at, this.#lowest[slot] ?? at);
    this.#highest[slot] = isNew ? at : Math.max(at, this.#highest[slot] ?? at);
    this.#last = at;
  }

  /** Forgets the window, as after a night. */
  forget(): void {
    this.#pieces.fill(Number.NEGATIVE_INFINITY);
    this.#last = Number.NaN;
  }

  /** @param vol annual. */
  vote(nowSeconds: number, vol: number): Vote {
    const { windowSeconds, widenSd, pullSd, pullBp = Number.POSITIVE_INFINITY, minimumBp } = this.#params;
    const first = Math.floor((nowSeconds * PIECES) / windowSeconds) - PIECES;
    let move = 0;
    for (let slot = 0; slot <= PIECES; slot += 1) {
      if ((this.#pieces[slot] ?? 0) < first) continue;
      move = Math.max(move, Math.abs(this.#last - (this.#lowest[slot] ?? 0)), Math.abs(this.#last - (this.#highest[slot] ?? 0)));
    }
    const sds = move / (vol * Math.sqrt(windowSeconds / SECONDS_PER_YEAR));
    const bp = move * 10_000;
    const isFar = bp >= pullBp;
    if (!isFar && (!(sds >= Math.min(widenSd, pullSd)) || bp < minimumBp)) return CALM;
    const reason = `spot moved ${bp.toFixed(0)} bp in ${windowSeconds} s, ${sds.toFixed(0)} standard deviations`;
    return { level: isFar || sds >= pullSd ? PULL : WIDEN, reason };
  }
}
