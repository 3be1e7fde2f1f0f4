import { z } from 'zod';
import { fraction, millis, nonNegative, positive, seconds, wholePositive } from '../../config/quantity.ts';
import { FORECASTER_KINDS } from '../../forecast/forecaster-kinds.ts';

/** A factor that moves by more than 10 a day is none. */
const dailySd = positive({ maximum: 10 });

/** Parameters of the market maker. Money in dollars, sizes in contracts (units of the underlying). */
export const makerParams = z.strictObject({
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
  widthMultiplier: positive({ about: 'multiplies the optimal distance from the fair value' }).default(1.2),
  riskAversion: positive({ about: 'per dollar: weight of half the variance of the position, in the quoting problem' }).default(0.002),
  leanCap: nonNegative({ about: 'largest lean toward the forecast, as a share of the half-spread' }).default(1),
  flowPerHour: positive({ about: 'belief: candidates per hour over the whole chain' }).default(3000),
  reservationPerVol: positive({ about: "belief: customers' y0 at 30 days as a share of the at-the-money vol" }).default(0.0063),
  seriesMaximum: wholePositive({ about: 'series quoted at once' }).default(24),
  reselectSeconds: seconds({ about: 'time between two choices of strikes and expiries' }).prefault(30),
  dwellSeconds: seconds({ about: 'time that a chosen series is kept at least' }).prefault(60),
  hedge: z
    .strictObject({
      costBp: positive({ about: 'belief: cost of trading the underlying, in basis points' }).default(5),
      riskAversion: positive({ about: 'per dollar: sets the width of the no-trade band' }).default(0.0005),
      bandMaximum: positive({ about: 'widest band, in units of the underlying' }).default(2),
      slippageBp: positive({ about: 'how far through the book a hedge may go, in basis points' }).default(10),
      everySeconds: seconds({ about: 'time between two hedges at least' }).prefault(5),
    })
    .prefault({}),
  limits: z
    .strictObject({
      positionPerSeries: positive({ about: 'contracts, long or short, open quotes included' }).default(20),
      vega: positive({ about: 'dollars per vol point, all series, open quotes included' }).default(6000),
      gamma: positive({ about: 'change of delta in units for a 1 % move, open quotes included' }).default(10),
      delta: positive({ about: 'units of the underlying; beyond it hedges ignore the band' }).default(8),
      lossDollars: positive({ about: 'loss against the opening, at its own marks, after which it stops' }).default(50_000),
    })
    .prefault({}),
  tracker: z
    .strictObject({
      noisePerWidth: fraction({ about: "standard deviation of a mid's error as a share of the book's width" }).prefault(0.14),
      rejectSd: positive({ about: 'mids further from expectation than this are not believed' }).default(5),
      dailySd: z
        .tuple([dailySd, dailySd, dailySd, dailySd])
        .default([0.06, 0.045, 0.06, 0.04])
        .describe('belief: daily standard deviations of the four factors'),
    })
    .prefault({}),
});

export type MakerParams = z.output<typeof makerParams>;
