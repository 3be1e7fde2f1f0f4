import { fixed, textTable } from '../../core/text-table.ts';
import { type FinishedSearch, ranked, type SearchReport, type StrategyResult } from './search-report.ts';
import type { Parameters } from './search-space.ts';
import { isDone, meanLoss, standardError } from './trial.ts';

/** Rows of trials that are printed; the log has all. */
const ROWS_MAX = 15;

/** The outcome of a search, for a terminal. */
export function searchText(report: SearchReport, searches: readonly FinishedSearch[]): string {
  const { budget, chosenBy, selection, strategies, trials } = report;
  const { best, chosen, difference, luck } = selection;
  const top = ranked(searches).slice(0, ROWS_MAX);
  const hidden = trials - top.length;
  return [
    `Search: ${budget.epochTrainings} epoch-trainings per strategy, ${budget.folds} folds, full trainings of ${budget.epochs} epochs.`,
    'Loss: CRPS on held-out folds over that of the random walk, less 1; below 0 is skill.',
    textTable([
      ['strategy', 'trials', 'failed', 'full', 'spent', 'best loss', 'se', 'after', 'chosen', 'its loss', 's'],
      ...strategies.map(strategyRow),
    ]),
    '',
    textTable([
      ['trial', 'epochs', 'loss', 'se', ...Object.keys(chosen.parameters)],
      ...top.map(({ kind, trial }) => [
        `${kind} ${trial.number}`,
        String(trial.epochs),
        ...(isDone(trial) ? [lossText(meanLoss(trial)), lossText(standardError(trial.outcome.losses) ?? 0)] : ['failed', '']),
        ...Object.values(trial.parameters).map(String),
      ]),
    ]),
    ...(hidden > 0 ? [`and ${hidden} more in the log`] : []),
    '',
    `best: ${lossText(meanLoss(best))} +- ${lossText(selection.standardError)} (${parametersText(best.parameters)})`,
    `chosen by the one-standard-error rule, from ${chosenBy}: ${lossText(meanLoss(chosen))} (${parametersText(chosen.parameters)})`,
    `  its loss less the best one's, on the same folds: ${lossText(difference.mean)} +- ${lossText(difference.standardError)}`,
    `luck: noise of one mean loss ${lossText(luck.noise)}, spread of all ${luck.candidates} full trainings ${lossText(luck.spread)}; the best of as many equals`,
    `  would lie ${lossText(luck.expectedGain)} below their mean; shrunk for noise the best is at ${lossText(luck.shrunkBest)}`,
    `trials: ${trials} (print it beside every p-value of the chosen net)`,
  ].join('\n');
}

function strategyRow({ epochTrainings, failed, foundAfter, fullTrainings, kind, seconds, selection, trials }: StrategyResult): string[] {
  const start = [kind, String(trials), String(failed), String(fullTrainings), String(epochTrainings)];
  if (selection === undefined) return [...start, 'none', '', '', '', '', fixed(seconds, 0)];
  const { best, chosen, standardError: error } = selection;
  return [
    ...start,
    lossText(meanLoss(best)),
    lossText(error),
    String(foundAfter ?? ''),
    `${kind} ${chosen.number}`,
    lossText(meanLoss(chosen)),
    fixed(seconds, 0),
  ];
}

/** `units 16, learningRate 0.0021` */
export const parametersText = (parameters: Parameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const lossText = (loss: number): string => fixed(loss, 4);
