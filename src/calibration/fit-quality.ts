import { median } from './median.ts';
import type { Smile } from './smile.ts';

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
  /** Median absolute error of the quotes with a delta between 5 and 95 %, call delta on the forward; undefined where there is none. */
  readonly coreMedianAbsErrorVolPoints: number | undefined;
}

/** What a curve misses one quote by. */
export interface QuoteError {
  readonly volPoints: number;
  readonly widthVolPoints: number;
  readonly inside: boolean;
  /** Delta between 5 and 95 %. */
  readonly core: boolean;
}

/** N⁻¹(0.95): |d₁| of a delta of 5 or 95 %. */
const CORE_D1 = 1.6448536269514722;

/** Errors of a smile under a curve of total variance. */
export function quoteErrors({ points, years }: Smile, totalVariance: (k: number) => number): QuoteError[] {
  return points.map(({ k, vol, bidVol, askVol }) => {
    const fitted = Math.sqrt(totalVariance(k) / years);
    const stdev = vol * Math.sqrt(years);
    return {
      volPoints: 100 * (fitted - vol),
      widthVolPoints: 100 * (askVol - bidVol),
      inside: fitted >= bidVol && fitted <= askVol,
      core: Math.abs(stdev / 2 - k / stdev) <= CORE_D1,
    };
  });
}

/** Errors of one or more expiries in one line. */
export function fitQuality(errors: readonly QuoteError[]): FitQuality {
  const sizes = (some: readonly QuoteError[]): number[] => some.map(({ volPoints }) => Math.abs(volPoints));
  const core = errors.filter((error) => error.core);
  return {
    quotes: errors.length,
    rmseVolPoints: Math.sqrt(errors.reduce((sum, { volPoints }) => sum + volPoints * volPoints, 0) / errors.length),
    medianAbsErrorVolPoints: median(sizes(errors)),
    medianWidthVolPoints: median(errors.map(({ widthVolPoints }) => widthVolPoints)),
    insideShare: errors.filter(({ inside }) => inside).length / errors.length,
    coreMedianAbsErrorVolPoints: core.length === 0 ? undefined : median(sizes(core)),
  };
}
