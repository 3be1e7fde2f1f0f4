import { expect, test } from 'vitest';
import { CALM, WIDEN } from '../../../../src/agents/maker/protection/level.ts';
import { staleForecast, staleForecastParams } from '../../../../src/agents/maker/protection/stale-forecast.ts';

test('a forecast may be used for so many steps, and then no more', () => {
  const params = staleForecastParams.parse({ steps: 3 });
  expect([0, 1, 3].map((age) => staleForecast(params, age))).toEqual([CALM, CALM, CALM]);
  expect(staleForecast(params, 4)).toEqual({ level: WIDEN, reason: 'no forecast for 4 steps' });
});
