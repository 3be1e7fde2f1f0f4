import { atLeast, between, type Fact, type Target } from './fact.ts';
import type { MarketSamples } from './market-samples.ts';

const QUIET = 'makers simulated on a Deribit tape, by quoting centre: 0.07, 0.12, 0.39 (m-ichaels/options-mm)';
const IGNORANT = 'Glosten and Milgrom 1985: nothing against those who know nothing';
const KNOWING = 'Glosten and Milgrom 1985: a loss against those who know more';
const STALE = 'Budish, Cramton and Shim 2015: a loss against those who pick off stale quotes';

/**
 * Share of the spread captured that is given back by a horizon: (captured − kept) / captured over the fills of the subject's quotes. 0
 * where prices do not move against it, above 1 where it would have been better off without the trades. Undefined without capture.
 */
export function givenBack(samples: MarketSamples, seconds: number, counterparty?: string): number | undefined {
  const rows = samples.markouts.filter(
    (row) => row.seconds === seconds && (counterparty === undefined || row.counterparty === counterparty),
  );
  return backOf(
    rows.reduce((sum, row) => sum + row.captured, 0),
    rows.reduce((sum, row) => sum + row.kept, 0),
  );
}

/**
 * The same of the half-spread quoted: the mid of the book before the trade less the price (Huang and Stoll 1996). Against those who trade
 * because the fair value has left the quote nothing is captured, measured by the fair value; the screen still shows a spread.
 */
export function quotedGivenBack(samples: MarketSamples, seconds: number, counterparty: string): number | undefined {
  const rows = samples.markouts.filter((row) => row.seconds === seconds && row.counterparty === counterparty);
  return backOf(
    rows.reduce((sum, row) => sum + row.quoted, 0),
    rows.reduce((sum, row) => sum + row.keptOfQuoted, 0),
  );
}

const backOf = (captured: number, kept: number): number | undefined => (captured > 0 ? (captured - kept) / captured : undefined);

function horizonFact(seconds: number, label: string, btc: Target): Fact {
  return {
    name: `given-back ${label}`,
    group: 'adverse selection',
    about: `share of the subject's spread capture given back after ${label}, delta-hedged`,
    targets: { btc },
    measure: (samples) => givenBack(samples, seconds),
  };
}

function classFact(name: string, counterparty: string, seconds: number, label: string, target: Target): Fact {
  return {
    name: `given-back ${name}`,
    group: 'adverse selection',
    about: `share of the subject's spread capture from ${counterparty} given back after ${label}, delta-hedged`,
    targets: { btc: target, index: target },
    measure: (samples) => givenBack(samples, seconds, counterparty),
  };
}

function sniperFact(name: string, seconds: number, label: string): Fact {
  const target = atLeast(1, 'argued', STALE);
  return {
    name: `given-back ${name}`,
    group: 'adverse selection',
    about: `share of the half-spread that the subject quoted, by the mid before the trade, given back to snipers after ${label}, delta-hedged`,
    targets: { btc: target, index: target },
    measure: (samples) => quotedGivenBack(samples, seconds, 'sniper'),
  };
}

/** Of the fills of the subject's quotes. */
export const ADVERSE_FACTS: readonly Fact[] = [
  horizonFact(1, '1 s', between(0, 0.4, 'argued', 'no more than by 5 min')),
  horizonFact(10, '10 s', between(0, 0.4, 'argued', 'no more than by 5 min')),
  horizonFact(60, '1 min', between(0, 0.4, 'argued', 'no more than by 5 min')),
  horizonFact(300, '5 min', between(0.1, 0.4, 'reported', QUIET)),
  horizonFact(1800, '30 min', atLeast(0.1, 'argued', 'no less than by 5 min')),
  classFact('customers', 'customers', 300, '5 min', between(-0.1, 0.1, 'argued', IGNORANT)),
  classFact('informed', 'informed', 300, '5 min', atLeast(1, 'argued', KNOWING)),
  classFact('informed 30 min', 'informed', 1800, '30 min', atLeast(1, 'argued', `${KNOWING}; knowledge of hours shows late`)),
  sniperFact('sniper', 300, '5 min'),
  sniperFact('sniper 10 s', 10, '10 s'),
];
