import { decimalsFor, fixed, signedPercent, textTable } from '../core/text-table.ts';
import type { GridCell, StressResult } from './stress.ts';

/** Columns of the terminal that the text fits, where single columns do. */
const WIDTH_DEFAULT = 120;

/** Amounts of one report, all in one unit and with the same decimals, so that they can be compared by eye. */
interface Scale {
  readonly name: string;
  text(amount: number): string;
}

/**
 * A stress result for the terminal: base, a table of PnL per day count with vol moves down and spot moves across, regime
 * shifts, history, and what to know when reading it. The worst cell is marked by the word `worst`. Grids wider than `width` are split.
 */
export function stressText(result: StressResult, width: number = WIDTH_DEFAULT): string {
  const scale = scaleOf(result.grid);
  const blocks = [baseTable(result), ...gridBlocks(result, scale, width), worstLine(result, scale)];
  if (result.regimes.length > 0) blocks.push(regimeTable(result, scale));
  return [...blocks, historyTable(result, scale), notes(result)].join('\n\n');
}

function scaleOf(grid: readonly GridCell[]): Scale {
  const largest = Math.max(0, ...grid.map((cell) => Math.abs(cell.pnl)));
  const unit = largest >= 1e7 ? 1e6 : largest >= 1e4 ? 1e3 : 1;
  const decimals = Math.min(4, decimalsFor(largest / unit, 3));
  const name = unit === 1e6 ? 'millions' : unit === 1e3 ? 'thousands' : 'units';
  return { name, text: (amount) => fixed(amount / unit, decimals) };
}

/** Five significant digits. */
const exact = (value: number): string => fixed(value, decimalsFor(value, 5));

function baseTable({ portfolio, base }: StressResult): string {
  const { delta, gamma, vegaPerPoint, thetaPerDay } = base.greeks;
  const table = textTable([
    ['', 'value', 'delta', 'gamma', 'vega / point', 'theta / day'],
    ['base', ...[base.value, delta, gamma, vegaPerPoint, thetaPerDay].map(exact)],
  ]);
  return `${portfolio.name}: ${portfolio.positions} positions at spot ${portfolio.spot}\n\n${table}`;
}

function gridBlocks({ grid, worst }: StressResult, scale: Scale, width: number): string[] {
  const isWorst = (cell: GridCell): boolean =>
    cell.daysPassed === worst.daysPassed && cell.volShock === worst.volShock && cell.spotShock === worst.spotShock;
  const cellText = (cell: GridCell): string => (isWorst(cell) ? `worst ${scale.text(cell.pnl)}` : scale.text(cell.pnl));
  return [...new Set(grid.map((cell) => cell.daysPassed))].flatMap((days) => {
    const time = days === 0 ? 'at once' : `after ${days} ${days === 1 ? 'day' : 'days'}`;
    const cells = grid.filter((cell) => cell.daysPassed === days);
    return [`PnL in ${scale.name} of the currency, ${time}; spot across, vol down`, ...gridTables(cells, cellText, width)];
  });
}

/** Rows of vol, columns of spot; as many tables as the width asks for, each with at least one column. */
function gridTables(cells: readonly GridCell[], cellText: (cell: GridCell) => string, width: number): string[] {
  const spots = [...new Set(cells.map((cell) => cell.spotShock))];
  const vols = [...new Set(cells.map((cell) => cell.volShock))];
  const columns = spots.map((spot) => {
    const own = vols.map((vol) => cells.find((cell) => cell.spotShock === spot && cell.volShock === vol));
    return [signedPercent(spot), ...own.map((cell) => (cell === undefined ? '' : cellText(cell)))];
  });
  const heads = ['vol \\ spot', ...vols.map(signedPercent)];
  const headWidth = Math.max(...heads.map((head) => head.length));
  const tables: string[][][] = [];
  let used = Infinity;
  for (const column of columns) {
    const needed = 2 + Math.max(...column.map((text) => text.length));
    if (used + needed > width) {
      tables.push([]);
      used = headWidth;
    }
    tables[tables.length - 1]?.push(column);
    used += needed;
  }
  return tables.map((table) => textTable(heads.map((head, row) => [head, ...table.map((column) => column[row] ?? '')])));
}

function worstLine({ worst }: StressResult, scale: Scale): string {
  const edge = worst.atEdge ? ' It lies on the edge: beyond the grid the loss may be larger.' : '';
  return `Worst of the grid: ${worst.name}, PnL ${scale.text(worst.pnl)} (${scale.name}).${edge}`;
}

function regimeTable({ regimes }: StressResult, scale: Scale): string {
  const rows = regimes.map((shift) => [
    shift.name,
    signedPercent(shift.spot),
    signedPercent(Number(Math.expm1(shift.level).toFixed(2))),
    fixed(100 * shift.slope, 1),
    fixed(shift.skew, 2),
    fixed(shift.curvature, 2),
    scale.text(shift.pnl),
    exact(shift.delta),
    String(shift.repairs),
  ]);
  return textTable([['regime shift', 'spot', 'vol', 'slope', 'skew', 'curvature', 'PnL', 'delta after', 'repaired'], ...rows]);
}

function historyTable({ historical }: StressResult, scale: Scale): string {
  const rows = historical.map((event) => [
    `${event.approximate ? '~' : ' '}${event.name}`,
    signedPercent(event.spotMove),
    `${event.volBefore} to ${event.volAfter}`,
    signedPercent(Number(event.volShock.toFixed(2))),
    scale.text(event.pnl),
  ]);
  return textTable([[' history', 'spot', 'vol index', 'vol', 'PnL'], ...rows]);
}

function notes({ base, grid, historical }: StressResult): string {
  const repaired = grid.filter((cell) => cell.repairs > 0).length;
  const lines = [
    'Moves are sudden, every vol moves by the same share, smiles stay with log-moneyness (sticky delta), and nothing is hedged.',
    'History: the move of a 30-day index is applied as a ratio to all expiries: too much for far ones, too little for near ones.',
  ];
  if (historical.some((event) => event.approximate)) lines.push('~ marks events with figures that are rounded or from the press.');
  if (base.repairs > 0) lines.push(`The surface given admits arbitrage: ${base.repairs} of its smiles were moved to the nearest without.`);
  if (repaired > 0) {
    lines.push(
      `In ${repaired} of ${grid.length} cells shocked smiles would admit arbitrage and were pulled back: the shock is met in part.`,
    );
  }
  return lines.join('\n');
}
