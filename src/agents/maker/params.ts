import { z } from 'zod';
import { millis, nonNegative, positive, seconds, wholePositive } from '../../config/quantity.ts';
import { FORECASTER_KINDS } from '../../forecast/forecaster-kinds.ts';
import { reservationPerVol, trackerParams } from './beliefs.ts';
import { arbitrageParams } from './hedging/arbitrage/params.ts';
import { hedgingParams } from './hedging/hedging-params.ts';
import { optionHedgeParams } from './hedging/options/params.ts';
import { limitParams } from './measure-limits.ts';
import type { MakerParts } from './parts.ts';
import { protectionParams } from './protection/params.ts';
import { moveParams } from './quoting/factor-moves.ts';
import { balanceParams } from './quoting/flow-balance.ts';
import { toxicityParams } from './quoting/toxicity.ts';
import { costParams } from './selection/quoting-costs.ts';
import { budgetParams } from './selection/set-budget.ts';

/** One of several kinds with parameters of their own; the first is the default. */
function oneOf(kinds: readonly { readonly kind: string; readonly summary: string; readonly params: z.ZodObject }[], about: string) {
  const entries = kinds.map(({ kind, summary, params }) => z.strictObject({ kind: z.literal(kind), ...params.shape }).describe(summary));
  const [first, ...rest] = entries;
  if (first === undefined) throw new RangeError('a maker needs at least one kind of each part');
  const names = kinds.map(({ kind }) => kind).join(', ');
  return z
    .discriminatedUnion('kind', [first, ...rest])
    .prefault({ kind: kinds[0]?.kind ?? '' })
    .describe(`${about}: ${names}`);
}

/** Parameters of the market maker. Money in dollars, sizes in contracts (units of the underlying). */
export const makerSchema = (parts: MakerParts) =>
  z.strictObject({
    quoter: oneOf(parts.quoters, 'how quotes are made'),
    selector: oneOf(parts.selectors, 'how strikes and expiries are chosen'),
    hedger: oneOf(parts.hedgers, 'how far delta may go'),
    forecaster: z
      .string()
      .default('lstm')
      .describe(`kind of forecaster: ${FORECASTER_KINDS.join(', ')}`),
    requoteMillis: millis({ about: 'time between two looks at all quotes', minimum: 1 }).prefault(1000),
    moveTriggerBp: positive({ about: 'move of the underlying, in basis points, that makes it requote at once' }).default(5),
    requoteShare: nonNegative({
      about: 'a quote is left as it is while it would move by no more than this share of its half-spread',
    }).default(0.25),
    size: positive({ about: 'contracts on each side of a quote' }).default(1),
    widthMultiplier: positive({ about: 'multiplies the optimal distance from the fair value' }).default(1.1),
    riskAversion: positive({ about: 'per dollar: weight of half the variance of the position, in the quoting problem' }).default(0.002),
    leanCap: nonNegative({ about: 'largest lean toward the forecast, as a share of the half-spread' }).default(1),
    flowPerHour: positive({ about: 'belief: candidates per hour over the whole chain' }).default(3000),
    flowBalance: balanceParams,
    factorMoves: moveParams,
    toxicity: toxicityParams,
    reservationPerVol,
    seriesMaximum: wholePositive({ about: 'series quoted at once' }).default(24),
    budget: budgetParams,
    costs: costParams,
    reselectSeconds: seconds({ about: 'time between two choices of strikes and expiries' }).prefault(30),
    dwellSeconds: seconds({ about: 'time that a chosen series is kept at least' }).prefault(60),
    hedging: hedgingParams,
    optionHedge: optionHedgeParams.optional().describe('hedges vega and gamma with options. Left out: quotes alone work them off'),
    arbitrage: arbitrageParams.optional().describe('takes quotes of others that contradict each other. Left out: it takes none'),
    limits: limitParams,
    protection: protectionParams,
    tracker: trackerParams,
  });

export type MakerParams = z.output<ReturnType<typeof makerSchema>>;
