import { CALM, FLATTEN, REDUCE_ONLY, type Vote } from './level.ts';

/** Losses that stop a maker, in dollars above 0; undefined: none does. */
export interface LossLimits {
  readonly lossDollars: number;
  readonly dayLossDollars?: number | undefined;
  readonly drawdownDollars?: number | undefined;
}

/**
 * Loss since the opening, since the day began and from the peak, at the maker's own marks. At its limit each is the kill switch; from a share of it
 * on, only sides that lower what is held are quoted.
 *
 * Once stopped it stays so for `restartSeconds`. After that all losses count from the profit and loss of that moment: a restart grants them anew.
 */
export class Loss {
  readonly #limits: LossLimits;
  readonly #soft: number;
  readonly #restartSeconds: number;
  #opening = 0;
  #day = 0;
  #peak = 0;
  #stopped: Vote | undefined;
  #stoppedUntil = 0;

  /** @param soft share of a limit, Infinity for none. @param restartSeconds Infinity: never. */
  constructor(limits: LossLimits, soft: number, restartSeconds: number) {
    this.#limits = limits;
    this.#soft = soft;
    this.#restartSeconds = restartSeconds;
  }

  /** A day begins at this profit and loss. */
  newDay(pnl: number): void {
    this.#day = pnl;
  }

  /** @param pnl dollars since the opening. */
  vote(nowSeconds: number, pnl: number): Vote {
    if (this.#stopped !== undefined) {
      if (nowSeconds < this.#stoppedUntil) return this.#stopped;
      this.#stopped = undefined;
      this.#opening = pnl;
      this.#day = pnl;
      this.#peak = pnl;
    }
    this.#peak = Math.max(this.#peak, pnl);
    const { lossDollars, dayLossDollars, drawdownDollars } = this.#limits;
    const vote = worse(
      worse(this.#use('loss', this.#opening - pnl, lossDollars), this.#use('loss of the day', this.#day - pnl, dayLossDollars)),
      this.#use('fall from the peak', this.#peak - pnl, drawdownDollars),
    );
    if (vote.level === FLATTEN) {
      this.#stopped = vote;
      this.#stoppedUntil = nowSeconds + this.#restartSeconds;
    }
    return vote;
  }

  #use(name: string, loss: number, limit: number | undefined): Vote {
    if (limit === undefined) return CALM;
    if (loss > limit) return { level: FLATTEN, reason: `${name} of ${loss.toFixed(0)} $ beyond the limit of ${limit} $` };
    if (loss < this.#soft * limit) return CALM;
    return { level: REDUCE_ONLY, reason: `${name} of ${loss.toFixed(0)} $ near the limit of ${limit} $` };
  }
}

const worse = (a: Vote, b: Vote): Vote => (b.level > a.level ? b : a);
