import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { type Rng, streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { blankRecord, type MarketRecord } from '../../../src/sim/oracles/market-record.ts';
import { printSizes, SizeWeights, toldOf } from '../../../src/sim/oracles/print-sizes.ts';

const STEPS = 50;
/** A size that few customers send. */
const TOLD_SIZE = 0.1 + 0.2;
const SIZES = [0.1, 0.2, TOLD_SIZE, 1, 2.5];

/** A run with one signal, two prints per step at random and one more of {@link TOLD_SIZE}, which goes with the signal in a share of steps. */
function run(rng: Rng, share: number): MarketRecord {
  const record = blankRecord(STEPS, 1);
  const signal = Array.from({ length: FACTOR_COUNT }, (_, f) => 0.01 * (f + 1) * normal(rng));
  const [contracts, exposures]: [number[], number[]] = [[], []];
  for (let step = 0; step < STEPS; step += 1) {
    record.signal.set(signal, step * FACTOR_COUNT);
    record.prints[step] = 3;
    for (let n = 0; n < 3; n += 1) {
      const exposure = Array.from({ length: FACTOR_COUNT }, (_, f) => (f === 0 ? 1 : 0.3 * normal(rng)));
      const edge = exposure.reduce((sum, value, f) => sum + (value * signal[f]!) / (0.01 * (f + 1)), 0);
      const isTelling = n === 2 && rng.uniform() < share;
      const side = isTelling ? Math.sign(edge) : rng.uniform() < 0.5 ? 1 : -1;
      contracts.push(side * (n === 2 ? TOLD_SIZE : SIZES[Math.floor(rng.uniform() * SIZES.length)]!));
      exposures.push(...exposure);
    }
  }
  return { ...record, tape: { contracts: Float64Array.from(contracts), exposures: Float64Array.from(exposures) } };
}

const runs = (share: number): MarketRecord[] => {
  const rng = streams('sizes').stream('test');
  return Array.from({ length: 40 }, () => run(rng, share));
};

describe('which sizes tell', () => {
  test('the one that informed traders send, and no other', () => {
    const { contracts, weights } = printSizes(runs(0.7));
    expect(contracts).toEqual([0.3]);
    // Five in seven prints of this size are the third of their step, seven in ten of those know: half of all.
    expect(weights[0]).toBeLessThan(0.5);
    // The more of them know, the more they tell.
    expect(weights[0]).toBeGreaterThan(printSizes(runs(0.4)).weights[0]!);
    expect(printSizes(runs(0.4)).weights[0]).toBeGreaterThan(0);
  });

  test('none where nobody knows anything, and none where there is no signal', () => {
    expect(printSizes(runs(0)).contracts).toEqual([]);
    const silent = runs(0.7).map((record) => ({ ...record, signal: new Float64Array(record.signal.length) }));
    expect(printSizes(silent)).toEqual({ contracts: [], weights: [] });
    expect(printSizes([])).toEqual({ contracts: [], weights: [] });
  });

  test('units of the signal do not matter', () => {
    const inPoints = runs(0.7).map((record) => ({ ...record, signal: record.signal.map((value) => 100 * value) }));
    expect(printSizes(inPoints).weights[0]).toBeCloseTo(printSizes(runs(0.7)).weights[0]!, 12);
  });
});

test('a step is told by its own prints, each by its direction, its exposure and the weight of its size', () => {
  const record: MarketRecord = {
    ...blankRecord(3, 1),
    prints: Float64Array.of(1, 0, 2),
    tape: { contracts: Float64Array.of(-0.3, 1, 0.1 + 0.2), exposures: Float64Array.of(1, 2, 3, 4, 9, 9, 9, 9, 5, 6, 7, 8) },
  };
  const told = toldOf(record, new SizeWeights({ contracts: [0.3], weights: [0.5] }));
  expect([...told]).toEqual([-0.5, -1, -1.5, -2, 0, 0, 0, 0, 2.5, 3, 3.5, 4]);
});
