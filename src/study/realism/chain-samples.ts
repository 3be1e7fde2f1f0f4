import type { ChainQuote, ChainSnapshot } from '../../calibration/chain-snapshot.ts';
import { europeanChain } from '../../calibration/european-quotes.ts';
import { type ForwardEstimate, forwardEstimate } from '../../calibration/forward.ts';
import { type ExpiryQuotes, expiryQuotes } from '../../calibration/quote-filter.ts';
import { type SmilePoint, smile } from '../../calibration/smile.ts';
import { greeks } from '../../pricing/black-scholes.ts';
import { quarterDeltaVol } from './constant-maturity.ts';
import { type MarketSamples, NO_SAMPLES, type TenorBucket, tenorBucket, type VolumeSample } from './market-samples.ts';
import { type PanelRow, VolPanel } from './vol-panel.ts';

const HOURS_MINIMUM = 1;
const STRIKES_MINIMUM = 5;
const DAYS_PER_YEAR = 365;
const VOL_POINTS = 100;

/** A snapshot, and when it was taken: seconds since any moment. */
export interface TimedSnapshot {
  readonly snapshot: ChainSnapshot;
  readonly seconds: number;
}

/** An expiry's smile at its two figures that constant maturities are made of. */
interface TermPoint {
  readonly years: number;
  readonly atmVol: number;
  readonly skew: number;
}

/**
 * What snapshots of quoted chains show, together: spreads, sides, where volume goes, and the surface at constant maturities. Vols are those
 * of the mids out of the money, along straight lines between strikes. Listed options without interest count as not quoted where the
 * source is indicative, as they do when a chain is fitted.
 */
export function chainSamples(snapshots: readonly TimedSnapshot[]): MarketSamples {
  const spreads = widths();
  const wingSpreads = widths();
  const volumes: VolumeSample[] = [];
  const tenors = new Set<TenorBucket>();
  const rows: PanelRow[] = [];
  let [looks, twoSided] = [0, 0];
  for (const { snapshot, seconds } of snapshots) {
    const terms: TermPoint[] = [];
    for (const { expiry, estimate, points } of expirySmiles(snapshot)) {
      const tenor = tenorBucket(expiry.years * DAYS_PER_YEAR);
      const term = termPoint(points, expiry.years);
      if (term !== undefined) terms.push(term);
      tenors.add(tenor);
      for (const quote of snapshot.quotes) {
        if (quote.expiry !== expiry.expiry || isIdle(quote, snapshot)) continue;
        const vol = volAt(points, Math.log(quote.strike / estimate.forward));
        const risk = greeks(quote, { spot: estimate.forward, vol, rate: 0, yield: 0 });
        const delta = Math.abs(risk.delta);
        if ((quote.volume ?? 0) > 0) volumes.push({ contracts: quote.volume ?? 0, right: quote.right, delta, tenor });
        if (delta < 0.1 || delta > 0.9) continue;
        looks += 1;
        if (!((quote.bid ?? 0) > 0 && (quote.ask ?? 0) > 0)) continue;
        twoSided += 1;
        const width = (((quote.ask ?? 0) - (quote.bid ?? 0)) / (risk.vega * estimate.discount)) * VOL_POINTS;
        if (!(width >= 0)) continue;
        if (delta >= 0.4 && delta <= 0.6) spreads[tenor].push(width);
        if (delta <= 0.25) wingSpreads[tenor].push(width);
      }
    }
    rows.push({ seconds, ...constantMaturities(terms) });
  }
  return { ...NO_SAMPLES, tenors: [...tenors], spreads, wingSpreads, looks, twoSided, volumes, panel: new VolPanel(rows) };
}

const isIdle = ({ volume = 0, openInterest = 0 }: ChainQuote, { indicative = false }: ChainSnapshot): boolean =>
  indicative && volume + openInterest === 0;

function widths(): Record<TenorBucket, number[]> {
  return { '<2 d': [], '2-10 d': [], '10-45 d': [], '>45 d': [] };
}

function expirySmiles(snapshot: ChainSnapshot): {
  readonly expiry: ExpiryQuotes;
  readonly estimate: ForwardEstimate;
  readonly points: readonly SmilePoint[];
}[] {
  const { expiries } = expiryQuotes(snapshot, HOURS_MINIMUM);
  const european =
    snapshot.exercise === 'american'
      ? europeanChain(expiries).expiries
      : expiries.map((expiry) => ({ expiry, estimate: forwardEstimate(expiry, snapshot.settlement) }));
  return european.flatMap(({ expiry, estimate }) => {
    const { points } = smile(expiry, estimate, snapshot.settlement);
    return points.length < STRIKES_MINIMUM ? [] : [{ expiry, estimate, points }];
  });
}

/** Along a straight line in log-moneyness; flat beyond the ends. */
function volAt(points: readonly SmilePoint[], k: number): number {
  const next = points.findIndex((point) => point.k >= k);
  const [before, after] = [points[next - 1], points[next]];
  if (after === undefined) return points.at(-1)?.vol ?? 0;
  if (before === undefined || after.k === before.k) return after.vol;
  return before.vol + ((after.vol - before.vol) * (k - before.k)) / (after.k - before.k);
}

/** Undefined where the smile does not reach to both deltas. */
function termPoint(points: readonly SmilePoint[], years: number): TermPoint | undefined {
  const atmVol = volAt(points, 0);
  const [first, last] = [points[0]?.k ?? 0, points.at(-1)?.k ?? 0];
  const put = quarterDeltaVol(-1, years, atmVol, (k) => volAt(points, k));
  const call = quarterDeltaVol(1, years, atmVol, (k) => volAt(points, k));
  return put.k < first || call.k > last ? undefined : { years, atmVol, skew: put.vol - call.vol };
}

/** Between expiries: total variance at the money and skew along straight lines of time. Nothing is drawn out beyond them. */
function constantMaturities(terms: readonly TermPoint[]): Omit<PanelRow, 'seconds'> {
  const at = (days: number): TermPoint | undefined => {
    const years = days / DAYS_PER_YEAR;
    const next = terms.findIndex((term) => term.years >= years);
    const [before, after] = [terms[next - 1], terms[next]];
    if (before === undefined || after === undefined) return undefined;
    const share = (years - before.years) / (after.years - before.years);
    const [early, late] = [before, after].map((term) => term.atmVol * term.atmVol * term.years);
    if (early === undefined || late === undefined) return undefined;
    const skew = before.skew + share * (after.skew - before.skew);
    return { years, atmVol: Math.sqrt((early + share * (late - early)) / years), skew };
  };
  const [week, month, quarter] = [at(7), at(30), at(90)];
  return {
    ...(week === undefined ? {} : { week: week.atmVol }),
    ...(month === undefined ? {} : { month: month.atmVol, skew: month.skew }),
    ...(quarter === undefined ? {} : { quarter: quarter.atmVol }),
  };
}
