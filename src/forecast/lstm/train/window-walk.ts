import type { SequenceSplit, TrainingSequences } from '../sequences.ts';
import type { FitHistory } from './fit-state.ts';
import type { FitOptions } from './training-options.ts';
import { fitWindows, type WindowForecasts, type WindowNet, windowForecasts } from './window-net.ts';

/** A fit, and the windows that it forecasts. */
export interface WindowFold extends SequenceSplit {
  readonly served: readonly number[];
}

/** How a net walks forward. */
export interface WindowWalkOptions {
  readonly units: number;
  readonly seed: string;
  /** The first fit, from random weights. */
  readonly first: FitOptions;
  /** All later ones, from the weights before. */
  readonly later: FitOptions;
  /** Told how many folds are done. */
  readonly onFold?: (done: number) => void;
}

/** What one net said in all folds, fold after fold, in the order served. */
export interface WindowWalk extends WindowForecasts {
  readonly histories: readonly FitHistory[];
  /** As it was after the last fit. */
  readonly net: WindowNet;
}

/**
 * One net through history: fitted on the first fold, fine-tuned on each later one from the weights that it had, and asked about the windows
 * served in between. Scalings are those of each fold's training part. Equal data, options and backend give equal bytes.
 *
 * @throws InputError when a fit fails ({@link fitWindows}).
 */
export async function walkWindows(data: TrainingSequences, folds: readonly WindowFold[], options: WindowWalkOptions): Promise<WindowWalk> {
  const change: number[] = [];
  const scale: number[] = [];
  const histories: FitHistory[] = [];
  let net: WindowNet | undefined;
  for (const [place, fold] of folds.entries()) {
    const terms = place === 0 ? options.first : options.later;
    const fitted = await fitWindows(data, fold, { ...terms, units: options.units, seed: `${options.seed}/fit${place}` }, net);
    net = fitted.net;
    histories.push(fitted.history);
    const said = windowForecasts(net, data, fold.served);
    for (const value of said.change) change.push(value);
    for (const value of said.scale) scale.push(value);
    options.onFold?.(place + 1);
  }
  return { change: Float64Array.from(change), scale: Float64Array.from(scale), histories, net: net as WindowNet };
}
