import { z } from 'zod';
import { fraction, nonNegative, positive, seconds, vol, wholePositive } from '../config/quantity.ts';
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
      putTilt: z.number().min(-3).max(3).describe('tilt toward buying of puts out of the money'),
    })
    .partial()
    .optional(),
});

/** One scripted change. */
const timelineSchema = z.strictObject({
  at: seconds({ about: 'when it begins, after the opening' }),
  over: seconds({ about: 'how long the moves take' }).prefault(0),
  regime: z.string().optional().describe('regime from then on'),
  spotReturn: z.number().gt(-0.95).max(10).default(0).describe('move of the spot: -0.08 is a fall of 8 %'),
  level: z.number().min(-3).max(3).default(0).describe('move of ln vol: 0.3 lifts vols by 35 %'),
  slope: z.number().min(-2).max(2).default(0),
  skew: z.number().min(-1).max(1).default(0),
  curvature: z.number().min(-2).max(2).default(0),
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

/** Customers (`processes/customer-arrivals.ts`). */
export const flowSchema = z.strictObject({
  rate: scalarOrExpression({ minimum: 0, maximum: 1e6 }).prefault(3000).describe('candidates per hour; may be a formula of time'),
  memoryMinutes: positive({ about: 'half-life of the memory of net demand' }).default(10),
  sizeLogMean: z.number().min(-10).max(10).default(-0.95).describe('mean of the log of the size in contracts'),
  sizeLogSd: nonNegative({ about: 'standard deviation of that log', maximum: 4 }).default(1.48),
  sizeMaximum: positive({ about: 'largest size in contracts' }).default(25),
  reservationAlpha: z.number().min(-5).max(5).default(0.7).describe('log odds against a trade at the fair value'),
  reservationPerVol: positive({ about: 'y0 at 30 days as a share of the at-the-money vol', maximum: 1 }).default(0.0063),
});

export type WorldDocument = z.output<typeof worldSchema>;
export type FlowDocument = z.output<typeof flowSchema>;
