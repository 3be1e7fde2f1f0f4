import type { Search } from '../study/search/search.ts';
import type { AskedTrial, TrialOutcome } from '../study/search/trial.ts';
import type { SearchLog } from './search-log.ts';

/**
 * Drives one search to its end; the trials of a round are begun together. What the log knows is not done again.
 * @param outcome does the work, whatever it is: a net trained on folds of sequences, or any other function of parameters and epochs with a loss per fold. It
 *   reports a trial that fails as its outcome; what it throws ends the search.
 * @param tell hears after each trial how many epochs are over.
 */
export async function drive(
  search: Search,
  log: SearchLog,
  outcome: (trial: AskedTrial) => Promise<TrialOutcome>,
  tell: (epochs: number) => void,
): Promise<void> {
  const working = new Set<Promise<void>>();
  let epochs = 0;
  for (;;) {
    const asked = search.ask();
    if (asked === 'done') return;
    if (asked === 'wait') {
      await Promise.race(working);
      continue;
    }
    const known = log.outcome(search.kind, asked);
    if (known !== undefined) {
      search.tell(asked.number, known);
      log.hold(search.kind, search.trials);
      epochs += asked.epochs;
      continue;
    }
    const work = outcome(asked).then((result) => {
      search.tell(asked.number, result);
      log.write(search.kind, search.trials);
      epochs += asked.epochs;
      tell(epochs);
    });
    const tracked = work.finally(() => working.delete(tracked));
    working.add(tracked);
  }
}
