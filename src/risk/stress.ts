import { invariant } from '../core/assert.ts';
import { signedPercent } from '../core/text-table.ts';
import { HISTORICAL_EVENTS, type HistoricalEvent } from './historical-events.ts';
import { type Portfolio, type Valuation, valuation } from './portfolio.ts';
import { NO_SHOCK, type Shock, shocked } from './shock.ts';
import { arbitrageFree, refined, type SmileSurface } from './smile-surface.ts';

/** The shocks of a grid: every spot move with every vol move after every number of days. */
export interface StressGrid {
  /** Relative moves, > −1. */
  readonly spotShocks: readonly number[];
  /** Relative moves of every vol, > −1. */
  readonly volShocks: readonly number[];
  /** Days that pass after the shock, ≥ 0. */
  readonly days: readonly number[];
}

/** Spot −30 to +30 % in steps of 5 %, vol −40 to +100 %, at once and after a day. */
export const HOUSE_GRID: StressGrid = {
  spotShocks: [-0.3, -0.25, -0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3],
  volShocks: [-0.4, -0.2, 0, 0.25, 0.5, 1],
  days: [0, 1],
};

/** A named change of the surface's factors, and of the spot with it. Fields as in {@link Shock}. */
export interface RegimeShift extends Omit<Shock, 'days'> {
  readonly name: string;
}

/** What is to be stressed, in which market, and how. */
export interface StressPlan {
  readonly portfolio: Portfolio;
  readonly surface: SmileSurface;
  readonly grid: StressGrid;
  readonly regimeShifts: readonly RegimeShift[];
}

/** The portfolio in one shocked market. Amounts are in the currency of the spot. */
export interface StressOutcome {
  readonly value: number;
  /** `value` less that of the base. */
  readonly pnl: number;
  readonly delta: number;
  readonly vegaPerPoint: number;
  /** Smiles that the shock had driven into arbitrage and that were repaired; there the shock is met only in part. */
  readonly repairs: number;
}

export interface GridCell extends StressOutcome {
  readonly spotShock: number;
  readonly volShock: number;
  readonly daysPassed: number;
}

export interface WorstCell extends GridCell {
  /** The shock in words. */
  readonly name: string;
  /** True when the cell lies on the rim of the spot or vol shocks: the loss may go on growing beyond the grid. */
  readonly atEdge: boolean;
}

export interface HistoricalOutcome extends HistoricalEvent, StressOutcome {
  /** volAfter over volBefore, less 1. */
  readonly volShock: number;
}

export interface RegimeOutcome extends RegimeShift, StressOutcome {}

export interface StressResult {
  readonly portfolio: { readonly name: string; readonly positions: number; readonly spot: number; readonly rate: number };
  readonly base: { readonly value: number; readonly greeks: Omit<Valuation, 'value'>; readonly repairs: number };
  /** By days, then vol, then spot, each in the order of the plan. */
  readonly grid: readonly GridCell[];
  /** The cell of the grid with the least PnL; the first of them where several tie. */
  readonly worst: WorstCell;
  readonly historical: readonly HistoricalOutcome[];
  readonly regimes: readonly RegimeOutcome[];
}

/**
 * Values a portfolio in full under every shock of the plan and under {@link HISTORICAL_EVENTS}. All moves are sudden and nothing is
 * hedged on the way; how a smile moves is said at {@link shocked}.
 * @throws InvariantError on an empty grid or surface: the parser has checked them.
 */
export function stress(plan: StressPlan): StressResult {
  const { portfolio, grid } = plan;
  const { positions } = portfolio;
  const years = positions.flatMap((position) => (position.kind === 'option' ? [position.years] : []));
  const free = arbitrageFree(plan.surface);
  const today = arbitrageFree(refined(free.surface, years)).surface;
  const { value: baseValue, ...baseGreeks } = valuation(positions, today);

  const outcome = (shock: Shock): StressOutcome => {
    const { surface, repairs } = shocked(today, shock);
    const { value, delta, vegaPerPoint } = valuation(positions, surface);
    return { value, pnl: value - baseValue, delta, vegaPerPoint, repairs };
  };
  const cells = grid.days.flatMap((daysPassed) =>
    grid.volShocks.flatMap((volShock) =>
      grid.spotShocks.map(
        (spotShock): GridCell => ({
          spotShock,
          volShock,
          daysPassed,
          ...outcome({ ...NO_SHOCK, spot: spotShock, level: Math.log1p(volShock), days: daysPassed }),
        }),
      ),
    ),
  );
  return {
    portfolio: { name: portfolio.name, positions: positions.length, spot: plan.surface.spot, rate: plan.surface.rate },
    base: { value: baseValue, greeks: baseGreeks, repairs: free.repairs },
    grid: cells,
    worst: worstCell(cells, grid),
    historical: HISTORICAL_EVENTS.map((event) => {
      const volShock = event.volAfter / event.volBefore - 1;
      return { ...event, volShock, ...outcome({ ...NO_SHOCK, spot: event.spotMove, level: Math.log1p(volShock) }) };
    }),
    regimes: plan.regimeShifts.map((shift) => {
      const { name, spot, level, slope, skew, curvature } = shift;
      return { name, spot, level, slope, skew, curvature, ...outcome({ ...NO_SHOCK, ...shift }) };
    }),
  };
}

function worstCell(cells: readonly GridCell[], grid: StressGrid): WorstCell {
  let worst = cells[0];
  for (const cell of cells) if (worst === undefined || cell.pnl < worst.pnl) worst = cell;
  invariant(worst !== undefined, 'a stress grid needs at least one cell');
  const onRim = (value: number, all: readonly number[]): boolean =>
    all.length > 1 && (value === Math.min(...all) || value === Math.max(...all));
  return { name: cellName(worst), atEdge: onRim(worst.spotShock, grid.spotShocks) || onRim(worst.volShock, grid.volShocks), ...worst };
}

/** The shock of a cell in words: `spot -30 %, vol +100 %, after 1 day`. */
export function cellName(cell: GridCell): string {
  const time = cell.daysPassed === 0 ? 'at once' : `after ${cell.daysPassed} ${cell.daysPassed === 1 ? 'day' : 'days'}`;
  return `spot ${signedPercent(cell.spotShock)}, vol ${signedPercent(cell.volShock)}, ${time}`;
}
