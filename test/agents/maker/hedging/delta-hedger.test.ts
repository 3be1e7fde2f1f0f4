import { describe, expect, test } from 'vitest';
import { DeltaHedger } from '../../../../src/agents/maker/hedging/delta-hedger.ts';
import type { Hedger, HedgingView } from '../../../../src/agents/maker/hedging/hedger.ts';
import { makerSchema } from '../../../../src/agents/maker/params.ts';
import { BUILT_IN_PARTS } from '../../../../src/agents/maker/parts.ts';
import { FakeDesk } from '../../../support/fake-desk.ts';
import { quotingView } from '../../../support/quoting-view.ts';
import { smallChain } from '../../../support/small-chain.ts';

const UNDERLYING = smallChain().underlying;
const makerParams = makerSchema(BUILT_IN_PARTS);
const PARAMS = makerParams.parse({ hedging: { slippageBp: 10, everySeconds: 5 }, limits: { delta: 8 } });
const QUOTING = quotingView();
const of = (delta: number): HedgingView => ({ quoting: QUOTING, delta, gamma: 1, spot: 70_000, lotSize: UNDERLYING.lotSize });

/** With a band of 2 units on each side of 0, unless another one is given. */
function stage(params = PARAMS, band: Hedger['band'] = () => ({ centre: 0, halfWidth: 2 })) {
  const desk = new FakeDesk();
  return { desk, hedger: new DeltaHedger(UNDERLYING, params, { band }) };
}

test('trades back to the edge of the band, at a price through the book', () => {
  const { desk, hedger } = stage();
  hedger.hedge(desk, of(3), false);
  expect(desk.heard()).toEqual([{ kind: 'submit', order: 1, instrument: 0, side: 'sell', type: 'ioc', price: 69_930, lots: 100 }]);
  hedger.hedge(desk.at(10), of(-2.5), false);
  expect(desk.heard()).toEqual([{ kind: 'submit', order: 2, instrument: 0, side: 'buy', type: 'ioc', price: 70_070, lots: 50 }]);
});

test('leaves alone what lies inside the band', () => {
  const { desk, hedger } = stage();
  for (const delta of [-2, -0.5, 0, 2]) hedger.hedge(desk, of(delta), false);
  expect(desk.heard()).toEqual([]);
});

test('has one order on the way at a time', () => {
  for (const side of ['buy', 'sell'] as const) {
    const { desk, hedger } = stage();
    desk.open(UNDERLYING.id, side, 1);
    hedger.hedge(desk, of(5), false);
    expect(desk.heard()).toEqual([]);
    desk.open(UNDERLYING.id, side, 0);
    hedger.hedge(desk, of(5), false);
    expect(desk.heard()).toHaveLength(1);
  }
});

test('waits between two hedges', () => {
  const { desk, hedger } = stage();
  const times = [];
  for (let seconds = 0; seconds < 20; seconds += 0.5) {
    hedger.hedge(desk.at(seconds), of(5), false);
    if (desk.heard().length > 0) times.push(seconds);
  }
  expect(times).toEqual([0, 5, 10, 15]);
});

test('goes to the edge of a band that is not around 0', () => {
  const { desk, hedger } = stage(PARAMS, () => ({ centre: -1, halfWidth: 0.5 }));
  hedger.hedge(desk, of(-1.5), false);
  hedger.hedge(desk, of(0), false);
  expect(desk.heard()).toMatchObject([{ side: 'sell', lots: 50 }]);
});

describe('the band shrinks to a lot', () => {
  test('beyond the limit of delta', () => {
    const { desk, hedger } = stage();
    hedger.hedge(desk, of(8), false);
    hedger.hedge(desk.at(10), of(8.01), false);
    expect(desk.heard().map(({ lots }) => lots)).toEqual([600, 800]);
  });

  test('when everything is to be closed', () => {
    const { desk, hedger } = stage();
    hedger.hedge(desk, of(-0.5), true);
    expect(desk.heard()).toMatchObject([{ side: 'buy', lots: 49 }]);
  });

  test('and is never wider than the limit of delta', () => {
    const { desk, hedger } = stage(makerParams.parse({ limits: { delta: 1 } }), () => ({ centre: 0, halfWidth: 50 }));
    hedger.hedge(desk, of(0.99), false);
    expect(desk.heard()).toEqual([]);
    hedger.hedge(desk, of(1.5), false);
    expect(desk.heard()).toMatchObject([{ side: 'sell', lots: 149 }]);
  });
});
