import { describe, expect, test } from 'vitest';
import { VolResponse } from '../../../../src/agents/maker/hedging/vol-response.ts';
import { normal } from '../../../../src/core/distributions.ts';
import { streams } from '../../../../src/core/rng.ts';

interface Path {
  readonly seed?: string;
  /** Of each expiry's vol on the log return, and the standard deviation of what else moves it, per step. */
  readonly slopes: readonly number[];
  readonly noise: number;
  readonly halfLifeSteps?: number;
}

/** Lets a response see so many steps of a path on which the spot moves by 0.1 % a step. */
function after(
  steps: number,
  { seed = '1', slopes, noise, halfLifeSteps = 1e9 }: Path,
  response = new VolResponse(slopes.length, halfLifeSteps),
) {
  const chance = streams(seed).stream('path');
  let logSpot = Math.log(70_000);
  const vols = slopes.map(() => 0.5);
  for (let step = 0; step <= steps; step += 1) {
    response.observe(Math.exp(logSpot), (expiry) => vols[expiry] ?? 0);
    const move = 0.001 * normal(chance);
    logSpot += move;
    slopes.forEach((slope, e) => {
      vols[e] = (vols[e] ?? 0) + slope * move + noise * normal(chance);
    });
  }
  return response;
}

test('finds the slope of each expiry where nothing else moves vols', () => {
  const response = after(40, { slopes: [-0.7, 0.2, 0], noise: 0 });
  expect(response.slope(0)).toBeCloseTo(-0.7, 9);
  expect(response.slope(1)).toBeCloseTo(0.2, 9);
  expect(response.slope(2)).toBe(0);
});

test('says nothing before ten moves that do not overlap', () => {
  for (let steps = 0; steps < 21; steps += 1) expect(after(steps, { slopes: [-0.7], noise: 0 }).slope(0) + 0).toBe(0);
  expect(after(21, { slopes: [-0.7], noise: 0 }).slope(0)).not.toBe(0);
});

describe('among other moves', () => {
  const seeds = Array.from({ length: 200 }, (_, n) => String(n));

  test('the mean of what it finds is near the slope once there is enough of it', () => {
    const found = seeds.map((seed) => after(480, { seed, slopes: [-0.7], noise: 0.001 }).slope(0));
    const mean = found.reduce((sum, slope) => sum + slope, 0) / found.length;
    expect(mean).toBeLessThan(-0.66);
    expect(mean).toBeGreaterThan(-0.71);
  });

  test('where vols do not go with the spot it finds nothing in most cases, and never much', () => {
    const found = seeds.map((seed) => after(120, { seed, slopes: [0], noise: 0.001 }).slope(0));
    expect(found.filter((slope) => slope === 0).length / found.length).toBeGreaterThan(0.75);
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(0.4);
  });
});

test('forgets: a slope that has changed is found after some half-lives', () => {
  const response = after(200, { slopes: [-0.7], noise: 0.0001, halfLifeSteps: 30 });
  response.pause();
  after(150, { seed: '2', slopes: [0.5], noise: 0.0001 }, response);
  // After five half-lives the old slope has 1/32 of the weight, 0.04 of the result; the noise has a standard error of 0.015.
  expect(Math.abs(response.slope(0) - 0.5)).toBeLessThan(0.04 + 3 * 0.015);
});

test('takes no move across a pause, and keeps what it has learnt', () => {
  const response = after(40, { slopes: [-0.7], noise: 0 });
  response.pause();
  for (const spot of [35_000, 35_100]) response.observe(spot, () => 2);
  expect(response.slope(0)).toBeCloseTo(-0.7, 9);
  response.observe(35_050, () => 2);
  expect(response.slope(0)).toBeCloseTo(-0.7, 1);
});
