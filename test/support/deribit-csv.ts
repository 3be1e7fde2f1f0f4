import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import type { Right } from '../../src/market/instrument.ts';
import { blackPrice } from '../../src/pricing/black-scholes.ts';
import { type Slice, sliceVol } from '../../src/pricing/ssvi.ts';

/** The columns of Deribit's chain files, in their order. */
export const DERIBIT_COLUMNS = [
  'timestamp',
  'instrument_name',
  'underlying',
  'underlying_name',
  'option_type',
  'strike',
  'expiry_datetime',
  'time_to_maturity',
  'bid_price',
  'ask_price',
  'mark_price',
  'mid_price',
  'futures_price',
  'futures_instrument_name',
  'implied_volatility',
  'delta',
  'vega',
  'open_interest',
  'volume',
  'bid_ask_spread',
  'currency',
  'index_price',
  'volume_usd',
] as const;

export type DeribitRow = Readonly<Record<(typeof DERIBIT_COLUMNS)[number], string>>;

/** The time of all synthetic snapshots. */
export const AT = '2026-01-02T08:00:00+00:00';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

export interface Listed {
  readonly currency?: string;
  /** Whole days after {@link AT}. */
  readonly days: number;
  readonly strike: number;
  readonly right: Right;
  /** Coins; undefined is a blank cell. */
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  /** Dollars. */
  readonly future: number;
}

/** One line of a chain file. */
export function deribitRow({ currency = 'BTC', days, strike, right, bid, ask, future }: Listed): DeribitRow {
  const date = new Date(Date.parse(AT) + days * 86_400_000);
  const label = `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}${date.getUTCFullYear() % 100}`;
  const both = bid !== undefined && ask !== undefined;
  return {
    timestamp: AT,
    instrument_name: `${currency}-${label}-${strike}-${right === 'call' ? 'C' : 'P'}`,
    underlying: String(future),
    underlying_name: `${currency}-${label}`,
    option_type: right,
    strike: strike.toFixed(1),
    expiry_datetime: `${date.toISOString().slice(0, 19)}+00:00`,
    time_to_maturity: String(days / 365.25),
    bid_price: bid === undefined ? '' : String(bid),
    ask_price: ask === undefined ? '' : String(ask),
    mark_price: both ? String((bid + ask) / 2) : '0.0',
    mid_price: both ? String((bid + ask) / 2) : '',
    futures_price: String(future),
    futures_instrument_name: `${currency}-${label}`,
    implied_volatility: '0.5',
    delta: '0.1',
    vega: '10.0',
    open_interest: '12.5',
    volume: '1.0',
    bid_ask_spread: both ? String(ask - bid) : '',
    currency,
    index_price: '90000.0',
    volume_usd: '1000.0',
  };
}

/** The text of a chain file. */
export function deribitCsv(rows: readonly DeribitRow[], columns: readonly (keyof DeribitRow)[] = DERIBIT_COLUMNS): string {
  return [columns.join(','), ...rows.map((row) => columns.map((column) => row[column]).join(','))].map((line) => `${line}\n`).join('');
}

/** An expiry with a known smile. */
export interface KnownExpiry {
  readonly days: number;
  readonly forward: number;
  readonly slice: Slice;
  /** Listed future, where it differs from the forward that the options trade on. */
  readonly future?: number;
}

export interface MarketNoise {
  readonly seed: string;
  /** Bid-ask width, in vol. */
  readonly widthVol: number;
  /** Standard deviation of the mid about the known smile, in vol. */
  readonly noiseVol: number;
  /** Share of quotes with a missing side. */
  readonly missing: number;
  /** Strikes per expiry; they spread over ±2.5 standard deviations. */
  readonly strikes: number;
}

/** Quotes around known smiles: mid prices on the smile plus noise, so many vols wide, some of them one-sided. */
export function quotedSurface(expiries: readonly KnownExpiry[], noise: MarketNoise): DeribitRow[] {
  const rng = streams(noise.seed).stream('test/quotes');
  const rows: DeribitRow[] = [];
  for (const { days, forward, future = forward, slice } of expiries) {
    const years = days / 365;
    for (let i = 0; i < noise.strikes; i += 1) {
      const spread = (5 * i) / (noise.strikes - 1) - 2.5;
      const strike = Math.round(forward * Math.exp(spread * Math.sqrt(slice.theta)));
      const vol = Math.max(0.01, sliceVol(slice, Math.log(strike / forward), years) + noise.noiseVol * normal(rng));
      for (const right of ['call', 'put'] as const) {
        const price = (v: number): number => blackPrice(right, forward, strike, v * Math.sqrt(years)) / forward;
        const mid = price(vol);
        const half = Math.min(0.9 * mid, (price(vol + noise.widthVol / 2) - price(Math.max(1e-4, vol - noise.widthVol / 2))) / 2);
        const lost = rng.uniform() < noise.missing;
        rows.push(deribitRow({ days, strike, right, bid: lost ? undefined : mid - half, ask: mid + half, future }));
      }
    }
  }
  return rows;
}
