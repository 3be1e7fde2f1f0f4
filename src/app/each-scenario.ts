import type { Context } from './command.ts';
import type { LoadedScenario } from './run-setup.ts';

/** Does the same for each scenario, with progress. */
export async function eachScenario<T>(
  title: string,
  loaded: readonly LoadedScenario[],
  context: Context,
  work: (scenario: LoadedScenario, tell: (done: number) => void) => Promise<T>,
): Promise<T[]> {
  const progress = context.progress(title);
  const results: T[] = [];
  try {
    for (const one of loaded) {
      const before = results.length;
      results.push(await work(one, (done) => progress.update(before + done, loaded.length, one.scenario.name)));
    }
  } finally {
    progress.end();
  }
  return results;
}
