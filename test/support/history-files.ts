import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';

export interface HistoryFileTerms {
  readonly rows: number;
  readonly seed?: string;
  /** How much of a deviation from the mean each row gives back; 0 is a random walk. */
  readonly pull?: number;
}

const DAY = 86_400_000;

/** A made-up file of Cboe closes: four log vols about one another, returns that go against them. Days without weekends. */
export function cboeFile({ rows, seed = '1', pull = 0.05 }: HistoryFileTerms): string {
  const rng = streams(seed).stream('test/history');
  const means = [2.75, 2.8, 2.9, 2.95];
  const vols = [...means];
  let [spot, vvix, skew] = [100, 4.5, 120];
  const lines = ['date,vix9d,vix,vix3m,vix6m,vvix,skew,spy'];
  for (let i = 0, time = Date.UTC(2015, 0, 5); i < rows; time += DAY) {
    const weekday = new Date(time).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const common = normal(rng);
    vols.forEach((vol, k) => {
      const move = (0.06 - 0.012 * k) * common + 0.015 * normal(rng);
      vols[k] = vol + pull * ((means[k] ?? 0) - vol) + move;
    });
    spot *= Math.exp(-0.006 * common + 0.006 * normal(rng));
    vvix += 0.05 * (4.5 - vvix) + 0.04 * normal(rng);
    skew += 0.05 * (120 - skew) + normal(rng);
    const cells = [...vols.map(Math.exp), Math.exp(vvix), skew, spot].map((value) => value.toFixed(4));
    lines.push([new Date(time).toISOString().slice(0, 10), ...cells].join(','));
    i += 1;
  }
  return `${lines.join('\n')}\n`;
}

/** A made-up Deribit panel of two coins, six-hourly: the butterfly is noise about its mean, the level a walk. */
export function deribitFile({ rows, seed = '1' }: HistoryFileTerms): string {
  const rng = streams(seed).stream('test/history');
  const names = [7, 30, 90, 180].map((days) => `atm_${days}d`);
  const lines = [`timestamp_utc,currency,index_price,${names.join(',')},rr25_7d,rr25_30d,bf25_7d,bf25_30d`];
  const coins = ['BTC', 'ETH'].map((name, i) => ({ name, spot: 50_000 / (1 + 20 * i), level: -0.9 + 0.3 * i, slope: 0, rr: -0.04 }));
  for (let i = 0; i < rows; i += 1) {
    const time = new Date(Date.UTC(2026, 0, 1, 2) + i * 21_600_000).toISOString().replace('.000Z', 'Z');
    for (const coin of coins) {
      coin.spot *= Math.exp(0.01 * normal(rng));
      coin.level += 0.02 * normal(rng);
      coin.slope += -0.05 * coin.slope + 0.02 * normal(rng);
      coin.rr += -0.05 * (coin.rr + 0.04) + 0.004 * normal(rng);
      const vols = [1, 0.4, 0, -0.1].map((weight) => Math.exp(coin.level + weight * coin.slope));
      const cells = [...vols, coin.rr, 0.7 * coin.rr, 0.012 + 0.002 * normal(rng), 0.01 + 0.002 * normal(rng)];
      lines.push([time, coin.name, coin.spot.toFixed(2), ...cells.map((value) => value.toFixed(5))].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A made-up file of hourly DVOL: a random walk. */
export function dvolFile({ rows, seed = '1' }: HistoryFileTerms): string {
  const rng = streams(seed).stream('test/history');
  const lines = ['timestamp_ms,datetime_utc,dvol_open,dvol_high,dvol_low,dvol_close'];
  let level = Math.log(60);
  for (let i = 0; i < rows; i += 1) {
    const time = Date.UTC(2022, 0, 1) + i * 3_600_000;
    const open = level;
    level += 0.01 * normal(rng);
    const wick = 0.003 * Math.abs(normal(rng));
    const cells = [open, Math.max(open, level) + wick, Math.min(open, level) - wick, level].map((log) => Math.exp(log).toFixed(2));
    lines.push([time, new Date(time).toISOString(), ...cells].join(','));
  }
  return `${lines.join('\n')}\n`;
}
