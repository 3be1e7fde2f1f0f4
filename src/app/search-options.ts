import { InputError } from '../core/assert.ts';
import { STRATEGY_KINDS } from '../study/search/strategy.ts';
import { choiceOption, numberOption, switchOption, textOption } from './options.ts';
import { SEARCH_FILE } from './search-log.ts';
import { workersOption } from './seed-pool.ts';

/** Full trainings that a search may spend where nothing is said. */
const TRIALS = 20;

/** Options of a search for hyper-parameters before the training. */
export const SEARCH_OPTIONS = {
  search: choiceOption('--search <how>', 'search hyper-parameters first', [...STRATEGY_KINDS, 'all'] as const, undefined),
  trials: numberOption(
    '--trials <n>',
    'budget of a search in full trainings, and the most trials',
    { minimum: 1, maximum: 10_000, whole: true },
    undefined,
  ),
  budget: numberOption(
    '--budget <epochs>',
    `budget of each strategy in epochs times folds (default: as many as --trials, ${TRIALS}, full trainings take)`,
    { minimum: 1, maximum: 1e8, whole: true },
    undefined,
  ),
  folds: numberOption('--folds <k>', 'folds of a search', { minimum: 2, maximum: 20, whole: true }, 4),
  searchSpace: textOption('--search-space <file>', 'YAML or JSON file of what to search over (see docs/search.md)'),
  resume: switchOption(
    '--resume',
    'go on with the search whose log is in the folder, and with an interrupted training from its last whole epochs',
  ),
  workers: workersOption(),
};

/** Their values. */
export type SearchOptions = Readonly<{
  search: (typeof STRATEGY_KINDS)[number] | 'all' | undefined;
  trials: number | undefined;
  budget: number | undefined;
  folds: number;
  searchSpace: string | undefined;
  resume: boolean;
  workers: number;
}>;

/** The budget in epoch-trainings, and the most trials. Without `--budget` halving may make more trials than `--trials`: they are shorter. */
export function budgetOf({ budget, folds, trials }: SearchOptions, epochs: number) {
  const epochTrainings = budget ?? (trials ?? TRIALS) * epochs * folds;
  return { epochTrainings, folds, epochs, trialsMax: budget !== undefined && trials !== undefined ? trials : 100_000 };
}

/** @throws InputError on options of a search without `--search`: they would do nothing. */
export function checkSearchOptions(options: SearchOptions & { readonly measureOnly: boolean }): void {
  const { budget, measureOnly, search, searchSpace, trials } = options;
  const alone = { '--trials': trials, '--budget': budget, '--search-space': searchSpace };
  const issues = Object.entries(alone).flatMap(([path, value]) =>
    search === undefined && value !== undefined ? [{ path, message: 'belongs to a search: expected --search with it' }] : [],
  );
  if (measureOnly && search !== undefined) issues.push({ path: '--search', message: 'trains: it cannot be had with --measure-only' });
  if (issues.length > 0) throw new InputError('train', issues);
}

/** Files of the model's folder that a search must not find there. */
export const searchFiles = ({ resume, search }: Pick<SearchOptions, 'resume' | 'search'>): string[] =>
  search === undefined || resume ? [] : [SEARCH_FILE];

/** What of a command line decides the outcome of a search. */
export function searchFlags({ budget, folds, search, searchSpace, trials }: SearchOptions): Record<string, string | number> {
  if (search === undefined) return {};
  const all = { search, trials, budget, folds, 'search-space': searchSpace };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
