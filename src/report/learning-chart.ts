import { decimalsFor, fixed } from '../core/text-table.ts';
import { chart, polyline } from './chart.ts';
import { type LearningCurve, styleOf } from './evaluation-report.ts';

const SHOWN = 5;

/** Losses by epoch of up to five nets: validation solid, training dashed. */
export function learningChart(curves: readonly LearningCurve[]): string | undefined {
  const shown = curves.filter(({ train, validation }) => train.length + validation.length > 0).slice(0, SHOWN);
  if (shown.length === 0) return undefined;
  const losses = shown.flatMap(({ train, validation }) => [...train, ...validation]).filter(Number.isFinite);
  const epochs = Math.max(...shown.map(({ train, validation }) => Math.max(train.length, validation.length)));
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const margin = 0.05 * (most - least || 1);
  const digits = Math.max(3, decimalsFor(most - least, 3));
  const path = (values: readonly number[]) =>
    values.map((loss, epoch) => [epoch + 1, loss] as const).filter(([, loss]) => Number.isFinite(loss));
  return chart({
    title: 'Learning curves',
    caption: `Loss by epoch: validation solid, training dashed${shown.length < curves.length ? `; ${shown.length} of ${curves.length} nets` : ''}. Training losses include dropout and may lie above validation.`,
    x: { label: 'epoch', from: 1, to: Math.max(2, epochs) },
    y: { label: 'loss', from: least - margin, to: most + margin },
    legend: shown.map(({ name: label }, i) => ({ label, style: styleOf(i) })),
    table: {
      header: ['epoch', ...shown.flatMap(({ name }) => [`${name}, training`, 'validation'])],
      rows: Array.from({ length: epochs }, (_, epoch) => [
        String(epoch + 1),
        ...shown.flatMap(({ train, validation }) =>
          [train[epoch], validation[epoch]].map((loss) => (loss === undefined || !Number.isFinite(loss) ? '' : fixed(loss, digits))),
        ),
      ]),
    },
    draw: (frame) =>
      shown.flatMap(({ train, validation }, i) => [
        polyline(path(train), frame, styleOf(i), 'dashed'),
        polyline(path(validation), frame, styleOf(i)),
      ]),
  });
}
