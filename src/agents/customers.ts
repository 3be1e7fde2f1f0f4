import { z } from 'zod';
import { lots, nanos, type OrderId, ticks } from '../core/units.ts';
import { ticksAbove, ticksBelow } from '../market/instrument.ts';
import { type CustomerWish, type Desk, defineAgent } from './agent.ts';

const params = z.strictObject({});

/**
 * Everybody who comes to trade for reasons of their own. Each wish was drawn before anyone quoted (decision 8); here it turns into
 * one immediate-or-cancel order at the wish's reservation price: fair value plus reservation vol times vega. There is no book for packages: the
 * second leg is sent once the first has traded, for as much.
 */
export const customers = defineAgent({
  kind: 'customers',
  summary: 'sends the customer flow of the world: one IOC at its reservation price per wish',
  params,
  rights: { oracle: true, wishes: true },
  create: (_params, setup) => {
    const { chain, oracle, wishes } = setup;
    let queue: readonly CustomerWish[] = [];
    let next = 0;
    /** Step whose wishes were taken over last: a wish at its very start is sent once. */
    let taken = -1;
    /** First legs under way, and what waits for them. */
    const waiting = new Map<OrderId, { readonly second: CustomerWish; traded: number }>();

    /** Sends the order of a wish; undefined when there is none. `size` in lots, by default what the wish says. */
    function send(wish: CustomerWish, desk: Desk, size = lotsOf(wish)): OrderId | undefined {
      const option = chain.instruments[wish.instrument];
      if (oracle === undefined || option === undefined || option.kind !== 'option' || !desk.listed(option.id)) return undefined;
      const index = option.id - 1;
      const buys = wish.side === 'buy';
      const shift = (oracle.fair.vega[index] ?? 0) * wish.reservationVol;
      const reservation = (oracle.fair.price[index] ?? 0) + (buys ? shift : -shift);
      const price = buys ? ticksBelow(option, reservation) : ticksAbove(option, reservation);
      // A buyer whose limit is below the first tick cannot be served; a seller takes whatever is bid.
      if (buys && price < 1) return undefined;
      return desk.submit({ instrument: wish.instrument, side: wish.side, type: 'ioc', price: ticks(Math.max(1, price)), lots: lots(size) });
    }

    function lotsOf({ instrument, contracts }: CustomerWish): number {
      return Math.max(1, Math.round(contracts / (chain.instruments[instrument]?.lotSize ?? 1)));
    }

    return {
      onOpen(desk) {
        desk.wakeAt(nanos(0));
      },
      onWake(desk) {
        while (next < queue.length) {
          const wish = queue[next];
          if (wish === undefined || wish.at > desk.now) break;
          const order = send(wish, desk);
          next += 1;
          const second = queue[next];
          if (second?.follows !== true) continue;
          if (order !== undefined) waiting.set(order, { second, traded: 0 });
          next += 1;
        }
        const step = Math.floor(desk.now / setup.stepNanos);
        if (step > taken) {
          taken = step;
          queue = wishes?.() ?? [];
          next = 0;
        }
        const following = queue[next]?.at ?? (step + 1) * setup.stepNanos;
        desk.wakeAt(nanos(following));
      },
      onReport(report, desk) {
        const leg = waiting.get(report.order);
        if (leg === undefined) return;
        if (report.kind === 'fill') leg.traded += report.lots;
        const over = report.kind === 'removed' || report.kind === 'rejected' || (report.kind === 'fill' && report.remaining === 0);
        if (!over) return;
        waiting.delete(report.order);
        if (leg.traded > 0) send(leg.second, desk, leg.traded);
      },
    };
  },
});
