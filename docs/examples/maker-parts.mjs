// Parts of a maker for the command line: how it quotes, what it quotes, and how far its delta may go. From the root of a built checkout:
//   volpit run tiny --plugin docs/examples/maker-parts.mjs \
//     --set 'agents.maker.quoter={ kind: points, halfSpread: 0.8 }' --set 'agents.maker.selector={ kind: one-expiry }' \
//     --set 'agents.maker.hedger={ kind: per-gamma }'
import { chooseRanked, defineHedger, defineQuoter, defineSelector, finish } from 'volpit';
import { z } from 'zod';

/** So many vol points on each side of the tracked value, less a lean for every contract held. */
const points = defineQuoter({
  kind: 'points',
  summary: 'vol points around the tracked value, with a lean for what is held',
  params: z.strictObject({
    halfSpread: z.number().positive().default(1).describe('vol points'),
    leanPerContract: z.number().min(0).default(0.05).describe('vol points'),
  }),
  create: ({ halfSpread, leanPerContract }) => ({
    prepare() {},
    quote(view, series, out) {
      const perPoint = view.theo.vega[series] / 100;
      const held = view.units[series];
      out.fair = view.theo.price[series];
      out.theo = out.fair;
      out.forecastShifts.fill(0);
      out.forecastLean = 0;
      out.inventoryLean = -held * leanPerContract * perPoint;
      out.neutral = halfSpread * perPoint;
      out.multiplied = 0;
      out.uncertainty = 0;
      out.toxicity = 0;
      out.clip = 0;
      out.bidCost = view.fee[series];
      out.askCost = view.fee[series];
      out.bid = out.fair + out.inventoryLean - out.neutral;
      out.ask = out.fair + out.inventoryLean + out.neutral;
      finish(view, series, out);
    },
  }),
});

/** The best series of one expiry. */
const oneExpiry = defineSelector({
  kind: 'one-expiry',
  summary: 'the series of one expiry with the highest expected gain',
  params: z.strictObject({ expiry: z.int().min(0).default(0).describe('index of the expiry, the nearest is 0') }),
  create: ({ expiry }) => ({
    choose(view) {
      const { options } = view.quoting.chain;
      chooseRanked(view, ({ series, score }) => (options[series].expiry === expiry ? score : undefined), {
        told: ({ series }) => (options[series].expiry === expiry ? 'of the expiry that is quoted' : 'of another expiry'),
      });
    },
  }),
});

/** A band as wide as the delta moves for a given move of the spot. */
const perGamma = defineHedger({
  kind: 'per-gamma',
  summary: 'hedges once delta has gone where a given move of the spot takes it',
  params: z.strictObject({ moveBp: z.number().positive().default(50).describe('basis points') }),
  create: ({ moveBp }) => ({
    band: ({ gamma, spot, lotSize }) => ({ centre: 0, halfWidth: Math.max(lotSize, Math.abs(gamma) * spot * (moveBp / 10_000)) }),
  }),
});

export const quoters = [points];
export const selectors = [oneExpiry];
export const hedgers = [perGamma];
