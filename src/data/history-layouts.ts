import type { NumberColumn, TableLayout } from './dated-table.ts';

const vol = (...names: string[]): NumberColumn => ({ names, holds: 'vol' });
const spread = (...names: string[]): NumberColumn => ({ names, holds: 'spread' });
const positive = (...names: string[]): NumberColumn => ({ names, holds: 'positive' });

/** Closes of the volatility indices of the S&P 500 and of SPY, one row a day, as Cboe publishes the indices. */
const cboe: TableLayout = {
  name: 'cboe',
  time: ['date', 'timestamp', 'time'],
  columns: {
    vix9d: vol('vix9d'),
    vix: vol('vix'),
    vix3m: vol('vix3m', 'vxv'),
    vix6m: vol('vix6m', 'vxmt'),
    vvix: positive('vvix'),
    skew: positive('skew'),
    spot: positive('spy', 'spx', 'spot'),
  },
};

/** Constant-maturity vols of Bitcoin and Ether from Deribit's chains, some rows a day: at the money, 25-delta risk reversal and butterfly. */
const deribitPanel: TableLayout = {
  name: 'deribit-panel',
  time: ['timestamp_utc', 'timestamp', 'time'],
  asset: ['currency', 'coin', 'symbol'],
  columns: {
    spot: positive('index_price', 'spot', 'index'),
    ...Object.fromEntries([7, 30, 90, 180].map((days) => [`atm${days}`, vol(`atm_${days}d`)])),
    ...Object.fromEntries([7, 30].map((days) => [`rr${days}`, spread(`rr25_${days}d`)])),
    ...Object.fromEntries([7, 30].map((days) => [`bf${days}`, spread(`bf25_${days}d`)])),
  },
};

/** Deribit's 30-day index of implied vol, one row an hour. */
const dvol: TableLayout = {
  name: 'dvol',
  time: ['timestamp_ms', 'datetime_utc', 'timestamp', 'time'],
  columns: { high: vol('dvol_high', 'high'), low: vol('dvol_low', 'low'), close: vol('dvol_close', 'close') },
};

/** Layouts of files that history is read from, by the name of the preset that is evaluated on them. */
export const HISTORY_LAYOUTS = { cboe, 'deribit-panel': deribitPanel, dvol } as const;
