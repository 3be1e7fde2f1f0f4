import { describe, expect, test } from 'vitest';
import { FEATURES } from '../../src/forecast/features.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import type { ObservationModel } from '../../src/study/observation-model.ts';
import { observedPath } from '../../src/study/observed-path.ts';
import { meanOf } from '../support/moments.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

const SCENARIO = tinyScenario();
const four = (value: number): number[] => new Array<number>(FACTOR_COUNT).fill(value);

/** A view without any error, in which every candidate prints. */
const CLEAR: ObservationModel = {
  persistence: four(0),
  lag: four(0),
  noiseSd: four(0),
  errorSd: four(0),
  printRatio: Number.NEGATIVE_INFINITY,
  printContracts: Number.POSITIVE_INFINITY,
  steps: 1,
};

function path(changes: Partial<ObservationModel>, steps = 29, seed = '5', scenario = SCENARIO) {
  const made: { readonly row: Float64Array; readonly tracked: Float64Array; readonly truth: number[]; readonly spot: number }[] = [];
  observedPath(scenario, seed, { ...CLEAR, ...changes }, steps, (step, row, tracked, world) => {
    expect(step).toBe(made.length);
    const truth = Array.from({ length: FACTOR_COUNT }, (_, f) => world.factor(f));
    made.push({ row: Float64Array.from(row), tracked: Float64Array.from(tracked), truth, spot: world.spot() });
  });
  return made;
}

const column = (name: string): number => FEATURES.indexOf(name);

test('is the drawn world of a full run at the same seed, at every forecast step', () => {
  const sim = simulation(SCENARIO, '5');
  const steps = path({});
  expect(steps).toHaveLength(29);
  steps.forEach(({ truth, spot }, n) => {
    sim.advance(10 * n);
    expect(truth).toEqual(Array.from({ length: FACTOR_COUNT }, (_, f) => sim.world.exogenous.factor(f)));
    expect(spot).toBe(sim.world.exogenous.spot());
  });
  // Whatever the subject does, the world is the same.
  const other = simulation(tinyScenario(['agents.maker.widthMultiplier=0.4', 'agents.maker.size=5']), '5');
  other.advance(280);
  expect(steps[28]?.truth).toEqual(Array.from({ length: FACTOR_COUNT }, (_, f) => other.world.exogenous.factor(f)));
});

describe('the view', () => {
  test('without errors is the truth', () => {
    for (const { tracked, truth } of path({})) expect([...tracked]).toEqual(truth);
  });

  test('with a lag of 1 is the truth of the step before', () => {
    const steps = path({ lag: four(1) });
    steps.forEach(({ tracked }, n) => {
      for (const [f, value] of (steps[Math.max(0, n - 1)]?.truth ?? []).entries()) expect(tracked[f]).toBeCloseTo(value, 14);
    });
  });

  test('errors persist and spread as the model says', () => {
    const persistence = 0.6;
    const noise = 0.01;
    const errorSd = noise / Math.sqrt(1 - persistence * persistence);
    const steps = path(
      { persistence: four(persistence), noiseSd: four(noise), errorSd: four(errorSd) },
      2500,
      '1',
      tinyScenario(['flow.rate=1']),
    );
    const errors = steps.map(({ tracked, truth }) => (tracked[0] ?? 0) - (truth[0] ?? 0));
    const fresh = errors.slice(1).map((error, n) => error - persistence * (errors[n] ?? 0));
    expect(Math.abs(meanOf(fresh).sd / noise - 1)).toBeLessThan(4 / Math.sqrt(2 * fresh.length));
    expect(Math.abs(meanOf(fresh).mean)).toBeLessThan(4 * meanOf(fresh).error);
    expect(Math.abs(meanOf(errors).sd / errorSd - 1)).toBeLessThan(0.12);
  });

  test('starts in its stationary distribution', () => {
    const starts = Array.from({ length: 300 }, (_, n) => {
      const [first] = path({ errorSd: four(0.02) }, 1, `start ${n}`);
      return (first?.tracked[2] ?? 0) - (first?.truth[2] ?? 0);
    });
    expect(Math.abs(meanOf(starts).sd / 0.02 - 1)).toBeLessThan(4 / Math.sqrt(600));
  });
});

describe('the tape', () => {
  const activity = (steps: ReturnType<typeof path>): number => Math.expm1(steps.at(-1)?.row[column('activity40')] ?? 0);

  test('holds the candidates that reach the print ratio, signed by who crosses', () => {
    const [none, some, all] = [Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY].map((printRatio) => path({ printRatio }));
    expect(activity(none ?? [])).toBe(0);
    for (const { row } of none ?? []) expect(row[column('levelFlow20')]).toBe(0);
    expect(activity(some ?? [])).toBeGreaterThan(0);
    expect(activity(some ?? [])).toBeLessThan(activity(all ?? []));
    // 2400 candidates per hour in the normal regime, more in the stressed one: at least 6.7 in ten seconds.
    expect(activity(all ?? [])).toBeGreaterThan(5);
  });

  test('shows no more of a candidate than books would', () => {
    const [whole, capped, least] = [Number.POSITIVE_INFINITY, 0.5, 0.01].map((printContracts) =>
      path({ printContracts }).reduce((sum, { row }) => sum + Math.abs(row[column('levelFlow10')] ?? 0), 0),
    );
    expect(capped).toBeLessThan(whole ?? 0);
    // A lot of 0.1 contracts at least.
    expect(least).toBeGreaterThan(0);
    expect(least).toBeLessThan(capped ?? 0);
    expect(activity(path({ printContracts: 0.5 }))).toBe(activity(path({})));
  });

  test('prints come after the row of their step, not before', () => {
    const [first, second] = path({}, 2);
    expect(first?.row[column('activity40')]).toBe(0);
    expect(second?.row[column('activity40')]).toBeGreaterThan(0);
  });
});

test('rows carry the constant look of the books, the clock and the spot', () => {
  const steps = path({});
  steps.forEach(({ row, spot }, n) => {
    expect(row).toHaveLength(FEATURES.length);
    expect(row[column('spotMissing')]).toBe(0);
    expect(row[column('clockSin')]).toBeCloseTo(Math.sin((2 * Math.PI * 10 * n) / 86_400), 12);
    if (n === 0) return;
    const move = Math.log(spot / (steps[n - 1]?.spot ?? 0)) / (Math.exp(steps[n]?.tracked[0] ?? 0) * Math.sqrt(10 / 31_536_000));
    expect(row[column('return')]).toBeCloseTo(move, 9);
  });
});

test('one seed gives the same to the bit, another one another', () => {
  const noisy = { noiseSd: four(0.01), errorSd: four(0.01) };
  expect(path(noisy)).toEqual(path(noisy));
  expect(path(noisy, 29, '6')).not.toEqual(path(noisy));
});

test('goes on past the horizon of the scenario', () => {
  expect(path({}, 60)).toHaveLength(60);
});

test('leaves out what the market is closed for, and begins each session afresh', () => {
  const sessions = ["market.sessions={ opens: '09:30', closes: '09:33' }", 'world.overnightShare=0.998', 'world.timeline=[]'];
  const closing = tinyScenario(sessions);
  const open: boolean[] = [];
  const seconds: number[] = [];
  observedPath(closing, '5', CLEAR, 40, (_step, row, _tracked, world) => {
    open.push(world.isOpen);
    seconds.push(world.step);
    // Before a first step of a session there is nothing to compare with.
    if (world.step % 86_400 === 0)
      expect([row[column('levelChange')], row[column('return')], row[column('activity40')]]).toEqual([0, 0, 0]);
  });
  expect(open.every((each) => each)).toBe(true);
  expect(seconds).toEqual(Array.from({ length: 40 }, (_, n) => 86_400 * Math.floor(n / 18) + 10 * (n % 18)));
});
