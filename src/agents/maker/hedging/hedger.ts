import type * as z from 'zod';
import type { QuotingView } from '../quoting/quoter.ts';

/** What a hedge of delta may depend on; borrowed. */
export interface HedgingView {
  readonly quoting: QuotingView;
  /** Delta of the whole position in units of the underlying, the hedge included, by the definition of the maker. */
  readonly delta: number;
  /** Change of delta in units per dollar of spot. */
  readonly gamma: number;
  /** Of the underlying, in dollars. */
  readonly spot: number;
  /** Units in one lot: no half-band is narrower. */
  readonly lotSize: number;
  /** Discount rate, annual. */
  readonly rate: number;
  /** Since the opening. */
  readonly nowSeconds: number;
  /** True while the last hedge has traded less than it was to. */
  readonly isUnfinished: boolean;
}

/** Decides how far delta may go before it is hedged. */
export interface Hedger {
  /**
   * Delta that it wants to hold, and the half-width of the band around it inside which nothing is traded; units of the underlying, Infinity
   * for no hedge. Asked only when a hedge can be sent, or one of its own rests in the book.
   */
  band(view: HedgingView): { readonly centre: number; readonly halfWidth: number };
}

/** A way of hedging delta, as a catalogue holds it. */
export interface HedgerKind {
  readonly kind: string;
  /** One line for the reader. */
  readonly summary: string;
  readonly params: z.ZodObject;
  build(params: unknown): Hedger;
}

/** Ties a name, a strict schema of parameters and a constructor together. */
export function defineHedger<S extends z.ZodObject>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly params: S;
  readonly create: (params: z.output<S>) => Hedger;
}): HedgerKind {
  const { kind, summary, params, create } = definition;
  return { kind, summary, params, build: (given) => create(params.parse(given)) };
}
