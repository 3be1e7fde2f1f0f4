import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { type Rng, streams } from '../../../src/core/rng.ts';
import { christoffersen } from '../../../src/study/evaluation/christoffersen.ts';
import { confidenceSet } from '../../../src/study/evaluation/confidence-set.ts';
import { coverage } from '../../../src/study/evaluation/coverage.ts';
import { pesaranTimmermann } from '../../../src/study/evaluation/direction.ts';
import { clarkWest, dieboldMariano } from '../../../src/study/evaluation/forecast-comparison.ts';
import { mincerZarnowitz } from '../../../src/study/evaluation/mincer-zarnowitz.ts';
import { type Origins, originsOf } from '../../../src/study/evaluation/origins.ts';
import { kuiperUniform } from '../../../src/study/evaluation/pit.ts';

// Every test below counts how often something happens in `STUDIES` made-up studies. Bounds are the nominal share ± 4 binomial standard errors,
// wider only where it is known, and said, that a statistic misses its nominal size there.
const STUDIES = 600;
const rngOf = (path: string): Rng => streams('size-and-power').stream(path);
const around = (share: number): readonly [number, number] => {
  const half = 4 * Math.sqrt((share * (1 - share)) / STUDIES);
  return [share - half, share + half];
};
const within = (name: string, share: number, [low, high]: readonly [number, number]): void => {
  console.log(`${name}: ${(100 * share).toFixed(1)} %`);
  expect(share).toBeGreaterThanOrEqual(low);
  expect(share).toBeLessThanOrEqual(high);
};
const shareOf = (path: string, happens: (rng: Rng) => boolean): number => {
  const rng = rngOf(path);
  let count = 0;
  for (let i = 0; i < STUDIES; i += 1) if (happens(rng)) count += 1;
  return count / STUDIES;
};

/** Blocks of sums over `steps` neighbours of independent normals of deviation 1. */
function overlapping(rng: Rng, origins: Origins): Float64Array {
  const values = new Float64Array(origins.count);
  for (const { from, to } of origins.spans) {
    const parts = Array.from({ length: to - from + origins.steps }, () => normal(rng));
    let sum = parts.slice(0, origins.steps).reduce((a, b) => a + b, 0);
    for (let i = from; i < to; i += 1) {
      values[i] = sum;
      sum += (parts[i - from + origins.steps] ?? 0) - (parts[i - from] ?? 0);
    }
  }
  return values;
}

const origins = (blocks: number, length: number, steps: number): Origins =>
  originsOf(
    Int32Array.from({ length: blocks * length }, (_, i) => Math.floor(i / length)),
    steps,
  );
const plus = (a: Float64Array, b: Float64Array, factor: number): Float64Array => a.map((value, i) => value + factor * (b[i] ?? 0));
const squares = (a: Float64Array): Float64Array => a.map((value) => value * value);

describe('Diebold and Mariano', () => {
  // Forecasts with errors e + .5a and e + .5b: equally good.
  test.each([
    ['one block of 240, horizon 1', 1, 240, 1, around(0.05)],
    // Squared errors of sums over h have autocorrelations (1 − k/h)², and Bartlett weights 1 − k/h take 3/4 of their sum, however long the history:
    // the test rejects with 2Φ(−1.96·√¾) = 9.0 %. With few outcomes apart the factor pulls the other way.
    ['one block of 2400, horizon 21', 1, 2400, 21, around(0.09)],
    ['one block of 240, horizon 21', 1, 240, 21, around(0.09)],
    ['12 blocks of 240, horizon 30', 12, 240, 30, around(0.05)],
    ['100 blocks of 60, horizon 30', 100, 60, 30, around(0.05)],
  ])('rejects equal models about as often as it should: %s', (name, blocks, length, steps, bounds) => {
    const at = origins(blocks, length, steps);
    const share = shareOf(`dm ${name}`, (rng) => {
      const [e, a, b] = [overlapping(rng, at), overlapping(rng, at), overlapping(rng, at)];
      return (dieboldMariano(squares(plus(e, a, 0.5)), squares(plus(e, b, 0.5)), at)?.p ?? 1) < 0.05;
    });
    within(`DM, ${name}`, share, bounds);
  });

  test('finds a model with R² of 5 % in 2400 forecasts nearly always', () => {
    const at = origins(1, 2400, 1);
    const share = shareOf('dm power', (rng) => {
      const [known, e] = [overlapping(rng, at), overlapping(rng, at)];
      const test = dieboldMariano(squares(e), squares(plus(e, known, 0.23)), at);
      return (test?.p ?? 1) < 0.05 && (test?.statistic ?? 0) > 0;
    });
    within('DM, power', share, [0.95, 1]);
  });
});

describe('Clark and West', () => {
  // A model that fits a slope which is 0 in truth, by least squares on the 60 origins before.
  const length = 600;
  const fitted = (rng: Rng, truth: number): readonly [outcome: Float64Array, change: Float64Array] => {
    const x = Float64Array.from({ length: length + 60 }, () => normal(rng));
    const y = x.map((value) => truth * value + normal(rng));
    const change = new Float64Array(length);
    for (let i = 0; i < length; i += 1) {
      let [xy, xx] = [0, 0];
      for (let k = i; k < i + 60; k += 1) {
        xy += (x[k] ?? 0) * (y[k] ?? 0);
        xx += (x[k] ?? 0) * (x[k] ?? 0);
      }
      change[i] = (xy / xx) * (x[i + 60] ?? 0);
    }
    return [y.slice(60), change];
  };
  const at = origins(1, length, 1);
  const zero = new Float64Array(length);

  test('rejects a slope of 0 no more often than it says, where Diebold and Mariano hold fitted noise against the model', () => {
    let worse = 0;
    const share = shareOf('cw size', (rng) => {
      const [y, change] = fitted(rng, 0);
      if ((dieboldMariano(squares(plus(y, change, -1)), squares(y), at)?.statistic ?? 0) < 0) worse += 1;
      return (clarkWest(y, change, zero, at)?.p ?? 1) < 0.05;
    });
    console.log(`DM below 0: ${((100 * worse) / STUDIES).toFixed(1)} %`);
    // From above only: the law is not quite normal, and the test conservative.
    within('CW, size', share, [0, around(0.05)[1]]);
    expect(worse / STUDIES).toBeGreaterThan(0.8);
  });

  test('finds a true slope of .2', () => {
    const share = shareOf('cw power', (rng) => {
      const [y, change] = fitted(rng, 0.2);
      return (clarkWest(y, change, zero, at)?.p ?? 1) < 0.05;
    });
    // Mean of the gains 2·.2², deviation 2·√(.2² + 1/60): t is 4 in the mean, and P(t > 1.645) = .99 where it is normal.
    within('CW, power', share, [0.9, 1]);
  });
});

describe('intervals', () => {
  test.each([
    ['one block of 1200, horizon 1', 1, 1200, 1, around(0.95)],
    ['one block of 1200, horizon 10', 1, 1200, 10, [0.88, 0.985] as const],
    ['12 blocks of 120, horizon 10', 12, 120, 10, around(0.95)],
  ])('of the slope and of coverage hold the truth: %s', (name, blocks, length, steps, bounds) => {
    const at = origins(blocks, length, steps);
    let coverages = 0;
    const slopes = shareOf(`mz ${name}`, (rng) => {
      const [x, e] = [overlapping(rng, at), overlapping(rng, at)];
      const line = mincerZarnowitz(plus(e, x, 0.6), x, at);
      const inside = Uint8Array.from(e, (value) => (Math.abs(value) <= 1.2815515655446 * Math.sqrt(steps) ? 1 : 0));
      const [low = 0, high = 0] = coverage(inside, at)?.ci95 ?? [];
      if (low <= 0.8 && high >= 0.8) coverages += 1;
      return line !== undefined && line.slopeCi95[0] <= 0.6 && line.slopeCi95[1] >= 0.6;
    });
    within(`slope, ${name}`, slopes, bounds);
    within(`coverage, ${name}`, coverages / STUDIES, bounds);
  });
});

describe('tests of distributions', () => {
  test.each([250, 2000])('Christoffersen rejects independent misses about as often as it says, n = %d', (n) => {
    const at = origins(1, n, 1);
    let both = 0;
    const share = shareOf(`christoffersen ${n}`, (rng) => {
      const found = christoffersen(
        Uint8Array.from({ length: n }, () => (rng.uniform() < 0.8 ? 1 : 0)),
        0.8,
        at,
      );
      if ((found?.conditionalP ?? 1) < 0.05) both += 1;
      return (found?.independenceP ?? 1) < 0.05;
    });
    within(`independence, ${n}`, share, around(0.05));
    within(`conditional, ${n}`, both / STUDIES, around(0.05));
  });

  test('Christoffersen finds misses of which each makes the next likelier', () => {
    const at = origins(1, 500, 1);
    const share = shareOf('christoffersen power', (rng) => {
      let miss = false;
      const inside = Uint8Array.from({ length: 500 }, () => {
        miss = rng.uniform() < (miss ? 0.4 : 0.15);
        return miss ? 0 : 1;
      });
      return (christoffersen(inside, 0.8, at)?.independenceP ?? 1) < 0.05;
    });
    within('independence, power', share, [0.95, 1]);
  });

  test.each([8, 20, 100, 2000])('Kuiper rejects even places about as often as it says, n = %d', (n) => {
    let ten = 0;
    const share = shareOf(`kuiper ${n}`, (rng) => {
      const { p } = kuiperUniform(Array.from({ length: n }, () => rng.uniform()));
      if (p < 0.1) ten += 1;
      return p < 0.05;
    });
    within(`Kuiper at 5 %, ${n}`, share, around(0.05));
    within(`Kuiper at 10 %, ${n}`, ten / STUDIES, around(0.1));
  });

  test.each([50, 1000])('Pesaran and Timmermann reject independent signs about as often as they say, n = %d', (n) => {
    const share = shareOf(`pt ${n}`, (rng) => {
      const [up, forecast] = [0.5, 0.4].map((p) => Array.from({ length: n }, () => rng.uniform() < p));
      return (pesaranTimmermann(up ?? [], forecast ?? [])?.p ?? 1) < 0.05;
    });
    within(`PT, ${n}`, share, around(0.05));
  });
});

describe('the confidence set', () => {
  /** Losses of models whose own part has these deviations, about a common one. */
  const made = (rng: Rng, at: Origins, own: readonly number[]): Float64Array[] => {
    const common = overlapping(rng, at);
    return own.map((sd) => squares(plus(common, overlapping(rng, at), sd)));
  };

  test.each([
    ['one block of 600, horizon 1', 1, 600, 1, [0.86, 1] as const],
    ['20 blocks of 60, horizon 5', 20, 60, 5, [0.84, 1] as const],
    // Few blocks of resamples that are apart: the bootstrap's variances are too small there.
    ['one block of 600, horizon 21', 1, 600, 21, [0.78, 1] as const],
  ])('holds equal models about as often as it should: %s', (name, blocks, length, steps, bounds) => {
    const at = origins(blocks, length, steps);
    let held = 0;
    const all = shareOf(`mcs ${name}`, (rng) => {
      const members = confidenceSet(made(rng, at, [0.5, 0.5, 0.5, 0.5, 0.5]), at, rng, 200);
      held += members.filter(({ isMember }) => isMember).length / 5;
      return members.every(({ isMember }) => isMember);
    });
    within(`set, all of five equal models, ${name}`, all, bounds);
    within(`set, each of them, ${name}`, held / STUDIES, [0.9, 1]);
  });

  test('keeps the best and puts out one that is clearly worse', () => {
    const at = origins(4, 300, 1);
    let best = 0;
    const out = shareOf('mcs power', (rng) => {
      const members = confidenceSet(made(rng, at, [0.3, 0.3, 0.8]), at, rng, 200);
      if (members[0]?.isMember === true) best += 1;
      return members[2]?.isMember === false;
    });
    within('set, worse one out', out, [0.98, 1]);
    within('set, best one in', best / STUDIES, [0.9, 1]);
  });
});
