import { z } from 'zod';
import { nonNegative, positive, seconds } from '../../../../config/quantity.ts';

/** Bounds between prices that hold whatever vols are. */
export const BOUNDS = ['parity', 'vertical', 'butterfly', 'calendar'] as const;
export type Bound = (typeof BOUNDS)[number];

/** Taking quotes of others that contradict each other. */
export const arbitrageParams = z.strictObject({
  bounds: z
    .array(z.enum(BOUNDS))
    .min(1)
    .default([...BOUNDS])
    .describe('which bounds are watched'),
  edgeDollars: positive({ about: 'dollars that a contract of the largest leg must bring after all costs' }).default(5),
  size: positive({ about: 'contracts of the largest leg at most' }).default(2),
  coolDownSeconds: seconds({ about: 'time between two packages at least' }).prefault(5),
  deliveryBp: nonNegative({ about: 'belief: fee for the delivery of an option, in basis points of the index; charged to each' }).default(
    1.5,
  ),
  basisBp: nonNegative({
    about: 'what the perpetual may lose against the index until the expiry, in basis points; charged to parity where the two differ',
  }).default(10),
});

export type ArbitrageParams = ReturnType<typeof arbitrageParams.parse>;
