import type { ForecastTable, ModelForecasts, TargetForecasts } from '../evaluation/forecast-table.ts';
import { type Estimate, jackknife } from '../predictability/jackknife.ts';

/** How much of what can be known one model knows, of one target at one horizon and in one group of origins. */
export interface CeilingShare {
  readonly target: string;
  readonly horizon: string;
  /** `all`, or a group of the table. */
  readonly group: string;
  readonly model: string;
  readonly n: number;
  /** Against the random walk. */
  readonly r2: Estimate;
  /** The walk with the smaller squared error: the tracked factor held, or the local level. Pass marks count against it. */
  readonly harderWalk: string;
  readonly r2VsHarderWalk: Estimate;
  /** R2 over that of the filter; left out where that of the filter may be 0. */
  readonly ofFilter?: Estimate;
  /** The same less the share of the best linear model. */
  readonly ofFilterOverLinear?: Estimate;
  /** R2 less that of the filter: above 0 beyond its interval where the filter is no ceiling. */
  readonly overFilter: Estimate;
}

const [RW, LOCAL, FILTER, LINEAR] = ['rw', 'local-level', 'filter', 'linear'];

/**
 * Shares of the filter's R2, with 95 % intervals by the jackknife over runs (the ratio as a whole, so that the chance of what is below the line
 * is in it). Targets without a filter among their models, and groups in fewer than two runs, have none.
 */
export function ceilingShares(table: ForecastTable): CeilingShare[] {
  return table.targets.flatMap((target) => {
    const groups = [{ name: 'all', member: undefined }, ...target.groups.map(({ name, member }) => ({ name, member }))];
    return groups.flatMap(({ name, member }) => shares(target, name, member));
  });
}

function shares(target: TargetForecasts, group: string, member: Readonly<Uint8Array> | undefined): CeilingShare[] {
  const { models } = target;
  const place = (name: string | undefined): number => models.findIndex(({ model }) => model === name);
  const runs = sumsByRun(target, models, member);
  const filter = place(FILTER);
  const linear = place(LINEAR);
  if (runs.length < 2 || filter < 0) return [];
  const total = (at: number): number => runs.reduce((sum, run) => sum + (run[at] ?? 0), 0);
  // Sums of a run: origins, squares of the walk, then squared errors by model.
  const errors = (m: number): number => 2 + m;
  const r2 = (sums: Float64Array, m: number, walk = 1): number => 1 - (sums[errors(m)] ?? 0) / (sums[walk] ?? 0);
  const local = place(LOCAL);
  const harder = local >= 0 && total(errors(local)) < total(1) ? errors(local) : 1;
  const ceiling = jackknife(runs, (sums) => r2(sums, filter));
  const hasShare = ceiling !== undefined && ceiling.ci95[0] > 0;
  return models.flatMap(({ model }, m): CeilingShare[] => {
    const own = jackknife(runs, (sums) => r2(sums, m));
    const versus = jackknife(runs, (sums) => r2(sums, m, harder));
    const over = jackknife(runs, (sums) => r2(sums, m) - r2(sums, filter));
    if (own === undefined || versus === undefined || over === undefined || model === RW) return [];
    const share = hasShare && m !== filter ? jackknife(runs, (sums) => r2(sums, m) / r2(sums, filter)) : undefined;
    const above =
      hasShare && linear >= 0 && m !== linear && m !== filter
        ? jackknife(runs, (sums) => (r2(sums, m) - r2(sums, linear)) / r2(sums, filter))
        : undefined;
    return [
      {
        ...{ target: target.target, horizon: target.horizon, group, model, n: total(0) },
        r2: own,
        harderWalk: harder === 1 ? 'rw' : 'local-level',
        r2VsHarderWalk: versus,
        ...(share === undefined ? {} : { ofFilter: share }),
        ...(above === undefined ? {} : { ofFilterOverLinear: above }),
        overFilter: over,
      },
    ];
  });
}

/** By run that has origins in the group: how many, Σ of squares of the walk's error, then of each model's. */
function sumsByRun(
  { block, outcome }: TargetForecasts,
  models: readonly ModelForecasts[],
  member: Readonly<Uint8Array> | undefined,
): Float64Array[] {
  const byRun = new Map<number, Float64Array>();
  for (const [i, run] of block.entries()) {
    if (member !== undefined && member[i] !== 1) continue;
    const sums = byRun.get(run) ?? new Float64Array(2 + models.length);
    byRun.set(run, sums);
    const walk = outcome[i] ?? 0;
    sums[0] = (sums[0] ?? 0) + 1;
    sums[1] = (sums[1] ?? 0) + walk * walk;
    for (const [m, { change }] of models.entries()) {
      const error = walk - (change[i] ?? 0);
      sums[2 + m] = (sums[2 + m] ?? 0) + error * error;
    }
  }
  return [...byRun.values()];
}
