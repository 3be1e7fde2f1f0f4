import type { TheoChain } from '../pricing/theo.ts';
import type { Candidate } from '../processes/customer-arrivals.ts';

/** Which candidates print, and for how much, where there are no books: measured on full runs (decision 15). */
export interface PrintRule {
  /** A candidate prints when its {@link eagerness} is at least this. */
  readonly printRatio: number;
  /** Most contracts of one print: what books show is limited. */
  readonly printContracts: number;
}

/**
 * A candidate's reservation over what a trade at a screen costs: the half-spread, and a tick for the rounding of both prices. The tick is what
 * keeps cheap options from printing.
 *
 * @param theo values of the chain at the candidate's arrival; only its vega is read.
 */
export function eagerness(candidate: Candidate, theo: TheoChain): number {
  const vega = theo.vega[candidate.option.id - 1] ?? 0;
  return (candidate.reservationVol * vega) / (candidate.screenHalfSpread * vega + candidate.option.tickSize);
}

/** The rule by which as many of these candidates print as customers traded, for the same contracts in all. */
export function fittedPrintRule(
  candidates: readonly { readonly eagerness: number; readonly contracts: number }[],
  prints: number,
  contracts: number,
): PrintRule {
  const byEagerness = [...candidates].sort((a, b) => b.eagerness - a.eagerness);
  const printing = byEagerness.slice(0, prints);
  const sizes = printing.map((candidate) => candidate.contracts).sort((a, b) => a - b);
  return { printRatio: printing.at(-1)?.eagerness ?? Number.MAX_VALUE, printContracts: capFor(sizes, contracts) };
}

/** The cap c at which Σ min(size, c) is `total`; the largest size where even that is not enough. */
function capFor(sizes: readonly number[], total: number): number {
  let below = 0;
  for (const [i, size] of sizes.entries()) {
    const above = sizes.length - i;
    if (below + above * size >= total) return (total - below) / above;
    below += size;
  }
  return sizes.at(-1) ?? 0;
}
