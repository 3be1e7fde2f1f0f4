import { z } from 'zod';
import { millis, positive, wholePositive } from '../config/quantity.ts';
import { lots, nanos, nanosFromMillis, type OrderId, type Ticks, ticks } from '../core/units.ts';
import { ticksAbove, ticksBelow } from '../market/instrument.ts';
import { type Desk, defineAgent } from './agent.ts';

const params = z.strictObject({
  requoteMillis: millis({ about: 'time between two looks at the fundamental value', minimum: 1 }).prefault(1000),
  halfSpreadBp: positive({ about: 'distance of the first level from the fundamental value, in basis points' }).default(0.3),
  levels: wholePositive({ about: 'price levels on each side' }).default(5),
  levelStepBp: positive({ about: 'distance between levels, in basis points' }).default(0.5),
  size: positive({ about: 'units of the underlying at each level' }).default(4),
});

/** One resting order per level and side. */
interface Rung {
  order: OrderId | undefined;
  price: Ticks;
}

/**
 * Provides the book of the underlying: levels of size around its fundamental value, the spot and its basis, moved with it and filled up again.
 * It withdraws them when the market closes.
 */
export const underlyingLiquidity = defineAgent({
  kind: 'underlying-liquidity',
  summary: 'quotes the underlying in several levels around its fundamental value',
  params,
  rights: { oracle: true },
  create: (p, setup) => {
    const underlying = setup.chain.underlying;
    const size = lots(Math.max(1, Math.round(p.size / underlying.lotSize)));
    const sides = (['buy', 'sell'] as const).map((side) => ({
      side,
      rungs: Array.from({ length: p.levels }, (): Rung => ({ order: undefined, price: ticks(0) })),
    }));
    const byOrder = new Map<OrderId, Rung>();
    let quotedSpot = 0;

    function set(desk: Desk, side: 'buy' | 'sell', rung: Rung, price: Ticks): void {
      if (rung.order !== undefined && rung.price === price) return;
      const order =
        rung.order === undefined
          ? desk.submit({ instrument: underlying.id, side, type: 'limit', price, lots: size })
          : desk.replace(rung.order, price, size);
      if (order === undefined) return;
      if (rung.order !== undefined) byOrder.delete(rung.order);
      rung.order = order;
      rung.price = price;
      byOrder.set(order, rung);
    }

    return {
      onOpen(desk) {
        desk.wakeAt(nanos(0));
      },
      onWake(desk) {
        const spot = setup.oracle?.perpetual ?? 0;
        // The side that moves away goes first: the other would else meet its own old orders.
        const order = spot >= quotedSpot ? [...sides].reverse() : sides;
        quotedSpot = spot;
        for (const { side, rungs } of order) {
          const sign = side === 'buy' ? -1 : 1;
          rungs.forEach((rung, level) => {
            const target = spot * (1 + (sign * (p.halfSpreadBp + level * p.levelStepBp)) / 10_000);
            set(desk, side, rung, side === 'buy' ? ticksBelow(underlying, target) : ticksAbove(underlying, target));
          });
        }
        desk.wakeAt(nanos(desk.now + nanosFromMillis(p.requoteMillis)));
      },
      onClosed(desk) {
        desk.cancelAll();
      },
      onReport(report) {
        const gone = (report.kind === 'fill' && report.remaining === 0) || report.kind === 'removed' || report.kind === 'rejected';
        const rung = gone ? byOrder.get(report.order) : undefined;
        if (rung === undefined) return;
        byOrder.delete(report.order);
        if (rung.order === report.order) rung.order = undefined;
      },
    };
  },
});
