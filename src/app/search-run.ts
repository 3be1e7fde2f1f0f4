import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../core/assert.ts';
import { streams } from '../core/rng.ts';
import type { ModelCard } from '../forecast/lstm/model-card.ts';
import { outputsOf, type TrainingSequences } from '../forecast/lstm/sequences.ts';
import { cutSequences } from '../study/search/cut-sequences.ts';
import { sequenceFolds } from '../study/search/folds.ts';
import { LSTM_PARAMETERS, type LstmSettings, lstmSpace, netWeights, settingsOf } from '../study/search/lstm-space.ts';
import { Search } from '../study/search/search.ts';
import { type FinishedSearch, type SearchReport, searchCard, searchReport } from '../study/search/search-report.ts';
import { searchText } from '../study/search/search-text.ts';
import { type SearchSetup, STRATEGY_KINDS, type StrategyKind } from '../study/search/strategy.ts';
import { isDone, meanLoss } from '../study/search/trial.ts';
import type { Context } from './command.ts';
import { sha256 } from './model-folder.ts';
import { drive } from './search-drive.ts';
import type { FixedOptions } from './search-fold.ts';
import { trialTrainer } from './search-folds.ts';
import { SEARCH_FILE, SEARCH_LOG_FORMAT, SearchLog } from './search-log.ts';
import { budgetOf, type SearchOptions } from './search-options.ts';
import { readSearchSpace } from './search-space-file.ts';

/** Options of the training that a search leaves alone or starts from. */
export type SearchedOptions = LstmSettings & SearchOptions & FixedOptions & Readonly<{ epochs: number; seed: string; json: boolean }>;

/** What is trained in the end, and what the model card says of how it was chosen. */
export interface SearchedTraining<T> {
  readonly data: TrainingSequences;
  readonly options: T;
  readonly card: Partial<ModelCard>;
}

/** A search that is over. */
interface SearchRun {
  readonly report: SearchReport;
  readonly searches: readonly FinishedSearch[];
  readonly settings: LstmSettings;
  /** The log as it lies in the folder. */
  readonly log: string;
}

/**
 * Searches first where the options ask for it, and prints what came of it: the data are then cut, and the options set, as the search chose.
 * @param folder of the model, in which the log is written.
 * @throws InputError and Interruption as {@link searched} does.
 */
export async function searchedTraining<T extends SearchedOptions>(
  data: TrainingSequences,
  options: T,
  folder: string,
  context: Context,
): Promise<SearchedTraining<T>> {
  if (options.search === undefined) return { data, options, card: {} };
  const { log, report, searches, settings } = await searched(data, options, folder, context);
  if (!options.json) context.output.print(`${searchText(report, searches)}\n`);
  const all = Array.from({ length: data.count }, (_, sequence) => sequence);
  return {
    data: cutSequences(data, all, settings.steps),
    // Rows per world stay what they were; what is trained on are the pieces.
    options: { ...options, ...settings, steps: options.steps },
    card: { units: settings.units, search: searchCard(report, sha256(log)) },
  };
}

/**
 * Searches hyper-parameters by one strategy or by all, one after the other on the same folds and the same budget each, and writes each trial down. The result is the
 * same with any number of workers, and whether or not it was broken off and resumed.
 * @param folder of the log.
 * @throws InputError on a bad space or budget, a log of another search, or when not one full training has a loss; Interruption on a signal: the log
 *   then has all trials that were over.
 */
async function searched(data: TrainingSequences, options: SearchedOptions, folder: string, context: Context): Promise<SearchRun> {
  const { backend, batch, dropout, epochs, head, l2, learningRate, patience, recurrentDropout, schedule, seed, units, varianceWeight } =
    options;
  const settings: LstmSettings = { learningRate, units, dropout, l2, steps: data.steps, batch, recurrentDropout };
  const fixed: FixedOptions = { patience, backend, head, schedule, varianceWeight };
  const space =
    options.searchSpace === undefined ? lstmSpace(settings, data.steps) : readSearchSpace(options.searchSpace, settings, data.steps);
  const budget = budgetOf(options, epochs);
  const chance = streams(seed);
  const setup: SearchSetup = { space, budget, chance };
  const kinds = options.search === 'all' || options.search === undefined ? STRATEGY_KINDS : [options.search];
  // All are made before any is run: a budget that one of them cannot use is refused at once.
  const searches = kinds.map((kind) => new Search(kind, setup));
  const folds = sequenceFolds(data.count, options.folds, chance.stream('tune/search/folds'));
  const header = {
    format: SEARCH_LOG_FORMAT,
    seed,
    ...budget,
    fixed,
    data: dataHash(data),
    settings: Object.fromEntries(LSTM_PARAMETERS.map((name) => [name, settings[name]])),
    space,
  } as const;
  const log = new SearchLog(join(folder, SEARCH_FILE), header, options.resume);
  const trainer = await trialTrainer({ data, folds, seed, fixed }, settings, options.workers);
  const bar = context.progress('searching');
  try {
    for (const [i, search] of searches.entries()) {
      const tell = (spent: number, note: string): void =>
        bar.update(i * budget.epochTrainings + spent, searches.length * budget.epochTrainings, note);
      await drive(
        search,
        log,
        (trial) => trainer.outcome(trial),
        (epochs) => tell(epochs * budget.folds, noteOf(search)),
      );
    }
  } finally {
    bar.end();
    await trainer.end();
  }
  const finished = searches.map(({ kind, trials }) => ({ kind, trials }));
  const report = searchReport(finished, budget, (parameters) =>
    netWeights(settingsOf(settings, parameters), data.features.length, outputsOf(data)),
  );
  if (report === undefined) {
    const failed = searches.flatMap(({ trials }) => trials).find((trial) => !isDone(trial));
    const reason = failed?.outcome.status === 'failed' ? failed.outcome.reason : 'none was made';
    throw new InputError('search', [{ path: '', message: `no full training has a loss; the first failure: ${reason}` }]);
  }
  return { report, searches: finished, settings: settingsOf(settings, report.selection.chosen.parameters), log: log.text() };
}

function noteOf({ kind, trials }: { readonly kind: StrategyKind; readonly trials: FinishedSearch['trials'] }): string {
  const losses = trials.filter(isDone).map(meanLoss);
  return losses.length === 0 ? kind : `${kind}, trial ${trials.length}, lowest loss ${Math.min(...losses).toFixed(4)}`;
}

function dataHash({ rows, targets }: TrainingSequences): string {
  const hash = createHash('sha256');
  for (const { buffer, byteLength, byteOffset } of [rows, targets]) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
