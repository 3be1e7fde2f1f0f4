import { describe, expect, test } from 'vitest';
import { every } from '../../../../src/agents/maker/hedging/every.ts';
import { fixedBand } from '../../../../src/agents/maker/hedging/fixed-band.ts';
import { none } from '../../../../src/agents/maker/hedging/none.ts';
import { hedgingView } from '../../../support/hedging-view.ts';

test('a fixed band is the same whatever is held, and no narrower than a lot', () => {
  const hedger = fixedBand.build({ halfWidth: 1.5 });
  for (const gamma of [-1, 0, 1e-3]) expect(hedger.band(hedgingView({ gamma }))).toEqual({ centre: 0, halfWidth: 1.5 });
  expect(fixedBand.build({ halfWidth: 0 }).band(hedgingView())).toEqual({ centre: 0, halfWidth: 0.01 });
});

test('none trades nothing', () => {
  expect(none.build({}).band(hedgingView({ delta: 100 })).halfWidth).toBe(Number.POSITIVE_INFINITY);
});

describe('every', () => {
  const asks = (times: readonly number[], isUnfinished = false): number[] => {
    const hedger = every.build({ seconds: 60 });
    return times.filter((nowSeconds) => hedger.band(hedgingView({ nowSeconds, isUnfinished })).halfWidth === 0);
  };

  test('hedges in full once in each interval of its grid', () => {
    expect(asks([0, 1, 30, 59.9, 60, 61, 119, 121, 179, 300, 301])).toEqual([0, 60, 121, 300]);
  });

  test('does not shift its grid when it is late', () => {
    expect(asks([0, 95, 119, 120])).toEqual([0, 95, 120]);
  });

  test('goes on with a hedge that has traded less than it was to', () => {
    expect(asks([0, 5, 10], true)).toEqual([0, 5, 10]);
  });
});
