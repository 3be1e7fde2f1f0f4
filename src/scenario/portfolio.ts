import { z } from 'zod';
import { powerLawPhi } from '../pricing/factors.ts';
import type { Position } from '../risk/portfolio.ts';
import type { SmileExpiry } from '../risk/smile-surface.ts';
import { HOUSE_GRID, type RegimeShift, type StressGrid, type StressPlan } from '../risk/stress.ts';

/** Days per year of pricing time (act/365). */
const DAYS_PER_YEAR = 365;

const days = z.number().positive().max(36_500).describe('Days from today to the expiry, of 86,400 s; fractions are allowed.');
const quantity = z
  .number()
  .refine((value) => value !== 0, 'must not be 0')
  .describe('Units of the underlying; negative is short.');

const expirySchema = z
  .strictObject({
    days,
    forward: z
      .number()
      .positive()
      .optional()
      .describe('Forward price of this expiry. Give this or carry; without both the forward is the spot.'),
    carry: z.number().min(-5).max(5).optional().describe('Annual carry, continuous: forward = spot e^(carry years).'),
    atmVol: z.number().min(0.001).max(10).describe('Annual vol at the forward; 0.5 is 50 %.'),
    rho: z.number().min(-0.98).max(0.98).describe('SSVI correlation; negative where puts are dearer.'),
    eta: z
      .number()
      .positive()
      .max(100)
      .optional()
      .describe('Steepness of the wings in the power-law form of SSVI, exponent 0.45. Give this or psi.'),
    psi: z.number().positive().max(4).optional().describe('Steepness of the wings in total variance (theta times phi). Give this or eta.'),
  })
  .refine((expiry) => expiry.forward === undefined || expiry.carry === undefined, {
    message: 'give forward or carry, not both',
    path: ['carry'],
  })
  .refine((expiry) => (expiry.eta === undefined) !== (expiry.psi === undefined), {
    message: 'give exactly one of eta and psi',
    path: ['eta'],
  });

const positionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('option'), right: z.literal(['call', 'put']), strike: z.number().positive(), days, quantity }),
  z.strictObject({ kind: z.literal('underlying'), quantity }),
]);

const relativeMoves = z.array(z.number().gt(-1).max(20)).min(1).max(101).refine(distinct, 'must not repeat a value');

const gridSchema = z.strictObject({
  spotShocks: relativeMoves.default([...HOUSE_GRID.spotShocks]).describe('Relative moves of the spot; -0.2 is a fall of 20 %.'),
  volShocks: relativeMoves.default([...HOUSE_GRID.volShocks]).describe('Relative moves of every vol; 0.5 turns 40 % into 60 %.'),
  days: z
    .array(z.number().min(0).max(3650))
    .min(1)
    .max(31)
    .refine(distinct, 'must not repeat a value')
    .default([...HOUSE_GRID.days])
    .describe('Days that pass after the move.'),
});

const regimeShiftSchema = z.strictObject({
  name: z.string().min(1).max(60),
  spot: z.number().gt(-1).max(20).default(0).describe('Relative move of the spot.'),
  level: z.number().min(-3).max(3).default(0).describe('Added to the ln of every vol; 0.6 is +82 %.'),
  slope: z
    .number()
    .min(-3)
    .max(3)
    .default(0)
    .describe('Added to the at-the-money vol at one year, relative to 30 days; 0.01 is one point.'),
  skew: z.number().min(-1.96).max(1.96).default(0).describe('Added to rho.'),
  curvature: z.number().min(-3).max(3).default(0).describe('Added to ln eta.'),
});

/** A portfolio file: the market it is valued in, what is held, and the shocks it is to be put through. */
export const portfolioSchema = z.strictObject({
  name: z.string().min(1).max(60),
  spot: z.number().positive().max(1e12).describe('Price of one unit of the underlying; its currency is that of all amounts.'),
  rate: z.number().min(-1).max(5).default(0).describe('Annual discount rate, continuous.'),
  surface: z
    .array(expirySchema)
    .min(1)
    .max(100)
    .refine((rows) => rows.every((row, i) => row.days > (rows[i - 1]?.days ?? 0)), 'expiries must be in order, each once')
    .describe('One SSVI smile per expiry.'),
  positions: z.array(positionSchema).min(1).max(10_000),
  grid: gridSchema.default({ spotShocks: [...HOUSE_GRID.spotShocks], volShocks: [...HOUSE_GRID.volShocks], days: [...HOUSE_GRID.days] }),
  regimeShifts: z
    .array(regimeShiftSchema)
    .max(100)
    .refine((shifts) => distinct(shifts.map((shift) => shift.name)), 'names must differ')
    .default([]),
});

/** A portfolio file after parsing, with its defaults filled in. */
export type PortfolioDocument = z.infer<typeof portfolioSchema>;

/** The stress that a portfolio file asks for, in years and in the slices of the surface. Pure; smiles are not repaired here. */
export function stressPlan(document: PortfolioDocument): StressPlan {
  const grid: StressGrid = document.grid;
  const regimeShifts: readonly RegimeShift[] = document.regimeShifts;
  const expiries = document.surface.map((row) => smileExpiry(row, document.spot));
  return {
    portfolio: { name: document.name, positions: document.positions.map(position) },
    surface: { spot: document.spot, rate: document.rate, yearsPassed: 0, expiries },
    grid,
    regimeShifts,
  };
}

function smileExpiry(row: PortfolioDocument['surface'][number], spot: number): SmileExpiry {
  const years = row.days / DAYS_PER_YEAR;
  const theta = row.atmVol * row.atmVol * years;
  const carry = row.carry ?? (row.forward === undefined ? 0 : Math.log(row.forward / spot) / years);
  const psi = row.psi ?? theta * powerLawPhi(theta, row.eta ?? 1);
  return { years, carry, slice: { theta, rho: row.rho, psi } };
}

function position(row: PortfolioDocument['positions'][number]): Position {
  if (row.kind === 'underlying') return { kind: 'underlying', quantity: row.quantity };
  return { kind: 'option', right: row.right, strike: row.strike, years: row.days / DAYS_PER_YEAR, quantity: row.quantity };
}

function distinct(values: readonly (number | string)[]): boolean {
  return new Set(values).size === values.length;
}
