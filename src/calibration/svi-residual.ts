import { invariant } from '../core/assert.ts';
import { WIDE_GRID } from '../pricing/arbitrage.ts';
import { blendedCurve, durrlemanOf, type SmileCurve, ssviCurve, type VarianceJet } from '../pricing/smile-curve.ts';
import type { Slice } from '../pricing/ssvi.ts';
import { type Svi, sviCurve } from '../pricing/svi.ts';
import type { Smile } from './smile.ts';
import { sviFit } from './svi-fit.ts';

/** What one expiry's smile has beyond its SSVI slice: total variance is eSSVI + share·(SVI − eSSVI). */
export interface SviResidual {
  readonly svi: Svi;
  /** From 0, the slice alone, to 1, raw SVI: the most that is free of arbitrage. */
  readonly share: number;
  /** Raw SVI fitted to this expiry alone, arbitrage or not: the best that this form can do. */
  readonly free: Svi;
}

/** Slice and residual together. */
export function residualCurve(slice: Readonly<Slice>, { svi, share }: Pick<SviResidual, 'svi' | 'share'>): SmileCurve {
  return blendedCurve(ssviCurve(slice), sviCurve(svi), share);
}

const SHARES = 200;
/** g and relative growth of variance are kept above this: a rounding error is not to turn them. */
const MARGIN = 1e-9;
const SWEEPS = 4;

/**
 * Raw SVI on top of a fitted eSSVI surface that is free of arbitrage, with as much of it per expiry as leaves the surface so.
 *
 * After the penalised fit ({@link sviFit}) first the largest share common to all expiries is found at which every smile has g ≥ 0 and
 * none lies below the one before, on a wide grid, between its points where they are lowest, and in the slopes of the wings; at share 0 that holds by assumption. Then the shares
 * are raised one by one, in order of expiry forth and back, as far as their neighbours allow. Deterministic.
 */
export function sviResiduals(smiles: readonly Smile[], slices: readonly Readonly<Slice>[]): SviResidual[] {
  const { free, constrained } = sviFit(smiles, slices);
  const bends = constrained.flatMap(({ m, sigma }) => BEND.map((z) => m + sigma * z));
  const grid = [...WIDE_GRID, ...bends].sort((a, b) => a - b);
  const tables = slices.map((slice, i) => {
    const svi = constrained[i];
    return new BlendTable(ssviCurve(slice), svi === undefined ? ssviCurve(slice) : sviCurve(svi), grid);
  });
  const shares = tables.map(() => 0);
  const common = largestShare(0, (share) => tables.every((table, i) => table.sound(share) && follows(tables[i - 1], share, table, share)));
  shares.fill(common);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const order = [...tables.keys()];
    for (const i of sweep % 2 === 0 ? order : order.reverse()) {
      const [near, own, far] = [tables[i - 1], tables[i], tables[i + 1]];
      if (own === undefined) continue;
      shares[i] = largestShare(shares[i] ?? 0, (share) => {
        const after = far === undefined || follows(own, share, far, shares[i + 1] ?? 0);
        return after && follows(near, shares[i - 1] ?? 0, own, share) && own.sound(share);
      });
    }
  }
  return shares.map((share, i) => {
    const [svi, alone] = [constrained[i], free[i]];
    invariant(svi !== undefined && alone !== undefined, 'a slice without its raw SVI');
    return { svi, share, free: alone };
  });
}

/** The largest share above `least` that passes, in steps of half a percent; `least`, which is known to pass, if none does. */
function largestShare(least: number, passes: (share: number) => boolean): number {
  for (let step = SHARES; step / SHARES > least; step -= 1) if (passes(step / SHARES)) return step / SHARES;
  return least;
}

/** Where a raw SVI bends, in units of σ around m: its corner can be narrower than the wide grid. */
const BEND: readonly number[] = Array.from({ length: 61 }, (_, i) => 0.1 * Math.sinh(((i - 30) / 30) * Math.asinh(300)));
/** Steps of a ternary search within a cell of the grid. */
const REFINEMENTS = 25;

/** A slice and its raw SVI on a grid that is common to all, so that shares can be tried quickly. */
class BlendTable {
  readonly base: SmileCurve;
  readonly target: SmileCurve;
  readonly grid: readonly number[];
  readonly #base: readonly VarianceJet[];
  readonly #target: readonly VarianceJet[];

  constructor(base: SmileCurve, target: SmileCurve, grid: readonly number[]) {
    this.base = base;
    this.target = target;
    this.grid = grid;
    this.#base = grid.map((k) => base.at(k));
    this.#target = grid.map((k) => target.at(k));
  }

  curve(share: number): SmileCurve {
    return blendedCurve(this.base, this.target, share);
  }

  variance(j: number, share: number): number {
    const from = this.#base[j]?.w ?? 0;
    return from + share * ((this.#target[j]?.w ?? 0) - from);
  }

  /** No butterfly has a negative price. */
  sound(share: number): boolean {
    const curve = this.curve(share);
    if (Math.max(...curve.wings) > 2) return false;
    const values = this.grid.map((k, j) => {
      const [a, b] = [this.#base[j], this.#target[j]];
      if (a === undefined || b === undefined) return 0;
      const jet = { w: a.w + share * (b.w - a.w), w1: a.w1 + share * (b.w1 - a.w1), w2: a.w2 + share * (b.w2 - a.w2) };
      return durrlemanOf(jet, k);
    });
    return staysAbove(values, this.grid, (k) => durrlemanOf(curve.at(k), k));
  }
}

/** Whether the later smile lies above the earlier one everywhere. */
function follows(near: BlendTable | undefined, nearShare: number, far: BlendTable, farShare: number): boolean {
  if (near === undefined) return true;
  const [before, after] = [near.curve(nearShare), far.curve(farShare)];
  if (after.wings[0] < before.wings[0] * (1 - MARGIN) || after.wings[1] < before.wings[1] * (1 - MARGIN)) return false;
  const values = far.grid.map((_, j) => far.variance(j, farShare) / near.variance(j, nearShare) - 1);
  return staysAbove(values, far.grid, (k) => after.at(k).w / before.at(k).w - 1);
}

/** Whether a function is above the margin on the grid and, around each low point of the grid, between its points too. */
function staysAbove(values: readonly number[], grid: readonly number[], f: (k: number) => number): boolean {
  if (!values.every((value) => value >= MARGIN)) return false;
  return values.every((value, j) => {
    const [left, right] = [values[j - 1], values[j + 1]];
    if (left === undefined || right === undefined || value > left || value > right) return true;
    let [low, high] = [grid[j - 1] ?? 0, grid[j + 1] ?? 0];
    for (let step = 0; step < REFINEMENTS; step += 1) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
      if (f(a) < f(b)) high = b;
      else low = a;
    }
    return f((low + high) / 2) >= MARGIN;
  });
}
