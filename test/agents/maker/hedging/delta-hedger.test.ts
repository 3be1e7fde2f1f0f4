import { describe, expect, test } from 'vitest';
import type { Agent } from '../../../../src/agents/agent.ts';
import { DeltaHedger } from '../../../../src/agents/maker/hedging/delta-hedger.ts';
import { every } from '../../../../src/agents/maker/hedging/every.ts';
import type { Hedger, HedgingView } from '../../../../src/agents/maker/hedging/hedger.ts';
import { makerSchema } from '../../../../src/agents/maker/params.ts';
import { BUILT_IN_PARTS } from '../../../../src/agents/maker/parts.ts';
import { lots } from '../../../../src/core/units.ts';
import { ExchangeDesk } from '../../../support/exchange-desk.ts';
import { FakeDesk, fakeSetup, report } from '../../../support/fake-desk.ts';
import { hedgingView } from '../../../support/hedging-view.ts';
import { smallChain } from '../../../support/small-chain.ts';

const CHAIN = smallChain();
const UNDERLYING = CHAIN.underlying;
const { feePerUnit } = fakeSetup(CHAIN);
const makerParams = makerSchema(BUILT_IN_PARTS);
const PARAMS = makerParams.parse({ hedging: { slippageBp: 10, everySeconds: 5 }, limits: { delta: 8 } });
const of = (delta: number, nowSeconds = 0): HedgingView => hedgingView({ delta, gamma: 1, nowSeconds });

/** With a band of 2 units on each side of 0, unless another one is given. */
function stage(params = PARAMS, band: Hedger['band'] = () => ({ centre: 0, halfWidth: 2 })) {
  const desk = new FakeDesk();
  return { desk, hedger: make(params, { band }) };
}

const make = (params: typeof PARAMS, hedger: Hedger): DeltaHedger =>
  new DeltaHedger(UNDERLYING, params.hedging, hedger, { limit: params.limits.delta, feePerUnit });

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

describe('it tells why', () => {
  test('the edge of the band, the limit, the end', () => {
    const { desk, hedger } = stage();
    expect(hedger.last).toBeUndefined();
    hedger.hedge(desk.at(1), of(3), false);
    expect(hedger.last).toMatchObject({
      atSeconds: 1,
      instrument: 0,
      side: 'sell',
      kind: 'band',
      reason: 'delta 3.00 outside 0.00 ± 2.00',
    });
    expect(hedger.last?.units).toBeCloseTo(1, 12);
    hedger.hedge(desk.at(10), of(-8.3), false);
    expect(hedger.last).toMatchObject({ atSeconds: 10, side: 'buy', kind: 'limit', reason: 'delta -8.30 beyond the limit of 8' });
    hedger.hedge(desk.at(20), of(1), true);
    expect(hedger.last).toMatchObject({ kind: 'flatten', reason: 'delta 1.00, and nothing is to be held' });
  });
});

test('what a trade left open goes first, inside the band too, and once', () => {
  const { desk, hedger } = stage();
  hedger.owe(0.8, 'a leg is missing');
  hedger.hedge(desk, of(0.5), false);
  hedger.hedge(desk.at(10), of(-0.3), false);
  expect(desk.heard()).toMatchObject([{ side: 'sell', lots: 80 }]);
  expect(hedger.last).toMatchObject({ kind: 'leftover', reason: 'a leg is missing' });
  hedger.owe(-1, 'a leg is missing');
  hedger.hedge(desk.at(20), of(-4), false);
  expect(desk.heard()).toMatchObject([{ side: 'buy', lots: 200 }]);
});

describe('a hedge that trades less than it was to', () => {
  test('is gone on with, by one who hedges on a grid of times', () => {
    const desk = new FakeDesk();
    const hedger = make(PARAMS, every.build({ seconds: 60 }));
    hedger.hedge(desk.at(0), of(3, 0), false);
    hedger.hear(report('fill', 1, UNDERLYING.id, 'sell', { lots: lots(100) }));
    hedger.hedge(desk.at(5), of(2, 5), false);
    hedger.hear(report('fill', 2, UNDERLYING.id, 'sell', { lots: lots(200) }));
    hedger.hedge(desk.at(10), of(0.5, 10), false);
    hedger.hedge(desk.at(60), of(0.5, 60), false);
    expect(desk.heard().map(({ lots }) => lots)).toEqual([300, 200, 50]);
  });
});

/** A hedger at an exchange whose book of the underlying a test fills; it hedges this delta at each wake. */
function atExchange(hedging: object, delta: () => number) {
  const hedger = make(makerParams.parse({ hedging, limits: { delta: 8 } }), { band: () => ({ centre: 0, halfWidth: 0.01 }) });
  const agent: Agent = {
    onOpen: (desk) => hedger.open(desk),
    onWake: (desk) => hedger.hedge(desk, of(delta() + desk.position(UNDERLYING.id) * UNDERLYING.lotSize, desk.now / 1e9), false),
    onReport: (news) => hedger.hear(news),
  };
  const desk = new ExchangeDesk(CHAIN, agent);
  desk.open();
  return { desk, hedger };
}

describe('with a bound on its cost', () => {
  /** Asks at 1, 3, and 9 bp from a mid of 70,000, a unit each; the fee is 5 bp. */
  const fill = (desk: ExchangeDesk): void => {
    for (const price of [70_007, 70_021, 70_063]) desk.other(UNDERLYING.id, 'sell', price, 100, 'limit');
    desk.other(UNDERLYING.id, 'buy', 69_993, 100, 'limit');
  };

  test('takes the levels whose distance and fee are within it, and the rest when the book has come back', () => {
    const { desk } = atExchange({ costMaximumBp: 8.5 }, () => -2.5);
    fill(desk);
    expect(desk.wake(0)).toMatchObject([{ side: 'buy', price: 70_021, lots: 200 }]);
    expect(desk.wake(5)).toEqual([]);
    desk.other(UNDERLYING.id, 'sell', 70_010, 500, 'limit');
    expect(desk.wake(6)).toMatchObject([{ price: 70_010, lots: 49 }]);
  });

  test('takes nothing where the best price is too dear', () => {
    const { desk } = atExchange({ costMaximumBp: 5.9 }, () => -2.5);
    fill(desk);
    expect(desk.wake(0)).toEqual([]);
  });

  test('pays what it takes beyond the limit of delta', () => {
    const { desk } = atExchange({ costMaximumBp: 5.9 }, () => -8.5);
    fill(desk);
    desk.wake(0);
    expect(desk.position(UNDERLYING.id)).toBe(300);
  });
});

describe('a hedge that may rest', () => {
  const PASSIVE = { passive: { seconds: 10, excessShare: 100 } };
  const fill = (desk: ExchangeDesk): void => {
    desk.other(UNDERLYING.id, 'buy', 69_990, 500, 'limit');
    desk.other(UNDERLYING.id, 'sell', 70_010, 500, 'limit');
  };

  test('joins the best price of its side, and takes when its time is over', () => {
    const { desk } = atExchange(PASSIVE, () => -0.5);
    fill(desk);
    expect(desk.wake(0)).toMatchObject([{ side: 'buy', price: 69_990, lots: 49 }]);
    for (const second of [1, 5, 9]) expect(desk.wake(second)).toEqual([]);
    expect(desk.position(UNDERLYING.id)).toBe(0);
    // Its end is reported first: at no time are two orders under way.
    expect(desk.wake(10)).toEqual([]);
    expect(desk.wake(11)).toMatchObject([{ side: 'buy', price: 70_070, lots: 49 }]);
    expect(desk.position(UNDERLYING.id)).toBe(49);
    expect(desk.levels(UNDERLYING.id, 'buy')).toEqual([[69_990, 500]]);
  });

  test('is done when it was met', () => {
    const { desk } = atExchange(PASSIVE, () => -0.5);
    fill(desk);
    desk.wake(0);
    desk.other(UNDERLYING.id, 'sell', 69_990, 549);
    desk.deliver();
    expect(desk.position(UNDERLYING.id)).toBe(49);
    for (const second of [1, 11, 20]) expect(desk.wake(second)).toEqual([]);
  });

  test('follows the best price', () => {
    const { desk } = atExchange(PASSIVE, () => -0.5);
    fill(desk);
    desk.wake(0);
    desk.other(UNDERLYING.id, 'buy', 70_000, 500, 'limit');
    expect(desk.wake(1)).toEqual([]);
    expect(desk.wake(2)).toMatchObject([{ price: 70_000, lots: 49 }]);
    expect(desk.wake(10)).toEqual([]);
    expect(desk.wake(11)).toMatchObject([{ price: 70_070 }]);
  });

  test('is withdrawn when delta has come back by itself', () => {
    let delta = -0.5;
    const { desk } = atExchange(PASSIVE, () => delta);
    fill(desk);
    desk.wake(0);
    delta = 0;
    desk.wake(1);
    expect(desk.levels(UNDERLYING.id, 'buy')).toEqual([[69_990, 500]]);
    expect(desk.wake(2)).toEqual([]);
  });

  test('takes at once what is far beyond the band, and all beyond the limit', () => {
    const { desk } = atExchange({ passive: { seconds: 10, excessShare: 20 } }, () => -0.5);
    fill(desk);
    expect(desk.wake(0)).toMatchObject([{ price: 70_070, lots: 49 }]);
    let delta = -0.5;
    const other = atExchange(PASSIVE, () => delta);
    fill(other.desk);
    other.desk.wake(0);
    delta = -8.5;
    other.desk.wake(1);
    expect(other.desk.wake(2)).toMatchObject([{ price: 70_070, lots: 849 }]);
  });
});
