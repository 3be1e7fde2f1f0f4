import type { Right } from '../../market/instrument.ts';
import { greeks } from '../../pricing/black-scholes.ts';
import { type MarketSamples, NO_SAMPLES, type PrintSample, tenorBucket, type VolumeSample } from './market-samples.ts';

const DAYS_PER_YEAR = 365;
const VOL_POINTS = 100;

/** A trade of a recorded tape. */
export interface RecordedTrade {
  /** Since any moment. */
  readonly seconds: number;
  readonly side: 'buy' | 'sell';
  readonly size: number;
  /** What was traded; undefined where the tape does not say, or not enough to know its delta. */
  readonly option?: RecordedOption;
}

export interface RecordedOption {
  readonly strike: number;
  readonly right: Right;
  readonly years: number;
  /** Annual vol traded at. */
  readonly vol: number;
  /** Price of the underlying, dollars. */
  readonly spot: number;
}

/**
 * What a tape shows: trades at one time on one side are matches of one order. Where one of them does not say what it was in, flow is signed
 * size instead of signed vega, and volume is not shared out.
 */
export function tradeSamples(trades: readonly RecordedTrade[]): MarketSamples {
  const [first, last] = [trades[0], trades.at(-1)];
  if (first === undefined || last === undefined) return NO_SAMPLES;
  const risks = trades.flatMap(({ option }) => (option === undefined ? [] : [riskOf(option)]));
  const isWhole = risks.length === trades.length;
  let order = 0;
  const prints = trades.map(({ seconds, side, size }, i): PrintSample => {
    const before = trades[i - 1];
    if (before?.seconds !== seconds || before.side !== side) order += 1;
    const vega = isWhole ? ((risks[i]?.vega ?? 0) * size) / VOL_POINTS : size;
    return { seconds: seconds - first.seconds, takerOrder: order, size, sign: side === 'buy' ? 1 : -1, vega };
  });
  const volumes = isWhole
    ? trades.flatMap(({ size, option }, i): VolumeSample[] => {
        if (option === undefined) return [];
        const tenor = tenorBucket(option.years * DAYS_PER_YEAR);
        return [{ contracts: size, right: option.right, delta: risks[i]?.delta ?? 0, tenor }];
      })
    : [];
  const tenors = [...new Set(volumes.map(({ tenor }) => tenor))];
  return { ...NO_SAMPLES, simulatedSeconds: last.seconds - first.seconds, tenors, prints, volumes };
}

function riskOf({ strike, right, years, vol, spot }: RecordedOption): { readonly delta: number; readonly vega: number } {
  const { delta, vega } = greeks({ strike, right, years }, { spot, vol, rate: 0, yield: 0 });
  return { delta: Math.abs(delta), vega };
}
