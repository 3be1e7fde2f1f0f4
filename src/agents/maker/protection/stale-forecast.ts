import { z } from 'zod';
import { wholePositive } from '../../../config/quantity.ts';
import { CALM, type Vote, WIDEN } from './level.ts';

export const staleForecastParams = z
  .strictObject({
    enabled: z.boolean().default(true),
    steps: wholePositive({ about: 'forecast steps that a forecast is used for after it was made, without a new one' }).default(3),
  })
  .prefault({})
  .describe('the forecaster has stopped, or gives no numbers: its last forecast is dropped, and quotes are widened');

export type StaleForecastParams = z.output<typeof staleForecastParams>;

/** Stale forecast. @param ageSteps forecast steps since the last one that was made; 0 while none is expected yet. */
export function staleForecast({ steps }: StaleForecastParams, ageSteps: number): Vote {
  if (ageSteps <= steps) return CALM;
  return { level: WIDEN, reason: `no forecast for ${Math.floor(ageSteps)} steps` };
}
