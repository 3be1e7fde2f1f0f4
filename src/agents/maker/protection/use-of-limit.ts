import { z } from 'zod';
import { fraction, positive } from '../../../config/quantity.ts';
import { CALM, type Over, PULL, REDUCE_ONLY, type Vote, WIDEN } from './level.ts';

export const useParams = z
  .strictObject({
    enabled: z.boolean().default(true),
    soft: fraction({ about: 'share of a limit from which sides that add to the exposure are widened' }).prefault(0.8),
    beyond: positive({ about: 'multiple of a limit from which quotes are pulled, of the expiry or of all', minimum: 1 }).default(1.25),
  })
  .prefault({})
  .describe('what is held of delta, gamma, vega and theta, in all and by expiry: at its limit only sides that lower it are quoted');

export type UseParams = z.output<typeof useParams>;

/**
 * Use of a limit by what is held. Open quotes cannot lead past it (`RiskBudget`): what is held gets there by moves of the market alone.
 *
 * @param told of what: `vega of 7d`. @param unit of value and limit.
 */
export function useOfLimit({ soft, beyond }: UseParams, measure: number, value: number, limit: number, told: string, unit: string): Vote {
  const use = Math.abs(value) / limit;
  if (!(use >= soft)) return CALM;
  const over: Over = { measure, sign: value > 0 ? 1 : -1 };
  const reason = `${told} ${round(value)} at a limit of ${round(limit)} ${unit}`;
  return { level: use >= beyond ? PULL : use >= 1 ? REDUCE_ONLY : WIDEN, reason, over };
}

const round = (value: number): number => Number(value.toPrecision(4));
