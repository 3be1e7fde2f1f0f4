import type { Settlement } from './chain-snapshot.ts';
import { median } from './median.ts';
import type { ExpiryQuotes } from './quote-filter.ts';

/** How an expiry's forward was found: from put-call parity, or else the future of the chain, or else the index or one pair of options. */
export type ForwardSource = 'parity' | 'futures' | 'index';

export interface ForwardEstimate {
  /** Dollars. */
  readonly forward: number;
  readonly source: ForwardSource;
  /** Dollar discount factor; exactly 1 where premiums are paid in coin. */
  readonly discount: number;
  /** Strikes at which call and put both had two sides, near the money. */
  readonly strikes: number;
  /** Half of parity's bid-ask width at the money, over the square root of the number of strikes, in bp of the forward. */
  readonly uncertaintyBp: number | undefined;
  /** (forward / future − 1) · 10⁴; undefined where the chain has no future. */
  readonly futuresDifferenceBp: number | undefined;
}

/** One strike's parity: y = call − put where the discount factor is to be found as well, else the forward itself. `sd` is half the sum of the two bid-ask widths, in y's unit. */
interface ParityPoint {
  readonly strike: number;
  readonly y: number;
  readonly sd: number;
}

/** Below this many strikes parity says less than the future does. */
const STRIKES_MINIMUM = 3;
/** So does parity that is less certain than this, where there is a future. */
const UNCERTAINTY_MAXIMUM_BP = 20;
/** Strikes nearest the money that are used: further out one side of the pair is deep in the money and wide. */
const STRIKES_MAXIMUM = 15;
/** Huber's threshold in units of half the width: a mid that is further off is stale or wrong. */
const THRESHOLD = 1;
const ROUNDS = 30;

/**
 * The forward of one expiry from put-call parity over the strikes nearest the money, robustly.
 *
 * Dollar premiums: call − put = D(F − K), a line in K whose slope is −D and whose zero is F; Theil–Sen start, then Huber
 * weights. Coin premiums: call − put = 1 − K/F, so each strike gives F = K/(1 − call + put) by itself, and F is a Huber
 * mean of these.
 * Where the dollar `discount` factor is given, each strike gives F = K + (call − put)/D, and F is a Huber mean here too.
 * With fewer than three pairs, or quotes too wide for a forward within 20 bp, the future if there is one; at last the expiry's reference.
 */
export function forwardEstimate(expiry: ExpiryQuotes, settlement: Settlement, discount?: number): ForwardEstimate {
  const { reference, hasFuture } = expiry;
  const difference = (forward: number): number | undefined => (hasFuture ? (forward / reference - 1) * 1e4 : undefined);
  const points = parityPoints(expiry, settlement, discount);
  const uncertaintyBp =
    points.length === 0 ? undefined : (1e4 / reference) * Math.sqrt(1 / points.reduce((sum, { sd }) => sum + 1 / (sd * sd), 0));
  const common = { strikes: points.length, uncertaintyBp };
  const fallback: ForwardEstimate = {
    ...common,
    forward: reference,
    source: hasFuture ? 'futures' : 'index',
    discount: discount ?? (settlement === 'dollar' ? expiry.discountHint : undefined) ?? 1,
    futuresDifferenceBp: difference(reference),
  };
  if (points.length < STRIKES_MINIMUM) return fallback;
  if (hasFuture && uncertaintyBp !== undefined && uncertaintyBp > UNCERTAINTY_MAXIMUM_BP) return fallback;
  const known = settlement === 'coin' ? 1 : discount;
  const line = known === undefined ? parityLine(points, reference) : { forward: huberMean(points), discount: known };
  // A line that no discount factor explains is not parity: quotes of another contract, or too few of them.
  if (line === undefined || !(line.forward > 0.5 * reference && line.forward < 2 * reference)) return fallback;
  return { ...common, ...line, source: 'parity', futuresDifferenceBp: difference(line.forward) };
}

function parityPoints({ quotes, reference }: ExpiryQuotes, settlement: Settlement, discount: number | undefined): ParityPoint[] {
  const points: ParityPoint[] = [];
  const puts = new Map(quotes.filter((quote) => quote.right === 'put').map((quote) => [quote.strike, quote]));
  for (const call of quotes) {
    const put = call.right === 'call' ? puts.get(call.strike) : undefined;
    if (put === undefined) continue;
    const { strike } = call;
    const gap = (call.bid + call.ask - put.bid - put.ask) / 2;
    const half = (call.ask - call.bid + put.ask - put.bid) / 2;
    if (settlement === 'dollar' && discount === undefined) points.push({ strike, y: gap, sd: half });
    else if (settlement === 'dollar') points.push({ strike, y: strike + gap / (discount ?? 1), sd: half / (discount ?? 1) });
    else if (gap < 1) {
      const forward = strike / (1 - gap);
      points.push({ strike, y: forward, sd: (half * forward) / (1 - gap) });
    }
  }
  return points
    .sort((a, b) => Math.abs(Math.log(a.strike / reference)) - Math.abs(Math.log(b.strike / reference)) || a.strike - b.strike)
    .slice(0, STRIKES_MAXIMUM);
}

const huberWeight = (residual: number, sd: number): number =>
  Math.min(1, (THRESHOLD * sd) / Math.max(Math.abs(residual), 1e-300)) / (sd * sd);

function huberMean(points: readonly ParityPoint[]): number {
  let mean = median(points.map((point) => point.y));
  for (let round = 0; round < ROUNDS; round += 1) {
    let sum = 0;
    let weights = 0;
    for (const { y, sd } of points) {
      const weight = huberWeight(y - mean, sd);
      sum += weight * y;
      weights += weight;
    }
    mean = sum / weights;
  }
  return mean;
}

/** Strikes are counted from `origin`, near the forward, so that the sums do not cancel. */
function parityLine(points: readonly ParityPoint[], origin: number): { forward: number; discount: number } | undefined {
  const slopes: number[] = [];
  for (const [index, a] of points.entries()) {
    for (const b of points.slice(index + 1)) if (a.strike !== b.strike) slopes.push((b.y - a.y) / (b.strike - a.strike));
  }
  let slope = median(slopes);
  let intercept = median(points.map((point) => point.y - slope * (point.strike - origin)));
  for (let round = 0; round < ROUNDS; round += 1) {
    let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
    for (const { strike, y, sd } of points) {
      const x = strike - origin;
      const weight = huberWeight(y - intercept - slope * x, sd);
      w += weight;
      wx += weight * x;
      wy += weight * y;
      wxx += weight * x * x;
      wxy += weight * x * y;
    }
    slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    intercept = (wy - slope * wx) / w;
  }
  return slope < 0 && slope > -2 ? { forward: origin - intercept / slope, discount: -slope } : undefined;
}
