import { ticks } from '../core/units.ts';
import type { FundingTerms } from '../exchange/funding.ts';
import type { Chain } from '../market/chain.ts';
import type { SessionCalendar } from '../market/session-calendar.ts';
import type { TickTable } from '../market/tick-table.ts';
import type { MarketDocument } from './market-schema.ts';
import type { VenueRules } from './scenario.ts';

type Fault = (path: readonly (string | number)[], message: string) => void;

/** Whole steps in a price; undefined when there are none. Decimal prices such as 0.1 are not exact in binary: their rounding is allowed. */
function wholeSteps(price: number, step: number): number | undefined {
  const steps = Math.round(price / step);
  return steps >= 1 && Math.abs(price - steps * step) <= 1e-9 * price ? steps : undefined;
}

/** The tick table of the options, in base ticks. Faults are told; the table is then of no use. */
export function tickTable(market: MarketDocument, fault: Fault): TickTable {
  const { tickSize, tickBands } = market.options;
  return tickBands.map((band, i) => {
    const before = tickBands[i - 1];
    const at = ['market', 'options', 'tickBands', i];
    const finer = before?.tickSize ?? tickSize;
    if (band.from <= (before?.from ?? 0))
      fault([...at, 'from'], `found ${band.from}, expected more than the ${before?.from ?? 0} before it`);
    const step = wholeSteps(band.tickSize, finer);
    if (step === undefined || step === 1) {
      fault([...at, 'tickSize'], `found ${band.tickSize}, expected a whole multiple of the ${finer} below it, at least twice`);
    }
    if (wholeSteps(band.from, band.tickSize) === undefined) {
      fault([...at, 'from'], `found ${band.from}, expected a multiple of the band's own tickSize ${band.tickSize}`);
    }
    return { from: ticks(wholeSteps(band.from, tickSize) ?? 0), step: wholeSteps(band.tickSize, tickSize) ?? 1 };
  });
}

/** The venue's rules from the document, with its listings as series of the chain. Faults are told. @param stepMillis the world's. */
export function venueRules(
  market: MarketDocument,
  chain: Chain,
  sessions: SessionCalendar | undefined,
  stepMillis: number,
  fault: Fault,
): VenueRules {
  if (market.dayEnds !== undefined && market.sessions !== undefined) {
    fault(['market', 'dayEnds'], 'cannot be given beside `sessions`: their closes end the days');
  }
  const taken = new Set<number>();
  const listings = market.listings.map((listing, i) => {
    const at = ['market', 'listings', i];
    const expiry = chain.expiries.find(({ label }) => label === listing.expiry);
    if (expiry === undefined) {
      fault([...at, 'expiry'], `found "${listing.expiry}", expected one of ${chain.expiries.map(({ label }) => label).join(', ')}`);
    }
    listing.strikes?.forEach((strike, k) => {
      if (expiry?.strikes.includes(strike) === false) fault([...at, 'strikes', k], `found ${strike}, which ${expiry.label} does not have`);
    });
    const series = chain.options.filter(
      (option) => option.expiry === expiry?.index && (listing.strikes === undefined || listing.strikes.includes(option.strike)),
    );
    const twice = series.find(({ id }) => taken.has(id));
    if (twice !== undefined) fault(at, `lists ${twice.symbol}, which another entry lists already`);
    for (const { id } of series) taken.add(id);
    return { atSeconds: listing.at, series: series.map(({ id }) => id) };
  });
  return {
    selfTrade: market.selfTrade,
    priceBand: market.priceBand,
    settlementAverageSeconds: market.settlement.average,
    dayEndsSeconds: sessions === undefined ? (market.dayEnds ?? 24) * 3600 : Number.POSITIVE_INFINITY,
    sessions,
    funding: fundingTerms(market.funding, stepMillis, fault),
    listings: listings.sort((a, b) => a.atSeconds - b.atSeconds),
  };
}

/** Terms of funding in fractions and seconds. The mean premium is taken over whole steps of the world. Faults are told. */
function fundingTerms(funding: MarketDocument['funding'], stepMillis: number, fault: Fault): FundingTerms | undefined {
  if (funding === undefined) return undefined;
  const { intervalHours, dampenerBp, capBp } = funding;
  if (wholeSteps(intervalHours * 3_600_000, stepMillis) === undefined) {
    fault(
      ['market', 'funding', 'intervalHours'],
      `found ${intervalHours}, expected a whole multiple of the world's step of ${stepMillis / 1000} s`,
    );
  }
  return { intervalSeconds: intervalHours * 3600, dampener: dampenerBp / 10_000, cap: capBp / 10_000 };
}

/** An agent's outages in order. Faults are told where they meet. */
export function outagesOf(
  outages: readonly { readonly at: number; readonly lasts: number }[],
  name: string,
  fault: Fault,
): { readonly fromSeconds: number; readonly toSeconds: number }[] {
  return outages.map(({ at, lasts }, i) => {
    const before = outages[i - 1];
    const end = before === undefined ? Number.NEGATIVE_INFINITY : before.at + before.lasts;
    if (at <= end)
      fault(['agents', name, 'outages', i, 'at'], `found ${at} s, expected more than ${end} s, when the outage before it ends`);
    return { fromSeconds: at, toSeconds: at + lasts };
  });
}
