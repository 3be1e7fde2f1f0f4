import { z } from 'zod';
import { positive, seconds } from '../../../config/quantity.ts';
import { lots, NANOS_PER_SECOND, type Ticks } from '../../../core/units.ts';
import type { OptionSeries } from '../../../market/instrument.ts';
import type { Side } from '../../../market/order.ts';
import type { TheoChain } from '../../../pricing/theo.ts';
import type { AgentSetup, Desk } from '../../agent.ts';

export const unwindParams = z
  .strictObject({
    enabled: z.boolean().default(true).describe('false: options are held to their expiry, and delta is hedged'),
    costVol: positive({ about: 'most that closing a contract may cost, fee included, in vol points of its own vega' }).default(1),
    everySeconds: seconds({ about: 'time between two orders that close options', above: 0 }).prefault(1),
  })
  .prefault({})
  .describe('what a maker that has stopped does with its options: closes those that the books take within a cost, holds the others hedged');

export type UnwindParams = z.output<typeof unwindParams>;

/** A series to close, and how. */
interface Close {
  readonly option: OptionSeries;
  readonly side: Side;
  readonly price: Ticks;
  readonly size: number;
  readonly vega: number;
}

/**
 * Closes the options of a maker that has stopped, one order at a time: the largest vega first among those whose best price costs no more than the
 * bound, no more than is shown there. What stays dearer than that is held, hedged in delta: a stop is no reason to pay any price.
 */
export class Unwind {
  readonly #params: UnwindParams;
  readonly #setup: Pick<AgentSetup, 'chain' | 'feePerUnit'>;
  #notBefore = 0;

  constructor(params: UnwindParams, setup: Pick<AgentSetup, 'chain' | 'feePerUnit'>) {
    this.#params = params;
    this.#setup = setup;
  }

  /** Sends the next order, if there is one. @param theo the maker's own values. */
  act(desk: Desk, theo: TheoChain): void {
    const { enabled, everySeconds } = this.#params;
    if (!enabled || desk.now < this.#notBefore) return;
    let best: Close | undefined;
    for (const option of this.#setup.chain.options) {
      const close = this.#close(desk, theo, option);
      if (close !== undefined && (best === undefined || close.vega > best.vega)) best = close;
    }
    if (best === undefined) return;
    const { option, side, price, size } = best;
    desk.submit({ instrument: option.id, side, type: 'ioc', price, lots: lots(size) });
    this.#notBefore = desk.now + everySeconds * NANOS_PER_SECOND;
  }

  #close(desk: Desk, theo: TheoChain, option: OptionSeries): Close | undefined {
    const held = desk.position(option.id);
    if (held === 0 || !desk.listed(option.id) || desk.openLots(option.id, 'buy') + desk.openLots(option.id, 'sell') > 0) return undefined;
    const i = option.id - 1;
    const { bid, bidLots, ask, askLots } = desk.bbo(option.id);
    const side: Side = held > 0 ? 'sell' : 'buy';
    const [price, shown] = side === 'sell' ? [bid, bidLots] : [ask, askLots];
    if (price === undefined) return undefined;
    const value = theo.price[i] ?? 0;
    const vega = (theo.vega[i] ?? 0) / 100;
    const away = side === 'sell' ? value - price * option.tickSize : price * option.tickSize - value;
    const cost = away + this.#setup.feePerUnit(option.id, price, 'taker', theo.spot);
    if (cost > this.#params.costVol * vega) return undefined;
    const size = Math.min(Math.abs(held), shown);
    return { option, side, price, size, vega: vega * size * option.lotSize };
  }
}
