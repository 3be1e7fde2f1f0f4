import { fixed, textTable } from '../core/text-table.ts';
import type { ModelCard } from '../forecast/lstm/model-card.ts';
import { FACTORS } from '../pricing/factors.ts';
import type { StatePredictability } from './state-predictability.ts';
import type { TrainingSource } from './training-data.ts';

/** What was measured before any training: how well a maker sees the surface, and how much of its changes could be known at all. */
export function trainingDataText(
  sources: readonly TrainingSource[],
  predictability: readonly { readonly scenario: string; readonly rows: readonly StatePredictability[] }[],
): string {
  return sources
    .map(({ scenario, observation: o }, i) => {
      const view = FACTORS.map((name, f) => [
        name,
        (o.errorSd[f] ?? 0).toExponential(2),
        fixed(o.persistence[f] ?? 0, 2),
        fixed(o.lag[f] ?? 0, 2),
        (o.noiseSd[f] ?? 0).toExponential(2),
      ]);
      return [
        `${scenario.name}: the tracker's error per forecast step of ${scenario.forecast.stepSeconds} s, over ${o.steps} steps of full runs`,
        textTable([['factor', 'rms error', 'persistence', 'lag', 'noise'], ...view]),
        '',
        'R2 of the true change for one who knows the hidden state now (in sample; steps of the horizon across)',
        predictabilityTable(predictability[i]?.rows ?? []),
        '',
      ].join('\n');
    })
    .join('\n');
}

function predictabilityTable(rows: readonly StatePredictability[]): string {
  const horizons = [...new Set(rows.map((row) => row.horizonSteps))];
  const keys = [...new Set(rows.map((row) => `${row.factor}, ${row.regime}`))];
  const body = keys.map((key) => {
    const mine = rows.filter((row) => `${row.factor}, ${row.regime}` === key);
    const cells = horizons.map((horizon) => fixed(mine.find((row) => row.horizonSteps === horizon)?.r2 ?? 0, 3));
    return [key, ...cells, String(mine[0]?.origins ?? 0)];
  });
  return textTable([['factor, regime', ...horizons.map(String), 'origins'], ...body]);
}

/** The outcome of a training run. */
export function trainingResultText(
  card: ModelCard,
  trained: { readonly backendReason: readonly string[]; readonly endedBy: readonly string[]; readonly seconds: number },
  path: string,
): string {
  const rows = card.metrics.map((metric) => [
    metric.factor,
    `${fixed(metric.horizonSeconds / 60, 1)} min`,
    fixed(metric.r2VsRandomWalk, 3),
    `[${fixed(metric.r2Low, 3)}, ${fixed(metric.r2High, 3)}]`,
    String(metric.samples),
    `${fixed(100 * metric.coverage80, 0)} %`,
  ]);
  const { training } = card;
  const nets = [training, ...card.members].map(({ epochs, bestEpoch, seconds, validationLoss }, n) => {
    const losses = `held-out loss ${fixed(validationLoss[0] ?? 0, 4)} before, ${fixed(validationLoss[bestEpoch] ?? 0, 4)} at the best`;
    return `net ${n + 1}: ${epochs} epochs in ${fixed(seconds, 0)} s, best ${bestEpoch}, ended by ${trained.endedBy[n] ?? ''}; ${losses}`;
  });
  return [
    `backend ${card.backend} (${trained.backendReason.join('; ')})`,
    `${nets.length} x ${training.parameters} parameters, ${training.sequences} sequences of ${training.steps} steps; data ${fixed(training.dataSeconds, 0)} s, training ${fixed(trained.seconds, 0)} s`,
    ...nets,
    '',
    'On the part held out of training (it chose the epoch, so this is not an out-of-sample result; see volpit evaluate):',
    textTable([['factor', 'horizon', 'R2', '95 %', 'samples', 'in 80 %'], ...rows]),
    ...extrasText(card),
    '',
    `written to ${path}`,
  ].join('\n');
}

/** Realised volatility and shocks, where the nets forecast them; scores of forecasts beside those of a constant. */
function extrasText({ extras }: ModelCard): string[] {
  if (extras === null) return [];
  const rows = extras.metrics.map((row) => [
    `${fixed(row.horizonSeconds / 60, 1)} min`,
    fixed(row.qlike, 3),
    fixed(row.qlikeOfMean, 3),
    fixed(row.brier, 4),
    fixed(row.brierOfMean, 4),
    `${fixed(100 * row.shockShare, 1)} %`,
  ]);
  return [
    '',
    `Realised variance (QLIKE) and shocks (Brier): ${extras.shockMeaning}`,
    textTable([['horizon', 'QLIKE', 'of the mean', 'Brier', 'of the share', 'shocks'], ...rows]),
  ];
}
