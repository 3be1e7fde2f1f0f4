import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { ViewWatch, whitenessP } from '../../../src/study/predictability/view-watch.ts';
import { simulation, tinyScenario } from '../../support/tiny.ts';

describe('whiteness', () => {
  const rng = streams('whiteness').stream('values');
  const runs = (persistence: number, sd: (t: number) => number): number[][] =>
    Array.from({ length: 4 }, () => {
      let value = 0;
      return Array.from({ length: 240 }, (_, t) => {
        value = persistence * value + sd(t) * normal(rng);
        return value;
      });
    });
  const share = (persistence: number, sd: (t: number) => number): number => {
    let below = 0;
    for (let repeat = 0; repeat < 200; repeat += 1) if ((whitenessP(runs(persistence, sd), 10) ?? 0) < 0.05) below += 1;
    return below / 200;
  };

  test('white values are refused in 5 % of 200 repeats, also where their volatility changes', () => {
    const error = 4 * Math.sqrt((0.05 * 0.95) / 200);
    expect(Math.abs(share(0, () => 1) - 0.05)).toBeLessThan(error);
    expect(Math.abs(share(0, (t) => (t % 80 < 20 ? 4 : 1)) - 0.05)).toBeLessThan(error);
  });

  test('an autocorrelation of 0.2 is found', () => {
    expect(share(0.2, () => 1)).toBeGreaterThan(0.95);
  });

  test('what never moves says nothing', () => {
    expect(whitenessP([[0, 0, 0]], 2)).toBeUndefined();
  });
});

describe('on full runs', () => {
  const watch = new ViewWatch();
  const errors: number[] = [];
  for (const [run, seed] of ['1', '2'].entries()) {
    const sim = simulation(tinyScenario(['agents.rivals.spreadPerVol=0.02']), seed);
    for (let t = 10; t < 300; t += 10) {
      sim.advance(t);
      watch.look(sim, run);
      errors.push((sim.subject.agent.inspect?.().factors?.[0] ?? Number.NaN) - sim.world.factor(0));
    }
  }

  test("the tracker's error is that of the runs", () => {
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(watch.tracker(0)?.errorSd.value).toBeCloseTo(rms, 12);
  });

  test('the screen is that of the others, about as wide as they say, ticks and all', () => {
    expect(watch.halfSpreadPerVol).toBeGreaterThan(0.019);
    expect(watch.halfSpreadPerVol).toBeLessThan(0.026);
  });

  test('one run has no interval, no run no screen', () => {
    expect(new ViewWatch().tracker(0)).toBeUndefined();
    expect(new ViewWatch().halfSpreadPerVol).toBeUndefined();
  });
});
