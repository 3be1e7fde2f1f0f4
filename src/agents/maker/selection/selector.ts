import type * as z from 'zod';
import type { Rng } from '../../../core/rng.ts';
import type { QuotingView } from '../quoting/quoter.ts';

/** A series that could be quoted, with the gain expected from quoting it. */
export interface Candidacy {
  /** Series (instrument id − 1). */
  readonly series: number;
  /** Expected gain of both sides in dollars per hour, less what quoting costs; undefined when it cannot be quoted, for the reason given. */
  score: number | undefined;
  reason: string;
}

/** Membership of the quoted set: since when, and why or why not. */
export interface Selection {
  selected: boolean;
  sinceSeconds: number;
  reason: string;
}

/** What a choice of series may depend on; borrowed. */
export interface SelectionView {
  readonly quoting: QuotingView;
  readonly candidacies: readonly Candidacy[];
  /** One entry per series: the present choice. */
  readonly current: readonly Selection[];
  readonly nowSeconds: number;
  /** Series that may be quoted at once. */
  readonly maximum: number;
  /** A series that was chosen is kept for at least so long. */
  readonly dwellSeconds: number;
  /** Scores as they were without a forecast, by series; undefined where a series cannot be quoted. Computed when asked for. */
  staticScores(): readonly (number | undefined)[];
  /** Whether one more series fits beside those that were admitted since {@link startOver}; if so it is admitted, else this says why not. */
  admit(series: number): string | undefined;
  /** Empties the set that {@link admit} counts. */
  startOver(): void;
}

/** Chooses which strikes and expiries are quoted. */
export interface Selector {
  /** Sets `selected`, `sinceSeconds` and `reason` of every entry of `view.current`. */
  choose(view: SelectionView): void;
}

/** A way of choosing, as a catalogue holds it. */
export interface SelectorKind {
  readonly kind: string;
  /** One line for the reader. */
  readonly summary: string;
  readonly params: z.ZodObject;
  /** @param chance a stream of the selector's own. */
  build(params: unknown, chance: Rng): Selector;
}

/** Ties a name, a strict schema of parameters and a constructor together. */
export function defineSelector<S extends z.ZodObject>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly params: S;
  readonly create: (params: z.output<S>, chance: Rng) => Selector;
}): SelectorKind {
  const { kind, summary, params, create } = definition;
  return { kind, summary, params, build: (given, chance) => create(params.parse(given), chance) };
}

/** Writes a decision into an entry: since when it holds changes only when it does. */
export function decide(selection: Selection, selected: boolean, nowSeconds: number, reason: string): void {
  if (selected !== selection.selected) {
    selection.selected = selected;
    selection.sinceSeconds = nowSeconds;
  }
  selection.reason = reason;
}
