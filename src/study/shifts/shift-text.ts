import { fixed, textTable } from '../../core/text-table.ts';
import { SHIFT_LOSSES, type ShiftLoss } from './shift-study.ts';
import type { MeanOverShifts, ShiftRow } from './shift-summary.ts';

const TITLES: Readonly<Record<ShiftLoss, string>> = {
  squared: 'squared error, as a share of the refit’s',
  crps: 'CRPS, as a share of the refit’s',
  log: 'log score, nats',
};

/** The rows of a study of shifts as tables, one per loss: excess over the refit by kind, horizon and model, and the adaptive one's over the frozen one's. */
export function shiftText(rows: readonly ShiftRow[]): string {
  const models = [...new Set(rows.map(({ model }) => model))];
  const tables = SHIFT_LOSSES.map((loss) => {
    const own = rows.filter((row) => row.loss === loss && row.model === models[0]);
    const body = own.map(({ kind, horizonSteps, shifts }) => {
      const of = (model: string): ShiftRow | undefined =>
        rows.find((row) => row.loss === loss && row.kind === kind && row.horizonSteps === horizonSteps && row.model === model);
      const ratio = (value: MeanOverShifts | undefined): string =>
        value === undefined ? '-' : `${fixed(value.mean, 2)} [${fixed(value.ci95[0], 2)}, ${fixed(value.ci95[1], 2)}]`;
      return [
        kind,
        String(horizonSteps),
        String(shifts),
        ...models.map((model) => fixed(of(model)?.excess.mean ?? Number.NaN, 3)),
        ratio(of('adaptive')?.ofFrozen),
        ratio(of('adaptive')?.ofAverage),
        ...['frozen', 'adaptive'].map((model) => `${fixed(100 * (of(model)?.coverage80 ?? Number.NaN), 1)} %`),
        ...['frozen', 'adaptive'].map((model) => of(model)?.recoverySteps?.toString() ?? 'never'),
      ];
    });
    const head = [
      'shift',
      'steps ahead',
      'shifts',
      ...models,
      'adaptive / frozen',
      'adaptive / average',
      'frozen in 80 %',
      'adaptive in 80 %',
      'frozen back',
      'adaptive back',
    ];
    return `Excess over a refit: ${TITLES[loss]}\n${textTable([head, ...body])}`;
  });
  return tables.join('\n\n');
}
