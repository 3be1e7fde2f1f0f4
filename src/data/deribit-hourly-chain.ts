import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { median } from '../calibration/median.ts';
import type { Issue } from '../core/assert.ts';
import { inverseNormalCdf } from '../core/special.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import { blackPrice } from '../pricing/black-scholes.ts';
import { dayLabel, utcSeconds } from './calendar.ts';
import { Cells, csvTable, type Row, refuse, refuseFaults } from './csv-table.ts';
import { snapshotChoice } from './snapshot-choice.ts';

/** What the layout `deribit-hourly` must have. */
export const DERIBIT_HOURLY_COLUMNS = [
  'date',
  'instrument_name',
  'expiry_date',
  'strike',
  'type',
  'volume',
  'open_interest',
  'delta',
  'bid_iv',
  'ask_iv',
  'mark_iv',
] as const;
type Column = (typeof DERIBIT_HOURLY_COLUMNS)[number];

/** Deribit's options settle at 08:00 UTC. */
const EXPIRY_HOUR = 8;
/** Deltas between these say where the forward is; they are printed with five decimals. */
const DELTA_MINIMUM = 0.1;

/**
 * Reads one of the hourly snapshots of a file of Deribit's option chains in implied vols.
 *
 * Layout: `date` in UTC without a zone, `expiry_date` as a day (settlement at 08:00 UTC), vols in percent, 0 for no quote; any
 * column order. There are neither prices nor futures: the forward of an expiry is the median of what the venue's call deltas and
 * marks imply, F = K·exp(N⁻¹(Δ)·σ√T − σ²T/2), and premiums in coin are Black's at the quoted vols.
 * @param at text with which the time of the wanted snapshot starts, for example `2026-01-23T05`; the first one by default.
 * @throws InputError naming line and column of what is wrong, or the times when there is no such snapshot.
 */
export function readDeribitHourlyChain(source: string, text: string, at?: string): ChainSnapshot {
  const rows = csvTable(source, text, DERIBIT_HOURLY_COLUMNS);
  const wanted = snapshotChoice(
    source,
    '--at',
    rows.map((row) => row.cell('date')),
    at,
  );
  const issues: Issue[] = [];
  const names = new Map<string, number>();
  const options: RowOption[] = [];
  for (const row of rows) {
    if (row.cell('date') !== wanted) continue;
    const option = rowOption(row, names, issues);
    if (option !== undefined) options.push(option);
  }
  refuseFaults(source, issues);
  const forwards = new Map<string, number>();
  for (const label of new Set(options.map((option) => option.label))) {
    const implied = median(options.filter((option) => option.label === label).flatMap(impliedForward));
    if (Number.isFinite(implied)) forwards.set(label, implied);
  }
  const nearest = [...options].sort((a, b) => a.years - b.years).find(({ label }) => forwards.has(label));
  const index = forwards.get(nearest?.label ?? '');
  if (index === undefined) return refuse(source, `no delta of ${wanted} says where the forward is`);
  const symbol = options[0]?.symbol ?? '';
  const quotes = options.map((option) => quoteOf(option, forwards.get(option.label) ?? index));
  return { source, symbol, at: `${wanted}Z`, index, venue: 'Deribit', settlement: 'coin', quotes };
}

interface RowOption extends Pick<ChainQuote, 'expiry' | 'label' | 'years' | 'strike' | 'right'> {
  readonly symbol: string;
  readonly delta: number;
  readonly bidVol: number;
  readonly askVol: number;
  readonly markVol: number;
  readonly openInterest: number;
  readonly volume: number;
}

function rowOption(row: Row<Column>, names: Map<string, number>, issues: Issue[]): RowOption | undefined {
  const cells = new Cells(row, issues);
  const name = row.cell('instrument_name');
  const before = names.get(name);
  if (before !== undefined) cells.fault('instrument_name', `each instrument once in a snapshot (it is on line ${before} too)`);
  names.set(name, row.line);
  const date = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?$/.exec(row.cell('date'))?.slice(1).map(Number);
  const [year = 0, month = 0, dayOfMonth = 0, hour = 99, minute = 0, second = 0] = date ?? [];
  const now = utcSeconds({ year, month, day: dayOfMonth }, hour, minute, second);
  if (now === undefined) return cells.fault('date', 'a time in UTC without a zone, like 2026-01-23T01:00:00');
  const day = cells.day('expiry_date', 'iso');
  const type = row.cell('type');
  const right = type === 'call' || type === 'put' ? type : cells.fault('type', 'call or put');
  const strike = cells.positive('strike');
  const percent = (column: Column): number => (cells.optional(column) ?? 0) / 100;
  const vols = { bidVol: percent('bid_iv'), askVol: percent('ask_iv'), markVol: percent('mark_iv') };
  const delta = /^-/.test(row.cell('delta')) ? -Number(row.cell('delta').slice(1)) : (cells.optional('delta') ?? Number.NaN);
  if (!(Math.abs(delta) <= 1)) return cells.fault('delta', 'a number from -1 to 1');
  const rest = { delta, openInterest: cells.optional('open_interest') ?? 0, volume: cells.optional('volume') ?? 0 };
  if (!cells.sound || day === undefined || right === undefined || strike === undefined) return undefined;
  const label = dayLabel(day);
  const symbol = name.split('-')[0] ?? '';
  const expected = [symbol, label, strike, right === 'call' ? 'C' : 'P'].join('-');
  if (symbol === '' || name !== expected) return cells.fault('instrument_name', `${expected}, as the row's other columns say`);
  const years = ((utcSeconds(day, EXPIRY_HOUR) ?? 0) - now) / SECONDS_PER_YEAR;
  const expiry = `${row.cell('expiry_date')}T08:00:00Z`;
  return { symbol, expiry, label, years, strike, right, ...vols, ...rest };
}

function impliedForward({ right, strike, years, delta, markVol }: RowOption): number[] {
  const callDelta = right === 'call' ? delta : 1 + delta;
  if (!(years > 0 && markVol > 0 && callDelta >= DELTA_MINIMUM && callDelta <= 1 - DELTA_MINIMUM)) return [];
  const stdev = markVol * Math.sqrt(years);
  return [strike * Math.exp(inverseNormalCdf(callDelta) * stdev - (stdev * stdev) / 2)];
}

function quoteOf(option: RowOption, forward: number): ChainQuote {
  const { expiry, label, years, strike, right, bidVol, askVol, markVol, openInterest, volume } = option;
  const coin = (vol: number): number => blackPrice(right, forward, strike, vol * Math.sqrt(Math.max(0, years))) / forward;
  return {
    ...{ expiry, label, years, strike, right, forwardHint: forward, openInterest, volume },
    ...(bidVol > 0 ? { bidCoin: coin(bidVol), bid: coin(bidVol) * forward } : {}),
    ...(askVol > 0 ? { askCoin: coin(askVol), ask: coin(askVol) * forward } : {}),
    ...(markVol > 0 ? { markVol } : {}),
  };
}
