import { fullTrainings, ladder } from './budget.ts';
import { decoded, encoded, initialParameters, type Parameters, parametersKey, type SearchSpace, valuesIn } from './search-space.ts';
import type { SearchSetup, Strategy } from './strategy.ts';

/** Levels that a dimension gets before the next one gets any: two ends and a middle show a bend. */
const LEVELS_FIRST = 3;

/**
 * Full trainings on a regular grid, all asked for at once, in an order drawn from `tune/search/grid`. The first dimensions of the
 * space get three levels each as long as the budget lasts, then more; those that get none stay at their initial value.
 */
export function gridSearch({ budget, chance, space }: SearchSetup): Strategy {
  const rung = ladder(budget.epochs).length - 1;
  return {
    kind: 'grid',
    next(history) {
      if (history.length > 0) return [];
      const points = gridPoints(space, fullTrainings(budget));
      const rng = chance.stream('tune/search/grid');
      const ranked = points.map((parameters) => ({ parameters, rank: rng.uniform() }));
      return ranked.sort((a, b) => a.rank - b.rank).map(({ parameters }) => ({ parameters, epochs: budget.epochs, rung }));
    },
  };
}

/** The grid of at most `count` settings, the last dimension changing fastest. */
export function gridPoints(space: SearchSpace, count: number): Parameters[] {
  const levels = gridLevels(space, count);
  const initial = encoded(space, initialParameters(space));
  let points: number[][] = [[]];
  space.forEach((_, i) => {
    const own = levels[i] ?? 1;
    const coordinates = own === 1 ? [initial[i] ?? 0.5] : Array.from({ length: own }, (__, level) => (level + 0.5) / own);
    points = points.flatMap((point) => coordinates.map((coordinate) => [...point, coordinate]));
  });
  const settings = points.map((point) => decoded(space, point));
  return [...new Map(settings.map((parameters) => [parametersKey(space, parameters), parameters])).values()];
}

/** Levels of each dimension, whose product is at most `count`. */
export function gridLevels(space: SearchSpace, count: number): number[] {
  const levels = space.map(() => 1);
  const product = (): number => levels.reduce((all, own) => all * own, 1);
  const raised = (i: number): boolean => {
    const dimension = space[i];
    const own = levels[i] ?? 1;
    if (dimension === undefined || own >= valuesIn(dimension) || (product() / own) * (own + 1) > count) return false;
    levels[i] = own + 1;
    return true;
  };
  space.forEach((dimension, i) => {
    const wanted = Math.min(LEVELS_FIRST, valuesIn(dimension));
    while ((levels[i] ?? 1) < wanted && raised(i));
  });
  for (;;) {
    const order = levels.map((_, i) => i).filter((i) => (levels[i] ?? 1) > 1);
    order.sort((a, b) => (levels[a] ?? 1) - (levels[b] ?? 1) || a - b);
    if (!order.some(raised)) return levels;
  }
}
