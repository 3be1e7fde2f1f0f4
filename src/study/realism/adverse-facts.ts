import type { Band, Fact } from './fact.ts';
import type { MarketSamples } from './market-samples.ts';

const QUIET = 'makers simulated on a Deribit tape, by quoting centre: 0.07, 0.12, 0.39 (m-ichaels/options-mm)';

/**
 * Share of the spread captured that is given back by a horizon: (captured − kept) / captured over the fills of the subject's quotes. 0
 * where prices do not move against it, above 1 where it would have been better off without the trades. Undefined without capture.
 */
export function givenBack(samples: MarketSamples, seconds: number, counterparty?: string): number | undefined {
  const rows = samples.markouts.filter(
    (row) => row.seconds === seconds && (counterparty === undefined || row.counterparty === counterparty),
  );
  const captured = rows.reduce((sum, row) => sum + row.captured, 0);
  const kept = rows.reduce((sum, row) => sum + row.kept, 0);
  return captured > 0 ? (captured - kept) / captured : undefined;
}

function horizonFact(seconds: number, label: string, band: Band, source: string): Fact {
  return {
    name: `given-back ${label}`,
    group: 'adverse selection',
    about: `share of the subject's spread capture given back after ${label}, delta-hedged`,
    band,
    source,
    measure: (samples) => givenBack(samples, seconds),
  };
}

function classFact(counterparty: string, band: Band, source: string): Fact {
  return {
    name: `given-back ${counterparty}`,
    group: 'adverse selection',
    about: `share of the subject's spread capture from ${counterparty} given back after 5 min, delta-hedged`,
    band,
    source,
    measure: (samples) => givenBack(samples, 300, counterparty),
  };
}

/** Of the fills of the subject's quotes. */
export const ADVERSE_FACTS: readonly Fact[] = [
  horizonFact(1, '1 s', { low: 0, high: 0.4 }, 'no more than by 5 min'),
  horizonFact(10, '10 s', { low: 0, high: 0.4 }, 'no more than by 5 min'),
  horizonFact(60, '1 min', { low: 0, high: 0.4 }, 'no more than by 5 min'),
  horizonFact(300, '5 min', { low: 0.1, high: 0.4 }, QUIET),
  horizonFact(1800, '30 min', { low: 0.1 }, 'no less than by 5 min'),
  classFact('customers', { low: -0.1, high: 0.1 }, 'Glosten and Milgrom 1985: nothing against those who know nothing'),
  classFact('informed', { low: 1 }, 'Glosten and Milgrom 1985: a loss against those who know more'),
];
