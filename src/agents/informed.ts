import { z } from 'zod';
import { nonNegative, positive, seconds, wholePositive } from '../config/quantity.ts';
import { exponential, normal } from '../core/distributions.ts';
import { lots, NANOS_PER_SECOND, type Nanos, nanos } from '../core/units.ts';
import { type OptionSeries, priceFromTicks } from '../market/instrument.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { TheoChain } from '../pricing/theo.ts';
import { type Desk, defineAgent, type Oracle } from './agent.ts';

const params = z.strictObject({
  looksPerHour: positive({ about: 'how often it looks at the market' }).default(60),
  horizonSeconds: seconds({ about: 'how far ahead it knows the surface' }).prefault(7200),
  noise: nonNegative({ about: 'standard deviation of the error in its level (log vol)' }).default(0.006),
  edgeTicks: nonNegative({ about: 'edge after the fee that makes it trade, in ticks' }).default(0.5),
  size: positive({ about: 'contracts per order' }).default(1),
  positionPerSeries: positive({ about: 'contracts it will hold in a series at most' }).default(6),
  tradesPerLook: wholePositive({ about: 'orders it sends after one look at most' }).default(1),
});

interface Chance {
  readonly option: OptionSeries;
  readonly side: 'buy' | 'sell';
  readonly edge: number;
}

/**
 * Knows where the surface will be, with an error, and takes the quote that is furthest from there once fee and half a tick
 * are earned (decision 9). What it knows is the exogenous path: the impact of anybody's trades it does not foresee.
 */
export const informed = defineAgent({
  kind: 'informed',
  summary: 'knows the future surface with an error and takes quotes that are far from it',
  params,
  rights: { oracle: true },
  lookaheadSeconds: (p) => p.horizonSeconds,
  create: (p, setup) => {
    const { chain } = setup;
    const looks = setup.stream('looks');
    const errors = setup.stream('errors');
    const ahead = new Float64Array(FACTOR_COUNT);
    const theo = new TheoChain(chain, setup.valuation);

    /** A look after the end of all time is none. */
    const nextLook = (desk: Desk): Nanos =>
      nanos(Math.min(Number.MAX_SAFE_INTEGER, desk.now + Math.round(exponential(looks, 3600 / p.looksPerHour) * NANOS_PER_SECOND)));

    function value(oracle: Oracle, nowYears: number): void {
      oracle.factorsAhead(p.horizonSeconds, ahead);
      ahead[0] = (ahead[0] ?? 0) + p.noise * normal(errors);
      // The surface of the future at today's spot and clock: direction is not what it knows.
      theo.move(ahead, oracle.fair.spot, nowYears);
      theo.valueAll();
    }

    /** Contracts that it would hold on a side if one more order filled, and all that are under way. */
    function reach(option: OptionSeries, side: 'buy' | 'sell', desk: Desk): number {
      const held = desk.position(option.id) * (side === 'buy' ? 1 : -1);
      return (held + desk.openLots(option.id, side)) * option.lotSize + p.size;
    }

    function best(oracle: Oracle, desk: Desk): Chance | undefined {
      let found: Chance | undefined;
      for (const option of chain.options) {
        if (!desk.listed(option.id)) continue;
        const bbo = desk.bbo(option.id);
        const fair = theo.price[option.id - 1] ?? 0;
        for (const side of ['buy', 'sell'] as const) {
          const at = side === 'buy' ? bbo.ask : bbo.bid;
          if (at === undefined || reach(option, side, desk) > p.positionPerSeries) continue;
          const fee = setup.feePerUnit(option.id, at, 'taker', oracle.fair.spot);
          const edge = (side === 'buy' ? 1 : -1) * (fair - priceFromTicks(option, at)) - fee;
          if (edge > p.edgeTicks * option.tickSize && edge > (found?.edge ?? 0)) found = { option, side, edge };
        }
      }
      return found;
    }

    return {
      onOpen(desk) {
        for (const option of chain.options) desk.watchQuietly(option.id);
        desk.wakeAt(nextLook(desk));
      },
      onWake(desk) {
        const oracle = setup.oracle;
        if (oracle === undefined) return;
        value(oracle, desk.nowYears);
        for (let n = 0; n < p.tradesPerLook; n += 1) {
          const chance = best(oracle, desk);
          if (chance === undefined) break;
          const bbo = desk.bbo(chance.option.id);
          const price = chance.side === 'buy' ? bbo.ask : bbo.bid;
          if (price === undefined) break;
          const size = lots(Math.max(1, Math.round(p.size / chance.option.lotSize)));
          desk.submit({ instrument: chance.option.id, side: chance.side, type: 'ioc', price, lots: size });
        }
        desk.wakeAt(nextLook(desk));
      },
    };
  },
});
