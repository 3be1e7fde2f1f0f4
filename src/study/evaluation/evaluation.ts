import { invariant } from '../../core/assert.ts';
import { streams } from '../../core/rng.ts';
import { holmAdjusted } from '../multiplicity.ts';
import { CONFIDENCE_SET_DRAWS, confidenceSet, type SetMember } from './confidence-set.ts';
import { densityFigures, densityLosses } from './density-figures.ts';
import { type Counts, type EvaluationRow, groupKey } from './evaluation-row.ts';
import type { ForecastTable, TargetForecasts } from './forecast-table.ts';
import { counts, type Membership, type Origins, originsOf, samplesApart } from './origins.ts';
import { pointFigures, pointLosses } from './point-figures.ts';
import { checkTable } from './table-check.ts';

/** Name of the random walk among the models. */
export const RANDOM_WALK = 'rw';

/** How a table is scored. */
export interface EvaluationTerms {
  /** Model that all are held against besides the random walk: the best linear one. */
  readonly reference?: string;
  /** Resamples of the confidence set; 1000 by default. */
  readonly draws?: number;
}

/** Scores of a table, one row per target, horizon and model, in the order of the table. */
export interface Evaluation {
  readonly title: string;
  readonly reference?: string;
  readonly rows: readonly EvaluationRow[];
}

/**
 * Scores all forecasts of a table. Chance (resamples of confidence sets) comes from a stream of its own under a seed of the program's, so equal
 * tables give equal bytes.
 *
 * @throws InputError where a model's forecasts are not finite ({@link checkTable}).
 */
export function evaluation(table: ForecastTable, terms: EvaluationTerms = {}): Evaluation {
  checkTable(table);
  const { reference } = terms;
  invariant(
    reference === undefined || table.targets.some(({ models }) => models.some(({ model }) => model === reference)),
    () => `no model is named ${reference}`,
  );
  const rows = table.targets.flatMap((target) => targetRows(target, terms));
  return { title: table.title, ...(reference === undefined ? {} : { reference }), rows: withHolm(rows) };
}

function targetRows(target: TargetForecasts, { reference, draws = CONFIDENCE_SET_DRAWS }: EvaluationTerms): EvaluationRow[] {
  const { models, groups, horizon, horizonSteps, unit, kind } = target;
  const origins = originsOf(target.block, horizonSteps, target.isSimultaneous === true ? target.seconds : undefined);
  const walk = pointLosses(target, new Float64Array(origins.count));
  const losses = models.map(({ change }) => pointLosses(target, change));
  const densities = models.map((model) => densityLosses(target, model));
  const walkDensity = densities[models.findIndex(({ model }) => model === RANDOM_WALK)];
  const referenceAt = models.findIndex(({ model }) => model === reference);
  const sets = setMembers(
    target,
    origins,
    losses.map(({ compared }) => compared),
    draws,
  );
  const groupCounts = Object.fromEntries(
    groups.map(({ name, member }) => [groupKey(name), countsOf(origins, member)] as const).filter(([, { n }]) => n > 0),
  );
  return models.flatMap((model, i) => {
    const own = losses[i];
    if (own === undefined) return [];
    const versus = referenceAt === i || referenceAt < 0 ? undefined : losses[referenceAt];
    const set = sets.get(model.model);
    return {
      ...{ target: target.target, horizon, horizonSteps, unit, kind, model: model.model },
      ...(model.isCeiling === undefined ? {} : { isCeiling: model.isCeiling }),
      ...(model.trials === undefined ? {} : { trials: model.trials }),
      ...countsOf(origins),
      groups: groupCounts,
      ...pointFigures(target, origins, own, walk, versus),
      ...densityFigures(target, origins, model, densities[i], walkDensity),
      ...(set === undefined ? {} : { inConfidenceSet: set.isMember, confidenceSetP: set.p }),
    };
  });
}

/** The confidence set of those models that could be used. */
function setMembers(
  { models }: TargetForecasts,
  origins: Origins,
  losses: readonly Float64Array[],
  draws: number,
): ReadonlyMap<string, SetMember> {
  const usable = models
    .map((model, i) => ({ name: model.model, own: losses[i], isUsable: model.isCeiling !== true }))
    .filter((one) => one.isUsable);
  const rng = streams('evaluation').stream('confidence-set');
  const members = confidenceSet(
    usable.flatMap(({ own }) => own ?? []),
    origins,
    rng,
    draws,
  );
  return new Map(members.map((member, i) => [usable[i]?.name ?? '', member]));
}

function countsOf(origins: Origins, member?: Membership): Counts {
  let n = 0;
  for (let i = 0; i < origins.count; i += 1) if (counts(member, i)) n += 1;
  return { n, samples: samplesApart(origins, member) };
}

/** Holm's adjustment; the family is all targets and horizons of one model and one benchmark. */
function withHolm(rows: readonly EvaluationRow[]): EvaluationRow[] {
  const adjusted = rows.map((row) => ({ ...row }));
  for (const test of ['dieboldMariano', 'dieboldMarianoVsReference'] as const) {
    for (const model of new Set(rows.map((row) => row.model))) {
      if (model === RANDOM_WALK && test === 'dieboldMariano') continue;
      const family = adjusted.filter((row) => row.model === model && row.isCeiling !== true && row[test] !== undefined);
      const ps = holmAdjusted(family.map((row) => row[test]?.p ?? 1));
      family.forEach((row, i) => {
        const own = row[test];
        if (own !== undefined) Object.assign(row, { [test]: { ...own, pHolm: ps[i] } });
      });
    }
  }
  return adjusted;
}
