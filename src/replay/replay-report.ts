import { fixed, textTable } from '../core/text-table.ts';
import { MONEY_PER_DOLLAR, NANOS_PER_SECOND } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { type Instrument, priceFromTicks } from '../market/instrument.ts';
import type { Side } from '../market/order.ts';
import { type Accounts, accountsOf } from './accounts.ts';
import type { Manifest } from './manifest.ts';
import type { Replayer } from './replayer.ts';

/** Levels of a book that are shown. */
const DEPTH = 5;

/** One price of a book. */
export interface Level {
  /** Dollars. */
  readonly price: number;
  readonly lots: number;
  readonly orders: number;
}

/** A book that is not empty, best prices first. */
export interface BookReport {
  readonly symbol: string;
  /** Dollars. */
  readonly tickSize: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What a replay came to. Where log and replay differ there is none. */
export interface ReplayReport {
  readonly scenario: string;
  readonly seed: string;
  /** Version of volpit that wrote the log. */
  readonly loggedBy: string;
  /** Whether the logged run reached its end. */
  readonly complete: boolean;
  /** Simulated time up to which it was replayed. */
  readonly seconds: number;
  /** Records that were made again, each equal to the log's. */
  readonly records: number;
  readonly requests: number;
  readonly fills: number;
  /** Of these records. */
  readonly traceHash: string;
  /** What else was held against the log and is equal; the log of a killed run, or a stop before the end, leaves nothing to compare with. */
  readonly compared: { readonly traceHash: boolean; readonly accounts: boolean };
  readonly accounts: Accounts;
  /** Where a time to stop at was given. */
  readonly books?: readonly BookReport[];
}

/** The report of a replay that went on to the end of its log, or to `at` seconds, if given, to look at the books. */
export function replayReport(replayer: Replayer, chain: Chain, manifest: Manifest, at: number | undefined): ReplayReport {
  const names = manifest.agents.map(({ name }) => name);
  const isAtEnd = replayer.next === undefined;
  const isCompared = isAtEnd && manifest.outcome !== undefined;
  return {
    scenario: manifest.scenario.name,
    seed: manifest.seed,
    loggedBy: manifest.version,
    complete: manifest.complete,
    seconds: (isAtEnd ? manifest.outcome?.seconds : at) ?? replayer.now / NANOS_PER_SECOND,
    records: replayer.trace.records,
    requests: replayer.requests,
    fills: replayer.fills,
    traceHash: replayer.trace.hash(),
    compared: { traceHash: isCompared, accounts: isCompared },
    accounts: accountsOf(replayer.ledger, chain, names),
    ...(at === undefined ? {} : { books: chain.instruments.flatMap((listing) => booksOf(replayer, listing)) }),
  };
}

function booksOf({ exchange }: Replayer, listing: Instrument): BookReport[] {
  const book = exchange.book(listing.id);
  if (book.orders === 0) return [];
  const levels = (side: Side): Level[] => {
    const list: Level[] = [];
    book.levels(side, DEPTH, (price, lots, orders) =>
      list.push({ price: Number(priceFromTicks(listing, price).toFixed(9)), lots, orders }),
    );
    return list;
  };
  return [{ symbol: listing.symbol, tickSize: listing.tickSize, bids: levels('buy'), asks: levels('sell') }];
}

/** A replay as text for a terminal. @param wallSeconds that it took. */
export function replayText(report: ReplayReport, wallSeconds: number): string {
  const { records, requests, fills, compared, accounts, books } = report;
  const pace = wallSeconds > 0 ? records / wallSeconds / 1000 : 0;
  const end = report.complete ? '' : '; the run was stopped before its end';
  const agreement = compared.traceHash && compared.accounts ? 'trace hash, cash and positions are equal' : 'all records so far are equal';
  return [
    `${report.scenario}, seed ${report.seed}: ${fixed(report.seconds, 0)} s replayed, ${records} records, ${fixed(wallSeconds, 1)} s of wall time, ${fixed(pace, 0)} thousand records/s`,
    `${requests} requests, ${fills} fills: ${agreement}${books === undefined ? end : ''}`,
    '',
    accountsText(accounts),
    ...(books === undefined ? [] : ['', booksText(books)]),
    '',
    `trace ${report.traceHash}`,
  ].join('\n');
}

function accountsText({ agents, venueCash }: Accounts): string {
  const dollars = (money: number): string => (money / MONEY_PER_DOLLAR).toFixed(6);
  const rows = agents.map(({ name, cash, fees, fills, positions }) => {
    const lots = positions.reduce((sum, held) => sum + Math.abs(held.lots), 0);
    return [name, dollars(cash), dollars(fees), String(fills), String(positions.length), String(lots)];
  });
  const head = ['account', 'cash $', 'fees $', 'fills', 'positions', 'lots'];
  return textTable([head, ...rows, ['venue', dollars(venueCash)]]);
}

function booksText(books: readonly BookReport[]): string {
  const rows = books.flatMap(({ symbol, tickSize, bids, asks }) => {
    const cells = (level: Level | undefined): string[] =>
      level === undefined ? ['', '', ''] : [String(level.orders), String(level.lots), level.price.toFixed(decimalsOf(tickSize))];
    return Array.from({ length: Math.max(bids.length, asks.length) }, (_, i) => [
      i === 0 ? symbol : '',
      ...cells(bids[i]),
      ...cells(asks[i]).reverse(),
    ]);
  });
  return textTable([['book', 'orders', 'lots', 'bid $', 'ask $', 'lots', 'orders'], ...rows]);
}

/** Decimals that a price in such ticks needs. */
function decimalsOf(tickSize: number): number {
  let decimals = 0;
  while (decimals < 9 && Math.abs(Number(tickSize.toFixed(decimals)) - tickSize) > 1e-6 * tickSize) decimals += 1;
  return decimals;
}
