import { expect, test } from 'vitest';
import { limitsCase } from '../../../support/limits-fuzz.ts';

/** As in the fast suite. */
const VALUES_DIFFER = 0.002;

test.each([false, true])('limits hold in 4000 cases; the market moves: %s', (moves) => {
  for (let n = 0; n < 4000; n += 1) {
    const found = limitsCase(`limits-${n}`, moves);
    expect(moves ? found.beyond : found.excess, `case ${n}: ${found.told}`).toBeLessThanOrEqual(moves ? 0 : VALUES_DIFFER);
  }
});
