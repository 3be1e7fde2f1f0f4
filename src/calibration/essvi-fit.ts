import { repairSlices, type Slice } from '../pricing/ssvi.ts';
import { type LeastSquares, leastSquaresMinimum, type NormalEquations } from './levenberg-marquardt.ts';
import type { Smile, SmilePoint } from './smile.ts';

/** Slices in order of expiry, free of arbitrage. */
export interface EssviFit {
  readonly slices: readonly Slice[];
  /** Per slice: whether its smile fitted alone breaks a no-arbitrage condition, by itself or against the slice before it. */
  readonly repaired: readonly boolean[];
  /** Sum of the weighted squared errors with which the slices end, Huber beyond the threshold. */
  readonly cost: number;
}

/** |ρ| stays below this, as in {@link repairSlices}. */
const RHO_MAXIMUM = 0.98;
/** Errors are counted in bid-ask widths, but no width counts as less than this (0.2 vol points): ticks are not knowledge. */
const WIDTH_MINIMUM = 0.002;
/**
 * In bid-ask widths: a curve outside of a quote is pulled back with constant force, so that one stale quote bends nothing. On
 * eight chains of BTC and ETH this brought more of the curve inside the quotes than plain squares, by some 5 % of them.
 */
const THRESHOLD = 0.5;
/**
 * What a smile does not show, such as a wing without quotes, is decided by a weak belief about ψ and ρ: standard deviations of
 * ln ψ around ln √(0.9 θ), and of atanh(ρ/0.98) around 0, in the unit of one error of a whole width.
 */
const BELIEF_SD = 3;
/** Weights, as square roots, with which a broken no-arbitrage condition (in logs) is held against the fit, round by round. */
const PENALTIES = [10, 100, 1e3, 1e4, 1e5];
/** Conditions are kept by this margin, in logs, so that rounding cannot break them. */
const MARGIN = 1e-6;

/**
 * Fits SSVI slices to smiles in order of expiry, with (θ, ρ, ψ) of each expiry free (eSSVI, Hendriks and Martini 2019), and the
 * surface as a whole free of static arbitrage.
 *
 * Least squares in vol over all expiries at once, weighted by vega over the square of the bid-ask width. The sufficient conditions
 * of {@link repairSlices} are smooth in (ln θ, atanh ρ, ln ψ), so they enter as penalties that grow round by round: expiries share
 * out what has to give, while a projection of separate fits would put all of it on the later one. The projection comes last,
 * and finds next to nothing to do. Deterministic.
 */
export function essviFit(smiles: readonly Smile[]): EssviFit {
  const alone = smiles.map((smile) => {
    const problem = new EssviProblem([smile]);
    return sliceAt(leastSquaresMinimum(problem, parametersOf([startingSlice(smile)])).parameters, 0);
  });
  const projected = alone.map((slice) => ({ ...slice }));
  repairSlices(projected);
  const repaired = projected.map((slice, i) => moved(slice, alone[i] ?? slice));
  const problem = new EssviProblem(smiles);
  let best: { slices: Slice[]; cost: number } | undefined;
  for (const start of repaired.includes(true) ? [alone, projected] : [alone]) {
    let parameters = parametersOf(start);
    for (const penalty of PENALTIES) {
      problem.penalty = penalty;
      parameters = leastSquaresMinimum(problem, parameters).parameters;
    }
    const slices = smiles.map((_, i) => sliceAt(parameters, i));
    repairSlices(slices);
    const cost = slices.reduce((sum, slice, i) => sum + dataCost(slice, smiles[i]), 0);
    if (best === undefined || cost < best.cost) best = { slices, cost };
  }
  return { slices: best?.slices ?? [], cost: best?.cost ?? 0, repaired };
}

/** True where a projection changed a slice by more than rounding. */
function moved(a: Readonly<Slice>, b: Readonly<Slice>): boolean {
  return Math.abs(a.theta / b.theta - 1) + Math.abs(a.rho - b.rho) + Math.abs(a.psi / b.psi - 1) > 1e-9;
}

/**
 * What an error of 1.00 in vol at this quote counts: over the bid-ask width, times √vega relative to the money. Far wings are
 * quoted one tick wide and would else bend the curve where options are traded; SSVI cannot meet both in a crash.
 */
function pointScale({ k, vol, bidVol, askVol }: SmilePoint, years: number): number {
  const stdev = vol * Math.sqrt(years);
  const d1 = stdev / 2 - k / stdev;
  return Math.exp(-0.25 * d1 * d1) / Math.max(WIDTH_MINIMUM, askVol - bidVol);
}

function startingSlice({ points, years }: Smile): Slice {
  const nearest = [...points].sort((a, b) => Math.abs(a.k) - Math.abs(b.k))[0];
  const vol = nearest?.vol ?? 0.5;
  const theta = vol * vol * years;
  return { theta, rho: 0, psi: believedPsi(theta) };
}

const believedPsi = (theta: number): number => Math.sqrt(0.9 * theta);

function dataCost(slice: Slice, smile: Smile | undefined): number {
  if (smile === undefined) return 0;
  let cost = 0;
  for (const point of smile.points) {
    const error = Math.abs(modelPoint(slice, point.k, smile.years).vol - point.vol) * pointScale(point, smile.years);
    cost += error <= THRESHOLD ? error * error : THRESHOLD * (2 * error - THRESHOLD);
  }
  return cost;
}

/** Vol and its derivatives with respect to θ, ρ and ψ; w = ½(θ + ρψk + S), S² = ψ²k² + 2ρψkθ + θ². */
function modelPoint({ theta, rho, psi }: Slice, k: number, years: number): { vol: number; byTheta: number; byRho: number; byPsi: number } {
  const a = psi * k;
  const s = Math.sqrt(a * a + 2 * rho * a * theta + theta * theta);
  const vol = Math.sqrt((theta + rho * a + s) / (2 * years));
  const chain = 1 / (4 * vol * years);
  return {
    vol,
    byTheta: chain * (1 + (rho * a + theta) / s),
    byRho: chain * a * (1 + theta / s),
    byPsi: chain * k * (rho + (a + rho * theta) / s),
  };
}

/** Three parameters per slice: ln θ, atanh(ρ / 0.98), ln ψ. */
function sliceAt(parameters: Readonly<Float64Array>, i: number): Slice {
  const [a = 0, z = 0, b = 0] = parameters.subarray(3 * i, 3 * i + 3);
  return { theta: Math.exp(a), rho: RHO_MAXIMUM * Math.tanh(z), psi: Math.exp(b) };
}

function parametersOf(slices: readonly Readonly<Slice>[]): Float64Array {
  return Float64Array.from(
    slices.flatMap(({ theta, rho, psi }) => [
      Math.log(theta),
      Math.atanh(Math.max(-0.999, Math.min(0.999, rho / RHO_MAXIMUM))),
      Math.log(psi),
    ]),
  );
}

/** The joint problem: errors in widths, the weak belief, and what the conditions of no arbitrage lack. */
class EssviProblem implements LeastSquares {
  readonly dimension: number;
  /** Square root of the weight of a broken condition; 0 leaves arbitrage be. */
  penalty = 0;
  readonly #smiles: readonly Smile[];

  constructor(smiles: readonly Smile[]) {
    this.#smiles = smiles;
    this.dimension = 3 * smiles.length;
  }

  accumulate(parameters: Readonly<Float64Array>, into: NormalEquations): void {
    let near: Slice | undefined;
    for (const [i, { points, years }] of this.#smiles.entries()) {
      const slice = sliceAt(parameters, i);
      const own = [3 * i, 3 * i + 1, 3 * i + 2];
      const { theta, rho, psi } = slice;
      const rhoByZ = RHO_MAXIMUM - (rho * rho) / RHO_MAXIMUM;
      for (const point of points) {
        const model = modelPoint(slice, point.k, years);
        const scale = pointScale(point, years);
        const derivatives = [scale * model.byTheta * theta, scale * model.byRho * rhoByZ, scale * model.byPsi * psi];
        into.add(scale * (model.vol - point.vol), own, derivatives, THRESHOLD);
      }
      into.add((Math.log(psi) - Math.log(believedPsi(theta))) / BELIEF_SD, own, [-0.5 / BELIEF_SD, 0, 1 / BELIEF_SD]);
      into.add((parameters[3 * i + 1] ?? 0) / BELIEF_SD, own, [0, 1 / BELIEF_SD, 0]);
      if (this.penalty > 0) this.#conditions(into, i, slice, near);
      near = slice;
    }
  }

  /** Each condition says that a sum of logs is at most 0; what it has above that is a residual. */
  #conditions(into: NormalEquations, i: number, { theta, rho, psi }: Slice, near: Slice | undefined): void {
    const atMostZero = (excess: number, indices: readonly number[], derivatives: readonly number[]): void => {
      const lack = excess + MARGIN;
      if (lack > 0) {
        into.add(
          this.penalty * lack,
          indices,
          derivatives.map((derivative) => this.penalty * derivative),
        );
      }
    };
    const [a, z, b] = [3 * i, 3 * i + 1, 3 * i + 2];
    const rhoByZ = RHO_MAXIMUM - (rho * rho) / RHO_MAXIMUM;
    // Butterfly: ψ(1 + |ρ|) < 4 and ψ²(1 + |ρ|) ≤ 4θ (Gatheral and Jacquier 2014, theorem 4.2).
    const one = Math.log1p(Math.abs(rho));
    const oneByZ = (Math.sign(rho) * rhoByZ) / (1 + Math.abs(rho));
    atMostZero(Math.log(psi) + one - Math.log(4), [z, b], [oneByZ, 1]);
    atMostZero(2 * Math.log(psi) + one - Math.log(4 * theta), [a, z, b], [-1, oneByZ, 2]);
    if (near === undefined) return;
    // Calendar: θ and ψ(1 ± ρ) do not fall, ψ/θ does not rise (Hendriks and Martini 2019, proposition 3.5).
    const [aNear, zNear, bNear] = [a - 3, z - 3, b - 3];
    const nearRhoByZ = RHO_MAXIMUM - (near.rho * near.rho) / RHO_MAXIMUM;
    const growth = Math.log(psi / near.psi);
    atMostZero(Math.log(near.theta / theta), [aNear, a], [1, -1]);
    for (const sign of [1, -1]) {
      const excess = Math.log1p(sign * near.rho) - Math.log1p(sign * rho) - growth;
      const byZ = (-sign * rhoByZ) / (1 + sign * rho);
      const byNearZ = (sign * nearRhoByZ) / (1 + sign * near.rho);
      atMostZero(excess, [bNear, zNear, b, z], [1, byNearZ, -1, byZ]);
    }
    atMostZero(growth - Math.log(theta / near.theta), [aNear, bNear, a, b], [1, -1, -1, 1]);
  }
}
