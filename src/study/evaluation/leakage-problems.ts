import { invariant } from '../../core/assert.ts';
import { normal } from '../../core/distributions.ts';
import { streams } from '../../core/rng.ts';
import { seriesMean } from './series.ts';

/** What a pipeline learns from and is tested on. */
export interface AuditData {
  /** Features of each origin, `features[origin · columns + column]`, known at the origin. */
  readonly features: Readonly<Float64Array>;
  readonly columns: number;
  /** Change from the origin to `horizonSteps` steps later. */
  readonly targets: Readonly<Float64Array>;
  readonly horizonSteps: number;
  /** Block of each origin: equal ones together, in order of time. */
  readonly block: Readonly<Int32Array>;
  /** Origins from which on forecasts are those of a new fit: there labels that reach too far show. */
  readonly refits?: readonly number[];
}

/** What is done to the data. */
export const AUDIT_CHECKS = ['as it is', 'permuted targets', 'shifted features', 'altered future', 'random walk'] as const;
export type AuditCheck = (typeof AUDIT_CHECKS)[number];

/** Data that a pipeline is to be run on as on any other, from scratch. */
export interface AuditProblem {
  readonly check: AuditCheck;
  readonly data: AuditData;
}

/** Part of a block after which its future is altered. */
const CUT_SHARE = 2 / 3;

/**
 * The data as they are and as an audit alters them; every change is drawn from streams of its own.
 *
 * - permuted targets: targets less their mean, in another order; with overlapping ones pieces of four horizons, so that a label which
 *   reaches into the tested part still tells of it.
 * - shifted features: those of the next step, in the same block.
 * - altered future: from two thirds of the last block on, or just after the refit next to there, other features, and other targets wherever they
 *   reach there. Earlier blocks stay: runs may be trained on that are not tested.
 * - random walk: what the pipeline's own builder of features makes of {@link randomWalkLevels}, given by the caller.
 */
export function auditProblems(data: AuditData, randomWalk?: AuditData): AuditProblem[] {
  check(data);
  if (randomWalk !== undefined) check(randomWalk);
  return [
    { check: 'as it is', data },
    { check: 'permuted targets', data: permutedTargets(data) },
    { check: 'shifted features', data: shiftedFeatures(data) },
    { check: 'altered future', data: alteredFuture(data) },
    ...(randomWalk === undefined ? [] : [{ check: 'random walk', data: randomWalk } as const]),
  ];
}

/** Logs of a series whose changes are independent and normal with variance 1 per 100 squared steps: nothing in it can be forecast. */
export function randomWalkLevels(steps: number, name = 'levels'): Float64Array {
  const rng = streams('audit').stream(`random-walk/${name}`);
  const levels = new Float64Array(steps);
  for (let i = 1; i < steps; i += 1) levels[i] = (levels[i - 1] ?? 0) + 0.01 * normal(rng);
  return levels;
}

/** The last block: its first origin, and the first one of the altered future. */
export function alteredSpan({ block, refits = [] }: AuditData): { readonly from: number; readonly cut: number } {
  const n = block.length;
  let from = n;
  while (from > 0 && block[from - 1] === block[n - 1]) from -= 1;
  const middle = from + Math.floor(CUT_SHARE * (n - from));
  const near = refits.filter((at) => at > from && at + 1 < n).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return { from, cut: near === undefined ? middle : near + 1 };
}

function check({ features, columns, targets, block }: AuditData): void {
  invariant(
    features.length === columns * targets.length && block.length === targets.length,
    'features, targets and blocks do not fit together',
  );
}

function permutedTargets(data: AuditData): AuditData {
  const { targets, horizonSteps } = data;
  const length = horizonSteps === 1 ? 1 : 4 * horizonSteps;
  const pieces = Array.from({ length: Math.ceil(targets.length / length) }, (_, i) => i);
  const rng = streams('audit').stream('permuted-targets');
  for (let i = pieces.length - 1; i > 0; i -= 1) {
    const j = Math.floor(rng.uniform() * (i + 1));
    [pieces[i], pieces[j]] = [pieces[j] ?? 0, pieces[i] ?? 0];
  }
  const mean = seriesMean(targets);
  const permuted = pieces.flatMap((piece) => [...targets.subarray(piece * length, (piece + 1) * length)]);
  return { ...data, targets: Float64Array.from(permuted, (value) => value - mean) };
}

function shiftedFeatures(data: AuditData): AuditData {
  const { features, columns, block } = data;
  const shifted = Float64Array.from(features);
  for (let i = 0; i + 1 < block.length; i += 1) {
    if (block[i] === block[i + 1]) shifted.set(features.subarray((i + 1) * columns, (i + 2) * columns), i * columns);
  }
  return { ...data, features: shifted };
}

function alteredFuture(data: AuditData): AuditData {
  const { features, columns, targets, horizonSteps } = data;
  const { from, cut } = alteredSpan(data);
  const rng = streams('audit').stream('altered-future');
  const otherFeatures = Float64Array.from(features);
  const otherTargets = Float64Array.from(targets);
  for (let i = cut * columns; i < features.length; i += 1) otherFeatures[i] = 3 * (features[i] ?? 0) + normal(rng);
  // A change up to the cut itself is known there.
  for (let i = Math.max(from, cut - horizonSteps + 1); i < targets.length; i += 1)
    otherTargets[i] = -3 * (targets[i] ?? 0) + 0.1 * normal(rng);
  return { ...data, features: otherFeatures, targets: otherTargets };
}
