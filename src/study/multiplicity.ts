/**
 * Holm's step-down adjustment of p-values for the number of tests (Holm 1979, Scand. J. Statist. 6, 65–70): rejecting those that
 * stay below α keeps the chance of any false rejection at α, whatever the tests have in common. In the order given; capped at 1.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  const adjusted = new Array<number>(pValues.length).fill(0);
  let floor = 0;
  order.forEach((index, rank) => {
    floor = Math.max(floor, Math.min(1, (pValues.length - rank) * (pValues[index] ?? 0)));
    adjusted[index] = floor;
  });
  return adjusted;
}
