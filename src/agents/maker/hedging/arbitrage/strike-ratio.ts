/** Strikes are read to a millionth of a dollar. */
const UNIT = 1e6;

/** The smallest whole numbers in the ratio of two distances between strikes; dollars, above 0. */
export function smallestRatio(a: number, b: number): readonly [number, number] {
  const [left, right] = [Math.round(a * UNIT), Math.round(b * UNIT)];
  let [greater, lesser] = [left, right];
  while (lesser > 0) [greater, lesser] = [lesser, greater % lesser];
  return [left / greater, right / greater];
}
