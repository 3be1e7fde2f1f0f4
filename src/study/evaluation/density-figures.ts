import { christoffersen } from './christoffersen.ts';
import { COVERAGE_LEVELS, coverage, covered, halfWidth } from './coverage.ts';
import { crpsLosses, PINBALL_LEVELS, pinballLoss } from './density-scores.ts';
import { type DensityFigures, type GroupCoverage, groupKey } from './evaluation-row.ts';
import type { ModelForecasts, TargetForecasts } from './forecast-table.ts';
import { meanEstimate } from './mean-test.ts';
import type { Membership, Origins } from './origins.ts';
import { probabilityTransform } from './pit.ts';
import { skillByGroup, values } from './point-figures.ts';
import { seriesMean } from './series.ts';

/** Losses of a model's distributions; undefined where it gives points only. */
export function densityLosses({ outcome }: TargetForecasts, { change, scale }: ModelForecasts): Float64Array | undefined {
  return scale === undefined ? undefined : crpsLosses(outcome, change, scale);
}

/** Figures of a model's distributions; undefined where it gives points only. @param walk losses of the random walk's, where it has a scale. */
export function densityFigures(
  target: TargetForecasts,
  origins: Origins,
  { change, scale }: ModelForecasts,
  own: Float64Array | undefined,
  walk: Float64Array | undefined,
): DensityFigures | undefined {
  if (scale === undefined || own === undefined) return undefined;
  const { outcome, groups } = target;
  const [inside50, inside80, inside95] = COVERAGE_LEVELS.map((level) => covered(outcome, change, scale, level)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const shares = (member?: Membership): GroupCoverage | undefined => {
    const eighty = coverage(inside80, origins, member);
    if (eighty === undefined) return undefined;
    return {
      coverage50: coverage(inside50, origins, member)?.value ?? 0,
      coverage80: eighty.value,
      coverage80Ci95: eighty.ci95,
      coverage95: coverage(inside95, origins, member)?.value ?? 0,
      meanWidth80: 2 * halfWidth(0.8) * (meanEstimate(scale, origins, member)?.value ?? 0),
    };
  };
  const all = shares();
  if (all === undefined) return undefined;
  const byGroup = groups.flatMap(({ name, member }) => {
    const found = shares(member);
    return found === undefined ? [] : [[groupKey(name), found] as const];
  });
  const skill = walk === undefined ? undefined : skillByGroup(target, origins, own, walk);
  const test = christoffersen(inside80, 0.8, origins);
  const width = (level: number): number => (all.meanWidth80 * halfWidth(level)) / halfWidth(0.8);
  const ci95 = skill?.get('all')?.ci95;
  return {
    crps: seriesMean(own),
    ...(skill === undefined || ci95 === undefined ? {} : { crpsVsRandomWalk: values(skill), crpsVsRandomWalkCi95: ci95 }),
    pinball: PINBALL_LEVELS.map((level) => ({ level, loss: pinballLoss(outcome, change, scale, level) })),
    ...all,
    coverageByGroup: Object.fromEntries(byGroup),
    meanWidth50: width(0.5),
    meanWidth95: width(0.95),
    ...(test === undefined ? {} : { christoffersen: test }),
    pit: probabilityTransform(outcome, change, scale, origins),
  };
}
