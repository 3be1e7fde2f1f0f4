import { InputError, invariant } from '../core/assert.ts';
import { type Slice, sliceVol } from '../pricing/ssvi.ts';
import { butterflyMinimum, calendarMinimum } from './arbitrage.ts';
import type { ChainSnapshot } from './chain-snapshot.ts';
import { essviFit } from './essvi-fit.ts';
import { type ForwardEstimate, type ForwardSource, forwardEstimate } from './forward.ts';
import { median } from './median.ts';
import { type DropCounts, type ExpiryQuotes, expiryQuotes, type LeftOut } from './quote-filter.ts';
import { type Smile, smile } from './smile.ts';

/** How well a curve meets the quotes it was fitted to, next to how exactly the market itself names its price. In vol points. */
export interface FitQuality {
  /** Out-of-the-money options with two sides. */
  readonly quotes: number;
  /** Of the vols of mid prices. */
  readonly rmseVolPoints: number;
  readonly medianAbsErrorVolPoints: number;
  /** Vol of the ask minus vol of the bid. */
  readonly medianWidthVolPoints: number;
  /** Share of the quotes whose bid and ask have the fitted vol between them. */
  readonly insideShare: number;
}

/** One expiry of a fitted surface: its forward, its slice, and how well both meet the quotes. */
export interface ExpiryFit extends Slice, FitQuality {
  readonly label: string;
  /** ISO 8601. */
  readonly expiry: string;
  readonly years: number;
  /** Dollars. */
  readonly forward: number;
  readonly forwardSource: ForwardSource;
  /** (forward / future − 1) · 10⁴; undefined where the chain has no future. */
  readonly futuresDifferenceBp: number | undefined;
  /** Dollar discount factor; 1 for premiums in coin. */
  readonly discount: number;
  /** Annual, at the forward. */
  readonly atmVol: number;
  /** Quotes that took no part, by reason. */
  readonly dropped: DropCounts;
  /** True where this smile alone would have had arbitrage, in itself or against the expiry before. */
  readonly repaired: boolean;
  /** Smallest value of Durrleman's g; ≥ 0. */
  readonly butterflyMinimumG: number;
}

/** A surface fitted to a quoted chain, free of static arbitrage. */
export interface SurfaceFit {
  /** ISO 8601. */
  readonly at: string;
  readonly symbol: string;
  /** Index price, dollars. */
  readonly spot: number;
  /** Nearest first. */
  readonly expiries: readonly ExpiryFit[];
  readonly leftOut: readonly LeftOut[];
  /** Expiries that are {@link ExpiryFit.repaired}. */
  readonly repairs: number;
  /** Smallest growth of total variance between neighbours, as a share; ≥ 0. Undefined with one expiry. */
  readonly calendarMinimumGrowth: number | undefined;
  readonly overall: FitQuality;
}

/** What a smile needs to be fitted. */
export interface SurfaceFitOptions {
  /** Expiries with less time left are left out: their settlement is an average that has begun or is about to. Default 12. */
  readonly hoursMinimum?: number;
  /** Out-of-the-money options with two sides; default 5. */
  readonly strikesMinimum?: number;
}

/** g and the growth of variance are computed with rounding errors of this order. */
const ROUNDING = 1e-9;

/**
 * From a quoted chain to a surface: quotes are filtered, forwards taken from put-call parity, mids turned into vols, and
 * slices fitted jointly without static arbitrage ({@link essviFit}).
 *
 * Accuracy: on Deribit's BTC chain of 2 January 2026 the median error is below half of the median bid-ask width, and over 60 %
 * of the fitted vols lie inside bid and ask (test/calibration/real-snapshots.test.ts).
 * @throws InputError when no expiry has enough quotes.
 */
export function surfaceFit(snapshot: ChainSnapshot, options: SurfaceFitOptions = {}): SurfaceFit {
  const { hoursMinimum = 12, strikesMinimum = 5 } = options;
  const { expiries, leftOut } = expiryQuotes(snapshot, hoursMinimum);
  const prepared: { expiry: ExpiryQuotes; estimate: ForwardEstimate; smile: Smile }[] = [];
  for (const expiry of expiries) {
    const estimate = forwardEstimate(expiry, snapshot.settlement);
    const own = smile(expiry, estimate, snapshot.settlement);
    if (own.points.length >= strikesMinimum) prepared.push({ expiry, estimate, smile: own });
    else leftOut.push({ label: expiry.label, years: expiry.years, reason: 'too-few-strikes', quotes: expiry.listed });
  }
  if (prepared.length === 0) {
    const message = `no expiry with ${hoursMinimum} hours left and ${strikesMinimum} out-of-the-money options with two sides`;
    throw new InputError(snapshot.source, [{ path: snapshot.symbol, message }]);
  }
  const { slices, repaired } = essviFit(prepared.map((one) => one.smile));
  const fits: ExpiryFit[] = [];
  const errors: QuoteError[] = [];
  let calendarMinimumGrowth: number | undefined;
  for (const [i, { expiry, estimate, smile: own }] of prepared.entries()) {
    const slice = slices[i];
    invariant(slice !== undefined, 'a smile without a slice');
    const ownErrors = quoteErrors(own, slice);
    errors.push(...ownErrors);
    const butterflyMinimumG = butterflyMinimum(slice);
    invariant(butterflyMinimumG >= -ROUNDING, () => `fitted slice ${expiry.label} has g = ${butterflyMinimumG}`);
    const near = slices[i - 1];
    if (near !== undefined)
      calendarMinimumGrowth = Math.min(calendarMinimumGrowth ?? Number.POSITIVE_INFINITY, calendarMinimum(near, slice));
    fits.push({
      label: expiry.label,
      expiry: expiry.expiry,
      years: expiry.years,
      forward: estimate.forward,
      forwardSource: estimate.source,
      futuresDifferenceBp: estimate.futuresDifferenceBp,
      discount: estimate.discount,
      ...slice,
      atmVol: Math.sqrt(slice.theta / expiry.years),
      dropped: own.dropped,
      ...fitQuality(ownErrors),
      repaired: repaired[i] === true,
      butterflyMinimumG,
    });
  }
  invariant((calendarMinimumGrowth ?? 0) >= -ROUNDING, () => `fitted variance falls by a share of ${calendarMinimumGrowth}`);
  return {
    at: snapshot.at,
    symbol: snapshot.symbol,
    spot: snapshot.index,
    expiries: fits,
    leftOut: leftOut.sort((a, b) => a.years - b.years),
    repairs: fits.filter((fit) => fit.repaired).length,
    calendarMinimumGrowth,
    overall: fitQuality(errors),
  };
}

interface QuoteError {
  readonly volPoints: number;
  readonly widthVolPoints: number;
  readonly inside: boolean;
}

function quoteErrors({ points, years }: Smile, slice: Slice): QuoteError[] {
  return points.map(({ k, vol, bidVol, askVol }) => {
    const fitted = sliceVol(slice, k, years);
    return { volPoints: 100 * (fitted - vol), widthVolPoints: 100 * (askVol - bidVol), inside: fitted >= bidVol && fitted <= askVol };
  });
}

function fitQuality(errors: readonly QuoteError[]): FitQuality {
  return {
    quotes: errors.length,
    rmseVolPoints: Math.sqrt(errors.reduce((sum, { volPoints }) => sum + volPoints * volPoints, 0) / errors.length),
    medianAbsErrorVolPoints: median(errors.map(({ volPoints }) => Math.abs(volPoints))),
    medianWidthVolPoints: median(errors.map(({ widthVolPoints }) => widthVolPoints)),
    insideShare: errors.filter(({ inside }) => inside).length / errors.length,
  };
}
