import { describe, expect, test } from 'vitest';
import { DeltaHedger } from '../../../src/agents/maker/delta-hedger.ts';
import { type MakerParams, makerParams } from '../../../src/agents/maker/params.ts';
import { blankRisk, type PositionRisk } from '../../../src/agents/maker/position-risk.ts';
import { FakeDesk } from '../../support/fake-desk.ts';
import { smallChain } from '../../support/small-chain.ts';

const UNDERLYING = smallChain().underlying;
const PARAMS: MakerParams = makerParams.parse({ hedge: { slippageBp: 10, everySeconds: 5, bandMaximum: 2 }, limits: { delta: 8 } });
/** A gamma so large that the band is at its maximum of 2 units. */
const risk = (delta: number, gamma = 1): PositionRisk => ({ ...blankRisk(), delta, gamma });

function stage(params = PARAMS) {
  const desk = new FakeDesk();
  return { desk, hedger: new DeltaHedger(UNDERLYING, params) };
}

test('trades back to the edge of the band, at a price through the book', () => {
  const { desk, hedger } = stage();
  hedger.hedge(desk, risk(3), 70_000, false);
  expect(desk.heard()).toEqual([{ kind: 'submit', order: 1, instrument: 0, side: 'sell', type: 'ioc', price: 69_930, lots: 100 }]);
  hedger.hedge(desk.at(10), risk(-2.5), 70_000, false);
  expect(desk.heard()).toEqual([{ kind: 'submit', order: 2, instrument: 0, side: 'buy', type: 'ioc', price: 70_070, lots: 50 }]);
});

test('leaves alone what lies inside the band, and what it does not know the price of', () => {
  const { desk, hedger } = stage();
  for (const delta of [-2, -0.5, 0, 2]) hedger.hedge(desk, risk(delta), 70_000, false);
  hedger.hedge(desk, risk(7), undefined, false);
  expect(desk.heard()).toEqual([]);
});

test('has one order on the way at a time', () => {
  for (const side of ['buy', 'sell'] as const) {
    const { desk, hedger } = stage();
    desk.open(UNDERLYING.id, side, 1);
    hedger.hedge(desk, risk(5), 70_000, false);
    expect(desk.heard()).toEqual([]);
    desk.open(UNDERLYING.id, side, 0);
    hedger.hedge(desk, risk(5), 70_000, false);
    expect(desk.heard()).toHaveLength(1);
  }
});

test('waits between two hedges', () => {
  const { desk, hedger } = stage();
  const times = [];
  for (let seconds = 0; seconds < 20; seconds += 0.5) {
    hedger.hedge(desk.at(seconds), risk(5), 70_000, false);
    if (desk.heard().length > 0) times.push(seconds);
  }
  expect(times).toEqual([0, 5, 10, 15]);
});

describe('the band shrinks to a lot', () => {
  test('beyond the limit of delta', () => {
    const { desk, hedger } = stage();
    hedger.hedge(desk, risk(8), 70_000, false);
    hedger.hedge(desk.at(10), risk(8.01), 70_000, false);
    expect(desk.heard().map(({ lots }) => lots)).toEqual([600, 800]);
  });

  test('when everything is to be closed', () => {
    const { desk, hedger } = stage();
    hedger.hedge(desk, risk(-0.5), 70_000, true);
    expect(desk.heard()).toMatchObject([{ side: 'buy', lots: 49 }]);
  });

  test('and is never wider than the limit of delta', () => {
    const { desk, hedger } = stage(makerParams.parse({ hedge: { bandMaximum: 50 }, limits: { delta: 1 } }));
    hedger.hedge(desk, risk(0.99), 70_000, false);
    expect(desk.heard()).toEqual([]);
    hedger.hedge(desk, risk(1.5), 70_000, false);
    expect(desk.heard()).toMatchObject([{ side: 'sell', lots: 149 }]);
  });
});
