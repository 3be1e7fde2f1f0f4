/** A series that could be quoted, with the gain expected from quoting it. */
export interface Candidacy {
  /** Series (instrument id − 1). */
  readonly series: number;
  /** Dollars per hour; undefined when it cannot be quoted, for the reason given. */
  score: number | undefined;
  reason: string;
}

/** Membership of the quoted set: since when, and why or why not. */
export interface Selection {
  selected: boolean;
  sinceSeconds: number;
  reason: string;
}

/** A newcomer must beat the weakest member by this factor, and a member is kept down to its inverse share: no flicker. */
const HYSTERESIS = 1.2;

/**
 * Chooses the strikes and expiries to quote: the `maximum` series with the highest expected gain, with hysteresis and a minimum
 * dwell. The forecast enters through the scores.
 *
 * @param current one entry per series, updated in place.
 */
export function select(
  candidacies: readonly Candidacy[],
  current: readonly Selection[],
  maximum: number,
  nowSeconds: number,
  dwellSeconds: number,
): void {
  const ranked = candidacies
    .filter((c) => c.score !== undefined)
    .map((c) => ({ candidacy: c, rank: rankOf(c, current[c.series], nowSeconds, dwellSeconds) }))
    // Ties by series, so that the order does not depend on the sort.
    .sort((a, b) => b.rank - a.rank || a.candidacy.series - b.candidacy.series);
  const chosen = new Set(ranked.slice(0, maximum).map((entry) => entry.candidacy.series));
  const least = Math.min(...ranked.slice(0, maximum).map((entry) => entry.candidacy.score ?? 0));
  for (const candidacy of candidacies) {
    const selection = current[candidacy.series];
    if (selection === undefined) continue;
    const selected = chosen.has(candidacy.series);
    if (selected !== selection.selected) {
      selection.selected = selected;
      selection.sinceSeconds = nowSeconds;
    }
    if (candidacy.score === undefined) selection.reason = candidacy.reason;
    else selection.reason = `expected gain ${candidacy.score.toFixed(1)} $/h${selected ? '' : rejection(candidacy.score, maximum, least)}`;
  }
}

function rejection(score: number, maximum: number, least: number): string {
  return `; the least of the ${maximum} quoted has ${least.toFixed(1)} $/h${score > least ? ' and keeps its place' : ''}`;
}

function rankOf(candidacy: Candidacy, selection: Selection | undefined, nowSeconds: number, dwellSeconds: number): number {
  const score = candidacy.score ?? 0;
  if (selection === undefined || !selection.selected) return score;
  return nowSeconds - selection.sinceSeconds < dwellSeconds ? Number.MAX_VALUE : score * HYSTERESIS;
}
