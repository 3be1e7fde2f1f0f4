import { expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { RegimeChain } from '../../src/processes/regime.ts';
import { fittedHiddenChain, type HiddenChain, hiddenLogLikelihood } from '../support/hidden-markov.ts';
import { uniformised } from '../support/markov-fit.ts';

/**
 * The rates of the presets were read from closes of an index of vol, of which the regime is not seen, by a three-state Gaussian hidden chain
 * (models 4a). Here the same method reads them back from as many days that the simulator's own chain has made.
 */
const DAYS = 9235;
const RATES = WORLD_PRESETS.index.transitionsPerDay;
const EMISSIONS = { means: [12.7, 17.7, 27].map(Math.log), sds: [0.12, 0.12, 0.22] };
/** 99.99 % of chi-squared with twelve degrees of freedom: six transitions, three means, three deviations. */
const JOINT = 39.1;

test.each(['1', '2', '3'])('a hidden chain, fitted to the log vols of path %s, finds the rates that made them', (seed) => {
  const chain = new RegimeChain(1, RATES, 1);
  const chance = streams(seed);
  const [moves, noise] = [chance.stream('regime'), chance.stream('noise')];
  const logVols = Float64Array.from({ length: DAYS }, () => {
    const regime = chain.step(1, moves);
    return (EMISSIONS.means[regime] ?? 0) + (EMISSIONS.sds[regime] ?? 0) * normal(noise);
  });
  const law = (speed: number): HiddenChain => ({ ...EMISSIONS, transitions: uniformised(RATES, speed) });
  // A guess that knows no more than that there are three, and that they last.
  const sorted = Float64Array.from(logVols).sort();
  const start: HiddenChain = {
    means: [1, 3, 5].map((sixth) => sorted[Math.floor((sixth * DAYS) / 6)] ?? 0),
    sds: [0.2, 0.2, 0.2],
    transitions: [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 0.9 : 0.05))),
  };
  const fitted = fittedHiddenChain(logVols, start);
  const deviance = (other: HiddenChain): number => 2 * (fitted.logLikelihood - hiddenLogLikelihood(logVols, other));
  expect(deviance(law(1))).toBeGreaterThan(0);
  expect(deviance(law(1))).toBeLessThan(JOINT);
  // The interval is one that says something: dwell times of half or twice the length lie outside.
  for (const speed of [0.5, 2]) expect(deviance(law(speed))).toBeGreaterThan(JOINT);
  RATES.forEach((row, from) => {
    const leaving = row.reduce((sum, rate) => sum + rate, 0);
    const dwell = 1 / (1 - (fitted.transitions[from]?.[from] ?? 0));
    // Some 70 to 110 stays in each: a tenth of the dwell is one standard error.
    expect(dwell * leaving).toBeGreaterThan(0.6);
    expect(dwell * leaving).toBeLessThan(1.6);
    expect(fitted.means[from]).toBeCloseTo(EMISSIONS.means[from] ?? 0, 1);
  });
  // Calm and stressed do not follow upon each other.
  expect(fitted.transitions[0]?.[2]).toBeLessThan(0.004);
  expect(fitted.transitions[2]?.[0]).toBeLessThan(0.004);
});
