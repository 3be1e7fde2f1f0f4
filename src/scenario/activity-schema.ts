import { z } from 'zod';
import { hours, nonNegative, positive } from '../config/quantity.ts';
import { type ActivitySpec, meanLevel } from '../processes/activity.ts';
import type { Path } from './shown.ts';

/** What a scenario may change in the preset's activity (`processes/activity.ts`); the rest stays. */
export const activitySchema = z
  .strictObject({
    sd: nonNegative({ about: "standard deviation of the activity's log; 0 for none of it by chance", maximum: 2 }),
    halfLifeMinutes: positive({ about: 'half-life of a busy or quiet spell', maximum: 1e6 }),
    spotCorrelation: z.number().min(-1).max(1).describe('correlation of its shocks with those of the spot'),
    shape: z
      .array(z.tuple([nonNegative({ about: 'share of the day', maximum: 1 }), nonNegative({ about: 'level', maximum: 100 })]))
      .max(1000)
      .describe(
        'pairs of a share of the day, from 0 to 1, and the level of activity there: linear between them, used relative to its mean',
      ),
    dayHours: hours({ about: 'length of the day that the shape is of', above: 0, maximum: 24 }),
    startHours: hours({ about: 'where in that day the run begins' }),
  })
  .partial();

export type ActivityDocument = z.output<typeof activitySchema>;

/** The preset's activity with the document's changes. Faults of how they fit together go to `fault`. */
export function buildActivity(preset: ActivitySpec, changes: ActivityDocument, fault: (path: Path, message: string) => void): ActivitySpec {
  const activity: ActivitySpec = {
    sd: changes.sd ?? preset.sd,
    halfLifeMinutes: changes.halfLifeMinutes ?? preset.halfLifeMinutes,
    spotCorrelation: changes.spotCorrelation ?? preset.spotCorrelation,
    shape: changes.shape ?? preset.shape,
    dayHours: changes.dayHours ?? preset.dayHours,
    startHours: changes.startHours ?? preset.startHours,
  };
  const { dayHours, shape, startHours } = activity;
  const shares = shape.map(([share]) => share);
  if (shares[0] !== 0 || shares.at(-1) !== 1 || shares.some((share, i) => i > 0 && share <= (shares[i - 1] ?? 0))) {
    fault(['world', 'activity', 'shape'], `found shares of the day ${shares.join(', ')}, expected them increasing, from 0 to 1`);
  } else if (!(meanLevel(shape) > 0)) {
    fault(['world', 'activity', 'shape'], 'found no level above 0, expected a time of the day at which something happens');
  }
  if (startHours >= dayHours) {
    fault(['world', 'activity', 'startHours'], `found ${startHours} h, expected a time before the end of the day, at ${dayHours} h`);
  }
  return activity;
}
