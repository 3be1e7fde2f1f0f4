import { BURN_IN_ROWS } from '../../forecast/lstm/scaling.ts';
import type { Dimension, Parameters, SearchSpace } from './search-space.ts';

/** Hyper-parameters of an LSTM's training that a search may vary. */
export const LSTM_PARAMETERS = ['learningRate', 'units', 'dropout', 'l2', 'steps', 'batch', 'recurrentDropout'] as const;
export type LstmParameter = (typeof LSTM_PARAMETERS)[number];

/** Their values where a search does not vary them. */
export type LstmSettings = Readonly<Record<LstmParameter, number>>;

/**
 * What is searched where the user does not say: learning rate, units, dropout, weight decay and the rows per training sequence. Ranges of
 * the project's own pilot studies.
 * @param settings what would be trained without a search: the initial values, moved into the ranges.
 * @param rows of a sequence as it was made: shorter ones are cut from it.
 */
export function lstmSpace(settings: LstmSettings, rows: number): SearchSpace {
  const lengths = [0.25, 0.5, 1].map((share) => Math.floor(rows * share)).filter((steps) => steps >= 2 * BURN_IN_ROWS);
  const space: readonly Dimension[] = [
    real('learningRate', 3e-4, 1e-2, 'log', settings.learningRate),
    sizes('units', [8, 16, 24, 32, 48], settings.units),
    real('dropout', 0, 0.3, 'linear', settings.dropout),
    real('l2', 1e-6, 1e-2, 'log', settings.l2),
    sizes('steps', lengths.length === 0 ? [rows] : lengths, rows),
  ];
  return space;
}

/** The settings with what a trial sets instead. */
export function settingsOf(settings: LstmSettings, parameters: Parameters): LstmSettings {
  const set = LSTM_PARAMETERS.flatMap((name) => (typeof parameters[name] === 'number' ? [[name, parameters[name]] as const] : []));
  return { ...settings, ...Object.fromEntries(set) };
}

/** Weights of a net: what it costs to serve. @param outputs values forecast per row, each with a mean and a scale. */
export function netWeights({ units }: Pick<LstmSettings, 'units'>, features: number, outputs: number): number {
  return 4 * units * (features + units + 1) + 2 * outputs * (units + features + 1);
}

const real = (name: LstmParameter, minimum: number, maximum: number, scale: 'linear' | 'log', initial: number): Dimension => ({
  kind: 'real',
  name,
  minimum,
  maximum,
  scale,
  initial: Math.min(maximum, Math.max(minimum, initial)),
});

/** Sizes in order, the wanted one among them. */
const sizes = (name: LstmParameter, some: readonly number[], wanted: number): Dimension => ({
  kind: 'choice',
  name,
  choices: [...new Set([...some, wanted])].sort((a, b) => a - b),
  ordered: true,
  initial: wanted,
});
