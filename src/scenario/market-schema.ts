import { z } from 'zod';
import { fraction, positive, wholePositive } from '../config/quantity.ts';

const listing = (tickSize: number, lotSize: number) =>
  z.strictObject({
    tickSize: positive({ about: 'smallest price step, in dollars per unit of the underlying' }).default(tickSize),
    lotSize: positive({ about: 'units of the underlying in one lot' }).default(lotSize),
  });

const days = z.number().describe('days (of 24 hours) from the opening to the expiry');

/** One expiry, with what its smile has of its own (`pricing/factors.ts`). */
export const expirySchema = z.strictObject({
  days,
  label: z.string().min(1).max(24).optional().describe('name shown for the expiry; by default its days, as in 30d'),
  strikes: z.array(positive()).min(1).max(200).describe('strikes in dollars, increasing'),
  carry: z.number().min(-2).max(2).default(0).describe('annual carry: forward = spot * exp(carry * years)'),
  levelRatio: positive({ about: 'at-the-money vol over that of the factor form' }).default(1),
  rhoOffset: z.number().min(-1).max(1).default(0).describe('SSVI rho of this expiry minus the common one'),
  etaRatio: positive({ about: 'SSVI eta of this expiry over the common one' }).default(1),
});

/** The venue: what is listed, and what trading costs. */
export const marketSchema = z.strictObject({
  symbol: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{0,11}$/, 'expected 1 to 12 capitals or digits, such as BTC')
    .describe('name of the underlying'),
  rate: z.number().min(-0.5).max(1).default(0).describe('annual discount rate'),
  underlying: listing(1, 0.01).prefault({}).describe('the perpetual future'),
  options: listing(5, 0.1).prefault({}).describe('the option series'),
  expiries: z.array(expirySchema).min(1).max(40).describe('expiries, nearest first'),
  fees: z
    .strictObject({
      option: z
        .strictObject({
          maker: z.number().min(-0.01).max(0.01).default(0.0003).describe('fraction of the index price; negative is a rebate'),
          taker: z.number().min(-0.01).max(0.01).default(0.0003).describe('fraction of the index price'),
          premiumCap: fraction({ about: 'largest fee as a fraction of the premium' }).prefault(0.125),
        })
        .prefault({}),
      perpetual: z
        .strictObject({
          maker: z.number().min(-0.01).max(0.01).default(0).describe('fraction of the traded value; negative is a rebate'),
          taker: z.number().min(-0.01).max(0.01).default(0.0005).describe('fraction of the traded value'),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** Bounds on a run: each is enforced, and an error names it. */
export const limitsSchema = z.strictObject({
  queue: wholePositive({ about: 'events under way at once', maximum: 10_000_000 }).default(1_000_000),
  events: wholePositive({ about: 'events in the whole run', maximum: 10_000_000_000 }).default(200_000_000),
  lotsPerOrder: wholePositive({ about: 'largest order, in lots', maximum: 1_000_000 }).default(100_000),
  ordersPerAgent: wholePositive({ about: 'orders that an agent may have at rest', maximum: 1_000_000 }).default(10_000),
});

export type MarketDocument = z.output<typeof marketSchema>;
