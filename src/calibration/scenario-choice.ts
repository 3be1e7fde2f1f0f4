import { normalCdf } from '../core/special.ts';
import { psiMaximum, type Slice, totalVariance } from '../pricing/ssvi.ts';
import type { ChainSnapshot } from './chain-snapshot.ts';
import type { ExpiryFit } from './surface-fit.ts';

/** An expiry for a scenario, with the strikes that are to be listed there, increasing. */
export interface ChosenExpiry extends ExpiryFit {
  readonly strikes: readonly number[];
}

const EXPIRIES_MAXIMUM = 6;
const STRIKES_MAXIMUM = 9;
const DAYS_MINIMUM = 2;
const DAYS_MAXIMUM = 366;
/** What a scenario takes as annual carry. */
const CARRY_MAXIMUM = 2;
const DELTA_MINIMUM = 0.1;
const DELTA_MAXIMUM = 0.9;
/** By how much arbitrage conditions are kept, relative: numbers go through text and logarithms on their way. */
const MARGIN = 1e-8;

/**
 * Up to six expiries between two days and a year, nearest first: one for each of six steps of the logarithm of time, so that the
 * whole term structure is there, and then the best of the rest. Better is the one with more quotes. Empty where none lies there.
 * Slices are kept clear of the bounds of arbitrage by 1e-8, which moves vols by less than 1e-7.
 */
export function chosenExpiries(snapshot: ChainSnapshot, fitted: readonly ExpiryFit[]): readonly ChosenExpiry[] {
  const candidates = fitted.filter(({ years, forward }) => {
    const days = years * 365;
    return days >= DAYS_MINIMUM && days <= DAYS_MAXIMUM && Math.abs(Math.log(forward / snapshot.index) / years) <= CARRY_MAXIMUM;
  });
  const first = Math.log(candidates[0]?.years ?? 1);
  const span = Math.log(candidates.at(-1)?.years ?? 1) - first;
  const step = (expiry: ExpiryFit): number =>
    span > 0 ? Math.min(EXPIRIES_MAXIMUM - 1, Math.floor((EXPIRIES_MAXIMUM * (Math.log(expiry.years) - first)) / span)) : 0;
  const byQuotes = [...candidates].sort((a, b) => b.quotes - a.quotes || a.years - b.years);
  const steps = new Set<number>();
  const leading = byQuotes.filter((expiry) => {
    const isFirst = !steps.has(step(expiry));
    steps.add(step(expiry));
    return isFirst;
  });
  const chosen = [...new Set([...leading, ...byQuotes])].slice(0, EXPIRIES_MAXIMUM).sort((a, b) => a.years - b.years);
  let near: Slice | undefined;
  return chosen.map((expiry) => {
    near = clear(expiry, near);
    return { ...expiry, ...near, atmVol: Math.sqrt(near.theta / expiry.years), strikes: chosenStrikes(snapshot, expiry) };
  });
}

/** The slice, inside the conditions that `repairSlices` projects to. */
function clear({ theta, rho, psi }: Readonly<Slice>, near: Readonly<Slice> | undefined): Slice {
  if (near === undefined) return { theta, rho, psi: Math.min(psi, psiMaximum(theta, rho) * (1 - MARGIN)) };
  const growth = Math.max((1 + near.rho) / (1 + rho), (1 - near.rho) / (1 - rho));
  const room = Math.max(theta, near.theta * growth * (1 + 3 * MARGIN));
  const ceiling = Math.min(psiMaximum(room, rho), (near.psi * room) / near.theta) * (1 - MARGIN);
  return { theta: room, rho, psi: Math.max(near.psi * growth * (1 + MARGIN), Math.min(psi, ceiling)) };
}

/**
 * Listed strikes between call deltas of .9 and .1 (undiscounted, on the forward): those nearest to .9, .8, … .1 in delta, or all
 * where there are nine or fewer; the one nearest to the money where there is none.
 */
function chosenStrikes(snapshot: ChainSnapshot, expiry: ExpiryFit): readonly number[] {
  const listed = [...new Set(snapshot.quotes.filter((quote) => quote.expiry === expiry.expiry).map((quote) => quote.strike))];
  const withDelta = listed.map((strike) => ({ strike, delta: callDelta(expiry, strike) })).sort((a, b) => a.strike - b.strike);
  const inside = withDelta.filter(({ delta }) => delta >= DELTA_MINIMUM && delta <= DELTA_MAXIMUM);
  if (inside.length === 0)
    return withDelta
      .sort((a, b) => Math.abs(a.delta - 0.5) - Math.abs(b.delta - 0.5))
      .slice(0, 1)
      .map(({ strike }) => strike);
  if (inside.length <= STRIKES_MAXIMUM) return inside.map(({ strike }) => strike);
  const strikes = new Set<number>();
  for (let i = 0; i < STRIKES_MAXIMUM; i += 1) {
    const target = DELTA_MAXIMUM + ((DELTA_MINIMUM - DELTA_MAXIMUM) * i) / (STRIKES_MAXIMUM - 1);
    const free = inside.filter(({ strike }) => !strikes.has(strike));
    const nearest = free.reduce((best, one) => (Math.abs(one.delta - target) < Math.abs(best.delta - target) ? one : best));
    strikes.add(nearest.strike);
  }
  return [...strikes].sort((a, b) => a - b);
}

function callDelta(expiry: ExpiryFit, strike: number): number {
  const k = Math.log(strike / expiry.forward);
  const stdev = Math.sqrt(totalVariance(expiry, k));
  return normalCdf(stdev / 2 - k / stdev);
}
