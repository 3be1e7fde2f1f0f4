import {
  add,
  addN,
  clipByValue,
  div,
  exp,
  maximum,
  mul,
  type NamedTensorMap,
  neg,
  type Scalar,
  scalar,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import { LOG_SCALE_LIMIT } from '../scaling.ts';

/** Targets in root mean squares, 0 where unknown, and 1 where known: both [batch, scored steps, outputs]. */
export interface MaskedTargets {
  readonly targets: Tensor3D;
  readonly known: Tensor3D;
}

/**
 * Sum over all known targets of the negative logarithm of a normal density, without its constant ½ ln 2π:
 * s + ½((y - m)/exp s)², the log-scale s being clipped to ±{@link LOG_SCALE_LIMIT}. At outputs of 0 it is half of the targets' sum of
 * squares.
 *
 * @param outputs of the net, [batch, steps, 2 x outputs]: the means, then the log-scales; steps before the scored ones are left out.
 */
export function negativeLogLikelihood(outputs: Tensor3D, { known, targets }: MaskedTargets): Scalar {
  const [batch, scored, width] = targets.shape;
  const firstStep = outputs.shape[1] - scored;
  const mean = slice(outputs, [0, firstStep, 0], [batch, scored, width]);
  const logScale = clipByValue(slice(outputs, [0, firstStep, width], [batch, scored, width]), -LOG_SCALE_LIMIT, LOG_SCALE_LIMIT);
  const standard = mul(sub(targets, mean), exp(neg(logScale)));
  return sum(mul(known, add(logScale, mul(scalar(0.5), square(standard)))));
}

/** `strength` times the sum of the squares of these weights. */
export function l2Penalty(kernels: readonly Variable[], strength: number): Scalar {
  return mul(scalar(strength), addN(kernels.map((kernel) => sum(square(kernel)))));
}

/** The gradients, scaled down together to the given Euclidean norm where they exceed it (Pascanu, Mikolov and Bengio, 2013). */
export function clippedGradients(gradients: NamedTensorMap, normMax: number): { name: string; tensor: Tensor }[] {
  const norm = sqrt(addN(Object.values(gradients).map((gradient) => sum(square(gradient)))));
  const factor = div(scalar(normMax), maximum(norm, scalar(normMax)));
  return Object.entries(gradients).map(([name, gradient]) => ({ name, tensor: mul(gradient, factor) }));
}
