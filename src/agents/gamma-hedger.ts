import { z } from 'zod';
import { days, nonNegative, positive, seconds, vol } from '../config/quantity.ts';
import { NANOS_PER_SECOND, nanos } from '../core/units.ts';
import { blankGreeks, greeks } from '../pricing/black-scholes.ts';
import { type Agent, type AgentSetup, type Desk, defineAgent } from './agent.ts';
import { hedgeUnits } from './maker/hedging/hedge-units.ts';
import { PerpetualTaker } from './perpetual-taker.ts';

/** More contracts than this of one option are a slip of the keyboard. */
const CONTRACTS_MAXIMUM = 1e6;

const params = z.strictObject({
  book: z
    .array(
      z.strictObject({
        right: z.enum(['call', 'put']),
        strike: positive({ about: 'dollars; it need not be a strike of the chain' }),
        days: days({ about: 'time from the opening to the expiry', above: 0 }),
        contracts: z
          .number()
          .min(-CONTRACTS_MAXIMUM)
          .max(CONTRACTS_MAXIMUM)
          .describe('contracts held; below 0 for options that it has sold'),
      }),
    )
    .min(1)
    .max(100)
    .describe('options that it holds outside the market'),
  hedgeVol: vol('vol at which it reckons its delta'),
  rehedge: z
    .union([
      z.strictObject({ everySeconds: seconds({ about: 'trades delta back to 0 at these times', minimum: 0.001 }) }),
      z.strictObject({ band: nonNegative({ about: 'trades delta back to this many units whenever it is beyond' }) }),
    ])
    .prefault({ everySeconds: 60 })
    .describe('when it trades: on a grid of times, or at the edge of a band around delta 0'),
  unitsMaximum: positive({ about: 'units of the underlying that its hedge may be at most, long or short' }).default(100),
  slippageBp: positive({ about: 'how far from the mid a hedge may trade, in basis points' }).default(10),
});

type GammaHedgerParams = z.output<typeof params>;

/**
 * Hedges options that it holds outside the market: with sold options it buys the perpetual after a rise and sells it after a fall, with bought
 * ones the other way round. It comes hedged to the opening: what it trades is the change of the book's delta since it first saw the
 * perpetual. The options themselves are in no account of the run; its cash, position and profit are those of its hedges alone.
 *
 * Delta is that of Black and Scholes at one given vol, with the perpetual as the forward; an option that has expired has none, and its hedge is
 * sold off.
 *
 * Its trades move the spot that it hedges (`processes/spot-impact.ts`). With G units to trade per unit of log return, its gamma times the spot, and
 * λ of log return per unit traded, g = λ G is the gain of the loop: with sold options a move becomes 1/(1 − g) times as large, and the vol of
 * the market with it; with bought options 1/(1 + |g|) times, which pins the spot to strikes. Impact is linear, so books of several hedgers add
 * up. Below g = 1 each cascade ends by itself. `unitsMaximum` and the gamma of a book, which is gone once its options are deep in or out of the
 * money, bound it in any case. Who trades on a grid of times lets a move run until the next one, and takes what `slippageBp` leaves of the book at once.
 */
export const gammaHedger = defineAgent({
  kind: 'gamma-hedger',
  summary: 'holds options outside the market, and hedges their delta in the perpetual',
  params,
  create: (p, setup) => new GammaHedger(p, setup),
});

class GammaHedger implements Agent {
  readonly #params: GammaHedgerParams;
  readonly #setup: AgentSetup;
  readonly #taker: PerpetualTaker;
  readonly #scratch = blankGreeks();
  /** Delta of the book when the perpetual was first seen, which was hedged before the opening. */
  #hedgedBefore: number | undefined;

  constructor(p: GammaHedgerParams, setup: AgentSetup) {
    this.#params = p;
    this.#setup = setup;
    this.#taker = new PerpetualTaker(setup.chain.underlying, p.slippageBp);
  }

  onOpen(desk: Desk): void {
    const { rehedge } = this.#params;
    // The first book that it sees is what it comes hedged to.
    desk.watch(this.#setup.chain.underlying.id);
    if ('everySeconds' in rehedge) desk.wakeAt(this.#next(desk, rehedge.everySeconds));
  }

  onWake(desk: Desk): void {
    const { rehedge } = this.#params;
    if (!('everySeconds' in rehedge)) return;
    this.#hedge(desk, 0);
    desk.wakeAt(this.#next(desk, rehedge.everySeconds));
  }

  /** The perpetual's book changed. */
  onData(_instrument: number, desk: Desk): void {
    const { rehedge } = this.#params;
    if ('band' in rehedge) this.#hedge(desk, rehedge.band);
    else this.#hedgedBefore ??= this.#bookDelta(desk);
  }

  #hedge(desk: Desk, band: number): void {
    const book = this.#bookDelta(desk);
    if (book === undefined) return;
    this.#hedgedBefore ??= book;
    const { lotSize } = this.#setup.chain.underlying;
    const held = this.#taker.held(desk);
    const wanted = held + hedgeUnits(book - this.#hedgedBefore + held, band, lotSize);
    const { unitsMaximum } = this.#params;
    const most = Math.floor(unitsMaximum / lotSize + 1e-9) * lotSize;
    this.#taker.trade(desk, Math.max(-most, Math.min(most, wanted)) - held);
  }

  /** Units of the underlying; undefined when a side of the perpetual's book is empty. */
  #bookDelta(desk: Desk): number | undefined {
    const spot = this.#taker.mid(desk);
    if (spot === undefined) return undefined;
    const { rate } = this.#setup.valuation;
    // A yield as high as the rate makes the perpetual the forward.
    const conditions = { spot, vol: this.#params.hedgeVol, rate, yield: rate };
    let delta = 0;
    for (const { right, strike, days: life, contracts } of this.#params.book) {
      const years = life / 365 - desk.nowYears;
      if (years > 0) delta += contracts * greeks({ right, strike, years }, conditions, this.#scratch).delta;
    }
    return delta;
  }

  #next(desk: Desk, everySeconds: number) {
    const step = Math.max(1, Math.round(everySeconds * NANOS_PER_SECOND));
    return nanos(Math.min(Number.MAX_SAFE_INTEGER, (Math.floor(desk.now / step) + 1) * step));
  }
}
