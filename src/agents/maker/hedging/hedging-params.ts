import { z } from 'zod';
import { nonNegative, positive, seconds } from '../../../config/quantity.ts';

/** How hedges of delta are sent, whatever decides on them. */
export const hedgingParams = z
  .strictObject({
    delta: z
      .enum(['smile', 'black-scholes', 'minimum-variance'])
      .default('smile')
      .describe(
        'which delta is hedged: smile: smiles move with the forward; black-scholes: each strike keeps its vol; minimum-variance: vols go with the spot as they have been',
      ),
    responseMinutes: positive({ about: 'minimum-variance: half-life of what is remembered of vols and the spot' }).default(60),
    slippageBp: positive({ about: 'how far through the book a hedge may go, in basis points' }).default(10),
    everySeconds: seconds({ about: 'time between two hedges at least' }).prefault(5),
    costMaximumBp: positive({
      about:
        'most that a lot may cost, its distance from the mid and the fee together, in basis points; what the book has dearer waits. Left out: a hedge takes what it needs',
    }).optional(),
    passive: z
      .strictObject({
        seconds: seconds({ about: 'time that a hedge may rest at the best price before it takes', above: 0 }).prefault(20),
        excessShare: nonNegative({
          about: 'a hedge rests while delta is beyond the band by no more than this share of its half-width',
        }).default(1),
      })
      .optional()
      .describe('rests a hedge in the book before it takes. Left out: a hedge takes at once'),
  })
  .prefault({});

export type HedgingParams = z.output<typeof hedgingParams>;
