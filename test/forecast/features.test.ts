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
      (_, i) => [Math.floor(rng.uniform() * CHAIN.options.length), i === 1 ? Math.sign(normal(rng)) : normal(rng)] as const,
    );
    return {
      prints,
      seen: {
        factors: Float64Array.from(factors),
        spot: n % 17 === 5 ? undefined : spot,
        basis: n % 13 === 4 ? undefined : 0.0002 * Math.sin(n),
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
    for (const name of [
      'levelCentred',
      'levelChange',
      'levelOver2',
      'skewOver15',
      'return',
      'realisedOverImplied5',
      'basisChange',
      'stepsMissed',
    ]) {
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

  test('change over one step', () => {
    STEPS.forEach((_, n) => {
      if (n === 0) return;
      FACTOR_NAMES.forEach((name, f) => {
        expect(at(n, `${name}Change`)).toBeCloseTo(factorAt(n, f) - factorAt(n - 1, f), 14);
      });
    });
  });

  test.each([2, 6, 15])('stand against their average over %i steps, which does not contain them yet', (steps) => {
    FACTOR_NAMES.forEach((name, f) => {
      let average = factorAt(0, f);
      STEPS.forEach((_, n) => {
        expect(at(n, `${name}Over${steps}`)).toBeCloseTo(factorAt(n, f) - average, 13);
        average += (factorAt(n, f) - average) / Math.min(n + 1, steps);
      });
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
      ['levelFlow', 0, 0],
      ['levelFlow3', 0, 3],
      ['slopeFlow10', 1, 10],
      ['skewFlow20', 2, 20],
      ['curvatureFlow40', 3, 40],
      ['levelOneLotFlow20', 0, 20],
      ['slopeOneLotFlow60', 1, 60],
      ['curvatureOneLotFlow180', 3, 180],
    ] as const) {
      const counts = (contracts: number): boolean => !name.includes('OneLot') || Math.abs(contracts) === 1;
      let flow = 0;
      STEPS.forEach(({ prints }, n) => {
        flow *= window === 0 ? 0 : Math.exp(-1 / window);
        for (const [series, contracts] of prints)
          if (counts(contracts)) flow += (contracts * (exposures[series * FACTOR_COUNT + f] ?? 0)) / typical(f);
        expect(at(n, name), name).toBeCloseTo(flow, 10);
      });
      expect(flow).not.toBe(0);
    }
  });

  test('signs are counted whatever was traded, and activity is the log of the average number of prints per step', () => {
    let activity = 0;
    let balance = 0;
    STEPS.forEach(({ prints }, n) => {
      const signed = prints.reduce((sum, [, contracts]) => sum + Math.sign(contracts), 0);
      activity += (prints.length - activity) / Math.min(n + 1, 40);
      balance = balance * Math.exp(-1 / 5) + signed;
      expect(at(n, 'signedPrints')).toBe(signed);
      expect(at(n, 'signedPrints5')).toBeCloseTo(balance, 12);
      expect(at(n, 'prints')).toBeCloseTo(Math.log1p(prints.length), 12);
      expect(at(n, 'activity40')).toBeCloseTo(Math.log1p(activity), 12);
    });
  });

  test('tenors add up to the flow in the level; wings are the strikes far from the forward', () => {
    STEPS.forEach((_, n) => {
      expect(at(n, 'shortFlow20') + at(n, 'middleFlow20') + at(n, 'longFlow20')).toBeCloseTo(at(n, 'levelFlow20'), 10);
    });
    const theo = theoChain();
    CHAIN.options.forEach((option, series) => {
      const builder = new FeatureBuilder(theo, STEP_SECONDS);
      builder.trade(series, 3);
      const row = builder.step({ factors: Float64Array.of(Math.log(0.5), 0, 0, 0), spot: 70_000, basis: undefined, hours: 0 });
      const delta = theo.delta[series] ?? 0;
      const ofCall = delta < 0 ? 1 + delta : delta;
      const flow = row[column('levelFlow20')] ?? 0;
      const days = 365 * (CHAIN.expiries[option.expiry]?.years ?? 0);
      expect(row[column('putWingFlow20')]).toBe(ofCall > 0.7 ? flow : 0);
      expect(row[column('callWingFlow20')]).toBe(ofCall < 0.3 ? flow : 0);
      expect(row[column(days < 14 ? 'shortFlow20' : days < 60 ? 'middleFlow20' : 'longFlow20')]).toBe(flow);
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
      const row = builder.step({ factors: Float64Array.of(Math.log(0.5), 0, 0, 0), spot, basis: undefined, hours: 0 });
      if (n >= 100) sum += row[column('realisedOverImplied60')] ?? 0;
    }
    // Of a log of an average of some 120 squares: a little below ln 2.
    expect(sum / 3900).toBeGreaterThan(Math.LN2 - 0.05);
    expect(sum / 3900).toBeLessThan(Math.LN2 + 0.02);
  });
});

test('the premium is in basis points, and its change is over what was seen last', () => {
  let last: number | undefined;
  STEPS.forEach(({ seen }, n) => {
    const now = seen.basis ?? last ?? 0;
    expect(at(n, 'basis')).toBeCloseTo(10_000 * now, 9);
    expect(at(n, 'basisChange')).toBeCloseTo(last === undefined ? 0 : 10_000 * (now - last), 9);
    last = seen.basis ?? last;
  });
});

test('a gap between two rows shows, once; an opening fades', () => {
  const builder = new FeatureBuilder(theoChain(), STEP_SECONDS);
  const rowAt = (steps: number): Float64Array =>
    Float64Array.from(
      builder.step({
        factors: Float64Array.of(Math.log(0.5), 0, 0, 0),
        spot: 70_000,
        basis: undefined,
        hours: (steps * STEP_SECONDS) / 3600,
      }),
    );
  const missed = [0, 1, 2, 7, 8].map((steps) => rowAt(steps)[column('stepsMissed')] ?? Number.NaN);
  [0, 0, 0, Math.log(5), 0].forEach((expected, i) => {
    expect(missed[i]).toBeCloseTo(expected, 9);
  });
  expect(rowAt(9)[column('opening')]).toBeCloseTo(Math.exp(-5 / 40), 12);
});

test('the clock is passed on', () => {
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
