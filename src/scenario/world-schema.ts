import { z } from 'zod';
import { fraction, nonNegative, positive, seconds, vol, wholePositive } from '../config/quantity.ts';
import { EVENT_PATHS } from '../risk/historical-events.ts';
import { activitySchema } from './activity-schema.ts';
import { scalarOrExpression } from './expression.ts';

const four = z.tuple([nonNegative(), nonNegative(), nonNegative(), nonNegative()]);
const correlation = z.number().min(-1).max(1);

/** What a scenario may change in one regime of its preset; the rest stays. */
const regimeSchema = z.strictObject({
  spot: z
    .strictObject({
      drift: z.number().min(-20).max(20).describe('annual drift of the spot'),
      kappa: positive({ about: 'annual speed of mean reversion of the variance' }),
      longRunVol: vol('vol to which the variance returns'),
      volOfVol: nonNegative().describe("annual vol of the variance's square root term"),
      correlation: correlation.describe('of spot and variance'),
      jumpsPerYear: nonNegative(),
      jumpMean: z.number().min(-1).max(1).describe('mean log jump'),
      jumpSd: nonNegative({ about: 'standard deviation of the log jump', maximum: 1 }),
      varianceJumpMean: nonNegative({ about: 'mean jump of the annual variance that comes with a jump', maximum: 10 }),
    })
    .partial()
    .optional(),
  surface: z
    .strictObject({
      premium: z.number().min(-2).max(2).describe('long-run log level over that of expected realised vol'),
      slope: z.number().min(-2).max(2),
      skew: z.number().min(-0.95).max(0.95),
      curvature: z.number().min(-2.5).max(1.5),
      dailySd: four.describe('daily standard deviation of level, slope, skew, curvature'),
      withLevel: z
        .tuple([z.literal(1), correlation, correlation, correlation])
        .describe('correlations of the shocks of level (1), slope, skew, curvature with that of the level'),
      spotLevelCorrelation: correlation,
      levelPerSpotJump: z.number().min(-20).max(20),
    })
    .partial()
    .optional(),
  demand: z
    .strictObject({
      activity: nonNegative({ about: 'multiplies the arrival rate', maximum: 100 }),
      continuation: z
        .number()
        .min(-20)
        .max(0.95)
        .describe('how far past demand calls for more of the same; below 0 it calls for the opposite'),
      pressureHalfLifeMinutes: positive(),
      impact: nonNegative({ about: 'push per typical contract, in daily standard deviations of the factor', maximum: 1 }),
      branching: z.number().min(0).max(0.95).describe('orders that one order draws after it, in the mean; a share of the rate'),
      putTilt: z.number().min(-3).max(3).describe('tilt toward buying of puts out of the money'),
    })
    .partial()
    .optional(),
});

/** One scripted change: moves of its own, or those of an event that happened (`scenario/timeline.ts`). */
const timelineSchema = z.strictObject({
  at: seconds({ about: 'when it begins, after the opening' }),
  over: seconds({ about: 'how long the moves take' }).prefault(0),
  regime: z.string().optional().describe('regime from then on'),
  spotReturn: z.number().gt(-0.95).max(10).default(0).describe('move of the spot: -0.08 is a fall of 8 %'),
  level: z.number().min(-3).max(3).default(0).describe('move of ln vol: 0.3 lifts vols by 35 %'),
  slope: z.number().min(-2).max(2).default(0),
  skew: z.number().min(-1).max(1).default(0),
  curvature: z.number().min(-2).max(2).default(0),
  spotVol: z
    .number()
    .min(-3)
    .max(3)
    .default(0)
    .describe("move of ln of the spot's own vol: 0.3 makes the spot move by 35 % more from then on"),
  event: z
    .enum(EVENT_PATHS.map(({ key }) => key))
    .optional()
    .describe('a move that happened, as it went: spot, level, slope, skew and the vol of the spot'),
  scale: positive({ about: 'multiplies the moves of the event, in logs; by default 1', maximum: 3 }).optional(),
  compress: positive({ about: 'how many times faster than it was; by default 1', maximum: 1e5 }).optional(),
  from: seconds({ about: 'where in the event to begin, after its start; by default there' }).optional(),
  to: seconds({ about: 'where in the event to stop, after its start; by default at its end', above: 0 }).optional(),
});

/** The hidden world (`processes/world-spec.ts`). */
export const worldSchema = z.strictObject({
  preset: z.enum(['btc', 'index']).describe('named parameters of the regimes'),
  spot: positive({ about: 'dollars at the opening', maximum: 1e9 }),
  stepMillis: wholePositive({ minimum: 10, maximum: 3_600_000 })
    .default(1000)
    .describe('spot and surface are constant between steps of this many milliseconds'),
  start: z
    .strictObject({
      regime: z.string().default('normal'),
      vol: vol().optional().describe("vol of the spot at the opening; by default the regime's long-run vol"),
    })
    .prefault({}),
  surface: z.strictObject({
    atmVol: vol('at-the-money vol at 30 days'),
    slope: z.number().min(-2).max(2).default(0).describe('at-the-money vol at one year minus that at 30 days'),
    skew: z.number().min(-0.95).max(0.95).default(0).describe('SSVI rho; negative where puts are dearer'),
    curvature: z.number().min(-2.5).max(1.5).default(0).describe('ln of SSVI eta'),
  }),
  switching: z.boolean().default(true).describe('whether regimes change by chance'),
  regimeSpeed: positive({ about: 'multiplies the rates of regime changes', maximum: 1e5 }).default(1),
  meanReversion: z.boolean().default(true).describe('false: slow surface factors are random walks'),
  pressure: z.boolean().default(true).describe('false: demand does not move the surface'),
  level: scalarOrExpression({ minimum: -3, maximum: 3 })
    .prefault(0)
    .describe('added to the long-run mean of ln vol; may be a formula of time'),
  theta: scalarOrExpression({ above: 0, maximum: 100 })
    .prefault(1)
    .describe('multiplies the long-run variance of the spot; may be a formula of time'),
  basis: z
    .strictObject({
      meanBp: z.number().min(-500).max(500).default(0).describe('mean in the long run, in basis points of the index'),
      sdBp: nonNegative({ about: 'standard deviation in the long run, in basis points', maximum: 200 }).default(0),
      halfLifeMinutes: positive({ about: 'half-life of what is off the mean', maximum: 1e6 }).default(60),
    })
    .prefault({})
    .describe("the perpetual's fundamental value over the index, which options are valued on"),
  overnightShare: fraction({ about: "share of a day's variance that falls outside the session, where the market has sessions" }).optional(),
  activity: activitySchema.prefault({}).describe("pace of the market within the day; what is absent keeps the preset's value"),
  regimes: z.record(z.string(), regimeSchema).default({}).describe('changes to the regimes of the preset, by name'),
  impact: z
    .strictObject({
      bpPer100Units: nonNegative({
        about:
          "basis points by which 100 units bought in the underlying lift its spot; by default the preset's depth at this spot; 0 for none",
        maximum: 10_000,
      }),
      permanentShare: fraction({ about: 'share of the impact that stays' }),
      halfLifeMinutes: positive({ about: 'half-life of the rest' }),
    })
    .partial()
    .default({})
    .describe('what trades in the underlying do to its fundamental price'),
  timeline: z.array(timelineSchema).max(1000).default([]).describe('scripted changes'),
});

/** One part of the mixture of sizes. */
const sizePart = z.strictObject({
  share: positive({ about: 'relative weight' }),
  median: positive({ about: 'contracts' }),
  logSd: nonNegative({ about: 'standard deviation of the log; 0: a round size', maximum: 4 }),
});

/** One part of the mixture of delays. */
const delayPart = z.strictObject({
  share: positive({ about: 'relative weight' }),
  meanSeconds: positive({ about: 'mean delay', maximum: 86_400 }),
});

const share = (about: string) => z.number().min(0).max(1).describe(about);

/** Customers (`processes/customer-arrivals.ts`). What is left out is as in the preset. */
export const flowSchema = z
  .strictObject({
    rate: scalarOrExpression({ minimum: 0, maximum: 1e6 }).describe('orders per hour in the long run; may be a formula of time'),
    activityElasticity: share('how far the rate follows the activity of the market'),
    memoryMinutes: positive({ about: 'half-life of the memory of net demand' }),
    sizes: z.array(sizePart).min(1).max(20).describe('sizes in contracts: a mixture of lognormals'),
    sizeScale: positive({ about: 'multiplies every size' }),
    sizeMaximum: positive({ about: 'largest size in contracts' }),
    delays: z.array(delayPart).min(1).max(10).describe('delay of an order behind the one that drew it: a mixture of exponentials'),
    splitShare: share('share of the drawn orders that are further parts of the same interest'),
    sameSide: share('probability that another customer who reacts takes the same side'),
    hedgerShare: z.number().min(0).max(0.9).describe('share of first orders that come for puts below the spot to hedge'),
    hedgerResponse: z.number().min(-5).max(5).describe('tilt of hedgers toward buying, per standard deviation that the spot has fallen'),
    hedgerRush: nonNegative({ about: 'how many more hedgers come, per standard deviation that the spot has fallen', maximum: 10 }),
    trendMinutes: positive({ about: 'half-life of the memory of moves that hedgers react to' }),
    packageShare: share('share of the other first orders that are packages of two legs'),
    reservationAlpha: z.number().min(-5).max(5).describe('log odds against a trade at the fair value'),
    reservationPerVol: positive({ about: 'y0 at 30 days as a share of the at-the-money vol', maximum: 1 }),
  })
  .partial();

export type WorldDocument = z.output<typeof worldSchema>;
export type FlowDocument = z.output<typeof flowSchema>;
