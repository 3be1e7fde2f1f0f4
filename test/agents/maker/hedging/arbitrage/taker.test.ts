import { describe, expect, test } from 'vitest';
import { arbitrageParams } from '../../../../../src/agents/maker/hedging/arbitrage/params.ts';
import { ArbitrageTaker } from '../../../../../src/agents/maker/hedging/arbitrage/taker.ts';
import { limitParams, measureLimits } from '../../../../../src/agents/maker/measure-limits.ts';
import { RiskBudget } from '../../../../../src/agents/maker/risk-budget.ts';
import { type InstrumentId, lots } from '../../../../../src/core/units.ts';
import type { Report, Side } from '../../../../../src/market/order.ts';
import { FakeDesk, fakeSetup, type Message, report } from '../../../../support/fake-desk.ts';
import { quotingView } from '../../../../support/quoting-view.ts';
import { smallChain } from '../../../../support/small-chain.ts';

const CHAIN = smallChain([{ days: 30, strikes: [64_000, 70_000, 76_000] }]);
const CALL = CHAIN.options.findIndex(({ strike, right }) => strike === 70_000 && right === 'call');
const PUT = CALL + 1;
const VIEW = quotingView({ chain: CHAIN });

/** A market in which the call at 70,000 is bid a thousand dollars above what it is worth against its put. */
function stage({ isFair = false, limits = {} }: { readonly isFair?: boolean; readonly limits?: object } = {}) {
  const desk = new FakeDesk();
  const show = (series: number, bid: number): void =>
    desk.show((series + 1) as InstrumentId, Math.round(bid / 5), Math.round(bid / 5) + 2, 50);
  CHAIN.options.forEach((_, i) => {
    show(i, (VIEW.theo.price[i] ?? 0) - 5 + (i === CALL && !isFair ? 1000 : 0));
  });
  desk.show(CHAIN.underlying.id, 69_997, 70_003, 1000);
  const parsed = limitParams.parse(limits);
  const owed: (readonly [number, string])[] = [];
  const room = { positionPerSeries: parsed.positionPerSeries, own: () => undefined };
  const params = arbitrageParams.parse({ bounds: ['parity'] });
  const taker = new ArbitrageTaker(fakeSetup(CHAIN), params, room, (delta, reason) => owed.push([delta, reason]));
  const act = (seconds: number): Message[] => {
    taker.settle(VIEW);
    taker.act(desk.at(seconds), VIEW, new RiskBudget(CHAIN, measureLimits(parsed, CHAIN)));
    return desk.heard();
  };
  const tell = (order: number, message: Message | undefined, kind: Report['kind'], more: Partial<Report> = {}): void =>
    taker.hear(report(kind, order, message?.instrument ?? CHAIN.underlying.id, message?.side as Side, more));
  return { desk, taker, act, tell, owed, show };
}

test('sends all legs at once, all or nothing at the prices seen, and tells which bound was broken', () => {
  const { act, taker, desk } = stage();
  const messages = act(0);
  expect(messages).toMatchObject([
    { instrument: CALL + 1, side: 'sell', type: 'fok', lots: 20, price: desk.bbo((CALL + 1) as InstrumentId).bid },
    { instrument: PUT + 1, side: 'buy', type: 'fok', lots: 20, price: desk.bbo((PUT + 1) as InstrumentId).ask },
    { instrument: 0, side: 'buy', type: 'fok', lots: 200, price: 70_003 },
  ]);
  expect(taker.last).toMatchObject({ atSeconds: 0, instrument: CALL + 1, side: 'sell', units: 2, kind: 'arbitrage' });
  expect(taker.last?.reason).toMatch(
    /^parity of 30d 70000: sells BTC-30d-70000-C, buys BTC-30d-70000-P, buys BTC-PERP; [\d.]+ \$ per contract after all costs$/,
  );
});

test('sends nothing in a fair market', () => {
  const { act } = stage({ isFair: true });
  for (const second of [0, 1, 10]) expect(act(second)).toEqual([]);
});

test('sends one package at a time, and none for some seconds after it', () => {
  const { act, tell } = stage();
  const [call, put, perpetual] = act(0);
  expect(act(1)).toEqual([]);
  tell(1, call, 'fill', { lots: lots(20) });
  tell(2, put, 'fill', { lots: lots(20) });
  expect(act(6)).toEqual([]);
  tell(3, perpetual, 'fill', { lots: lots(200) });
  expect(act(7)).toHaveLength(3);
});

describe('a leg that finds nobody', () => {
  test('leaves the delta of the others to the hedger, once', () => {
    const { act, tell, owed, show } = stage();
    const [call, put, perpetual] = act(0);
    tell(1, call, 'removed', { lots: lots(20) });
    tell(2, put, 'fill', { lots: lots(15), remaining: lots(5) });
    tell(2, put, 'fill', { lots: lots(5) });
    tell(3, perpetual, 'fill', { lots: lots(200) });
    show(CALL, 1000);
    act(1);
    act(2);
    expect(owed).toHaveLength(1);
    expect(owed[0]?.[0]).toBeCloseTo(2 * (1 + (VIEW.theo.delta[PUT] ?? 0)), 9);
    expect(owed[0]?.[1]).toBe('a leg is missing: parity of 30d 70000');
  });

  test('leaves nothing where none of them found anybody, nor where all did', () => {
    const nobody = stage();
    const none = nobody.act(0);
    none.forEach((message, i) => {
      nobody.tell(i + 1, message, i === 0 ? 'rejected' : 'removed');
    });
    nobody.act(1);
    expect(nobody.owed).toEqual([]);
    const whole = stage();
    const all = whole.act(0);
    all.forEach((message, i) => {
      whole.tell(i + 1, message, 'fill', { lots: lots(message.lots ?? 0) });
    });
    whole.act(1);
    expect(whole.owed).toEqual([]);
  });

  test('that the desk kept back counts as missing', () => {
    const { desk, act, tell, owed } = stage();
    const { submit } = desk;
    desk.submit = (request) => (request.instrument === PUT + 1 ? undefined : submit.call(desk, request));
    const [call, perpetual] = act(0);
    tell(1, call, 'fill', { lots: lots(20) });
    tell(2, perpetual, 'fill', { lots: lots(200) });
    act(1);
    expect(owed[0]?.[0]).toBeCloseTo(2 * (1 - (VIEW.theo.delta[CALL] ?? 0)), 9);
  });
});

describe('limits', () => {
  test('of a series, what is held and open counted, make a package smaller', () => {
    const { act, desk } = stage({ limits: { positionPerSeries: 2 } });
    desk.hold((CALL + 1) as InstrumentId, -8);
    desk.open((CALL + 1) as InstrumentId, 'sell', 5);
    expect(act(0).map(({ lots: size }) => size)).toEqual([7, 7, 70]);
    desk.hold((CALL + 1) as InstrumentId, -15);
    expect(act(10)).toEqual([]);
  });

  test('of vega and gamma hold for each leg by itself', () => {
    expect(stage({ limits: { vega: 100 } }).act(0)).toEqual([]);
    expect(stage({ limits: { gamma: 0.01 } }).act(0)).toEqual([]);
    expect(stage({ limits: { vega: 1000 } }).act(0)).toHaveLength(3);
  });
});
