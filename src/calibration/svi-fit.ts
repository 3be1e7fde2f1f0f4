import { durrlemanOf } from '../pricing/smile-curve.ts';
import type { Slice } from '../pricing/ssvi.ts';
import { type Svi, sviJet, sviOfSlice } from '../pricing/svi.ts';
import { type LeastSquares, leastSquaresMinimum, type NormalEquations } from './levenberg-marquardt.ts';
import type { Smile } from './smile.ts';

/** Errors are counted in bid-ask widths, but no width counts as less than this (0.02 vol points). */
const WIDTH_MINIMUM = 2e-4;
/** In bid-ask widths: a curve outside of a quote is pulled back with constant force (as in the fit of eSSVI). */
const THRESHOLD = 0.5;
/** Standard deviations of the parameters (logs, atanh ρ, m in standard deviations at the money) around the slice they start from. */
const BELIEF_SD = 4;
/** Square roots of the weights with which a broken condition is held against the fit, round by round. */
const PENALTIES = [1, 10, 100, 1e3, 1e4];
/** Conditions are kept by these margins: g by itself, total variance between expiries in logs. */
const BUTTERFLY_MARGIN = 1e-4;
const CALENDAR_MARGIN = 1e-5;
/** Log-moneyness at which conditions are held, in standard deviations at the money: ±40, dense in the middle. */
const GRID: readonly number[] = Array.from({ length: 97 }, (_, i) => 0.25 * Math.sinh(((i - 48) / 48) * Math.asinh(160)));
/** σ stays above this share of a standard deviation at the money: below it the smile has a corner, which no quotes show. */
const SIGMA_MINIMUM = 0.05;
const STEP = 1e-6;
const PARAMETERS = 5;

/** Raw SVI fitted to the smiles of several expiries. */
export interface SviFit {
  /** Each expiry by itself, whatever arbitrage that means. */
  readonly free: readonly Svi[];
  /** All together, conditions of no arbitrage held as penalties: nearly free of it. */
  readonly constrained: readonly Svi[];
}

/**
 * Fits raw SVI to smiles in order of expiry, starting from SSVI slices.
 *
 * Least squares in vol, in bid-ask widths, Huber beyond half a width; a weak belief keeps what the quotes do not show near the
 * starting slice. Penalties that grow round by round hold Durrleman's g ≥ 0 and total variance non-decreasing in time on a grid, the
 * wings' slopes non-decreasing and at most 2. Variables: ln of the least variance, ln b, atanh ρ, m, ln of σ above its bound. Deterministic.
 */
export function sviFit(smiles: readonly Smile[], slices: readonly Readonly<Slice>[]): SviFit {
  const problem = new SviProblem(smiles, slices);
  const start = problem.beliefs;
  const free = leastSquaresMinimum(problem, start).parameters;
  let best: { parameters: Float64Array; cost: number } | undefined;
  for (const from of [free, start]) {
    let parameters: Float64Array = from;
    let cost = 0;
    for (const penalty of PENALTIES) {
      problem.penalty = penalty;
      ({ parameters, cost } = leastSquaresMinimum(problem, parameters, 1e-7));
    }
    if (best === undefined || cost < best.cost) best = { parameters, cost };
  }
  const read = (parameters: Float64Array): Svi[] => smiles.map((_, i) => problem.svi(parameters, i));
  return { free: read(free), constrained: read(best?.parameters ?? start) };
}

class SviProblem implements LeastSquares {
  readonly dimension: number;
  /** Square root of the weight of a broken condition; 0 leaves arbitrage be. */
  penalty = 0;
  readonly beliefs: Float64Array;
  readonly #smiles: readonly Smile[];
  /** Standard deviation at the money per expiry, the unit of m and of the grid. */
  readonly #scales: readonly number[];

  constructor(smiles: readonly Smile[], slices: readonly Readonly<Slice>[]) {
    this.#smiles = smiles;
    this.dimension = PARAMETERS * smiles.length;
    this.#scales = slices.map(({ theta }) => Math.sqrt(theta));
    this.beliefs = Float64Array.from(
      slices.flatMap((slice, i) => {
        const { b, rho, m, sigma } = sviOfSlice(slice);
        return [
          Math.log(slice.theta * (1 - rho * rho)),
          Math.log(b),
          Math.atanh(rho),
          m / (this.#scales[i] ?? 1),
          Math.log(sigma - this.#sigmaMinimum(i)),
        ];
      }),
    );
  }

  svi(parameters: Readonly<Float64Array>, i: number): Svi {
    const [p0 = 0, p1 = 0, p2 = 0, p3 = 0, p4 = 0] = parameters.subarray(PARAMETERS * i, PARAMETERS * (i + 1));
    const [least, b, rho, sigma] = [Math.exp(p0), Math.exp(p1), Math.tanh(p2), this.#sigmaMinimum(i) + Math.exp(p4)];
    return { a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m: p3 * (this.#scales[i] ?? 1), sigma };
  }

  #sigmaMinimum(i: number): number {
    return SIGMA_MINIMUM * (this.#scales[i] ?? 1);
  }

  accumulate(parameters: Readonly<Float64Array>, into: NormalEquations): void {
    let near: Svi | undefined;
    for (const [i, { points, years }] of this.#smiles.entries()) {
      const svi = this.svi(parameters, i);
      const own = indices(i);
      for (const { k, vol, bidVol, askVol } of points) {
        const model = Math.sqrt(Math.max(1e-300, sviJet(svi, k).w) / years);
        const scale = 1 / Math.max(WIDTH_MINIMUM, askVol - bidVol);
        const chain = scale / (2 * model * years);
        const derivatives = this.#varianceDerivatives(svi, i, k).map((derivative) => chain * derivative);
        into.add(scale * (model - vol), own, derivatives, THRESHOLD);
      }
      for (const index of own) into.add(((parameters[index] ?? 0) - (this.beliefs[index] ?? 0)) / BELIEF_SD, [index], [1 / BELIEF_SD]);
      if (this.penalty > 0) {
        this.#butterfly(parameters, into, i, svi);
        if (near !== undefined) this.#calendar(into, i, near, svi);
      }
      near = svi;
    }
  }

  /** ∂w/∂ of the five variables. */
  #varianceDerivatives({ a, b, rho, m, sigma }: Svi, i: number, k: number): number[] {
    const x = k - m;
    const root = Math.sqrt(x * x + sigma * sigma);
    const complement = Math.sqrt(1 - rho * rho);
    const rise = b * (rho * x + root - sigma * complement);
    return [
      a + b * sigma * complement,
      rise,
      b * (x + (sigma * rho) / complement) * (1 - rho * rho),
      -b * (rho + x / root) * (this.#scales[i] ?? 1),
      b * (sigma / root - complement) * (sigma - this.#sigmaMinimum(i)),
    ];
  }

  #butterfly(parameters: Readonly<Float64Array>, into: NormalEquations, i: number, svi: Svi): void {
    const own = indices(i);
    const moved = own.map((index) => {
      const shifted = Float64Array.from(parameters);
      shifted[index] = (shifted[index] ?? 0) + STEP;
      return this.svi(shifted, i);
    });
    const hold = (lack: number, lackOf: (at: Svi) => number): void => {
      if (lack <= 0) return;
      into.add(
        this.penalty * lack,
        own,
        moved.map((at) => (this.penalty * (lackOf(at) - lack)) / STEP),
      );
    };
    for (const z of GRID) {
      const k = z * (this.#scales[i] ?? 1);
      const lackOf = (at: Svi): number => BUTTERFLY_MARGIN - durrlemanOf(sviJet(at, k), k);
      hold(lackOf(svi), lackOf);
    }
    // Lee (2004): no wing is steeper than 2.
    const steepness = ({ b, rho }: Svi): number => Math.log((b * (1 + Math.abs(rho))) / 2) + CALENDAR_MARGIN;
    hold(steepness(svi), steepness);
  }

  #calendar(into: NormalEquations, i: number, near: Svi, far: Svi): void {
    const both = [...indices(i - 1), ...indices(i)];
    const hold = (lack: number, derivatives: () => number[]): void => {
      if (lack > 0)
        into.add(
          this.penalty * lack,
          both,
          derivatives().map((derivative) => this.penalty * derivative),
        );
    };
    for (const z of GRID) {
      const k = z * (this.#scales[i] ?? 1);
      const [before, after] = [sviJet(near, k).w, sviJet(far, k).w];
      hold(Math.log(before / after) + CALENDAR_MARGIN, () => [
        ...this.#varianceDerivatives(near, i - 1, k).map((derivative) => derivative / before),
        ...this.#varianceDerivatives(far, i, k).map((derivative) => -derivative / after),
      ]);
    }
    for (const sign of [1, -1]) {
      const lack = Math.log((near.b * (1 + sign * near.rho)) / (far.b * (1 + sign * far.rho))) + CALENDAR_MARGIN;
      hold(lack, () => [0, 1, sign * (1 - sign * near.rho), 0, 0, 0, -1, -sign * (1 - sign * far.rho), 0, 0]);
    }
  }
}

const indices = (i: number): number[] => Array.from({ length: PARAMETERS }, (_, j) => PARAMETERS * i + j);
