import type { HeadKind } from '../../forecast/lstm/outputs.ts';
import { HEADS } from '../../forecast/lstm/outputs.ts';
import { SEQUENCE_ORIGINS, type SequenceOrigin } from '../../study/training-data.ts';
import { choiceOption, forceOption, jsonOption, numberOption, outOption, seedOption, switchOption, textOption } from '../options.ts';
import { SEARCH_OPTIONS, type SearchOptions } from '../search-options.ts';

/** The options of `volpit train`. */
export const trainOptions = {
  data: textOption('--data <file>', 'a file of real history to learn from, in place of simulated markets; with --preset or --columns'),
  preset: choiceOption('--preset <name>', 'with --data: layout of the file', ['cboe', 'deribit-panel', 'dvol'] as const, undefined),
  columns: textOption('--columns <map>', 'with --data: columns of any other dated table, like time=date,vix=VIX,spot=SPX,calm-below=20'),
  to: textOption('--to <day>', 'with --data: last day that is learnt from (default: all)'),
  sequences: numberOption('--sequences <n>', 'simulated worlds', { minimum: 8, maximum: 100_000, whole: true }, 1920),
  source: choiceOption(
    '--source <origin>',
    'worlds without books, seen as is measured on a few full runs; or the books of full runs, which takes some forty times as long and has what only books show',
    SEQUENCE_ORIGINS,
    'worlds',
  ),
  steps: numberOption('--steps <n>', 'forecast steps per world', { minimum: 32, maximum: 5_000, whole: true }, 200),
  units: numberOption('--units <n>', 'units of the LSTM', { minimum: 1, maximum: 256, whole: true }, 32),
  members: numberOption('--members <n>', 'nets of the ensemble, trained side by side', { minimum: 1, maximum: 32, whole: true }, 2),
  epochs: numberOption('--epochs <n>', 'passes over the data at most', { minimum: 1, maximum: 1_000, whole: true }, 6),
  batch: numberOption('--batch <n>', 'sequences per step', { minimum: 1, maximum: 1_024, whole: true }, 16),
  learningRate: numberOption('--learning-rate <x>', 'highest learning rate', { minimum: 1e-6, maximum: 1 }, 0.003),
  schedule: choiceOption(
    '--schedule <name>',
    'after a warm-up of 5 % of the steps: cosine falls to a twentieth, plateau halves after 3 epochs without a better loss',
    ['cosine', 'plateau'] as const,
    'cosine',
  ),
  dropout: numberOption('--dropout <p>', 'input dropout, per sequence', { minimum: 0, maximum: 0.9 }, 0),
  recurrentDropout: numberOption('--recurrent-dropout <p>', 'dropout of states, per sequence', { minimum: 0, maximum: 0.9 }, 0),
  l2: numberOption('--l2 <x>', 'weight decay, as a penalty in the loss', { minimum: 0, maximum: 1 }, 0.00001),
  head: choiceOption('--head <name>', 'what is said of each change: a normal, a Student t, or quantiles', HEADS, 'gaussian'),
  varianceWeight: numberOption(
    '--variance-weight <beta>',
    'losses count by the variance that the net says, to this power: 0 is the likelihood, 1 learns means as by squared errors; not for quantiles',
    { minimum: 0, maximum: 1 },
    0.5,
  ),
  patience: numberOption('--patience <n>', 'epochs without improvement before it ends', { minimum: 1, maximum: 1_000, whole: true }, 6),
  backend: choiceOption('--backend <name>', 'TensorFlow.js backend', ['auto', 'node', 'wasm', 'cpu'] as const, 'auto'),
  seed: seedOption(),
  cache: textOption(
    '--cache <folder>',
    'keep the data there, and take them from there when nothing they depend on has changed (default: no cache)',
  ),
  ...SEARCH_OPTIONS,
  measureOnly: switchOption('--measure-only', 'measure how predictable the worlds are and how they are seen, and train nothing'),
  out: outOption('folder for the model (needed unless --measure-only)'),
  force: forceOption(),
  json: jsonOption(),
};

/** Values of the options. */
export type TrainOptions = SearchOptions &
  Readonly<{
    data: string | undefined;
    preset: 'cboe' | 'deribit-panel' | 'dvol' | undefined;
    columns: string | undefined;
    to: string | undefined;
    sequences: number;
    source: SequenceOrigin;
    steps: number;
    units: number;
    members: number;
    epochs: number;
    batch: number;
    learningRate: number;
    schedule: 'cosine' | 'plateau';
    dropout: number;
    recurrentDropout: number;
    varianceWeight: number;
    l2: number;
    head: HeadKind;
    patience: number;
    backend: 'auto' | 'node' | 'wasm' | 'cpu';
    seed: string;
    cache: string | undefined;
    json: boolean;
    out: string | undefined;
    force: boolean;
  }>;
