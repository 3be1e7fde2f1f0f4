import {
  abs,
  add,
  addN,
  clipByValue,
  customGrad,
  exp,
  log1p,
  maximum,
  mul,
  neg,
  relu,
  type Scalar,
  scalar,
  slice,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { DEGREES_OF_FREEDOM, extrasStart, type OutputLayout, QUANTILES } from '../outputs.ts';
import { LOG_SCALE_LIMIT } from '../scaling.ts';

/** Targets in root mean squares, 0 where unknown, and 1 where known: both [batch, scored steps, targets]. */
export interface MaskedTargets {
  readonly targets: Tensor3D;
  readonly known: Tensor3D;
  /** [batch, scored steps, horizons]: realised variance in units of its mean, and 1 where there was a shock; both or neither. */
  readonly variance?: Tensor3D;
  readonly shock?: Tensor3D;
}

/** How much a unit of mean loss of the further outputs counts beside one of the targets. */
export interface LossWeights {
  readonly volatility: number;
  readonly shock: number;
}

/** Outputs from one column on, of the scored steps alone. */
function part(outputs: Tensor3D, scored: number, first: number, width: number): Tensor3D {
  return slice(outputs, [0, outputs.shape[1] - scored, first], [outputs.shape[0], scored, width]);
}

/**
 * Sum over all known targets of the loss of the head:
 * - `gaussian`: negative logarithm of a normal density without its constant, s + ½z², with z = (y - m)/exp s;
 * - `student`: the same of a Student t with ν degrees of freedom, s + ½(ν + 1) ln(1 + z²/ν);
 * - `quantile`: pinball losses of five quantiles (Koenker and Bassett 1978), widths being softplus of the outputs.
 * The log-scale s is clipped to ±{@link LOG_SCALE_LIMIT}.
 *
 * Losses of the first two may count by the variance that is said, e^(2βs), taken as given (Seitzer, Tavakoli, Antic and Martius 2022, β-NLL). Likelihood,
 * β = 0, gives little to learn from where moves are large, which is where money is made and lost; at β = 1 means are learnt as by squared errors.
 *
 * @param varianceWeight β, 0 to 1.
 * @param outputs of the net, [batch, steps, outputs]; steps before the scored ones are left out.
 */
export function targetLoss(outputs: Tensor3D, { known, targets }: MaskedTargets, head: OutputLayout['head'], varianceWeight = 0): Scalar {
  const [, scored, width] = targets.shape;
  const group = (n: number): Tensor3D => part(outputs, scored, n * width, width);
  if (head === 'quantile') {
    const median = group(2);
    const lower = sub(median, softplus(group(1)));
    const upper = add(median, softplus(group(3)));
    const quantiles = [sub(lower, softplus(group(0))), lower, median, upper, add(upper, softplus(group(4)))];
    const losses = quantiles.map((quantile, n) => {
      const miss = sub(targets, quantile);
      const level = QUANTILES[n] ?? 0.5;
      return add(mul(scalar(level), relu(miss)), mul(scalar(1 - level), relu(neg(miss))));
    });
    return sum(mul(known, addN(losses)));
  }
  const logScale = clipByValue(group(1), -LOG_SCALE_LIMIT, LOG_SCALE_LIMIT);
  const standard = mul(sub(targets, group(0)), exp(neg(logScale)));
  const squares = square(standard);
  const tails =
    head === 'student'
      ? mul(scalar((DEGREES_OF_FREEDOM + 1) / 2), log1p(mul(scalar(1 / DEGREES_OF_FREEDOM), squares)))
      : mul(scalar(0.5), squares);
  const losses = add(logScale, tails);
  if (varianceWeight === 0) return sum(mul(known, losses));
  return sum(mul(mul(known, given(exp(mul(scalar(2 * varianceWeight), logScale)))), losses));
}

/** The same numbers, as if they hung on no weight. */
const given = customGrad((x) => ({ value: (x as Tensor).clone(), gradFunc: (dy) => zerosLike(dy as Tensor) }));

/**
 * Mean loss of the further outputs, weighted: of the variance, QLIKE without its constant, v·e⁻ˡ + l (Patton 2011, J. Econometrics 160); of
 * a shock, the logistic loss. 0 where the data know neither.
 */
export function extrasLoss(outputs: Tensor3D, { shock, variance }: MaskedTargets, layout: OutputLayout, weights: LossWeights): Scalar {
  if (shock === undefined || variance === undefined) return scalar(0);
  const [, scored, horizons] = shock.shape;
  const first = extrasStart(layout);
  const log = clipByValue(part(outputs, scored, first, horizons), -LOG_SCALE_LIMIT, LOG_SCALE_LIMIT);
  const logit = part(outputs, scored, first + horizons, horizons);
  const qlike: Scalar = sum(add(mul(variance, exp(neg(log))), log));
  // ln(1 + e^x) - y·x, written so that it does not overflow.
  const logistic: Scalar = sum(add(sub(maximum(logit, scalar(0)), mul(shock, logit)), log1p(exp(neg(abs(logit))))));
  return mul(scalar(1 / shock.size), add(mul(scalar(weights.volatility), qlike), mul(scalar(weights.shock), logistic)));
}
