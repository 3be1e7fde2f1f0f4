import { median, quantile } from '../statistics.ts';
import type { Fact } from './fact.ts';
import type { TenorBucket } from './market-samples.ts';

const PRINTS_MINIMUM = 30;
const REMARKS_MINIMUM = 5;
const TAPE = 'lognormal fit to 2.1 million Deribit screen prints since 2021 (m-ichaels/options-mm)';
const SAMPLE = 'Deribit trades 2026-08-16/17';

const medianOf = (values: readonly number[], minimum = 1): number | undefined => (values.length < minimum ? undefined : median(values));

function spreadFact(bucket: TenorBucket, low: number, high: number, quiet: string): Fact {
  return {
    name: `spread ${bucket}`,
    group: 'screen',
    about: `median spread at |delta| 0.4-0.6, ${bucket}, vol points`,
    band: { low, high },
    source: `Deribit hourly chain 2026-01-23/24, medians of hours; ${quiet} on a quiet day (m-ichaels/options-mm)`,
    measure: (samples) => medianOf(samples.spreads[bucket]),
  };
}

function sizeFact(percent: number, low: number, high: number, source: string): Fact {
  return {
    name: `trade-size-p${percent}`,
    group: 'screen',
    about: `${percent}th percentile of the size of a print, contracts`,
    band: { low, high },
    source,
    measure: ({ prints }) =>
      prints.length < PRINTS_MINIMUM
        ? undefined
        : quantile(
            prints.map((print) => print.size),
            percent / 100,
          ),
  };
}

function remarkFact(name: string, moves: string, [from, to]: readonly [number, number], low: number, high: number, source: string): Fact {
  return {
    name,
    group: 'screen',
    about: `median seconds to the next change of the best quotes at the money after a move of the index of ${moves} in 30 s`,
    band: { low, high },
    source,
    measure: ({ remarks }) =>
      medianOf(
        remarks.filter(({ moveBasisPoints }) => moveBasisPoints >= from && moveBasisPoints < to).map((remark) => remark.seconds),
        REMARKS_MINIMUM,
      ),
  };
}

const QUIET = 'Deribit BTC, 2.9 h of a quiet day (m-ichaels/options-mm)';

/** Of what a screen shows. */
export const SCREEN_FACTS: readonly Fact[] = [
  spreadFact('<2 d', 2.2, 3.95, '3.5'),
  spreadFact('2-10 d', 1.35, 2.55, '1.9'),
  spreadFact('10-45 d', 0.9, 1.1, '1.1'),
  spreadFact('>45 d', 0.6, 0.85, '0.6'),
  {
    name: 'touch-size',
    group: 'screen',
    about: 'median contracts at the best price at |delta| 0.35-0.65',
    band: { low: 13, high: 35 },
    source: 'Deribit books 2020-05-21: median 13; 20 to 35 on a quiet day (m-ichaels/options-mm)',
    measure: (samples) => medianOf(samples.touchSizes),
  },
  {
    name: 'prints-per-hour',
    group: 'screen',
    about: 'prints in all options per hour',
    band: { low: 100, high: 410 },
    source: `${QUIET}: 205; half to twice`,
    measure: ({ prints, simulatedSeconds }) => (simulatedSeconds > 0 ? (prints.length * 3600) / simulatedSeconds : undefined),
  },
  sizeFact(50, 0.1, 0.39, `${SAMPLE}: 0.1; ${TAPE}: 0.39`),
  sizeFact(90, 1, 2.6, `${SAMPLE}: 1; ${TAPE}: 2.6`),
  sizeFact(99, 5.5, 12.2, `${SAMPLE}: 5.5; ${TAPE}: 12.1`),
  remarkFact('re-mark-5bp', '5 bp or more', [5, Number.POSITIVE_INFINITY], 12, 48, `${QUIET}: 23.8 s; half to twice`),
  remarkFact('re-mark-12bp', '12 to 20 bp', [12, 20], 1.8, 7.2, `${QUIET}: 3.6 s; half to twice`),
];
