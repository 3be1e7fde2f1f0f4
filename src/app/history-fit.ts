import { InputError, type Issue } from '../core/assert.ts';
import type { BackendName } from '../forecast/lstm/train/backend.ts';
import type { FitHistory } from '../forecast/lstm/train/fit-state.ts';
import type { NetFiles } from '../forecast/lstm/train/net.ts';
import type { WindowNet } from '../forecast/lstm/train/window-net.ts';
import { finalPlan } from '../study/history/final-plan.ts';
import type { NetTerms } from '../study/history/presets.ts';
import { type HistorySubject, subjectHistory } from './history-subject.ts';

/** One net on all of a file: what is sent to a worker. */
export interface HistoryFitTask {
  readonly source: string;
  readonly text: string;
  readonly subject: HistorySubject;
  readonly toSeconds: number;
  readonly net: NetTerms;
  readonly backend: 'auto' | BackendName;
  readonly seed: string;
  /** Name under which the model file finds its weights. */
  readonly weightsFile: string;
}

/** A net that can be kept. */
export interface FittedNet extends NetFiles {
  readonly kind: 'done';
  readonly net: WindowNet;
  readonly history: FitHistory;
  readonly backend: BackendName;
}

/** What comes back. */
export type HistoryFitOutcome = FittedNet | { readonly kind: 'bad-input'; readonly source: string; readonly issues: readonly Issue[] };

/** Trains one net on all rows of a file. Equal tasks give equal bytes, wherever they run. */
export async function fitHistoryNet(task: HistoryFitTask): Promise<HistoryFitOutcome> {
  try {
    const { panel } = subjectHistory(task.source, task.text, task.subject, task.toSeconds);
    const { data, split } = finalPlan(panel, task.net);
    // TensorFlow.js is loaded only where something is trained.
    const [{ selectBackend }, { fitWindows }, { windowNetFiles }] = await Promise.all([
      import('../forecast/lstm/train/backend.ts'),
      import('../forecast/lstm/train/window-net.ts'),
      import('../forecast/lstm/train/window-files.ts'),
    ]);
    const backend = await selectBackend(task.backend);
    const { history, net } = await fitWindows(data, split, { ...task.net.first, units: task.net.units, seed: task.seed });
    return { kind: 'done', ...(await windowNetFiles(net, data, task.weightsFile)), net, history, backend: backend.name };
  } catch (error) {
    // An error that crosses to another thread is no longer of its class.
    if (!(error instanceof InputError)) throw error;
    return { kind: 'bad-input', source: error.source, issues: error.issues };
  }
}
