import { z } from 'zod';
import { days, nonNegative, positive, seconds } from '../config/quantity.ts';
import { lots, NANOS_PER_SECOND, nanos } from '../core/units.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { type Agent, type AgentSetup, type Desk, defineAgent } from './agent.ts';
import { PerpetualTaker } from './perpetual-taker.ts';

const params = z.strictObject({
  everySeconds: seconds({ about: 'time between two looks at the perpetual', minimum: 0.1 }).prefault(5),
  lookbackSeconds: seconds({ about: 'time over which it measures the move, in whole looks', minimum: 0.1, maximum: 86_400 }).prefault(60),
  entryBp: positive({ about: 'move over the look-back with which it goes, in basis points' }).default(10),
  holdSeconds: seconds({ about: 'how long it stays in at most' }).prefault(300),
  units: nonNegative({ about: 'units of the underlying that it holds in the perpetual at most, long or short; 0: none' }).default(1),
  contracts: nonNegative({ about: 'contracts of the at-the-money option that it holds at most; 0: none' }).default(1),
  expiryDays: days({ about: 'the option is of the first expiry that is at least so far ahead' }).prefault(1),
  slippageBp: positive({ about: 'how far from the mid an order in the perpetual may trade, in basis points' }).default(10),
});

type TrendParams = z.output<typeof params>;
type Direction = -1 | 0 | 1;

/**
 * Goes with the move of the perpetual over a look-back, as time-series momentum does (Moskowitz, Ooi and Pedersen 2012): long or short
 * the perpetual, and long one option at the money, a call after a rise and a put after a fall. It gets out when the move over the look-back
 * has turned against it or the holding time is over, and after the latter waits for a move that is not the one it was in. All orders are
 * immediate-or-cancel; what did not fill is tried again at the next look.
 */
export const trend = defineAgent({
  kind: 'trend',
  summary: 'goes with the move of the perpetual, in the perpetual and an at-the-money option',
  params,
  positionPerSeries: (p) => p.contracts,
  create: (p, setup) => new Trend(p, setup),
});

class Trend implements Agent {
  readonly #params: TrendParams;
  readonly #setup: AgentSetup;
  readonly #taker: PerpetualTaker;
  /** Mids at the last looks, a ring. */
  readonly #mids: Float64Array;
  #looks = 0;
  #direction: Direction = 0;
  #enteredAt = 0;
  /** Direction that was held for its time, until its move is over. */
  #spent: Direction = 0;
  #option: OptionSeries | undefined;

  constructor(p: TrendParams, setup: AgentSetup) {
    this.#params = p;
    this.#setup = setup;
    this.#taker = new PerpetualTaker(setup.chain.underlying, p.slippageBp);
    this.#mids = new Float64Array(Math.max(1, Math.round(p.lookbackSeconds / p.everySeconds)));
  }

  onOpen(desk: Desk): void {
    desk.watchQuietly(this.#setup.chain.underlying.id);
    for (const option of this.#setup.chain.options) desk.watchQuietly(option.id);
    desk.wakeAt(nanos(0));
  }

  onWake(desk: Desk): void {
    const mid = this.#taker.mid(desk);
    if (mid !== undefined) {
      const at = this.#looks % this.#mids.length;
      if (this.#looks >= this.#mids.length) this.#decide(desk, Math.log(mid / (this.#mids[at] ?? mid)) * 10_000);
      this.#mids[at] = mid;
      this.#looks += 1;
      this.#trade(desk);
    }
    desk.wakeAt(nanos(desk.now + Math.max(1, Math.round(this.#params.everySeconds * NANOS_PER_SECOND))));
  }

  /** A move from one session to the next is none over the look-back. */
  onClosed(): void {
    this.#looks = 0;
  }

  /** @param moveBp over the look-back. */
  #decide(desk: Desk, moveBp: number): void {
    const { entryBp, holdSeconds } = this.#params;
    const signal: Direction = moveBp >= entryBp ? 1 : moveBp <= -entryBp ? -1 : 0;
    if (signal !== this.#spent) this.#spent = 0;
    if (this.#direction !== 0) {
      const isOver = desk.now - this.#enteredAt >= holdSeconds * NANOS_PER_SECOND;
      if (!isOver && moveBp * this.#direction >= 0) return;
      this.#spent = isOver && signal === this.#direction ? signal : 0;
      this.#direction = 0;
    }
    if (signal === 0 || signal === this.#spent) return;
    this.#direction = signal;
    this.#enteredAt = desk.now;
  }

  /** Trades toward what the direction asks for. */
  #trade(desk: Desk): void {
    const { units } = this.#params;
    const { lotSize } = this.#setup.chain.underlying;
    const size = Math.floor(units / lotSize + 1e-9) * lotSize;
    this.#taker.trade(desk, this.#direction * size - this.#taker.held(desk));
    this.#tradeOption(desk);
  }

  /** One option at a time: what is held of the last one goes before another is bought. */
  #tradeOption(desk: Desk): void {
    const held = this.#option;
    const isFlat =
      held === undefined || (desk.position(held.id) === 0 && desk.openLots(held.id, 'buy') + desk.openLots(held.id, 'sell') === 0);
    if (isFlat && !this.#wants(held)) this.#option = this.#direction === 0 ? undefined : this.#atTheMoney(desk);
    const option = this.#option;
    if (option === undefined || !desk.listed(option.id)) return;
    if (desk.openLots(option.id, 'buy') + desk.openLots(option.id, 'sell') > 0) return;
    const target = this.#wants(option) ? Math.floor(this.#params.contracts / option.lotSize + 1e-9) : 0;
    const difference = target - desk.position(option.id);
    const { bid, ask } = desk.bbo(option.id);
    const price = difference > 0 ? ask : bid;
    if (difference === 0 || price === undefined) return;
    desk.submit({ instrument: option.id, side: difference > 0 ? 'buy' : 'sell', type: 'ioc', price, lots: lots(Math.abs(difference)) });
  }

  /** Whether an option is one to be in. */
  #wants(option: OptionSeries | undefined): boolean {
    return this.#direction !== 0 && option?.right === (this.#direction > 0 ? 'call' : 'put');
  }

  /** The series nearest to the perpetual of the first expiry that is far enough ahead; undefined when there is none. */
  #atTheMoney(desk: Desk): OptionSeries | undefined {
    const spot = this.#taker.mid(desk);
    const { chain } = this.#setup;
    const earliest = desk.nowYears + this.#params.expiryDays / 365;
    const right = this.#direction > 0 ? 'call' : 'put';
    if (spot === undefined || this.#params.contracts === 0) return undefined;
    let best: OptionSeries | undefined;
    for (const option of chain.options) {
      const years = chain.expiries[option.expiry]?.years ?? 0;
      if (option.right !== right || years < earliest || !desk.listed(option.id)) continue;
      if (best !== undefined && option.expiry !== best.expiry) break;
      if (best === undefined || Math.abs(option.strike - spot) < Math.abs(best.strike - spot)) best = option;
    }
    return best;
  }
}
