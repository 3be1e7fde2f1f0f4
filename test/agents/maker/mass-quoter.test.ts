import { describe, expect, test } from 'vitest';
import { MassQuoter, type Standing } from '../../../src/agents/maker/mass-quoter.ts';
import { RequestAllowance, type RequestTerms } from '../../../src/agents/maker/request-allowance.ts';
import { instrumentId, lots, ticks } from '../../../src/core/units.ts';
import type { OptionSeries } from '../../../src/market/instrument.ts';
import type { RejectReason } from '../../../src/market/order.ts';
import { FakeDesk, report } from '../../support/fake-desk.ts';
import { smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
const [A, B] = [CHAIN.options[4] as OptionSeries, CHAIN.options[7] as OptionSeries];

const at = (price: number, size = 10): Standing => ({ price: ticks(price), size });

function stage(terms?: RequestTerms) {
  const desk = new FakeDesk();
  const quoter = new MassQuoter(CHAIN.options.length, new RequestAllowance(terms));
  return {
    desk,
    quoter,
    /** Asks for these quotes, bid and offer, and gives what was sent. */
    send: (...wanted: readonly [OptionSeries, Standing | undefined, Standing | undefined][]) => {
      for (const [option, bid, ask] of wanted) quoter.want(option, bid, ask);
      quoter.send(desk);
      return desk.heard();
    },
    hear: (...told: Parameters<typeof report>) => quoter.hear(report(...told), desk),
    refuse: (message: number, reason: RejectReason) => quoter.hear(report('rejected', message, A.id, 'buy', { reason }), desk),
    prices: (option: OptionSeries) => [quoter.standing(option.id - 1, 'buy')?.price, quoter.standing(option.id - 1, 'sell')?.price],
  };
}

test('all series go in one message, and nothing is sent while nothing changes', () => {
  const { send, prices } = stage();
  expect(send([A, at(100), at(105)], [B, at(50), undefined])).toEqual([
    {
      kind: 'quote',
      order: 1,
      quotes: [
        { instrument: A.id, bid: { order: 2, price: 100, lots: 10 }, ask: { order: 3, price: 105, lots: 10 } },
        { instrument: B.id, bid: { order: 4, price: 50, lots: 10 }, ask: undefined },
      ],
    },
  ]);
  expect([prices(A), prices(B)]).toEqual([
    [100, 105],
    [50, undefined],
  ]);
  expect(send([A, at(100), at(105)], [B, at(50), undefined])).toEqual([]);
});

test('a series that changes is named alone, and its side that stays is kept', () => {
  const { send } = stage();
  send([A, at(100), at(105)], [B, at(50), at(60)]);
  expect(send([A, at(101), at(105)], [B, at(50), at(60)])).toEqual([
    { kind: 'quote', order: 6, quotes: [{ instrument: A.id, bid: { order: 7, price: 101, lots: 10 }, ask: 'keep' }] },
  ]);
  expect(send([A, at(101), undefined])).toMatchObject([{ quotes: [{ bid: 'keep', ask: undefined }] }]);
  expect(send([A, undefined, undefined])).toMatchObject([{ quotes: [{ bid: undefined, ask: undefined }] }]);
  expect(send([A, undefined, undefined])).toEqual([]);
});

test('what has traded away is filled up, and opened anew once all of it has', () => {
  const { quoter, send, hear } = stage();
  send([A, at(100), at(105)]);
  hear('fill', 2, A.id, 'buy', { lots: lots(7), remaining: lots(3) });
  expect(quoter.standing(A.id - 1, 'buy')?.size).toBe(3);
  expect(send([A, at(100), at(105)])).toMatchObject([{ quotes: [{ bid: { order: 5, lots: 10 }, ask: 'keep' }] }]);
  hear('fill', 5, A.id, 'buy', { lots: lots(10), remaining: lots(0) });
  expect(quoter.standing(A.id - 1, 'buy')).toBeUndefined();
  expect(send([A, at(100), at(105)])).toMatchObject([{ quotes: [{ bid: { order: 7 }, ask: 'keep' }] }]);
});

test('one that was taken out in part offers the rest', () => {
  const { quoter, send, hear } = stage();
  send([A, at(100), undefined]);
  hear('removed', 2, A.id, 'buy', { lots: lots(4), remaining: lots(6) });
  expect(quoter.standing(A.id - 1, 'buy')).toMatchObject({ price: 100, size: 6 });
  expect(send([A, at(100, 6), undefined])).toEqual([]);
});

test('an order that ended by itself is opened anew', () => {
  const { send, hear, prices } = stage();
  send([A, at(100), at(105)]);
  hear('removed', 3, A.id, 'sell', { lots: lots(10) });
  expect(prices(A)).toEqual([100, undefined]);
  expect(send([A, at(100), at(105)])).toMatchObject([{ quotes: [{ bid: 'keep', ask: { order: 5 } }] }]);
});

test('asks for the standing price while the wanted one is within the distance, on each side for itself', () => {
  const { quoter, send } = stage();
  const steady = (wanted: number | undefined, within: number, side: 'buy' | 'sell' = 'buy') =>
    quoter.steady(A, side, wanted === undefined ? undefined : ticks(wanted), within);
  expect(steady(102, 1000)).toBe(102);
  send([A, at(100), undefined]);
  // Ticks are 5 dollars.
  expect([steady(102, 10), steady(98, 10), steady(103, 10), steady(97, 10), steady(101, 4.9), steady(100, 0)]).toEqual([
    100, 100, 103, 97, 101, 100,
  ]);
  expect(steady(undefined, 1000)).toBeUndefined();
  expect(steady(102, 1000, 'sell')).toBe(102);
});

describe('a refusal', () => {
  test('brings back what the message would have ended', () => {
    const { send, refuse, prices } = stage();
    send([A, at(100), at(105)]);
    send([A, at(101), undefined], [B, at(50), undefined]);
    expect(prices(A)).toEqual([101, undefined]);
    refuse(4, 'protection-frozen');
    expect([prices(A), prices(B)]).toEqual([
      [100, 105],
      [undefined, undefined],
    ]);
  });

  test('of one message under way leaves the one behind it as it is', () => {
    const { send, hear, refuse, prices } = stage();
    send([A, at(100), undefined]);
    send([A, at(101), undefined]);
    send([A, at(102), undefined]);
    refuse(3, 'too-many-requests');
    expect(prices(A)).toEqual([102, undefined]);
    hear('quoted', 5, instrumentId(0), 'buy');
    hear('removed', 2, A.id, 'buy', { lots: lots(10) });
    expect(prices(A)).toEqual([102, undefined]);
    hear('removed', 6, A.id, 'buy', { lots: lots(10) });
    expect(prices(A)).toEqual([undefined, undefined]);
  });

  test('that says something about what was asked makes each series go by itself, once; the faulty one is then left out for a while', () => {
    const { desk, quoter, send, refuse } = stage();
    const both: [OptionSeries, Standing, undefined][] = [
      [A, at(100), undefined],
      [B, at(50), undefined],
    ];
    send(...both);
    refuse(1, 'price-outside-band');
    expect(send(...both)).toMatchObject([{ quotes: [{ instrument: A.id }] }, { quotes: [{ instrument: B.id }] }]);
    refuse(4, 'price-outside-band');
    expect([quoter.barred(A.id - 1, desk), quoter.barred(B.id - 1, desk)]).toEqual([true, false]);
    desk.at(9.9);
    expect(quoter.barred(A.id - 1, desk)).toBe(true);
    desk.at(10);
    expect(quoter.barred(A.id - 1, desk)).toBe(false);
    expect(send([A, at(100), undefined], [B, at(51), undefined])).toMatchObject([{ quotes: [{}, {}] }]);
  });

  test.each(['too-many-requests', 'protection-frozen', 'not-connected', 'market-closed'] as const)('%s says nothing about it', (reason) => {
    const { desk, quoter, send, refuse } = stage();
    send([A, at(100), undefined]);
    refuse(1, reason);
    expect(quoter.barred(A.id - 1, desk)).toBe(false);
    expect(send([A, at(100), undefined], [B, at(50), undefined])).toHaveLength(1);
  });
});

test('where the desk keeps a message back, each series goes by itself, and what it keeps back even then is taken out', () => {
  const { desk, quoter, send } = stage();
  send([A, at(100), undefined], [B, at(50), undefined]);
  const { massQuote } = desk;
  desk.massQuote = (wanted) =>
    wanted.some(({ instrument, bid }) => instrument === A.id && bid !== undefined) ? undefined : massQuote.call(desk, wanted);
  expect(send([A, at(101), undefined], [B, at(51), undefined])).toMatchObject([
    { quotes: [{ instrument: A.id, bid: undefined }] },
    { quotes: [{ instrument: B.id, bid: { price: 51 } }] },
  ]);
  expect([quoter.standing(A.id - 1, 'buy'), quoter.standing(B.id - 1, 'buy')?.price]).toEqual([undefined, 51]);
});

describe('a pull', () => {
  test('is one message, once', () => {
    const { desk, quoter, send, hear, prices } = stage();
    send([A, at(100), at(105)], [B, at(50), undefined]);
    quoter.pull(desk);
    expect(desk.heard()).toEqual([{ kind: 'cancel-all', order: undefined, scope: { quotes: true } }]);
    expect(prices(A)).toEqual([undefined, undefined]);
    quoter.pull(desk);
    expect(desk.heard()).toEqual([]);
    hear('removed', 2, A.id, 'buy', { lots: lots(10) });
    expect(send([A, at(100), undefined])).toMatchObject([{ quotes: [{ bid: { price: 100 } }] }]);
    quoter.pull(desk);
    expect(desk.heard()).toHaveLength(1);
  });

  test('holds for a message that is refused behind it', () => {
    const { desk, quoter, send, refuse, prices } = stage();
    send([A, at(100), undefined]);
    send([A, at(101), undefined]);
    quoter.pull(desk);
    refuse(3, 'too-many-requests');
    expect(prices(A)).toEqual([undefined, undefined]);
  });
});

test('no more messages than half of the venue allows; cancels are free', () => {
  const { desk, quoter, send } = stage({ perSecond: 2, burst: 4 });
  const times: number[] = [];
  for (let tenth = 0; tenth < 50; tenth += 1) {
    desk.at(tenth / 10);
    if (send([A, at(100 + tenth), undefined]).length > 0) times.push(tenth);
  }
  // Two at once, then one a second.
  expect(times).toEqual([0, 1, 10, 20, 30, 40]);
  quoter.pull(desk);
  expect(desk.heard()).toHaveLength(1);
});
