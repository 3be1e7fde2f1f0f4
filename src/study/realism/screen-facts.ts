import { median, quantile } from '../statistics.ts';
import { between, type Fact, type Target } from './fact.ts';
import type { TenorBucket } from './market-samples.ts';

const PRINTS_MINIMUM = 30;
const REMARKS_MINIMUM = 5;
const QUOTES_MINIMUM = 10;
const TAPE = 'lognormal fit to 2.1 million Deribit screen prints since 2021 (m-ichaels/options-mm)';
const SAMPLE = 'Deribit trades 2026-08-16/17';
const QUIET = 'Deribit BTC, 2.9 h of a quiet day (m-ichaels/options-mm)';
const HOURS = 'Deribit hourly chain 2026-01-23/24, by hour';
const SHARE = 'AMZN 2012-06-21 in lots of 100 shares';

const medianOf = (values: readonly number[], minimum = 1): number | undefined => (values.length < minimum ? undefined : median(values));

function spreadFact(bucket: TenorBucket, btc: readonly [low: number, high: number, quiet: string], index: Target): Fact {
  const [low, high, quiet] = btc;
  const source = `Deribit hourly chain 2026-01-23/24, medians of hours; ${quiet} on a quiet day (m-ichaels/options-mm)`;
  return {
    name: `spread ${bucket}`,
    group: 'screen',
    about: `median spread at |delta| 0.4-0.6, ${bucket}, vol points`,
    targets: { btc: between(low, high, 'measured', source), index },
    measure: (samples) => medianOf(samples.spreads[bucket]),
  };
}

function spreadTailFact(bucket: TenorBucket, btc: Target, index: Target): Fact {
  return {
    name: `spread-tail ${bucket}`,
    group: 'screen',
    about: `90th percentile of the spread at |delta| 0.4-0.6, ${bucket}, over its median`,
    targets: { btc, index },
    measure({ spreads }) {
      const middle = medianOf(spreads[bucket], QUOTES_MINIMUM);
      return middle !== undefined && middle > 0 ? quantile(spreads[bucket], 0.9) / middle : undefined;
    },
  };
}

function sizeFact(percent: number, btc: Target, index: Target): Fact {
  return {
    name: `trade-size-p${percent}`,
    group: 'screen',
    about: `${percent}th percentile of the size of a print, contracts`,
    targets: { btc, index },
    measure: ({ prints }) =>
      prints.length < PRINTS_MINIMUM
        ? undefined
        : quantile(
            prints.map((print) => print.size),
            percent / 100,
          ),
  };
}

function remarkFact(name: string, moves: string, [from, to]: readonly [number, number], btc: Target): Fact {
  return {
    name,
    group: 'screen',
    about: `median seconds to the next change of the best quotes at the money after a move of the index of ${moves} in 30 s`,
    targets: { btc },
    measure: ({ remarks }) =>
      medianOf(
        remarks.filter(({ moveBasisPoints }) => moveBasisPoints >= from && moveBasisPoints < to).map((remark) => remark.seconds),
        REMARKS_MINIMUM,
      ),
  };
}

/** Of what a screen shows. */
export const SCREEN_FACTS: readonly Fact[] = [
  spreadFact('<2 d', [2.2, 3.95, '3.5'], between(0.35, 1.4, 'measured', 'SPXW closes of January 2018: 0.69; half to twice')),
  spreadFact('2-10 d', [1.35, 2.55, '1.9'], between(0.37, 0.66, 'measured', 'SPXW closes of January 2018 0.37, of February 2018 0.66')),
  spreadFact(
    '10-45 d',
    [0.9, 1.1, '1.1'],
    between(0.2, 0.78, 'measured', 'SPXW closes of January 2018 0.20, of February 2018 0.78; SPY 2026-08 0.10, SPX 2011-01-24 1.5'),
  ),
  spreadFact('>45 d', [0.6, 0.85, '0.6'], between(0.04, 1.22, 'measured', 'SPY 2026-08 0.04; SPX 2011-01-24 1.22')),
  spreadTailFact(
    '2-10 d',
    between(1.18, 1.88, 'measured', `${HOURS}: p10 1.18, p90 1.88`),
    between(1.2, 5.4, 'measured', 'SPXW closes of February 2018 1.2, of January 2018 1.4; SPY 2026-08 3.6 to 5.4'),
  ),
  spreadTailFact(
    '10-45 d',
    between(1.23, 1.46, 'measured', `${HOURS}: p10 1.23, p90 1.45`),
    between(1.3, 3.6, 'measured', 'SPXW closes of January 2018 1.3; SPX 2011-01-24 1.5; SPY 2026-08 2.3 to 3.5'),
  ),
  {
    name: 'wing-spread',
    group: 'screen',
    about: 'median spread in vol points at |delta| 0.1-0.25, 10-45 d, over that at 0.4-0.6',
    targets: {
      btc: between(0.8, 1.1, 'measured', `${HOURS}: p10 0.81, p90 1.09`),
      index: between(0.45, 1.2, 'measured', 'SPY 2026-08 0.45; SPXW closes of early 2018 0.76 and 0.86; SPX 2011-01-24 1.19'),
    },
    measure({ spreads, wingSpreads }) {
      const [middle, wings] = [medianOf(spreads['10-45 d'], QUOTES_MINIMUM), medianOf(wingSpreads['10-45 d'], QUOTES_MINIMUM)];
      return middle !== undefined && wings !== undefined && middle > 0 ? wings / middle : undefined;
    },
  },
  {
    name: 'touch-size',
    group: 'screen',
    about: 'median contracts at the best price at |delta| 0.35-0.65',
    targets: { btc: between(13, 35, 'measured', 'Deribit books 2020-05-21: median 13; 20 to 35 on a quiet day (m-ichaels/options-mm)') },
    measure: (samples) => medianOf(samples.touchSizes),
  },
  {
    name: 'prints-per-hour',
    group: 'screen',
    about: 'prints in all options per hour',
    targets: { btc: between(100, 410, 'reported', `${QUIET}: 205; half to twice`) },
    measure: ({ prints, simulatedSeconds }) => (simulatedSeconds > 0 ? (prints.length * 3600) / simulatedSeconds : undefined),
  },
  sizeFact(
    50,
    between(0.1, 0.39, 'measured', `${SAMPLE}: 0.1; ${TAPE}: 0.39`),
    between(0.3, 1.2, 'measured', `${SHARE}: 0.6; half to twice`),
  ),
  sizeFact(90, between(1, 2.6, 'measured', `${SAMPLE}: 1; ${TAPE}: 2.6`), between(0.5, 2, 'measured', `${SHARE}: 1; half to twice`)),
  sizeFact(99, between(5.5, 12.2, 'measured', `${SAMPLE}: 5.5; ${TAPE}: 12.1`), between(2, 8, 'measured', `${SHARE}: 4; half to twice`)),
  remarkFact('re-mark-5bp', '5 bp or more', [5, Number.POSITIVE_INFINITY], between(12, 48, 'reported', `${QUIET}: 23.8 s; half to twice`)),
  remarkFact('re-mark-12bp', '12 to 20 bp', [12, 20], between(1.8, 7.2, 'reported', `${QUIET}: 3.6 s; half to twice`)),
];
