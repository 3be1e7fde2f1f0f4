import { type Candidacy, decide, type Selection, type SelectionView } from './selector.ts';

/** A newcomer must beat the weakest member by this factor, and a member is kept down to its inverse share: no flicker. */
export const HYSTERESIS = 1.2;

/** How a selector ranks a series: larger first; undefined: not to be quoted, for the reason given with {@link RankedChoice}. */
export type Rank = (candidacy: Candidacy) => number | undefined;

/** What to tell of a member and of a series left out. */
export interface RankedWords {
  told(candidacy: Candidacy): string;
}

interface Ranked {
  readonly candidacy: Candidacy;
  readonly own: number;
  readonly rank: number;
}

/**
 * Takes series in order of rank, members favoured by the hysteresis and kept through their dwell, as long as there is room and the budgets admit
 * them: greedy on marginal value, since a budget refuses what costs more than what is left of it. Ties go to the lower series.
 */
export function chooseRanked(view: SelectionView, rank: Rank, words: RankedWords): void {
  const { candidacies, current, nowSeconds, maximum } = view;
  const ranked = candidacies
    .flatMap((candidacy): Ranked[] => {
      const own = candidacy.score === undefined ? undefined : rank(candidacy);
      return own === undefined ? [] : [{ candidacy, own, rank: favoured(own, current[candidacy.series], view) }];
    })
    .sort((a, b) => b.rank - a.rank || a.candidacy.series - b.candidacy.series);
  const chosen: Ranked[] = [];
  const refused = new Map<number, string>();
  view.startOver();
  for (const entry of ranked) {
    if (chosen.length >= maximum) break;
    const { series } = entry.candidacy;
    const refusal = view.admit(series);
    if (refusal === undefined) chosen.push(entry);
    else refused.set(series, refusal);
  }
  const members = new Set(chosen.map(({ candidacy }) => candidacy.series));
  const least = Math.min(...chosen.map(({ own }) => own));
  for (const candidacy of candidacies) {
    const selection = current[candidacy.series];
    if (selection === undefined) continue;
    const isIn = members.has(candidacy.series);
    decide(selection, isIn, nowSeconds, reasonOf(candidacy, isIn, refused.get(candidacy.series), { rank, words, maximum, least }));
  }
}

function reasonOf(
  candidacy: Candidacy,
  isIn: boolean,
  refusal: string | undefined,
  { rank, words, maximum, least }: { rank: Rank; words: RankedWords; maximum: number; least: number },
): string {
  if (candidacy.score === undefined) return candidacy.reason;
  const told = words.told(candidacy);
  if (isIn) return told;
  if (refusal !== undefined) return `${told}; ${refusal}`;
  const own = rank(candidacy);
  if (own === undefined) return told;
  return `${told}; ${maximum} others come first${own > least ? ' and one of them keeps its place' : ''}`;
}

function favoured(own: number, selection: Selection | undefined, { nowSeconds, dwellSeconds }: SelectionView): number {
  if (selection === undefined || !selection.selected) return own;
  if (nowSeconds - selection.sinceSeconds < dwellSeconds) return Number.MAX_VALUE;
  return own > 0 ? own * HYSTERESIS : own / HYSTERESIS;
}
