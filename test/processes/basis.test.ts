import { describe, expect, test } from 'vitest';
import { type Rng, streams } from '../../src/core/rng.ts';
import { BasisProcess } from '../../src/processes/basis.ts';
import { World } from '../../src/processes/world.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';
import { worldSpec } from '../support/world-fixture.ts';

const BASIS = { mean: 0.0008, sd: 0.0005, halfLifeMinutes: 20 };

/** Values of a process at each step. */
function path(stepMinutes: number, steps: number, rng: Rng = streams('1').stream('world/basis')): number[] {
  const process = new BasisProcess(BASIS, stepMinutes, rng);
  return Array.from({ length: steps }, () => {
    const { value } = process;
    process.step();
    return value;
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the process', () => {
  test.each([1, 20, 60])('with steps of %d min has the mean, the standard deviation and the half-life that it is given', (stepMinutes) => {
    const values = path(stepMinutes, 40_000);
    const keep = 2 ** (-stepMinutes / BASIS.halfLifeMinutes);
    // As many independent values as the correlation leaves: 4 standard errors.
    const independent = (40_000 * (1 - keep)) / (1 + keep);
    expect(Math.abs(mean(values) - BASIS.mean)).toBeLessThan((4 * BASIS.sd) / Math.sqrt(independent));
    const off = values.map((value) => value - BASIS.mean);
    const variance = mean(off.map((value) => value * value));
    expect(Math.abs(variance / (BASIS.sd * BASIS.sd) - 1)).toBeLessThan(4 * Math.sqrt(2 / independent));
    const covariance = mean(off.slice(1).map((value, i) => value * (off[i] ?? 0)));
    expect(Math.abs(covariance / variance - keep)).toBeLessThan(4 / Math.sqrt(40_000));
  });

  test('starts in its long-run law, and draws once per step from the first on', () => {
    const starts = Array.from({ length: 2000 }, (_, n) => path(1, 1, streams(String(n)).stream('world/basis'))[0] ?? 0);
    expect(Math.abs(mean(starts) - BASIS.mean)).toBeLessThan((4 * BASIS.sd) / Math.sqrt(2000));
    const sd = Math.sqrt(mean(starts.map((value) => (value - BASIS.mean) * (value - BASIS.mean))));
    expect(Math.abs(sd / BASIS.sd - 1)).toBeLessThan(4 * Math.sqrt(0.5 / 2000));
    let draws = 0;
    const counting = {
      uniform: () => {
        draws += 1;
        return draws / 1000;
      },
    };
    path(1, 10, counting);
    expect(draws).toBe(11);
  });
});

describe('in the world', () => {
  const chain = smallChain();
  const seen = (basis: typeof BASIS | undefined) => {
    const world = new World(worldSpec({ basis, lookaheadSteps: 5 }), chain, plainTerms(chain), streams('3'));
    return Array.from({ length: 200 }, () => {
      const now = {
        spot: world.spot(),
        level: world.factor(0),
        candidates: world.candidates().length,
        basis: world.basis(),
        next: world.basis(5),
      };
      world.advance();
      return now;
    });
  };

  test('it moves nothing else, and without it there is none', () => {
    const [on, off] = [seen(BASIS), seen(undefined)];
    expect(on.map(({ spot, level, candidates }) => [spot, level, candidates])).toEqual(
      off.map(({ spot, level, candidates }) => [spot, level, candidates]),
    );
    expect(off.every(({ basis }) => basis === 0)).toBe(true);
    expect(new Set(on.map(({ basis }) => basis)).size).toBe(200);
  });

  test('it is that of its own stream, as far ahead as all else', () => {
    const on = seen(BASIS);
    expect(on.map(({ basis }) => basis)).toEqual(path(1 / 60, 200, streams('3').stream('world/basis')));
    expect(on.slice(5).map(({ basis }) => basis)).toEqual(on.slice(0, 195).map(({ next }) => next));
  });
});
