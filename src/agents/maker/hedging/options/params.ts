import { z } from 'zod';
import { nonNegative, positive, seconds } from '../../../../config/quantity.ts';
import { gammaParams } from '../../quoting/gamma-risk.ts';

/** Hedging of vega and gamma by trading options at the prices of others. */
export const optionHedgeParams = z.strictObject({
  horizonMinutes: positive({ about: 'time over which a hedge saves risk: about as long as quotes take to work a position off' }).default(
    30,
  ),
  everySeconds: seconds({ about: 'time between two hedges at least', minimum: 1 }).prefault(10),
  size: positive({ about: 'contracts in one order at most' }).default(2),
  dollarsPerMinute: positive({ about: 'half-spreads and fees that it may spend in a minute' }).default(200),
  deltaCostBp: nonNegative({
    about: 'belief: cost of hedging the delta that comes with an option, in basis points of the underlying',
  }).default(5),
  gamma: gammaParams,
});

export type OptionHedgeParams = z.output<typeof optionHedgeParams>;
