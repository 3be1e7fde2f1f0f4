import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import { type HistoryPanel, outcomesOf, rowAhead } from './panel.ts';

/** Rows at which a window of `length` usable rows ends, in order of time. */
export function windowOrigins(panel: HistoryPanel, length: number): Int32Array {
  const usable = new Uint8Array(panel.seconds.length);
  for (const row of panel.order) usable[row] = 1;
  // Usable rows of a span follow one another: inputs that look back are known from some row of it on.
  const isWhole = (row: number): boolean =>
    row >= length - 1 && usable[row - length + 1] === 1 && rowAhead(panel, row - length + 1, length - 1) === row;
  return Int32Array.from(panel.order.filter(isWhole));
}

/**
 * Windows of `length` rows that end at the given origins. A target is known where its horizon lies inside the same span; inputs that `features` does
 * not name are left out.
 */
export function windowSet(
  panel: HistoryPanel,
  origin: Readonly<Int32Array>,
  length: number,
  features: readonly string[],
): TrainingSequences {
  const inputs = features.map((name) => panel.inputs[panel.features.indexOf(name)]);
  const { horizons, stepSeconds, states } = panel.definition;
  const outputs = horizons.flatMap(({ steps }) => states.map((_, state) => outcomesOf(panel, state, steps)));
  const rows = new Float32Array(origin.length * length * features.length);
  const targets = new Float32Array(origin.length * length * outputs.length).fill(Number.NaN);
  let at = 0;
  origin.forEach((last, window) => {
    for (let row = last - length + 1; row <= last; row += 1) {
      for (const values of inputs) {
        rows[at] = values?.[row] ?? Number.NaN;
        at += 1;
      }
    }
    outputs.forEach((outcomes, output) => {
      targets[((window + 1) * length - 1) * outputs.length + output] = outcomes[last] ?? Number.NaN;
    });
  });
  return {
    features,
    factors: states.map(({ name }) => name),
    horizonsSeconds: horizons.map(({ steps }) => steps * stepSeconds),
    stepSeconds,
    steps: length,
    burnIn: length - 1,
    count: origin.length,
    rows,
    targets,
  };
}
