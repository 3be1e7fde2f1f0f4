import { invariant } from '../core/assert.ts';
import { psiMaximum, repairSlices, type Slice } from '../pricing/ssvi.ts';

/** One expiry of a {@link SmileSurface}. */
export interface SmileExpiry {
  /** Years (act/365) from today, > 0. It names the expiry, and stays when time passes. */
  readonly years: number;
  /** Annual carry: forward = spot · e^(carry · years left). */
  readonly carry: number;
  /** Smile in total variance over the years that are left. */
  readonly slice: Readonly<Slice>;
}

/** A market to value a portfolio in: spot, rate, and one SSVI smile per expiry, in order of expiry. */
export interface SmileSurface {
  readonly spot: number;
  /** Annual, continuously compounded. */
  readonly rate: number;
  /** Years that have passed since the expiries were counted; 0 today. An expiry that is reached settles at the spot. */
  readonly yearsPassed: number;
  readonly expiries: readonly SmileExpiry[];
}

/**
 * The expiry at `years`, made from its neighbours where the surface has none there.
 *
 * Between two expiries θ, ψ, ρψ and ln(forward/spot) are linear in time. If the two are free of arbitrage in the sense of
 * `calendarSufficient` and `butterflySufficient`, so is all between them: ψ(1 ± ρ) do not fall, ψ/θ lies between its ends, and
 * ψ²(1 + |ρ|), convex, stays below its chord (Corbetta, Cohort, Laachir and Martini 2019; test/risk/smile-surface.test.ts).
 * Before the first expiry its vol at each log-moneyness is held. Beyond the last the at-the-money vol and ρ are held, and ψ grows
 * with √years, as the skew of a smile fades; it stops where butterfly arbitrage would begin. Carry is held at both ends.
 * @throws InvariantError when there is no expiry or `years` is not above 0.
 */
export function expiryAt(expiries: readonly SmileExpiry[], years: number): SmileExpiry {
  const first = expiries[0];
  const last = expiries[expiries.length - 1];
  invariant(first !== undefined && last !== undefined && years > 0, () => `no smile at ${years} years`);
  if (years <= first.years) return years === first.years ? first : held(first, years);
  if (years >= last.years) return years === last.years ? last : faded(last, years);
  const next = expiries.findIndex((expiry) => expiry.years >= years);
  const far = expiries[next] ?? last;
  if (far.years === years) return far;
  return between(expiries[next - 1] ?? first, far, years);
}

function held({ slice, carry, years: from }: SmileExpiry, years: number): SmileExpiry {
  const share = years / from;
  return { years, carry, slice: { theta: slice.theta * share, rho: slice.rho, psi: slice.psi * share } };
}

function faded({ slice, carry, years: from }: SmileExpiry, years: number): SmileExpiry {
  const ratio = years / from;
  const theta = slice.theta * ratio;
  return { years, carry, slice: { theta, rho: slice.rho, psi: Math.min(slice.psi * Math.sqrt(ratio), psiMaximum(theta, slice.rho)) } };
}

function between(near: SmileExpiry, far: SmileExpiry, years: number): SmileExpiry {
  const weight = (years - near.years) / (far.years - near.years);
  const linear = (a: number, b: number): number => a + weight * (b - a);
  const psi = linear(near.slice.psi, far.slice.psi);
  return {
    years,
    carry: linear(near.carry * near.years, far.carry * far.years) / years,
    slice: {
      theta: linear(near.slice.theta, far.slice.theta),
      rho: linear(near.slice.rho * near.slice.psi, far.slice.rho * far.slice.psi) / psi,
      psi,
    },
  };
}

/** The same market with expiries of its own at all of `years` as well, so that a shock moves each of them by itself. */
export function refined(surface: SmileSurface, years: Iterable<number>): SmileSurface {
  const all = new Set(surface.expiries.map((expiry) => expiry.years));
  for (const value of years) all.add(value);
  return { ...surface, expiries: [...all].sort((a, b) => a - b).map((value) => expiryAt(surface.expiries, value)) };
}

/** A repair that moves a parameter by less than this share is rounding, and is not made. */
const REPAIR_MINIMUM = 1e-9;

/**
 * The nearest market free of static arbitrage by {@link repairSlices}, and how many smiles that changed. A market that is free
 * already is returned as it is. Expiries that are over are left alone.
 */
export function arbitrageFree(surface: SmileSurface): { surface: SmileSurface; repairs: number } {
  const slices = surface.expiries.map((expiry): Slice => ({ ...expiry.slice }));
  repairSlices(slices.filter((_, i) => (surface.expiries[i]?.years ?? 0) > surface.yearsPassed));
  let repairs = 0;
  const expiries = surface.expiries.map((expiry, i) => {
    const slice = slices[i];
    if (slice === undefined || !moved(expiry.slice, slice)) return expiry;
    repairs += 1;
    return { ...expiry, slice };
  });
  return repairs === 0 ? { surface, repairs } : { surface: { ...surface, expiries }, repairs };
}

function moved(before: Readonly<Slice>, after: Readonly<Slice>): boolean {
  const apart = (a: number, b: number, scale: number): boolean => Math.abs(a - b) > REPAIR_MINIMUM * scale;
  return apart(before.theta, after.theta, before.theta) || apart(before.psi, after.psi, before.psi) || apart(before.rho, after.rho, 1);
}
