import { normalCdf } from '../../core/special.ts';
import { apart, type Origins } from './origins.ts';

/** How often the sign of the change was forecast. */
export interface Direction {
  /** Share of right signs among forecasts and outcomes that have one. */
  readonly hitRate: number;
  readonly n: number;
  /** Whether signs agree more often than two independent series would; absent where one of them hardly varies. */
  readonly pesaranTimmermann?: { readonly statistic: number; readonly p: number; readonly n: number };
}

/** Hit rate over all origins, and {@link pesaranTimmermann} over those whose outcomes do not overlap. Undefined where nothing has a sign. */
export function direction(outcome: ArrayLike<number>, change: ArrayLike<number>, origins: Origins): Direction | undefined {
  let n = 0;
  let hits = 0;
  for (let i = 0; i < origins.count; i += 1) {
    const product = Math.sign(outcome[i] ?? 0) * Math.sign(change[i] ?? 0);
    if (product === 0) continue;
    n += 1;
    if (product > 0) hits += 1;
  }
  if (n === 0) return undefined;
  const picked = apart(origins).filter((i) => (outcome[i] ?? 0) !== 0 && (change[i] ?? 0) !== 0);
  const test = pesaranTimmermann(
    picked.map((i) => (outcome[i] ?? 0) > 0),
    picked.map((i) => (change[i] ?? 0) > 0),
  );
  return { hitRate: hits / n, n, ...(test === undefined ? {} : { pesaranTimmermann: { ...test, n: picked.length } }) };
}

/**
 * Test of Pesaran and Timmermann (1992, eq. 6) that two series of signs are independent, one-sided for agreement, normal in the limit. Signs
 * are to be independent over time: give it outcomes that do not overlap. Undefined where a series has one sign only.
 */
export function pesaranTimmermann(
  up: readonly boolean[],
  forecastUp: readonly boolean[],
): { readonly statistic: number; readonly p: number } | undefined {
  const n = up.length;
  if (n === 0) return undefined;
  const share = (of: (isUp: boolean, isForecastUp: boolean) => boolean): number =>
    up.filter((isUp, i) => of(isUp, forecastUp[i] === true)).length / n;
  const y = share((isUp) => isUp);
  const x = share((_, isForecastUp) => isForecastUp);
  const hits = share((isUp, isForecastUp) => isUp === isForecastUp);
  const expected = y * x + (1 - y) * (1 - x);
  const [a, b] = [2 * y - 1, 2 * x - 1];
  const ofExpected = (a * a * x * (1 - x)) / n + (b * b * y * (1 - y)) / n + (4 * y * x * (1 - y) * (1 - x)) / (n * n);
  const variance = (expected * (1 - expected)) / n - ofExpected;
  if (!(variance > 0)) return undefined;
  const statistic = (hits - expected) / Math.sqrt(variance);
  return { statistic, p: normalCdf(-statistic) };
}
