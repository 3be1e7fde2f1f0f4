import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Interval } from '../bootstrap.ts';
import { mean, standardDeviation } from '../statistics.ts';
import { studentQuantile } from '../student-t.ts';
import { BLOCK_STEPS, SHIFT_LOSSES, type ShiftLoss, type ShiftOutcome } from './shift-study.ts';

/** A mean over shifts. */
export interface MeanOverShifts {
  readonly mean: number;
  readonly ci95: Interval;
}

/** One model after the shifts of one kind, or of all kinds. */
export interface ShiftRow {
  /** `all`: every kind but the control. */
  readonly kind: string;
  readonly model: string;
  readonly loss: ShiftLoss;
  /** Steps ahead, or `all`. */
  readonly horizonSteps: number | 'all';
  readonly shifts: number;
  /**
   * Loss above that of the refit, in the mean over factors. Squared errors and CRPS: as a share of the refit's mean loss of that factor and horizon after
   * shifts of that kind; log scores: in nats.
   */
  readonly excess: MeanOverShifts;
  /** Excess over the frozen net's; undefined where the latter does not differ from 0. */
  readonly ofFrozen: MeanOverShifts | undefined;
  /** The same over the frozen average's: what updating alone is worth. */
  readonly ofAverage: MeanOverShifts | undefined;
  readonly coverage80: number;
  /** Steps after which the mean squared error stays within 10 % of the refit's, in blocks of {@link BLOCK_STEPS}; undefined: not within the steps that count. */
  readonly recoverySteps: number | undefined;
}

/** Within this of the refit's loss, a forecaster has recovered. */
const RECOVERED = 0.1;

/** The figures by kind of shift and horizon; the control is a kind of its own, and is not in `all`. */
export function shiftSummary(outcomes: readonly ShiftOutcome[], horizonsSteps: readonly number[]): ShiftRow[] {
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))];
  const models = [...(outcomes[0]?.losses.keys() ?? [])].filter((name) => name !== 'refit');
  const horizons: (number | 'all')[] = [...horizonsSteps, 'all'];
  const rows: ShiftRow[] = [];
  for (const kind of [...kinds, 'all']) {
    const members = outcomes.filter((outcome) => (kind === 'all' ? outcome.kind !== 'none' : outcome.kind === kind));
    if (members.length === 0) continue;
    for (const loss of SHIFT_LOSSES) {
      for (const horizon of horizons) {
        const chosen = outputsOf(horizon, horizonsSteps);
        const excesses = new Map(models.map((model) => [model, members.map((one) => excess(one, outcomes, model, loss, chosen))]));
        const frozen = excesses.get('frozen') ?? [];
        for (const model of models) {
          const own = excesses.get(model) ?? [];
          rows.push({
            kind,
            model,
            loss,
            horizonSteps: horizon,
            shifts: members.length,
            excess: meanOf(own),
            ofFrozen: ratioOf(own, frozen),
            ofAverage: ratioOf(own, excesses.get('average') ?? []),
            coverage80: mean(members.map((one) => mean(chosen.map((o) => one.coverage.get(model)?.[o] ?? 0)))),
            recoverySteps: recovery(members, outcomes, model, chosen),
          });
        }
      }
    }
  }
  return rows;
}

function outputsOf(horizon: number | 'all', horizonsSteps: readonly number[]): number[] {
  return horizonsSteps.flatMap((steps, h) =>
    horizon === 'all' || horizon === steps ? Array.from({ length: FACTOR_COUNT }, (_, f) => h * FACTOR_COUNT + f) : [],
  );
}

/** Mean loss of the refit after shifts of a kind. */
function refitMean(outcomes: readonly ShiftOutcome[], kind: string, loss: ShiftLoss, output: number): number {
  return mean(outcomes.filter((one) => one.kind === kind).map((one) => one.losses.get('refit')?.[loss][output] ?? 0));
}

function excess(one: ShiftOutcome, outcomes: readonly ShiftOutcome[], model: string, loss: ShiftLoss, outputs: readonly number[]): number {
  return mean(
    outputs.map((o) => {
      const above = (one.losses.get(model)?.[loss][o] ?? 0) - (one.losses.get('refit')?.[loss][o] ?? 0);
      return loss === 'log' ? above : above / refitMean(outcomes, one.kind, loss, o);
    }),
  );
}

function meanOf(values: readonly number[]): MeanOverShifts {
  const centre = mean(values);
  const n = values.length;
  const half = n < 2 ? 0 : (studentQuantile(0.975, n - 1) * (standardDeviation(values) ?? 0)) / Math.sqrt(n);
  return { mean: centre, ci95: [centre - half, centre + half] };
}

/** Ratio of two means over the same shifts, with the interval of the delta method: shifts count by u = a − R·b. */
function ratioOf(own: readonly number[], frozen: readonly number[]): MeanOverShifts | undefined {
  if (frozen.length === 0) return undefined;
  const base = meanOf(frozen);
  if (!(base.ci95[0] > 0)) return undefined;
  const ratio = mean(own) / base.mean;
  const { ci95 } = meanOf(own.map((value, i) => value - ratio * (frozen[i] ?? 0)));
  const half = (ci95[1] - ci95[0]) / 2 / base.mean;
  return { mean: ratio, ci95: [ratio - half, ratio + half] };
}

/** First step from which on every block's mean excess stays within {@link RECOVERED}. */
function recovery(
  members: readonly ShiftOutcome[],
  outcomes: readonly ShiftOutcome[],
  model: string,
  outputs: readonly number[],
): number | undefined {
  const width = members[0]?.losses.get('refit')?.squared.length ?? 1;
  const blocks = (members[0]?.blocks.get(model)?.length ?? 0) / width;
  let since = blocks;
  for (let block = blocks - 1; block >= 0; block -= 1) {
    const above = mean(
      members.map((one) =>
        mean(
          outputs.map((o) => {
            const at = block * width + o;
            return (
              ((one.blocks.get(model)?.[at] ?? 0) - (one.blocks.get('refit')?.[at] ?? 0)) / refitMean(outcomes, one.kind, 'squared', o)
            );
          }),
        ),
      ),
    );
    if (above > RECOVERED) break;
    since = block;
  }
  return since === blocks ? undefined : since * BLOCK_STEPS;
}
