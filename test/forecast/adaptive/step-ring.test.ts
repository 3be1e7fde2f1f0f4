import { expect, test } from 'vitest';
import { StepRing } from '../../../src/forecast/adaptive/step-ring.ts';

test('finds what was written so many steps ago, and nothing older than its slots', () => {
  const ring = new StepRing(2, 3);
  expect(ring.back(0)).toBe(-1);
  for (let step = 0; step < 10; step += 1) {
    const at = ring.begin();
    ring.values[at + 1] = step;
    for (let ago = 0; ago < 5; ago += 1) {
      const then = ring.back(ago);
      if (ago > step || ago > 2) expect(then).toBe(-1);
      else expect(ring.values[then + 1]).toBe(step - ago);
    }
  }
  ring.clear();
  expect([ring.steps, ring.back(0)]).toEqual([0, -1]);
});
