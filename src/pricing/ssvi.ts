/**
 * One expiry's smile in the SSVI form of Gatheral and Jacquier (2014), in the variables of Hendriks and Martini (2019):
 * at-the-money total variance θ = σ²T, correlation ρ, and ψ = θφ. Total variance at log-moneyness k = ln(strike/forward):
 *
 *   w(k) = θ/2 · (1 + ρφk + √((φk + ρ)² + 1 − ρ²)),  φ = ψ/θ.
 */
export interface Slice {
  /** At-the-money total variance, > 0. */
  theta: number;
  /** In (−1, 1); negative where puts are dearer. */
  rho: number;
  /** θφ > 0: how steep the wings are in total variance. */
  psi: number;
}

/** Total variance σ²T at log-moneyness `k`. */
export function totalVariance(slice: Readonly<Slice>, k: number): number {
  const phi = slice.psi / slice.theta;
  const a = phi * k + slice.rho;
  return (slice.theta / 2) * (1 + slice.rho * phi * k + Math.sqrt(a * a + 1 - slice.rho * slice.rho));
}

/** Annual implied vol at log-moneyness `k`, `years` > 0 before expiry. */
export function sliceVol(slice: Readonly<Slice>, k: number, years: number): number {
  return Math.sqrt(totalVariance(slice, k) / years);
}

/**
 * Durrleman's g(k) = (1 − k w′/(2w))² − (w′²/4)(1/w + ¼) + w″/2. The slice is free of butterfly arbitrage when g ≥ 0 everywhere.
 * Source: Gatheral and Jacquier (2014), eq. 2.1.
 */
export function durrleman(slice: Readonly<Slice>, k: number): number {
  const { theta, rho } = slice;
  const phi = slice.psi / theta;
  const a = phi * k + rho;
  const root = Math.sqrt(a * a + 1 - rho * rho);
  const w = (theta / 2) * (1 + rho * phi * k + root);
  const w1 = (theta / 2) * phi * (rho + a / root);
  const w2 = ((theta / 2) * phi * phi * (1 - rho * rho)) / (root * root * root);
  const lead = 1 - (k * w1) / (2 * w);
  return lead * lead - ((w1 * w1) / 4) * (1 / w + 0.25) + w2 / 2;
}

/** The largest ψ that is surely free of butterfly arbitrage: ψ(1+|ρ|) < 4 and ψ²(1+|ρ|) ≤ 4θ (Gatheral and Jacquier 2014, thm 4.2). */
export function psiMaximum(theta: number, rho: number): number {
  const one = 1 + Math.abs(rho);
  return Math.min((4 / one) * (1 - 1e-12), Math.sqrt((4 * theta) / one));
}

/** The sufficient condition for no butterfly arbitrage. A slice that fails it may still be free: {@link durrleman} decides. */
export function butterflySufficient(slice: Readonly<Slice>): boolean {
  return slice.psi <= psiMaximum(slice.theta, slice.rho) * (1 + 1e-12);
}

/** By how much ψ must grow, at least, from one expiry to the next when ρ changes. */
function psiGrowth(before: number, after: number): number {
  return Math.max((1 + before) / (1 + after), (1 - before) / (1 - after));
}

/**
 * Sufficient for no calendar arbitrage between two expiries: θ does not fall, ψ grows enough for the change of ρ, and φ
 * does not rise (Hendriks and Martini 2019, prop. 3.5; Martini and Mingone 2020). Equal slices pass.
 */
export function calendarSufficient(near: Readonly<Slice>, far: Readonly<Slice>): boolean {
  const slack = 1 + 1e-9;
  return (
    far.theta * slack >= near.theta &&
    far.psi * slack >= near.psi * psiGrowth(near.rho, far.rho) &&
    far.psi / far.theta <= (near.psi / near.theta) * slack
  );
}

/** Numbers that a slice is kept inside, before any arbitrage is looked at (forecasting.md 12). */
const RHO_MAXIMUM = 0.98;
const THETA_MINIMUM = 1e-8;

/**
 * Projects slices in order of expiry onto the arbitrage-free set, in place: ρ into ±0.98, θ non-decreasing, ψ between what
 * the calendar asks for and what the butterfly allows; where nothing lies between, ρ moves halfway (at last fully) to
 * its neighbour's. Slices that are free already are not touched. Returns the number of slices that were changed.
 */
export function repairSlices(slices: readonly Slice[]): number {
  let repairs = 0;
  let near: Slice | undefined;
  for (const slice of slices) {
    if (repairSlice(slice, near)) repairs += 1;
    near = slice;
  }
  return repairs;
}

function repairSlice(slice: Slice, near: Slice | undefined): boolean {
  const { theta, rho, psi } = slice;
  slice.rho = Math.min(RHO_MAXIMUM, Math.max(-RHO_MAXIMUM, rho));
  slice.theta = Math.max(THETA_MINIMUM, theta);
  if (near !== undefined) slice.theta = Math.max(slice.theta, near.theta);
  let floor = 1e-9;
  if (near !== undefined) {
    // ψ must lie between the two calendar bounds and below the butterfly bound; ρ of the neighbour always leaves room.
    for (let attempt = 0; ; attempt += 1) {
      floor = near.psi * psiGrowth(near.rho, slice.rho);
      const ceiling = Math.min(psiMaximum(slice.theta, slice.rho), (near.psi * slice.theta) / near.theta);
      if (floor <= ceiling) break;
      slice.rho = attempt < 6 ? (slice.rho + near.rho) / 2 : near.rho;
      if (attempt >= 6) {
        floor = near.psi;
        break;
      }
    }
  }
  let ceiling = psiMaximum(slice.theta, slice.rho);
  if (near !== undefined) ceiling = Math.min(ceiling, (near.psi * slice.theta) / near.theta);
  slice.psi = Math.max(floor, Math.min(psi, ceiling));
  return slice.theta !== theta || slice.rho !== rho || slice.psi !== psi;
}
