import type { PanelName, View } from './view.ts';

/** Cells and rows of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The least terminal that the dashboard draws on. */
export const SIZE_MIN: Size = { columns: 80, rows: 24 };
/** From here on all panels stand side by side. */
export const SIZE_ALL: Size = { columns: 120, rows: 36 };

/** A panel and the room it gets. */
export interface Place {
  readonly panel: PanelName;
  readonly width: number;
  readonly height: number;
}

/**
 * How the screen is divided. One row of the terminal always stays free: a last line that is full makes some terminals scroll.
 * `columns` stand side by side; the places of each stand one above the other, and fill `height`.
 */
export type Layout =
  | { readonly kind: 'notice'; readonly width: number; readonly height: number }
  | { readonly kind: 'tabs'; readonly width: number; readonly height: number; readonly columns: readonly (readonly Place[])[] }
  | { readonly kind: 'all'; readonly width: number; readonly height: number; readonly columns: readonly (readonly Place[])[] };

/** Rows of a panel's frame. */
const FRAME = 2;
/** Rows of the chain around its strikes: the market, the expiries, two headings, two lines of detail. */
const CHAIN_AROUND = 6 + FRAME;
const SURFACE_MIN = 11 + FRAME;
const LOG_MIN = 5 + FRAME;

/** @param strikes the most strikes of any expiry. @param limits the subject's limits: what the risk panel needs in rows. */
export function layoutOf(size: Size, view: View, strikes: number, limits: number): Layout {
  const width = Math.max(1, size.columns);
  const screen = Math.max(1, size.rows - 1);
  if (width < SIZE_MIN.columns || size.rows < SIZE_MIN.rows) return { kind: 'notice', width, height: screen };
  const whole = (panel: PanelName, height: number): readonly (readonly Place[])[] => [[{ panel, width, height }]];
  // The status above, the keys below, and where there are tabs their line.
  if (width < SIZE_ALL.columns || size.rows < SIZE_ALL.rows) {
    return { kind: 'tabs', width, height: screen - 3, columns: [tabOf(view, width, screen - 3, limits)] };
  }
  const height = screen - 2;
  if (view.zoomed) return { kind: 'all', width, height, columns: whole(view.panel, height) };
  return { kind: 'all', width, height, columns: columnsOf(width, height, strikes, limits) };
}

/** A tab is one panel; with the log below it on a high terminal, and below the risk, which is short, always. */
function tabOf(view: View, width: number, height: number, limits: number): readonly Place[] {
  const risk = riskHeight(limits);
  const log =
    view.zoomed || view.panel === 'log'
      ? 0
      : view.panel === 'risk' && height - risk < 2 * LOG_MIN
        ? height - risk
        : height < 30
          ? 0
          : LOG_MIN;
  const places: Place[] = [{ panel: view.panel, width, height: height - log }];
  return log < FRAME + 1 ? [{ panel: view.panel, width, height }] : [...places, { panel: 'log', width, height: log }];
}

const riskHeight = (limits: number): number => Math.min(3 + Math.max(4, limits), 10) + FRAME;

function columnsOf(width: number, height: number, strikes: number, limits: number): readonly (readonly Place[])[] {
  const left = Math.round(76 + (width - SIZE_ALL.columns) * 0.7);
  const chain = Math.min(strikes + CHAIN_AROUND, height - LOG_MIN - SURFACE_MIN);
  const log = LOG_MIN + Math.floor((height - chain - LOG_MIN - SURFACE_MIN) / 3);
  const risk = riskHeight(limits);
  const spareRight = height - risk;
  const book = Math.max(8 + FRAME, Math.floor(spareRight * 0.45));
  return [
    [
      { panel: 'chain', width: left, height: chain },
      { panel: 'surface', width: left, height: height - chain - log },
      { panel: 'log', width: left, height: log },
    ],
    [
      { panel: 'book', width: width - left, height: book },
      { panel: 'pnl', width: width - left, height: spareRight - book },
      { panel: 'risk', width: width - left, height: risk },
    ],
  ];
}
