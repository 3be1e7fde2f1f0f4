import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Tensor, tensor3d } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { bundledModelPath, readModelFolder } from '../../../src/app/model-folder.ts';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { logistic, pooled } from '../../../src/forecast/lstm/ensemble.ts';
import { blankOutputs, outputWidth, readOutputs } from '../../../src/forecast/lstm/outputs.ts';
import { standardised } from '../../../src/forecast/lstm/scaling.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';

const STEPS = 40;

/** The files of a model as TensorFlow.js reads them from a disk or a server. */
async function loaded(folder: string, file: string) {
  const { modelTopology, weightsManifest, format } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const [{ weights, paths }] = weightsManifest;
  const bytes = readFileSync(join(folder, paths[0]));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return loadLayersModel({ load: async () => ({ modelTopology, format, weightSpecs: weights, weightData }) });
}

test.each(['btc', 'index'] as const)('TensorFlow.js loads the bundled model of %s, and says what is served', async (preset) => {
  await selectBackend('cpu');
  const folder = bundledModelPath(preset);
  const { model, card } = readModelFolder(folder);
  const rng = streams('elsewhere').stream('test');
  const rows = Array.from({ length: STEPS }, () =>
    card.features.map((_, i) => (card.inputScaler.mean[i] ?? 0) + (card.inputScaler.sd[i] ?? 1) * normal(rng)),
  );
  const input = rows.map((row) => row.map((value, i) => standardised(value, card.inputScaler.mean[i] ?? 0, card.inputScaler.sd[i] ?? 1)));
  const layout = { head: card.head, targets: card.targetScale.length, horizons: card.horizonsSeconds.length, extras: card.extras !== null };
  const said = await Promise.all(
    ['model.json', ...card.members.map((member) => member.model)].map(async (file) => {
      const net = await loaded(folder, file);
      const tensor = tensor3d([input]);
      const raw = (net.predict([tensor, tensor]) as Tensor).dataSync();
      const read = blankOutputs(layout);
      readOutputs(raw, (STEPS - 1) * outputWidth(layout), layout, read);
      return read;
    }),
  );
  const forecaster = model.start();
  for (const row of rows) forecaster.observe(new Float64Array(4), Float64Array.from(row));
  const served = forecaster.forecast();
  const [change, scale] = [new Float64Array(layout.targets), new Float64Array(layout.targets)];
  pooled(said, change, scale);
  card.targetScale.forEach((unit, k) => {
    expect((served?.change[k] ?? Number.NaN) / unit).toBeCloseTo(change[k] ?? 0, 4);
    expect((served?.scale[k] ?? Number.NaN) / unit / (card.calibration[k] ?? 1)).toBeCloseTo(scale[k] ?? 0, 4);
  });
  const mean = said.reduce((sum, { shockLogit }) => sum + logistic(shockLogit[0] ?? 0) / said.length, 0);
  const { slope = 1, intercept = 0 } = card.extras?.metrics[0]?.platt ?? {};
  expect(served?.shockProbability?.[0]).toBeCloseTo(logistic(slope * Math.log(mean / (1 - mean)) + intercept), 4);
  expect(served?.realisedVol?.every((vol) => vol > 0 && vol < 5)).toBe(true);
});
