import type { ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { InputError, unreachable } from '../core/assert.ts';
import { CBOE_PAGE_HEADER, readCboePageChain } from './cboe-page-chain.ts';
import { csvRecords } from './csv-table.ts';
import { DERIBIT_COLUMNS, type DeribitCurrency, readDeribitChain } from './deribit-chain.ts';
import { DERIBIT_DEPTH_COLUMNS, readDeribitDepthChain } from './deribit-depth-chain.ts';
import { DERIBIT_HOURLY_COLUMNS, readDeribitHourlyChain } from './deribit-hourly-chain.ts';
import { readSpxEodChain, SPX_EOD_COLUMNS } from './spx-eod-chain.ts';
import { readSpxTidyChain, SPX_IV_COLUMNS, SPX_TIDY_COLUMNS } from './spx-tidy-chain.ts';
import { readUsEtfChain, US_ETF_COLUMNS } from './us-etf-chain.ts';

/** The layouts of chain files that can be read, each described in docs/chain-formats.md. */
export const CHAIN_FORMATS = [
  'deribit',
  'deribit-hourly',
  'deribit-depth',
  'spx-eod',
  'spx-tidy',
  'spx-iv',
  'cboe-page',
  'us-etf',
] as const;
export type ChainFormat = (typeof CHAIN_FORMATS)[number];

/** Those with a header in their first line; of two that fit equally well the first is taken. */
const COLUMNS: readonly (readonly [ChainFormat, readonly string[]])[] = [
  ['deribit', DERIBIT_COLUMNS],
  ['deribit-hourly', DERIBIT_HOURLY_COLUMNS],
  ['deribit-depth', DERIBIT_DEPTH_COLUMNS],
  ['spx-eod', SPX_EOD_COLUMNS],
  ['spx-iv', SPX_IV_COLUMNS],
  ['spx-tidy', SPX_TIDY_COLUMNS],
  ['us-etf', US_ETF_COLUMNS],
];
/** With this share of a layout's columns a header is meant to be of it, and what it lacks is the fault to name. */
const SHARE_MINIMUM = 0.75;

/** What picks one snapshot of a file that holds several. */
export interface ChainChoice {
  /** Underlying, where the file holds several. */
  readonly currency?: DeribitCurrency;
  /** Start of the time of the wanted snapshot, as the file writes it. */
  readonly at?: string;
  /** yyyy-mm-dd. */
  readonly date?: string;
}

/**
 * The layout of a chain file, by its header line.
 * @throws InputError naming the known layouts when it is none of them, or saying why the text is no table at all.
 */
export function chainFormat(source: string, text: string): ChainFormat {
  const lines = text
    .slice(0, 16_384)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  if (lines.slice(0, 5).some((line) => line.startsWith(CBOE_PAGE_HEADER))) return 'cboe-page';
  const header = new Set((lines.find((line) => line.trim() !== '') ?? '').split(',').map((name) => name.trim().replace(/^"|"$/g, '')));
  const share = (columns: readonly string[]): number => columns.filter((column) => header.has(column)).length / columns.length;
  const [best] = COLUMNS.map(([format, columns]) => ({ format, share: share(columns) })).sort((a, b) => b.share - a.share);
  if (best !== undefined && best.share >= SHARE_MINIMUM) return best.format;
  csvRecords(source, text);
  const known = COLUMNS.map(([format, columns]) => `${format} (${columns.slice(0, 4).join(', ')}, …)`);
  const message = `is in no known layout: its header line is that of neither ${known.join(', ')} nor cboe-page (${CBOE_PAGE_HEADER.slice(0, 30)}…)`;
  throw new InputError(source, [{ path: '', message, line: 1 }]);
}

/**
 * Reads one snapshot of a chain file of the given layout.
 * @throws InputError naming line and column of what is wrong, the choices when no snapshot is as asked for, or an option that the
 *   layout has no use for.
 */
export function readChain(source: string, text: string, format: ChainFormat, { currency, at, date }: ChainChoice = {}): ChainSnapshot {
  const useless: string[] = [];
  if (currency !== undefined && format !== 'deribit') useless.push('--currency');
  if (at !== undefined && format !== 'deribit-hourly') useless.push('--at');
  if (date !== undefined && format.startsWith('deribit')) useless.push('--date');
  if (useless.length > 0) {
    throw new InputError(
      source,
      useless.map((path) => ({ path, message: `has no meaning for a file of the layout ${format}` })),
    );
  }
  switch (format) {
    case 'deribit':
      return readDeribitChain(source, text, currency === undefined ? {} : { currency });
    case 'deribit-hourly':
      return readDeribitHourlyChain(source, text, at);
    case 'deribit-depth':
      return readDeribitDepthChain(source, text);
    case 'spx-eod':
      return readSpxEodChain(source, text, date);
    case 'spx-tidy':
      return readSpxTidyChain(source, text, 'quotes', date);
    case 'spx-iv':
      return readSpxTidyChain(source, text, 'vols', date);
    case 'cboe-page':
      return readCboePageChain(source, text, date);
    case 'us-etf':
      return readUsEtfChain(source, text, date);
    default:
      return unreachable(format);
  }
}
