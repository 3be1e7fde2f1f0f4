import { expect, test } from 'vitest';
import { CALM, PULL, REDUCE_ONLY, WIDEN } from '../../../../src/agents/maker/protection/level.ts';
import { useOfLimit, useParams } from '../../../../src/agents/maker/protection/use-of-limit.ts';

const VEGA = 2;
const PARAMS = useParams.parse({ soft: 0.8, beyond: 1.25 });
const vote = (value: number, limit = 1000) => useOfLimit(PARAMS, VEGA, value, limit, 'vega of 7d', '$ per vol point');

test('widens from the soft share on, reduces at the limit, pulls beyond it, whatever the sign', () => {
  for (const sign of [1, -1] as const) {
    for (const [value, level] of [
      [799, CALM.level],
      [800, WIDEN],
      [999, WIDEN],
      [1000, REDUCE_ONLY],
      [1249, REDUCE_ONLY],
      [1250, PULL],
      [9999, PULL],
    ] as const) {
      const { level: found, over } = vote(sign * value);
      expect(found, `${sign * value}`).toBe(level);
      expect(over).toEqual(level === CALM.level ? undefined : { measure: VEGA, sign });
    }
  }
});

test('tells what is over, and how far', () => {
  expect(vote(-1049.6).reason).toBe('vega of 7d -1050 at a limit of 1000 $ per vol point');
});

test('no limit, no vote', () => {
  expect(vote(1e12, Number.POSITIVE_INFINITY)).toBe(CALM);
});
