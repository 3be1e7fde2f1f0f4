import { FixedShareGate } from '../../forecast/adaptive/fixed-share-gate.ts';
import type { HistoryPanel } from './panel.ts';
import { prequential } from './prequential.ts';

/** Expected change and scale at each row of a panel; NaN where nothing is said. */
export interface RowForecasts {
  readonly change: Readonly<Float64Array>;
  readonly scale: Readonly<Float64Array>;
}

/** The plain mean of forecasts; its variance is the mean of theirs, plus that of their means. */
export function averaged(members: readonly RowForecasts[]): RowForecasts {
  const count = members[0]?.change.length ?? 0;
  const change = new Float64Array(count);
  const scale = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const mean = members.reduce((sum, member) => sum + (member.change[row] ?? Number.NaN), 0) / members.length;
    const variance = members.reduce((sum, member) => {
      const [own, off] = [member.scale[row] ?? Number.NaN, (member.change[row] ?? Number.NaN) - mean];
      return sum + own * own + off * off;
    }, 0);
    change[row] = mean;
    scale[row] = Math.sqrt(variance / members.length);
  }
  return { change, scale };
}

/**
 * Experts weighted by their losses so far, the walk among them: a fixed-share gate ({@link FixedShareGate}) over all assets, which learns
 * each outcome when it is known.
 *
 * @param walk scale of the random walk's error, in which losses are measured.
 */
export function gated(
  panel: HistoryPanel,
  steps: number,
  outcomes: Readonly<Float64Array>,
  experts: readonly Readonly<Float64Array>[],
  walk: Readonly<Float64Array>,
): Float64Array {
  const gate = new FixedShareGate({ start: experts.map(() => 1), horizonSteps: steps * panel.assets.length });
  const values = (row: number): Float64Array => Float64Array.from(experts, (change) => change[row] ?? Number.NaN);
  return prequential(
    panel,
    steps,
    outcomes,
    {
      learn(row, outcome) {
        const said = values(row);
        if (said.every(Number.isFinite)) gate.learnOutcome(outcome, walk[row] ?? Number.NaN, said);
      },
      refit: () => undefined,
      predict: (row) => gate.combined(values(row)),
    },
    { firstOutcomes: 0, refitTimes: 1 },
  );
}
