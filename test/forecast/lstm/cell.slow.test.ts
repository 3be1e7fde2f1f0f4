import { expect, test, vi } from 'vitest';
import { cellAgainstLayer } from './cell-against-layer.ts';

vi.setConfig({ testTimeout: 300_000 });

test.each(['cpu', 'wasm'] as const)('equals the layer of TensorFlow.js on %s over ten thousand rows', async (backend) => {
  expect((await cellAgainstLayer(backend, 10_000)).worst).toBeLessThanOrEqual(1e-6);
});
