import type { Interval } from '../bootstrap.ts';
import { direction } from './direction.ts';
import { type ByGroup, groupKey, type PointFigures } from './evaluation-row.ts';
import { clarkWest, dieboldMariano } from './forecast-comparison.ts';
import type { TargetForecasts } from './forecast-table.ts';
import { lossSkill, type Skill } from './loss-ratio.ts';
import { mincerZarnowitz } from './mincer-zarnowitz.ts';
import type { Origins } from './origins.ts';
import { comparedLosses, qlikeLosses, squaredErrors } from './point-losses.ts';
import { series, seriesMean } from './series.ts';

/** Losses of one series of forecasts. */
export interface PointLosses {
  readonly change: ArrayLike<number>;
  readonly squares: Float64Array;
  /** By what models are held against each other. */
  readonly compared: Float64Array;
}

export function pointLosses(target: TargetForecasts, change: ArrayLike<number>): PointLosses {
  const squares = squaredErrors(target.outcome, change);
  return { change, squares, compared: target.kind === 'variance' ? comparedLosses(target, change) : squares };
}

/** Point figures of a model. @param walk the random walk. @param reference another model to be held against. */
export function pointFigures(
  target: TargetForecasts,
  origins: Origins,
  own: PointLosses,
  walk: PointLosses,
  reference: PointLosses | undefined,
): PointFigures {
  const { outcome, kind } = target;
  const r2 = skillByGroup(target, origins, own.squares, walk.squares);
  const versus = reference === undefined ? undefined : skillByGroup(target, origins, own.squares, reference.squares);
  const { pesaranTimmermann, hitRate } = direction(outcome, own.change, origins) ?? {};
  const test = dieboldMariano(own.compared, walk.compared, origins);
  const testVsReference = reference === undefined ? undefined : dieboldMariano(own.compared, reference.compared, origins);
  const nested = kind === 'variance' ? undefined : clarkWest(outcome, own.change, walk.change, origins);
  const line = mincerZarnowitz(outcome, own.change, origins);
  const { all: ci95, ...ci95ByGroup } = intervals(r2);
  return {
    r2VsRandomWalk: values(r2),
    ci95,
    ci95ByGroup,
    ...(versus === undefined ? {} : { r2VsReference: values(versus), ci95VsReference: intervals(versus) }),
    rmse: Math.sqrt(seriesMean(own.squares)),
    walkRmse: Math.sqrt(seriesMean(walk.squares)),
    mae: seriesMean(series(origins.count, (i) => Math.abs((outcome[i] ?? 0) - (own.change[i] ?? 0)))),
    ...(hitRate === undefined ? {} : { hitRate }),
    ...(pesaranTimmermann === undefined ? {} : { pesaranTimmermann }),
    ...(test === undefined ? {} : { dieboldMariano: test }),
    ...(testVsReference === undefined ? {} : { dieboldMarianoVsReference: testVsReference }),
    ...(nested === undefined ? {} : { clarkWest: nested }),
    ...(line === undefined
      ? {}
      : { slope: { value: line.slope, ci95: line.slopeCi95 }, intercept: { value: line.intercept, ci95: line.interceptCi95 } }),
    ...(kind === 'variance' ? { qlike: seriesMean(qlikeLosses(outcome, own.change)) } : {}),
  };
}

/** Skill over all origins, and over each group that has some. */
export function skillByGroup(
  { groups }: TargetForecasts,
  origins: Origins,
  loss: ArrayLike<number>,
  benchmark: ArrayLike<number>,
): ReadonlyMap<string, Skill> {
  const found = new Map<string, Skill>();
  for (const { name, member } of [{ name: 'all', member: undefined }, ...groups]) {
    const skill = lossSkill(loss, benchmark, origins, member);
    if (skill !== undefined) found.set(groupKey(name), skill);
  }
  return found;
}

export function values(skills: ReadonlyMap<string, Skill>): ByGroup<number> {
  return Object.fromEntries([...skills].map(([name, { value }]) => [name, value])) as unknown as ByGroup<number>;
}

function intervals(skills: ReadonlyMap<string, Skill>): ByGroup<Interval> {
  return Object.fromEntries([...skills].map(([name, { ci95 }]) => [name, ci95])) as unknown as ByGroup<Interval>;
}
