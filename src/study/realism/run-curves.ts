import { standardDeviation } from '../statistics.ts';
import { tradeSigns } from './flow-facts.ts';
import type { MarketSamples } from './market-samples.ts';
import { minuteReturns } from './return-facts.ts';
import { autocorrelation } from './series-statistics.ts';

/** Lags of trade signs that are drawn. */
export const SIGN_LAGS_MAXIMUM = 20;

/** What one kind of counterparty left the subject at one horizon, vol points: dollars kept per dollar of vega traded. */
export interface CurvePoint {
  readonly counterparty: string;
  /** After the fill; 0 for what was captured at it. */
  readonly seconds: number;
  readonly volPoints: number;
}

/** What is drawn of one run, or of a data set: copies, plain enough to send to another thread. */
export interface RunCurves {
  /** One-minute returns over their standard deviation. */
  readonly returns: readonly number[];
  /** At-the-money vols at 7, 30 and 90 days by the minute. */
  readonly atmVols: readonly (readonly [number, number, number])[];
  /** Regime by the minute. */
  readonly regimes: readonly string[];
  /** Autocorrelation of trade signs at lags 1, 2, … */
  readonly signs: readonly number[];
  readonly markouts: readonly CurvePoint[];
}

/** Curves of what was seen; empty where there is too little of it. */
export function runCurves(samples: MarketSamples): RunCurves {
  const returns = minuteReturns(samples);
  const deviation = returns.length < 2 ? 0 : (standardDeviation(returns) ?? 0);
  const signs = tradeSigns(samples.prints);
  return {
    returns: deviation > 0 ? returns.map((value) => value / deviation) : [],
    atmVols: samples.minutes.map((minute) => minute.atmVols),
    regimes: samples.minutes.map((minute) => minute.regime),
    signs: Array.from({ length: SIGN_LAGS_MAXIMUM }, (_, i) => autocorrelation(signs, i + 1)).flatMap((value) => value ?? []),
    markouts: samples.markouts.flatMap(({ counterparty, seconds, vega, captured, kept }) => {
      if (!(vega > 0)) return [];
      const later = { counterparty, seconds, volPoints: kept / vega };
      // The first horizon has every fill that a later one has.
      return seconds === 1 ? [{ counterparty, seconds: 0, volPoints: captured / vega }, later] : [later];
    }),
  };
}
