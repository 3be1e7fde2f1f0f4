import { expect, test } from 'vitest';
import { limitsCase } from '../../../support/limits-fuzz.ts';

const CASES = 16;
/** The maker counts at its tracked values, the test at those that its books are made of: as a share of a limit. */
const VALUES_DIFFER = 0.002;

/**
 * No hard limit is exceeded by more than the one fill that hit it. While the market stands still it is not exceeded at all, since everything
 * under way counts as filled. The slow suite runs more cases.
 */
test.each([false, true])('whatever fills, whenever, limits hold; the market moves: %s', (moves) => {
  let [fills, hits, quoted] = [0, 0, 0];
  for (let n = 0; n < CASES; n += 1) {
    const found = limitsCase(`limits-${n}`, moves);
    fills += found.fills;
    hits += found.hits;
    quoted += found.quoted;
    expect(moves ? found.beyond : found.excess, `case ${n}: ${found.told}`).toBeLessThanOrEqual(moves ? 0 : VALUES_DIFFER);
  }
  // The cases say something: quotes stood, fills came, limits were near.
  expect(quoted).toBeGreaterThan(CASES * 20);
  expect(fills).toBeGreaterThan(CASES * 40);
  expect(hits).toBeGreaterThan(4);
});
