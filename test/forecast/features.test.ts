import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { FEATURES, FeatureBuilder, type StepObservation } from '../../src/forecast/features.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const STEP_SECONDS = 30;

function theoChain(): TheoChain {
  const theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  theo.move([Math.log(0.5), 0.05, -0.15, -0.05], 70_000, 0);
  theo.valueAll();
  return theo;
}

interface Step {
  readonly seen: StepObservation;
  readonly prints: readonly (readonly [series: number, contracts: number])[];
}

/** A run of observations with trades between them; now and then the underlying's book is one-sided. */
function observations(count: number, name = 'features'): Step[] {
  const rng = streams('0').stream(name);
  const factors = [Math.log(0.5), 0.05, -0.15, -0.05];
  let spot = 70_000;
  return Array.from({ length: count }, (_, n): Step => {
    factors.forEach((value, f) => {
      factors[f] = value + 0.002 * normal(rng);
    });
    spot *= Math.exp(0.0005 * normal(rng));
    const prints = Array.from(
      { length: Math.floor(3 * rng.uniform()) },
      () => [Math.floor(rng.uniform() * CHAIN.options.length), normal(rng)] as const,
    );
    return {
      prints,
      seen: {
        factors: Float64Array.from(factors),
        spot: n % 17 === 5 ? undefined : spot,
        hours: n * 0.37,
      },
    };
  });
}

function rows(steps: readonly Step[], theo = theoChain()): Float64Array[] {
  const builder = new FeatureBuilder(theo, STEP_SECONDS);
  return steps.map(({ seen, prints }) => {
    for (const [series, contracts] of prints) builder.trade(series, contracts);
    return Float64Array.from(builder.step(seen));
  });
}

const column = (name: string): number => {
  const at = FEATURES.indexOf(name);
  if (at < 0) throw new Error(`no feature ${name}`);
  return at;
};

const STEPS = observations(300);
const ROWS = rows(STEPS);
const at = (n: number, name: string): number => ROWS[n]?.[column(name)] ?? Number.NaN;
const factorAt = (n: number, f: number): number => STEPS[n]?.seen.factors[f] ?? Number.NaN;
const FACTOR_NAMES = ['level', 'slope', 'skew', 'curvature'];

describe('rows', () => {
  test('have one finite number per name, and the names are different', () => {
    expect(new Set(FEATURES).size).toBe(FEATURES.length);
    for (const row of ROWS) {
      expect(row.length).toBe(FEATURES.length);
      expect(row.every(Number.isFinite)).toBe(true);
    }
  });

  test('depend on the past alone: another future leaves them as they are, to the bit', () => {
    const other = [...STEPS.slice(0, 150), ...observations(150, 'another future')];
    expect(rows(other).slice(0, 150)).toEqual(ROWS.slice(0, 150));
    expect(rows(other).slice(150)).not.toEqual(ROWS.slice(150));
  });

  test('the first row has no changes and no flow but its own', () => {
    for (const name of ['levelCentred', 'levelChange', 'levelChange10', 'skewChange10', 'return', 'realisedOverImplied']) {
      expect(Math.abs(at(0, name))).toBe(0);
    }
  });
});

describe('factors', () => {
  test('are centred on their slow average, which does not contain them yet', () => {
    FACTOR_NAMES.forEach((name, f) => {
      let centre = factorAt(0, f);
      STEPS.forEach((_, n) => {
        expect(at(n, `${name}Centred`)).toBeCloseTo(factorAt(n, f) - centre, 13);
        centre += (factorAt(n, f) - centre) / Math.min(n + 1, 60);
      });
    });
  });

  test('change over one step, and over ten or as many as were seen', () => {
    STEPS.forEach((_, n) => {
      if (n === 0) return;
      FACTOR_NAMES.forEach((name, f) => {
        expect(at(n, `${name}Change`)).toBeCloseTo(factorAt(n, f) - factorAt(n - 1, f), 14);
      });
      expect(at(n, 'levelChange10')).toBeCloseTo(factorAt(n, 0) - factorAt(Math.max(0, n - 10), 0), 14);
      expect(at(n, 'skewChange10')).toBeCloseTo(factorAt(n, 2) - factorAt(Math.max(0, n - 10), 2), 14);
    });
  });
});

describe('flow', () => {
  test('is contracts times exposure over the typical one, decaying over each window', () => {
    const { exposures } = theoChain();
    const typical = (f: number): number => {
      let sum = 0;
      CHAIN.options.forEach((_, i) => {
        sum += (exposures[i * FACTOR_COUNT + f] ?? 0) * (exposures[i * FACTOR_COUNT + f] ?? 0);
      });
      return Math.sqrt(sum / CHAIN.options.length);
    };
    for (const [name, f, window] of [
      ['levelFlow10', 0, 10],
      ['levelFlow20', 0, 20],
      ['levelFlow40', 0, 40],
      ['skewFlow10', 2, 10],
      ['skewFlow20', 2, 20],
      ['skewFlow40', 2, 40],
      ['slopeFlow20', 1, 20],
      ['curvatureFlow20', 3, 20],
    ] as const) {
      let flow = 0;
      STEPS.forEach(({ prints }, n) => {
        flow *= Math.exp(-1 / window);
        for (const [series, contracts] of prints) flow += (contracts * (exposures[series * FACTOR_COUNT + f] ?? 0)) / typical(f);
        expect(at(n, name), name).toBeCloseTo(flow, 10);
      });
    }
  });

  test('activity is the log of the average number of prints per step', () => {
    let activity = 0;
    STEPS.forEach(({ prints }, n) => {
      activity += (prints.length - activity) / Math.min(n + 1, 40);
      expect(at(n, 'activity')).toBeCloseTo(Math.log1p(activity), 12);
    });
  });
});

describe('spot', () => {
  test('moves in units of the implied deviation of a step, over a gap as one move', () => {
    let last: number | undefined;
    STEPS.forEach(({ seen }, n) => {
      const sd = Math.exp(factorAt(n, 0)) * Math.sqrt(STEP_SECONDS / 31_536_000);
      const move = seen.spot === undefined || last === undefined ? 0 : Math.log(seen.spot / last) / sd;
      last = seen.spot ?? last;
      expect(at(n, 'return')).toBeCloseTo(move, 10);
      expect(at(n, 'returnAbsolute')).toBeCloseTo(Math.abs(move), 10);
      expect(at(n, 'spotMissing')).toBe(seen.spot === undefined ? 1 : 0);
    });
  });

  test('realised over implied settles at half the log of the ratio of variances', () => {
    const rng = streams('0').stream('ratio');
    const builder = new FeatureBuilder(theoChain(), STEP_SECONDS);
    const sd = 0.5 * Math.sqrt(STEP_SECONDS / 31_536_000);
    let spot = 70_000;
    let sum = 0;
    for (let n = 0; n < 4000; n += 1) {
      spot *= Math.exp(2 * sd * normal(rng));
      const row = builder.step({ factors: Float64Array.of(Math.log(0.5), 0, 0, 0), spot, hours: 0 });
      if (n >= 100) sum += row[column('realisedOverImplied')] ?? 0;
    }
    // Of a log of an average of some 80 squares: a little below ln 2.
    expect(sum / 3900).toBeGreaterThan(Math.LN2 - 0.05);
    expect(sum / 3900).toBeLessThan(Math.LN2 + 0.02);
  });
});

test('books and clock are passed on', () => {
  STEPS.forEach(({ seen }, n) => {
    expect(at(n, 'clockSin')).toBeCloseTo(Math.sin((Math.PI * seen.hours) / 12), 12);
    expect(at(n, 'clockCos')).toBeCloseTo(Math.cos((Math.PI * seen.hours) / 12), 12);
  });
});

test('counts its steps', () => {
  const builder = new FeatureBuilder(theoChain(), STEP_SECONDS);
  expect(builder.steps).toBe(0);
  for (const { seen } of STEPS.slice(0, 3)) builder.step(seen);
  expect(builder.steps).toBe(3);
});
