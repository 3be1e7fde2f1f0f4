import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import type { ForecastTable, ModelForecasts, TargetForecasts } from '../../src/study/evaluation/forecast-table.ts';

/** What a made-up model knows of an outcome that is `known` + noise of variance 1. */
export interface MadeModel {
  readonly model: string;
  /** Share of the known part that it forecasts. */
  readonly used: number;
  /** Standard deviation of what it adds of its own; 0 by default. */
  readonly noise?: number;
  /** Its scale over the right one; 1 by default, no scale where 0. */
  readonly spread?: number;
}

/**
 * A target whose outcomes are sums over `steps` increments, each of a known part and a rest of deviation 1, so that neighbours overlap as those of a
 * forecast with that horizon do. Group `stressed`: the last third of each block.
 */
export function madeTarget(
  path: string,
  terms: {
    readonly blocks: number;
    readonly length: number;
    readonly steps?: number;
    readonly knownSd?: number;
    readonly models: readonly MadeModel[];
  },
): TargetForecasts {
  const { blocks, length, steps = 1, knownSd = 0.4, models } = terms;
  const rng = streams('made-up').stream(path);
  const n = blocks * length;
  const outcome = new Float64Array(n);
  const known = new Float64Array(n);
  for (let b = 0; b < blocks; b += 1) {
    const parts = Array.from({ length: length + steps }, () => [knownSd * normal(rng), normal(rng)] as const);
    for (let i = 0; i < length; i += 1) {
      for (const [k, rest] of parts.slice(i, i + steps)) {
        known[b * length + i] = (known[b * length + i] ?? 0) + k;
        outcome[b * length + i] = (outcome[b * length + i] ?? 0) + k + rest;
      }
    }
  }
  const forecasts = models.map(({ model, used, noise = 0, spread = 1 }): ModelForecasts => {
    const change = known.map((value) => used * value + noise * normal(rng));
    const own = steps * ((1 - used) * (1 - used) * knownSd * knownSd + 1) + noise * noise;
    return { model, change, ...(spread === 0 ? {} : { scale: new Float64Array(n).fill(spread * Math.sqrt(own)) }) };
  });
  const stressed = Uint8Array.from(outcome, (_, i) => (i % length >= (2 * length) / 3 ? 1 : 0));
  return {
    ...{ target: path, horizonSteps: steps, horizon: `${steps} steps`, unit: '1', kind: 'change' },
    block: Int32Array.from(outcome, (_, i) => Math.floor(i / length)),
    seconds: Float64Array.from(outcome, (_, i) => i % length),
    outcome,
    groups: [
      { name: 'calm', member: stressed.map((one) => 1 - one) },
      { name: 'stressed', member: stressed },
    ],
    models: forecasts,
  };
}

export const madeTable = (...targets: readonly TargetForecasts[]): ForecastTable => ({ title: 'made up', targets });
