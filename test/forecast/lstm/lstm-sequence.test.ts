import { mul, sum, type Tensor, type Tensor2D, type Tensor3D, tensor, tensor3d, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { lstmStates } from '../../../src/forecast/lstm/train/lstm-sequence.ts';
import { outputsFor, untrainedNet, weightVariables } from '../../../src/forecast/lstm/train/net.ts';

const [SEQUENCES, STEPS, FEATURES, UNITS, OUTPUTS] = [3, 40, 5, 6, 4];
const chance = streams('lstm-sequence').stream('test');
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => normal(chance));

/** Gradients of a weighted sum of the outputs, which gives every output and step a say. */
function gradients(net: LayersModel, outputs: () => Tensor, weighing: Tensor): Float32Array[] {
  return tidy(() => {
    const variables = weightVariables(net);
    const { grads } = variableGrads(() => sum(mul(outputs(), weighing)), variables);
    return variables.map((variable) => Float32Array.from(grads[variable.name]?.dataSync() ?? []));
  });
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN)) / (1 + Math.abs(value))), 0);

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  let net: LayersModel;
  let rows: Tensor3D;
  let weighing: Tensor;
  beforeAll(async () => {
    await selectBackend(backend);
    net = untrainedNet(FEATURES, UNITS, OUTPUTS, 'test');
    for (const weight of weightVariables(net))
      weight.assign(
        tensor(
          normals(weight.size).map((x) => 0.6 * x),
          weight.shape,
        ),
      );
    rows = tensor3d(normals(SEQUENCES * STEPS * FEATURES), [SEQUENCES, STEPS, FEATURES]);
    weighing = tensor(normals(SEQUENCES * STEPS * OUTPUTS), [SEQUENCES, STEPS, OUTPUTS]);
  });

  test("outputs and gradients are those of TensorFlow.js's own layers", () => {
    const own = tidy(() => outputsFor(net, rows, rows).dataSync());
    const layers = tidy(() => (net.apply([rows, rows]) as Tensor3D).dataSync());
    expect(own.length).toBe(SEQUENCES * STEPS * OUTPUTS);
    expect(furthest(layers, own)).toBeLessThan(2e-5);
    const expected = gradients(net, () => net.apply([rows, rows]) as Tensor, weighing);
    const found = gradients(net, () => outputsFor(net, rows, rows), weighing);
    for (const [i, gradient] of expected.entries()) expect(furthest(gradient, found[i] ?? []), `weights ${i}`).toBeLessThan(2e-4);
  });
});

test('with a mask, gradients are the slopes of the outputs', async () => {
  await selectBackend('cpu');
  const net = untrainedNet(2, 3, 2, 'mask');
  const rows = tensor3d(normals(2 * 6 * 2), [2, 6, 2]);
  const mask = Float32Array.from([0, 1.5, 1.5, 1.5, 0, 1.5]);
  const weighing = tensor(normals(2 * 6 * 3), [2, 6, 3]);
  const [kernel, recurrentKernel, bias] = weightVariables(net) as unknown as [Tensor2D, Tensor2D, Tensor];
  const value = (): number =>
    tidy(() => sum(mul(lstmStates(rows, { kernel, recurrentKernel, bias }, mask), weighing)).dataSync()[0] ?? Number.NaN);
  const { grads } = variableGrads(
    () => sum(mul(lstmStates(rows, { kernel, recurrentKernel, bias }, mask), weighing)),
    weightVariables(net).slice(0, 3),
  );
  for (const variable of weightVariables(net).slice(0, 3)) {
    const at = Float32Array.from(variable.dataSync());
    const gradient = grads[variable.name]?.dataSync() ?? [];
    for (let i = 0; i < at.length; i += 5) {
      const moved = [0.01, -0.01].map((by) => {
        const copy = Float32Array.from(at);
        copy[i] = (copy[i] ?? 0) + by;
        variable.assign(tensor(copy, variable.shape));
        return value();
      });
      variable.assign(tensor(at, variable.shape));
      expect(gradient[i]).toBeCloseTo(((moved[0] ?? 0) - (moved[1] ?? 0)) / 0.02, 3);
    }
  }
});
