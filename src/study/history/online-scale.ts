import { ConformalScale } from '../../forecast/adaptive/conformal-scale.ts';
import type { HistoryPanel } from './panel.ts';
import { prequential } from './prequential.ts';

/** Weight of the newest squared error: half of the memory is 23 outcomes. */
const NEWEST = 0.03;

/** Learns at every time. */
const EVERY_TIME = { firstOutcomes: 0, refitTimes: 1 };

/**
 * Scale of a forecast's error at each row: root of the exponentially weighted mean of the squared errors known by then, per asset
 * (RiskMetrics 1996); NaN before the first.
 */
export function errorScale(
  panel: HistoryPanel,
  steps: number,
  outcomes: Readonly<Float64Array>,
  change: Readonly<Float64Array>,
): Float64Array {
  const squares = new Map<number, number>();
  return prequential(
    panel,
    steps,
    outcomes,
    {
      learn(row, outcome) {
        const error = outcome - (change[row] ?? Number.NaN);
        if (!Number.isFinite(error)) return;
        const asset = panel.asset[row] ?? 0;
        const before = squares.get(asset) ?? error * error;
        squares.set(asset, before + NEWEST * (error * error - before));
      },
      refit: () => undefined,
      predict: (row) => Math.sqrt(squares.get(panel.asset[row] ?? 0) ?? Number.NaN),
    },
    EVERY_TIME,
  );
}

/**
 * A scale whose ±1.2816 has held 80 % of recent outcomes, calm and stressed rows apart: the given one times an online conformal multiplier
 * ({@link ConformalScale}), which learns each outcome when it is known.
 */
export function conformalScale(
  panel: HistoryPanel,
  steps: number,
  outcomes: Readonly<Float64Array>,
  change: Readonly<Float64Array>,
  scale: Readonly<Float64Array>,
): Float64Array {
  const conformal = new ConformalScale({ horizonSteps: steps * panel.assets.length });
  const multipliers = new Float64Array(panel.seconds.length).fill(Number.NaN);
  return prequential(
    panel,
    steps,
    outcomes,
    {
      learn(row, outcome) {
        const score = Math.abs(outcome - (change[row] ?? Number.NaN)) / (scale[row] ?? Number.NaN);
        const multiplier = multipliers[row] ?? Number.NaN;
        if (Number.isFinite(score) && Number.isFinite(multiplier)) conformal.learn(panel.stressed[row] ?? 0, score, multiplier);
      },
      refit: () => undefined,
      predict(row) {
        const multiplier = conformal.multiplier(panel.stressed[row] ?? 0);
        multipliers[row] = multiplier;
        return multiplier * (scale[row] ?? Number.NaN);
      },
    },
    EVERY_TIME,
  );
}
