import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { median } from '../calibration/median.ts';
import type { Issue } from '../core/assert.ts';
import { dayLabel, daysSince1970 } from './calendar.ts';
import { Cells, csvTable, type Row, refuseFaults } from './csv-table.ts';
import { onlySnapshot } from './snapshot-choice.ts';

/** What the layout `spx-tidy` must have. */
export const SPX_TIDY_COLUMNS = ['PBid', 'PAsk', 'Type', 'Strike', 'dtExpiry', 'dtTrade', 'Spot'] as const;
/** What the layout `spx-iv` has besides. */
export const SPX_IV_COLUMNS = [...SPX_TIDY_COLUMNS, 'IVMid', 'iRate', 'Fwd', 'TTM'] as const;
type Column = (typeof SPX_IV_COLUMNS)[number];

/**
 * Reads a tidy table of S&P 500 index options: premiums in dollars per unit of index, `Type` C or P, and days as yyyy-mm-dd. There is
 * no time of day, so that time left is a whole number of days. The layout with vols has besides, per expiry, a forward `Fwd` and a
 * rate `iRate`, which serve where put-call parity gives none, and `IVMid` as the mark.
 * @param date the day as yyyy-mm-dd, if it is to be checked.
 * @throws InputError naming line and column of everything that is wrong, the first 20 in full.
 */
export function readSpxTidyChain(source: string, text: string, layout: 'quotes' | 'vols', date?: string): ChainSnapshot {
  const columns: readonly Column[] = layout === 'vols' ? SPX_IV_COLUMNS : SPX_TIDY_COLUMNS;
  const rows: Row<Column>[] = csvTable(source, text, columns);
  const at = rows[0]?.cell('dtTrade') ?? '';
  onlySnapshot(source, '--date', at, date);
  const issues: Issue[] = [];
  const lineOf = new Map<string, number>();
  const spots: number[] = [];
  const quotes: ChainQuote[] = [];
  for (const row of rows) {
    const cells = new Cells(row, issues);
    if (row.cell('dtTrade') !== at) cells.fault('dtTrade', `the day of the first row, ${at}: a snapshot has one time`);
    const name = [row.cell('dtExpiry'), row.cell('Type'), row.cell('Strike')].join(' ');
    const before = lineOf.get(name);
    if (before !== undefined) cells.fault('Strike', `each option once (it is on line ${before} too)`);
    lineOf.set(name, row.line);
    spots.push(cells.positive('Spot') ?? Number.NaN);
    const quote = quoteOf(row, cells, layout);
    if (quote !== undefined) quotes.push(quote);
  }
  refuseFaults(source, issues);
  const common = { source, symbol: 'SPX', at: `${at}T00:00:00Z`, index: median(spots) };
  return { ...common, venue: 'Cboe', settlement: 'dollar', tickSize: 0.05, quotes };
}

function quoteOf(row: Row<Column>, cells: Cells<Column>, layout: 'quotes' | 'vols'): ChainQuote | undefined {
  const trade = cells.day('dtTrade', 'iso');
  const day = cells.day('dtExpiry', 'iso');
  const type = row.cell('Type');
  const right = type === 'C' ? 'call' : type === 'P' ? 'put' : cells.fault('Type', 'C or P');
  const strike = cells.positive('Strike');
  const [bid, ask] = [cells.optional('PBid'), cells.optional('PAsk')];
  const hints = layout === 'vols' ? [cells.positive('Fwd'), cells.optional('iRate'), cells.positive('IVMid')] : [];
  if (!cells.sound || trade === undefined || day === undefined || right === undefined || strike === undefined) return undefined;
  const years = (daysSince1970(day) - daysSince1970(trade)) / 365;
  const [forwardHint, rate, markVol] = hints;
  return {
    ...{ expiry: `${row.cell('dtExpiry')}T00:00:00Z`, label: dayLabel(day), years, strike, right },
    ...(bid === undefined ? {} : { bid }),
    ...(ask === undefined ? {} : { ask }),
    ...(forwardHint === undefined ? {} : { forwardHint }),
    ...(rate === undefined ? {} : { discountHint: Math.exp(-rate * years) }),
    ...(markVol === undefined ? {} : { markVol }),
  };
}
