import { LinearRegression } from '../../core/linear-regression.ts';
import { RidgeSystem } from '../../forecast/linear/ridge-system.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { LastingNoise } from './lasting-noise.ts';
import type { MarketRecord } from './market-record.ts';
import { type PrintSizes, SizeWeights, toldOf } from './print-sizes.ts';
import { afterJumps } from './surface-state.ts';
import { coefficients, HIDDEN_REGRESSORS, MOVES, PathMoves, Spread, STEPS_MINIMUM } from './world-law.ts';

const F = FACTOR_COUNT;
/** What is seen of a step: errors of the tracker after it, telling prints, flow, signed prints. */
const VIEWS = 3 * F + 1;
const TOLD = F;
/** What it hangs on: the world's regressors before the step, the errors before it, the world's moves, telling prints. */
const WIDTH = HIDDEN_REGRESSORS + F + MOVES + F;
const ALL = Array.from({ length: WIDTH }, (_, i) => i);
const isSignal = (i: number): boolean => i >= 1 + F && i < 1 + 2 * F;
const isSignalMove = (i: number): boolean => i >= HIDDEN_REGRESSORS + 2 * F && i < HIDDEN_REGRESSORS + 3 * F;
const isTold = (i: number): boolean => i >= WIDTH - F;
/**
 * Everything may show in everything: a restriction costs more than it saves (docs/predictability.md). But for the signal, of which a whole run has one value
 * or two, so that a little of it would be found anywhere: it shows in telling prints, and through them in flow and signed prints, of which they are a part.
 */
const INFLUENCES = Array.from({ length: VIEWS }, (_, view) => {
  const [ofPrints, ofRest] = [view >= TOLD && view < TOLD + F, view >= TOLD + F];
  return ALL.filter((i) => !isSignalMove(i) && (ofPrints || !isSignal(i)) && (ofRest || !isTold(i)));
});

/** Signals beyond so many standard deviations hold a jump of the surface; who is informed trades no more for it, and one such run would weigh as much as all others. */
const SIGNAL_LIMIT = 3;

/** How a maker sees a step of a world that starts in one regime. */
export interface ViewLaw {
  readonly width: number;
  /** `view · width + regressor`. */
  readonly mean: Float64Array;
  /** `view · views + view`. */
  readonly covariance: Float64Array;
  readonly prints: { readonly constant: number; readonly persistence: number; readonly sd: number };
}

/**
 * Laws of the regimes that the records have been in for long enough, steps near jumps left out.
 * @param signal covariance of the signals.
 */
export function viewLaws(
  records: readonly MarketRecord[],
  sizes: PrintSizes,
  regimes: number,
  signal: Readonly<Float64Array>,
): Map<number, ViewLaw> {
  const limits = Float64Array.from({ length: F }, (_, f) => SIGNAL_LIMIT * Math.sqrt(signal[f * F + f] ?? 0));
  const weights = new SizeWeights(sizes);
  const x = new Float64Array(WIDTH);
  const y = new Float64Array(VIEWS);
  const each = (visit: (regime: number, record: MarketRecord, step: number) => void): void => {
    for (const record of records) {
      const disturbed = afterJumps(record);
      const reader = new PathMoves(record);
      const told = toldOf(record, weights);
      for (let step = 1; step < record.steps; step += 1) {
        if (record.seen[step] !== 1 || record.seen[step - 1] !== 1) {
          reader.forget();
          continue;
        }
        reader.read(step);
        if (disturbed[step] === 1) continue;
        x.set(reader.before);
        x.set(reader.moves, HIDDEN_REGRESSORS + F);
        for (let f = 0; f < F; f += 1) {
          x[1 + F + f] = Math.max(-(limits[f] ?? 0), Math.min(limits[f] ?? 0, x[1 + F + f] ?? 0));
          x[HIDDEN_REGRESSORS + f] = error(record, step - 1, f);
          y[f] = error(record, step, f);
          y[TOLD + f] = told[step * F + f] ?? 0;
          x[WIDTH - F + f] = y[TOLD + f] ?? 0;
          y[TOLD + F + f] = record.flow[step * F + f] ?? 0;
        }
        y[3 * F] = record.signedPrints[step] ?? 0;
        visit(record.regime[step - 1] ?? 0, record, step);
      }
    }
  };
  const systems = Array.from({ length: regimes }, () => new RidgeSystem(WIDTH, VIEWS));
  const prints = Array.from({ length: regimes }, () => new LinearRegression(2));
  each((regime, record, step) => {
    systems[regime]?.add(x, y);
    prints[regime]?.add([1, Math.sqrt(record.prints[step - 1] ?? 0)], Math.sqrt(record.prints[step] ?? 0));
  });
  const means = new Map(
    systems.flatMap((system, regime) => (system.count < STEPS_MINIMUM ? [] : [[regime, coefficients(system, INFLUENCES)] as const])),
  );
  const spreads = new Map([...means].map(([regime, mean]) => [regime, new Spread(mean, WIDTH, VIEWS)]));
  const lasting = new Map([...means].map(([regime, mean]) => [regime, new LastingNoise(mean, WIDTH, TOLD)]));
  each((regime, record, step) => {
    spreads.get(regime)?.add(x, y);
    lasting.get(regime)?.add(x, y, record, step);
  });
  return new Map(
    [...means].map(([regime, mean]) => [
      regime,
      {
        width: WIDTH,
        mean,
        covariance: widened(spreads.get(regime)?.covariance() ?? new Float64Array(), lasting.get(regime)?.ratios() ?? new Float64Array(F)),
        prints: printLaw(prints[regime] as LinearRegression),
      },
    ]),
  );
}

/** The covariance with the noise of the telling prints as wide as it lasts. */
function widened(covariance: Float64Array, ratios: Readonly<Float64Array>): Float64Array {
  const scale = (view: number): number => (view >= TOLD && view < TOLD + F ? Math.sqrt(ratios[view - TOLD] ?? 1) : 1);
  return covariance.map((value, at) => value * scale(Math.floor(at / VIEWS)) * scale(at % VIEWS));
}

const error = ({ tracked, truth }: MarketRecord, step: number, f: number): number =>
  (tracked[step * F + f] ?? 0) - (truth[step * F + f] ?? 0);

function printLaw(prints: LinearRegression): ViewLaw['prints'] {
  const [constant = 0, persistence = 0] = prints.coefficients();
  const sd = prints.count === 0 ? 1 : Math.sqrt(prints.squares().residual / prints.count);
  // A regime in which nobody ever trades says nothing by that.
  return { constant, persistence, sd: sd > 0 ? sd : 1 };
}
