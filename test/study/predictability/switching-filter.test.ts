import { describe, expect, test } from 'vitest';
import { streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { ForecastFits } from '../../../src/study/predictability/forecast-fits.ts';
import type { RecordedWorld } from '../../../src/study/predictability/recorded-world.ts';
import { CELL, FORECASTS, type ForecastName, ScoreReader, scoreSums } from '../../../src/study/predictability/scores.ts';
import { SwitchingFilter } from '../../../src/study/predictability/switching-filter.ts';
import { switchingLaw } from '../../../src/study/predictability/switching-law.ts';
import { type MadeLaw, madeView, madeWorld, PLAIN } from './worlds.ts';

const HORIZONS = [1, 5];

function made(law: MadeLaw, name: string, worlds = 60, steps = 260): RecordedWorld[] {
  const rng = streams('switching filter').stream(name);
  return Array.from({ length: worlds }, () => madeWorld(law, rng, steps));
}

function fitted(law: MadeLaw) {
  const worlds = made(law, 'fit', 120);
  const regimes = law.returnSds.length;
  const fits = new ForecastFits(0, regimes, HORIZONS);
  for (const world of worlds) fits.add(world);
  return { fits, law: switchingLaw(worlds, regimes, 0, madeView(law)), regimes };
}

function reader(law: MadeLaw): ScoreReader {
  const terms = { ...fitted(law), factor: 0, pathWeights: [0, 1], halfSpread: undefined };
  const total = new Float64Array(law.returnSds.length * (HORIZONS.length + 1) * CELL);
  for (const world of made(law, 'score')) for (const [i, sum] of scoreSums(world, terms).entries()) total[i] = (total[i] ?? 0) + sum;
  return new ScoreReader(
    total,
    HORIZONS.length,
    1,
    law.returnSds.map((_, i) => i),
  );
}

function skill(law: MadeLaw): Record<ForecastName, number> {
  const scores = reader(law);
  return Object.fromEntries(FORECASTS.map((name) => [name, scores.r2(name)])) as Record<ForecastName, number>;
}

describe('a random walk seen with errors', () => {
  const law: MadeLaw = { ...PLAIN, walkSd: 0.5, errorSd: 1 };

  test('is filtered as by the steady gain of a local level', () => {
    const { law: learnt, fits } = fitted(law);
    const filter = new SwitchingFilter(learnt);
    const world = made(law, 'one', 1)[0] as RecordedWorld;
    // p = variance before an observation: p = p n²/(p + n²) + w².
    const variance = law.walkSd * law.walkSd;
    const p = (variance + Math.sqrt(variance * variance + 4 * variance)) / 2;
    const gain = p / (p + 1);
    let level = world.tracked[0] ?? 0;
    const differences: number[] = [];
    for (let step = 0; step < 200; step += 1) {
      filter.see(world, 0, step);
      const tracked = world.tracked[step * FACTOR_COUNT] ?? 0;
      level += gain * (tracked - level);
      if (step > 40) differences.push(Math.abs(filter.forecast(fits, 0) - (level - tracked)));
    }
    // The learnt law is that of 31,000 steps: the change that it expects of a walk is nearly none.
    expect(Math.max(...differences)).toBeLessThan(0.03);
  });
});

describe('pressure that prints give away in part', () => {
  const law: MadeLaw = { ...PLAIN, walkSd: 0.6, errorSd: 0.3, keep: 0.8, pushSd: 0.6, flowSd: 0.6 };
  const r2 = skill(law);

  test('the state knows most, then the filter, then the linear model, then own lags', () => {
    expect(r2.state).toBeGreaterThan(r2.filter + 0.05);
    expect(r2.filter).toBeGreaterThan(r2.linear);
    expect(r2.linear).toBeGreaterThan(r2['own-lags'] + 0.05);
    expect(r2['own-lags']).toBeGreaterThan(r2.ewma);
  });

  test('the state knows what the law says: over 5 steps the pressure falls to keep^5', () => {
    const left = 1 - law.keep * law.keep * law.keep * law.keep * law.keep;
    const pressure = (law.pushSd * law.pushSd) / (1 - law.keep * law.keep);
    const change = 5 * law.walkSd * law.walkSd + 2 * left * pressure;
    // From the tracked factor its error is known too.
    const error = law.errorSd * law.errorSd;
    expect(Math.abs(r2.state - (left * left * pressure + error) / (change + error))).toBeLessThan(0.03);
  });

  test('fitted forecasts and the filter are neither too bold nor too shy; a plain average is', () => {
    const scores = reader(law);
    for (const name of ['state', 'filter', 'linear', 'own-lags'] as const)
      expect(Math.abs((scores.slope(name) ?? 0) - 1)).toBeLessThan(0.08);
    expect(scores.slope('ewma')).toBeLessThan(0.7);
  });

  test('prints that show nothing are worth nothing', () => {
    const blind = skill({ ...law, flowSd: 1000 });
    expect(blind.filter).toBeLessThan(r2.filter - 0.05);
    expect(Math.abs(blind.linear - blind['own-lags'])).toBeLessThan(0.02);
  });
});

test('regimes are told by the returns of the spot', () => {
  const law: MadeLaw = { ...PLAIN, returnSds: [1e-4, 8e-4], switching: 0.02 };
  const { law: learnt } = fitted(law);
  let right = 0;
  let count = 0;
  for (const world of made(law, 'regimes', 10)) {
    const filter = new SwitchingFilter(learnt);
    for (let step = 0; step < world.steps; step += 1) {
      filter.see(world, 0, step);
      const chances = filter.regimeChances();
      expect(chances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
      if (step < 5) continue;
      right += (chances[world.regime[step] ?? 0] ?? 0) > 0.5 ? 1 : 0;
      count += 1;
    }
  }
  expect(right / count).toBeGreaterThan(0.9);
});

test('a jump of the level is not taken for pressure', () => {
  const law: MadeLaw = { ...PLAIN, walkSd: 0.6, errorSd: 0.3, keep: 0.8, pushSd: 0.6, flowSd: 0.6 };
  const { law: learnt, fits } = fitted(law);
  const [still, moved] = [0, 40].map((jump) => {
    const world = made(law, 'jump', 1)[0] as RecordedWorld;
    for (let step = 100; step < world.steps; step += 1) {
      const at = step * FACTOR_COUNT;
      world.tracked[at] = (world.tracked[at] ?? 0) + jump;
    }
    const filter = new SwitchingFilter(learnt);
    for (let step = 0; step <= 100; step += 1) filter.see(world, 0, step);
    return filter.forecast(fits, 1);
  });
  // As pressure, half of it would be expected to go within the horizon.
  expect(Math.abs((moved ?? 0) - (still ?? 0))).toBeLessThan(1.5);
});
