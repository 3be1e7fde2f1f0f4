import type { InstrumentId } from '../../core/units.ts';
import type { Right } from '../../market/instrument.ts';
import type { SeriesView, Snapshot } from '../../sim/snapshot.ts';

/** The panels in the order of their keys, 1 to 6. */
export const PANELS = ['chain', 'book', 'pnl', 'surface', 'risk', 'log'] as const;
export type PanelName = (typeof PANELS)[number];

/** The panels' titles. */
export const PANEL_NAMES: Readonly<Record<PanelName, string>> = {
  chain: 'Chain',
  book: 'Book',
  pnl: 'P&L',
  surface: 'Surface',
  risk: 'Risk',
  log: 'Events',
};

/** The title of a panel behind its key, 1 to 6. */
export const panelTitle = (panel: PanelName): string => `${PANELS.indexOf(panel) + 1} ${PANEL_NAMES[panel]}`;

/** What the reader has chosen to look at. It belongs to the screen, never to the run. */
export interface View {
  /** The panel with the focus; where there is room for one panel only, the one that is shown. */
  readonly panel: PanelName;
  readonly zoomed: boolean;
  readonly help: boolean;
  /** The reasons behind the selected series' quote fill the screen. */
  readonly why: boolean;
  /** Index into the snapshot's expiries. */
  readonly expiry: number;
  readonly strike: number;
  readonly right: Right;
}

/** A change of the view. */
export type ViewAction =
  | { readonly kind: 'strike'; readonly by: 1 | -1 }
  | { readonly kind: 'expiry'; readonly by: 1 | -1 }
  | { readonly kind: 'right'; readonly right: Right | 'other' }
  | { readonly kind: 'panel'; readonly panel: PanelName }
  | { readonly kind: 'turn'; readonly by: 1 | -1 }
  | { readonly kind: 'zoom' }
  | { readonly kind: 'help' }
  | { readonly kind: 'why' }
  | { readonly kind: 'back' };

/** The view at the start: the call at the money of the first expiry. */
export function firstView(snapshot: Snapshot): View {
  const strike = nearest(strikesOf(snapshot, 0), snapshot.expiries[0]?.forward ?? snapshot.market.spot) ?? 0;
  return { panel: 'chain', zoomed: false, help: false, why: false, expiry: 0, strike, right: 'call' };
}

export function changedView(view: View, action: ViewAction, snapshot: Snapshot): View {
  switch (action.kind) {
    case 'strike': {
      const strikes = strikesOf(snapshot, view.expiry);
      const at = strikes.indexOf(nearest(strikes, view.strike) ?? Number.NaN);
      return { ...view, strike: strikes[at + action.by] ?? strikes[at] ?? view.strike };
    }
    case 'expiry': {
      const expiries = snapshot.expiries.length;
      if (expiries === 0) return view;
      const expiry = (view.expiry + action.by + expiries) % expiries;
      return { ...view, expiry, strike: nearest(strikesOf(snapshot, expiry), view.strike) ?? view.strike };
    }
    case 'right':
      return { ...view, right: action.right === 'other' ? otherRight(view.right) : action.right };
    case 'panel':
      return { ...view, panel: action.panel };
    case 'turn':
      return { ...view, panel: PANELS[(PANELS.indexOf(view.panel) + action.by + PANELS.length) % PANELS.length] ?? view.panel };
    case 'zoom':
      return { ...view, zoomed: !view.zoomed };
    case 'help':
      return { ...view, help: !view.help };
    case 'why':
      return { ...view, why: !view.why };
    case 'back':
      if (view.help) return { ...view, help: false };
      return view.why ? { ...view, why: false } : { ...view, zoomed: false };
  }
}

/** The series under the cursor; undefined only where the chain is empty. */
export function selectedSeries(snapshot: Snapshot, view: View): SeriesView | undefined {
  const ofExpiry = snapshot.series.filter((series) => series.expiry === view.expiry);
  const strike = nearest(strikesOf(snapshot, view.expiry), view.strike);
  return ofExpiry.find((series) => series.strike === strike && series.right === view.right) ?? ofExpiry[0] ?? snapshot.series[0];
}

export const selectedId = (snapshot: Snapshot, view: View): InstrumentId => selectedSeries(snapshot, view)?.id ?? snapshot.book.id;

/** Strikes of an expiry, increasing. */
export function strikesOf(snapshot: Snapshot, expiry: number): number[] {
  const strikes = new Set(snapshot.series.filter((series) => series.expiry === expiry).map((series) => series.strike));
  return [...strikes].sort((a, b) => a - b);
}

/** The most strikes that any expiry has: what the chain needs in rows. */
export const strikesMax = (snapshot: Snapshot): number =>
  Math.max(0, ...snapshot.expiries.map((_, expiry) => strikesOf(snapshot, expiry).length));

const otherRight = (right: Right): Right => (right === 'call' ? 'put' : 'call');

function nearest(strikes: readonly number[], target: number): number | undefined {
  return strikes.reduce<number | undefined>(
    (best, strike) => (best === undefined || Math.abs(strike - target) < Math.abs(best - target) ? strike : best),
    undefined,
  );
}
