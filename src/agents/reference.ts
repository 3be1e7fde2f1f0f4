import { z } from 'zod';
import { millis, nonNegative, positive, seconds, wholePositive } from '../config/quantity.ts';
import { normal } from '../core/distributions.ts';
import { lots, nanos, nanosFromMillis, type OrderId, type Ticks, ticks } from '../core/units.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../market/instrument.ts';
import { screenHalfSpread } from '../pricing/flow-shape.ts';
import { type Desk, defineAgent, type Oracle } from './agent.ts';

const params = z.strictObject({
  remarkMillis: millis({ about: 'time between two looks at the market', minimum: 1 }).prefault(1000),
  lagMillis: millis({ about: 'how late it learns of a new fair value', minimum: 0 }).prefault(5),
  spreadPerVol: positive({ about: 'half-spread in vol at 30 days, as a share of the at-the-money vol; scales as (T/30 d)^-0.4' }).default(
    0.0108,
  ),
  spreadTicksMinimum: wholePositive({ about: 'smallest half-spread, in ticks' }).default(1),
  remarkShare: positive({ about: 'a quote is moved once its fair value has moved by this share of its half-spread' }).default(0.25),
  noiseShare: nonNegative({
    about:
      'standard deviation of the error of each new mark, as a share of the half-spread; independent from series to series and mark to mark',
  }).default(0.25),
  size: positive({ about: 'contracts on each side of a quote' }).default(5),
  refillSeconds: seconds({ about: 'time before a quote that traded is filled up again' }).prefault(3),
});

interface Quoted {
  bid: OrderId | undefined;
  bidTicks: Ticks | undefined;
  ask: OrderId | undefined;
  askTicks: Ticks | undefined;
  /** Fair value behind the two, and when a trade last took from them. */
  marked: number;
  tradedAt: number;
}

const YEARS_30_DAYS = 30 / 365;

/**
 * The rest of the market: it alone is told the world's fair values, sees them late, errs in each mark, and
 * quotes every series around them with a screen-like spread (decision 7; spreads of models 4c).
 */
export const reference = defineAgent({
  kind: 'reference',
  summary: 'stands for the rest of the market: quotes every series around the fair value, late and with errors',
  params,
  rights: { oracle: true },
  create: (p, setup) => {
    const { chain } = setup;
    const errors = setup.stream('errors');
    const quoted = new Map(
      chain.options.map((option): [number, Quoted] => [
        option.id,
        { bid: undefined, bidTicks: undefined, ask: undefined, askTicks: undefined, marked: 0, tradedAt: -1e18 },
      ]),
    );
    function halfSpread(oracle: Oracle, option: OptionSeries): number {
      const years = oracle.fair.surface.yearsLeft(option.expiry);
      const vol = screenHalfSpread(p.spreadPerVol, oracle.fair.surface.vol(option.expiry, 0), years / YEARS_30_DAYS);
      return Math.max(p.spreadTicksMinimum * option.tickSize, vol * (oracle.fair.vega[option.id - 1] ?? 0));
    }

    function remark(oracle: Oracle, option: OptionSeries, error: number, desk: Desk): void {
      const state = quoted.get(option.id);
      if (state === undefined) return;
      const i = option.id - 1;
      const fair = oracle.fair.price[i] ?? 0;
      const half = halfSpread(oracle, option);
      const size = Math.max(1, Math.round(p.size / option.lotSize));
      const fresh = state.bid === undefined && state.ask === undefined;
      const moved = Math.abs(fair - state.marked) > p.remarkShare * half;
      const refill = desk.now - state.tradedAt > p.refillSeconds * 1e9;
      // A bid below the first tick is not missing: there is none to fill up.
      const short = (state.bidTicks !== undefined && desk.openLots(option.id, 'buy') < size) || desk.openLots(option.id, 'sell') < size;
      if (!fresh && !moved && !(short && refill)) return;
      state.marked = fair;
      const centre = fair + p.noiseShare * half * error;
      const bid = ticksBelow(option, centre - half);
      const ask = ticksAbove(option, centre + half);
      const bidPrice = bid >= 1 ? bid : undefined;
      const askPrice = ticks(Math.max(ask, bid + 1, 1));
      const setBid = (): void => {
        state.bid = place(desk, option, 'buy', state.bid, state.bidTicks, bidPrice, size);
        state.bidTicks = bidPrice;
      };
      const setAsk = (): void => {
        state.ask = place(desk, option, 'sell', state.ask, state.askTicks, askPrice, size);
        state.askTicks = askPrice;
      };
      // The side that moves away goes first: the other would else meet its own old order.
      if (askPrice >= (state.askTicks ?? 0)) {
        setAsk();
        setBid();
      } else {
        setBid();
        setAsk();
      }
    }

    return {
      onOpen(desk) {
        desk.wakeAt(nanosFromMillis(p.lagMillis));
      },
      onWake(desk) {
        const oracle = setup.oracle;
        if (oracle === undefined) return;
        for (const option of chain.options) {
          // Drawn whether or not it is used, so that nobody's trades shift the errors that follow.
          const error = normal(errors);
          if (desk.listed(option.id)) remark(oracle, option, error, desk);
        }
        desk.wakeAt(nanos(desk.now + nanosFromMillis(p.remarkMillis)));
      },
      onReport(report, desk) {
        const state = quoted.get(report.instrument);
        if (state === undefined) return;
        if (report.kind === 'fill') state.tradedAt = desk.now;
        const gone = (report.kind === 'fill' && report.remaining === 0) || report.kind === 'removed' || report.kind === 'rejected';
        if (gone && state.bid === report.order) state.bid = undefined;
        if (gone && state.ask === report.order) state.ask = undefined;
      },
    };
  },
});

/** Moves one side of a quote; returns the order that now stands for it. A size that is complete at the same price is left alone. */
function place(
  desk: Desk,
  option: OptionSeries,
  side: 'buy' | 'sell',
  working: OrderId | undefined,
  at: Ticks | undefined,
  price: Ticks | undefined,
  size: number,
): OrderId | undefined {
  if (price === undefined) {
    if (working !== undefined) desk.cancel(working);
    return undefined;
  }
  if (working === undefined) return desk.submit({ instrument: option.id, side, type: 'limit', price, lots: lots(size) });
  if (at === price && desk.openLots(option.id, side) >= size) return working;
  return desk.replace(working, price, lots(size)) ?? working;
}
