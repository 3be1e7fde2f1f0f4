import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import type { Issue } from '../core/assert.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import type { Right } from '../market/instrument.ts';
import { type Day, dayAt, dayLabel, daysSince1970, exists, isoTime, monthOf, newYorkSeconds, weekday } from './calendar.ts';
import { Cells, type CsvRecord, csvRecords, type Row, refuse, refuseFaults } from './csv-table.ts';
import { onlySnapshot } from './snapshot-choice.ts';

const SIDES = ['Calls', 'Puts'] as const;
const CELLS = ['', ' Last Sale', ' Net', ' Bid', ' Ask', ' Vol', ' Open Int'] as const;
type Column = `${(typeof SIDES)[number]}${(typeof CELLS)[number]}`;

/** How the third line of the page starts. */
export const CBOE_PAGE_HEADER = 'Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,Puts,Last Sale,Net,Bid,Ask,Vol,Open Int';

/**
 * Reads an option quote page of Cboe as it used to be downloaded: calls left, puts right.
 *
 * Layout: line 1 `SPX (S&P 500 INDEX),1290.59,+7.24,`, line 2 `Jan 24 2011 @ 14:03 ET,`, line 3 the headings, then a line per root,
 * expiry and strike; dollars per unit of index. The option is named in brackets: root, two digits of the year, two of the day, a letter
 * for month and right (A to L calls, M to X puts), strike. Options of the root SPX settle at the opening (09:30 in New York) of
 * the Friday before the Saturday they are named after; other roots at the close (16:00) of their day.
 * @param date the day as yyyy-mm-dd, if it is to be checked.
 * @throws InputError naming line and column of everything that is wrong, the first 20 in full.
 */
export function readCboePageChain(source: string, text: string, date?: string): ChainSnapshot {
  const records = csvRecords(source, text);
  const [title, time, headings] = records;
  const [, symbol = '', , spotText = ''] = /^(\w+) \((.*)\)\n(.*)$/.exec(`${title?.cells[0] ?? ''}\n${title?.cells[1] ?? ''}`) ?? [];
  const index = /^\d+(\.\d+)?$/.test(spotText) ? Number(spotText) : 0;
  if (!(index > 0)) return refuse(source, "expected 'SYMBOL (NAME),PRICE,…' on this line", 1);
  const parts = /^(\w{3}) (\d\d) (\d{4}) @ (\d\d):(\d\d) ET$/.exec(time?.cells[0] ?? '');
  const [, monthText = '', dayText, yearText, hourText, minuteText] = parts ?? [];
  const day: Day = { year: Number(yearText), month: monthOf(monthText), day: Number(dayText) };
  if (parts === null || !exists(day)) return refuse(source, "expected a time like 'Jan 24 2011 @ 14:03 ET' on this line", 2);
  if ((headings?.cells ?? []).join(',').replace(/,*$/, '') !== CBOE_PAGE_HEADER) {
    return refuse(source, `expected the headings ${CBOE_PAGE_HEADER}`, 3);
  }
  const now = newYorkSeconds(day, Number(hourText), Number(minuteText));
  const at = isoTime(now);
  onlySnapshot(source, '--date', at, date);
  const issues: Issue[] = [];
  const lineOf = new Map<string, number>();
  const quotes: ChainQuote[] = [];
  for (const record of records.slice(3)) {
    const row = rowOf(record);
    for (const side of SIDES) {
      const cells = new Cells(row, issues);
      const before = lineOf.get(row.cell(side));
      if (before !== undefined) cells.fault(side, `each option once (it is on line ${before} too)`);
      lineOf.set(row.cell(side), record.line);
      const quote = quoteOf(row, cells, side, now);
      if (quote !== undefined) quotes.push(quote);
    }
  }
  refuseFaults(source, issues);
  if (quotes.length === 0) return refuse(source, 'has headings and no options');
  return { source, symbol, at, index, venue: 'Cboe', settlement: 'dollar', tickSize: 0.05, quotes };
}

function rowOf({ line, cells }: CsvRecord): Row<Column> {
  const names = SIDES.flatMap((side) => CELLS.map((cell): Column => `${side}${cell}`));
  return { line, cell: (column) => (cells[names.indexOf(column)] ?? '').trim() };
}

function quoteOf(row: Row<Column>, cells: Cells<Column>, side: (typeof SIDES)[number], now: number): ChainQuote | undefined {
  const named = /^(\d\d) (\w{3}) (\d+(?:\.\d+)?) \(([A-Z]+)(\d\d)(\d\d)([A-X])(\d+(?:\.\d+)?)-\w\)$/.exec(row.cell(side));
  if (named === null) return cells.fault(side, 'an option like 11 Jan 1075.00 (SPXW1128A1075-E)');
  const [, , monthText = '', strikeText, root = '', yearText, dayText, letter = '', symbolStrike] = named;
  const right: Right = letter <= 'L' ? 'call' : 'put';
  const month = letter.charCodeAt(0) - (right === 'call' ? 64 : 76);
  const day: Day = { year: 2000 + Number(yearText), month, day: Number(dayText) };
  const agrees = monthOf(monthText) === month && Number(strikeText) === Number(symbolStrike) && (right === 'call') === (side === 'Calls');
  if (!agrees || !exists(day)) return cells.fault(side, 'a symbol with the month, strike and right of its row');
  const strike = Number(strikeText);
  const [bid, ask] = [cells.optional(`${side} Bid`), cells.optional(`${side} Ask`)];
  const [volume, openInterest] = [cells.optional(`${side} Vol`), cells.optional(`${side} Open Int`)];
  if (!cells.sound || bid === undefined || ask === undefined) return cells.sound ? cells.fault(`${side} Bid`, 'two prices') : undefined;
  const atOpening = root === 'SPX';
  const days = daysSince1970(day);
  const settles = dayAt(atOpening && weekday(days) === 6 ? days - 1 : days);
  const expires = atOpening ? newYorkSeconds(settles, 9, 30) : newYorkSeconds(settles, 16, 0);
  return {
    ...{ expiry: isoTime(expires), label: `${dayLabel(settles)}${atOpening ? 'am' : ''}`, years: (expires - now) / SECONDS_PER_YEAR },
    ...{ strike, right, bid, ask },
    ...(volume === undefined ? {} : { volume }),
    ...(openInterest === undefined ? {} : { openInterest }),
  };
}
