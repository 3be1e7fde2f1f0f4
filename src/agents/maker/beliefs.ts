import { z } from 'zod';
import { fraction, positive } from '../../config/quantity.ts';

/** A factor that moves by more than 10 a day is none. */
const dailySd = positive({ maximum: 10 });

/** How wide customers reach: what the closed forms take for their acceptance. */
export const reservationPerVol = positive({ about: "belief: customers' y0 at 30 days as a share of the at-the-money vol" }).default(0.0063);

/** What a tracker of the surface believes (`pricing/surface-tracker.ts`). */
export const trackerParams = z
  .strictObject({
    noisePerWidth: fraction({ about: "standard deviation of a mid's error as a share of the book's width" }).prefault(0.14),
    rejectSd: positive({ about: 'mids further from expectation than this are not believed' }).default(5),
    dailySd: z
      .tuple([dailySd, dailySd, dailySd, dailySd])
      .default([0.06, 0.045, 0.06, 0.04])
      .describe('belief: daily standard deviations of the four factors'),
  })
  .prefault({});
