import type { HistoryCard } from '../forecast/lstm/history-card.ts';
import { HISTORY_CARD_FORMAT } from '../forecast/lstm/model-card.ts';
import type { BackendName } from '../forecast/lstm/train/backend.ts';
import type { WindowNet } from '../forecast/lstm/train/window-net.ts';
import { evaluation } from '../study/evaluation/evaluation.ts';
import { historyBaselines } from '../study/history/baselines.ts';
import { type FinalPlan, finalPlan } from '../study/history/final-plan.ts';
import { type EnsembleForecasts, historyTable } from '../study/history/history-forecasts.ts';
import { averaged } from '../study/history/mixtures.ts';
import type { NetTerms } from '../study/history/presets.ts';
import { isoTime } from './history-evaluation.ts';
import { type FittedNet, fitHistoryNet, type HistoryFitTask } from './history-fit.ts';
import { trainedNets } from './history-pool.ts';
import { type HistorySubject, type SubjectHistory, subjectHistory } from './history-subject.ts';
import { CARD_FILE, sha256 } from './model-folder.ts';
import type { Progress } from './progress.ts';
import { memberFile, memberWeights } from './training/card.ts';

/** What a kept model is made from. */
export interface KeptTask {
  readonly source: string;
  readonly text: string;
  readonly subject: HistorySubject;
  /** Rows after it are as if they were not there. */
  readonly toSeconds: number;
  readonly seed: string;
  readonly backend: 'auto' | BackendName;
  readonly workers: number;
  /** Terms of the nets; the preset's where not given. */
  readonly net?: NetTerms;
  /** For the card. */
  readonly command: string;
  readonly version: string;
  /** Clock in milliseconds. */
  readonly now: () => number;
}

/** A trained ensemble with its card, not written yet. */
export interface KeptModel {
  readonly card: HistoryCard;
  readonly nets: readonly WindowNet[];
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Trains an ensemble on all rows of a file. Equal tasks give equal files but for `seconds` in the card, with any number of workers
 * (test/app/history-training.test.ts).
 *
 * @throws InputError on a file that does not serve; Interruption on a signal: then nothing is kept.
 */
export async function keptHistory(task: KeptTask, progress: Progress): Promise<KeptModel> {
  const started = task.now();
  const { source, text, subject, toSeconds, seed, backend } = task;
  const history = subjectHistory(source, text, subject, toSeconds);
  const net = task.net ?? history.preset.net;
  const plan = finalPlan(history.panel, net);
  const tasks = Array.from({ length: net.seedsPerEnsemble }, (_, i): HistoryFitTask => {
    const weightsFile = memberWeights(i + 1);
    return { source, text, subject, toSeconds, net, backend, seed: `history/${seed}/kept/net${i}`, weightsFile };
  });
  const fitted = await trainedNets(tasks, task.workers, 'fit', fitHistoryNet, progress);
  const nets = fitted.map(({ net: own }) => own);
  const { selectBackend } = await import('../forecast/lstm/train/backend.ts');
  await selectBackend(backend);
  const rows = await skillOf(history, plan, nets);
  const card = cardOf(task, history, plan, net, fitted, rows, (task.now() - started) / 1000);
  return {
    card,
    nets,
    files: {
      ...Object.fromEntries(
        fitted.flatMap(({ modelJson, weightsBin }, i) => [
          [memberFile(i + 1), modelJson],
          [memberWeights(i + 1), weightsBin],
        ]),
      ),
      [CARD_FILE]: `${JSON.stringify(card, null, 2)}\n`,
    },
  };
}

/** What an ensemble says at the last rows of these windows. The backend was selected before. */
export async function ensembleForecasts(
  nets: readonly WindowNet[],
  data: FinalPlan['data'],
  windows: readonly number[],
): Promise<EnsembleForecasts> {
  const { windowForecasts } = await import('../forecast/lstm/train/window-net.ts');
  return averaged(nets.map((net) => windowForecasts(net, data, windows)));
}

/** Scores on the part that chose the epochs; of the ensemble and of its average with the linear models. */
async function skillOf(
  { panel, preset }: SubjectHistory,
  { data, origins, split }: FinalPlan,
  nets: readonly WindowNet[],
): Promise<HistoryCard['metrics']['rows']> {
  const served = Int32Array.from(split.validation, (place) => origins[place] ?? -1);
  const said = await ensembleForecasts(nets, data, split.validation);
  const table = historyTable('early stopping', panel, preset, historyBaselines(panel, preset), served, said);
  const targets = table.targets
    .filter(({ kind }) => kind === 'change')
    .map((target) => ({ ...target, models: target.models.filter(({ model }) => ['rw', 'lstm', 'average'].includes(model)) }));
  return evaluation({ ...table, targets })
    .rows.filter(({ model }) => model !== 'rw')
    .map(({ ci95, coverage80 = null, horizon, model, n, r2VsRandomWalk, target }) => {
      return { target, horizon, model, n, r2VsRandomWalk: r2VsRandomWalk.all, ci95: [ci95[0], ci95[1]], coverage80 };
    });
}

function cardOf(
  { command, seed, source, subject, text, version }: KeptTask,
  { panel, preset, table }: SubjectHistory,
  { data, origins, split, still }: FinalPlan,
  net: NetTerms,
  fitted: readonly FittedNet[],
  rows: HistoryCard['metrics']['rows'],
  seconds: number,
): HistoryCard {
  const [first] = fitted;
  if (first === undefined) throw new Error('a model has a net');
  const times = table.assets.flatMap(({ seconds: own }) => [...own]).sort((a, b) => a - b);
  const part = (places: readonly number[]) => {
    const at = (place: number | undefined): string => isoTime(panel.seconds[origins[place ?? -1] ?? -1] ?? 0);
    return { windows: places.length, first: at(places[0]), last: at(places.at(-1)) };
  };
  const { batch, dropout, epochs, l2, learningRate, patience } = net.first;
  return {
    format: HISTORY_CARD_FORMAT,
    volpit: version,
    command,
    backend: first.backend,
    seed,
    preset: 'preset' in subject ? subject.preset : null,
    columns:
      'preset' in subject
        ? null
        : { ...subject.columns, vols: subject.columns.vols.map((vol) => ({ ...vol })), stepSeconds: preset.definition.stepSeconds },
    data: {
      file: source,
      sha256: sha256(text),
      rows: times.length,
      blankRows: table.blankRows,
      first: isoTime(times[0] ?? 0),
      // Rounded up: what comes after it was not seen.
      last: isoTime(Math.ceil((times.at(-1) ?? 0) * 1000) / 1000),
      assets: [...panel.assets],
    },
    features: [...data.features],
    stillFeatures: [...still],
    targets: panel.definition.states.map(({ name, unit }) => ({ name, unit })),
    horizons: panel.definition.horizons.map(({ label, steps }) => ({ steps, label })),
    window: net.window,
    units: net.units,
    split: { training: part(split.training), earlyStopping: part(split.validation) },
    inputScaler: { mean: [...first.net.inputScaler.mean], sd: [...first.net.inputScaler.sd] },
    targetScale: [...first.net.targetScale],
    fit: { epochs, batch, learningRate, dropout, l2, patience },
    members: fitted.map(({ history, modelJson, weightsBin }, i) => ({
      seed: `history/${seed}/kept/net${i}`,
      model: memberFile(i + 1),
      modelSha256: sha256(modelJson),
      weightsSha256: sha256(weightsBin),
      epochs: history.epochs,
      bestEpoch: history.bestEpoch,
      trainLoss: [...history.trainLoss],
      validationLoss: [...history.validationLoss],
    })),
    metrics: { on: 'early-stopping part: it chose the epochs, so these figures flatter', rows },
    seconds,
  };
}
