import type { InstrumentPnl } from '../ledger/series-accounts.ts';
import type { Instrument } from '../market/instrument.ts';
import { MARKOUT_GROUPS, type MarkoutRow } from '../sim/markouts.ts';
import type { Simulation } from '../sim/simulation.ts';

/** What the subject made of one instrument that it has traded. */
export interface SeriesPnl extends InstrumentPnl {
  /** Its symbol. */
  readonly series: string;
}

/** What the subject made of the series of one expiry; the position is net, in contracts. */
export interface ExpiryPnl extends InstrumentPnl {
  readonly expiry: string;
}

/** The subject of a run in detail: too much for a text, or to be kept of each run of a study. */
export interface RunDetail {
  /** Its fills judged later, by series, expiry, regime at the fill and side; by counterparty they are in the report. */
  readonly markouts: readonly MarkoutRow[];
  /** The underlying and each series that it has traded: the totals sum to its profit and loss. */
  readonly series: readonly SeriesPnl[];
  readonly expiries: readonly ExpiryPnl[];
}

/** Details of a run as far as it has come. */
export function runDetail(sim: Simulation): RunDetail {
  const { chain } = sim.scenario;
  const { id } = sim.subject;
  const traded = chain.instruments.filter((listing) => sim.ledger.traded(id, listing.id) > 0);
  const pnlOf = (listing: Instrument): InstrumentPnl => sim.attribution.instrument(id, listing.id, sim.ledger);
  return {
    markouts: MARKOUT_GROUPS.filter((by) => by !== 'counterparty').flatMap((by) => sim.records.markouts.rows(by)),
    series: traded.map((listing) => ({ series: listing.symbol, ...pnlOf(listing) })),
    expiries: chain.expiries.flatMap(({ index, label }): ExpiryPnl[] => {
      const parts = traded.filter((listing) => listing.kind === 'option' && listing.expiry === index).map(pnlOf);
      return parts.length === 0 ? [] : [{ expiry: label, ...sum(parts) }];
    }),
  };
}

function sum(parts: readonly InstrumentPnl[]): InstrumentPnl {
  const of = (name: keyof InstrumentPnl): number => parts.reduce((all, part) => all + part[name], 0);
  return { total: of('total'), capture: of('capture'), fees: of('fees'), position: of('position') };
}
