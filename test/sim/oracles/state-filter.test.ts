import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { PathLaw } from '../../../src/sim/oracles/path-law.ts';
import { StateFilter } from '../../../src/sim/oracles/state-filter.ts';
import { SEEN, STATE, STATES, STEP_SIZE } from '../../../src/sim/oracles/surface-state.ts';
import { LinearPath, randomStepLaw, Seeing, surfaceLaw } from '../../support/random-law.ts';

const STEPS = 3;
const KNOWN = Array.from({ length: STATE.momentum }, (_, i) => i).filter((i) => i < STATE.signal || i >= STATE.signal + FACTOR_COUNT);

/** Runs it on made-up steps. @param future what stands in the places of the signals. */
function run(future: (step: number) => number) {
  const rng = streams('state').stream('test');
  const own = randomStepLaw(rng, 0);
  const law = surfaceLaw([own], [1]);
  const path = new PathLaw(law, [1, 5]);
  const filter = new StateFilter(law, path);
  const exact = new LinearPath(own, STEPS);
  const seeing = new Seeing();
  const draws = (): number[] => Array.from({ length: STEP_SIZE }, () => normal(rng));
  const state = (values: readonly number[], step: number): Float64Array =>
    Float64Array.from({ length: STATES }, (_, i) => (i >= STATE.signal && i < STATE.signal + FACTOR_COUNT ? future(step) : values[i]!));
  const opening = draws();
  // An opening has no momentum yet.
  opening.fill(0, STATE.momentum, STATES);
  filter.see(seeing.opening(), state(opening, 0), 0);
  for (let i = 0; i < STATES; i += 1) if (KNOWN.includes(i) || i >= STATE.momentum) exact.learn(exact.state[i]!, opening[i]!);
  for (let step = 1; step <= STEPS; step += 1) {
    const values = draws();
    filter.see(seeing.step(values), state(values, step), 0);
    exact.step([...KNOWN, ...SEEN], values);
  }
  const forecasts = [0, 1].flatMap((horizon) => Array.from({ length: FACTOR_COUNT }, (_, f) => filter.forecast(horizon, f)));
  return { forecasts, path, exact };
}

describe('one who knows the hidden state', () => {
  test('believes of the signal what follows from all that is known, exactly', () => {
    const { forecasts, path, exact } = run(() => 0);
    const expected = exact.expected();
    for (const [at, forecast] of forecasts.entries()) {
      const [horizon, f] = [Math.floor(at / FACTOR_COUNT), at % FACTOR_COUNT];
      expect(forecast).toBeCloseTo(path.change(0, horizon, f, expected) - expected[STATE.error + f]!, 7);
    }
    // Something is believed of it: it is not as at the opening.
    for (let f = 0; f < FACTOR_COUNT; f += 1)
      expect(Math.abs(expected[STATE.signal + f]! - 0.1 * (STATE.signal + f))).toBeGreaterThan(0.01);
  });

  test('does not read the signal itself, which is the future', () => {
    expect(run((step) => 5 * step).forecasts).toEqual(run(() => 0).forecasts);
  });
});
