import { describe, expect, test } from 'vitest';
import { OptionHedger } from '../../../../../src/agents/maker/hedging/options/hedger.ts';
import { optionHedgeParams } from '../../../../../src/agents/maker/hedging/options/params.ts';
import { limitParams, measureLimits } from '../../../../../src/agents/maker/measure-limits.ts';
import { RiskBudget } from '../../../../../src/agents/maker/risk-budget.ts';
import { lots, type Ticks, ticks } from '../../../../../src/core/units.ts';
import type { Side } from '../../../../../src/market/order.ts';
import { FakeDesk, fakeSetup, report, TEST_SPOT } from '../../../../support/fake-desk.ts';
import { quotingView } from '../../../../support/quoting-view.ts';
import { smallChain } from '../../../../support/small-chain.ts';

const CHAIN = smallChain();
const SETUP = fakeSetup(CHAIN);
const HALF_SPREAD = 15;
const of = (expiry: number, strike: number): number =>
  CHAIN.options.findIndex((option) => option.expiry === expiry && option.strike === strike && option.right === 'call');
const AT_THE_MONEY = of(1, 70_000);
/** So much exposure to the level that a hedge pays, and so much that it does not. */
const LARGE = 500_000;
const SMALL = 20_000;

interface Stage {
  readonly exposure?: number;
  readonly params?: object;
  readonly limits?: object;
  readonly own?: (series: number, side: Side) => Ticks | undefined;
  readonly shown?: (series: number) => boolean;
  readonly lots?: number;
}

/** Long vega of so much, in a market whose books stand around the values that the maker tracks. */
function stage({ exposure = LARGE, params = {}, limits = {}, own = () => undefined, shown = () => true, lots: size = 100 }: Stage = {}) {
  const desk = new FakeDesk();
  const plain = quotingView();
  const bid = plain.theo.price.map((price, i) => (shown(i) ? Math.max(5, Math.floor((price - HALF_SPREAD) / 5) * 5) : Number.NaN));
  const ask = plain.theo.price.map((price, i) => (shown(i) ? Math.ceil((price + HALF_SPREAD) / 5) * 5 : Number.NaN));
  CHAIN.options.forEach(({ id }, i) => {
    if (shown(i)) desk.show(id, (bid[i] ?? 0) / 5, (ask[i] ?? 0) / 5, size);
  });
  const view = quotingView({ exposures: [exposure, 0, 0, 0], bid, ask });
  const parsed = limitParams.parse(limits);
  const budget = new RiskBudget(CHAIN, measureLimits(parsed, CHAIN));
  const hedger = new OptionHedger(SETUP, optionHedgeParams.parse(params), { positionPerSeries: parsed.positionPerSeries, own });
  const act = (seconds = 0, wanted?: Float64Array): ReturnType<FakeDesk['heard']> => {
    hedger.act(desk.at(seconds), view, budget, wanted);
    return desk.heard();
  };
  return { desk, view, budget, hedger, act, bid, ask };
}

const lotsOf = (messages: ReturnType<FakeDesk['heard']>): number => messages[0]?.lots ?? 0;

test('sells what it is long of, at the bid of the others, and tells what it saves', () => {
  const { act, hedger, bid } = stage();
  const [message, ...more] = act();
  expect(more).toEqual([]);
  expect(message).toMatchObject({ kind: 'submit', side: 'sell', type: 'ioc' });
  const series = (message?.instrument ?? 0) - 1;
  expect((message?.price ?? 0) * 5).toBe(bid[series]);
  expect(hedger.last).toMatchObject({ side: 'sell', kind: 'vega', instrument: message?.instrument });
  expect(hedger.last?.reason).toMatch(
    /^saves [\d.]+ \$ of risk per contract over 30 min, for [\d.]+: half-spread [\d.]+, fee [\d.]+, delta [\d.]+$/,
  );
});

test('buys what it is short of, at the ask', () => {
  const { act, ask } = stage({ exposure: -LARGE });
  const [message] = act();
  expect(message).toMatchObject({ side: 'buy' });
  expect((message?.price ?? 0) * 5).toBe(ask[(message?.instrument ?? 0) - 1]);
});

describe('the gate', () => {
  test('is shut while the risk saved is less than half-spread, fee and the hedge of delta', () => {
    expect(stage({ exposure: SMALL }).act()).toEqual([]);
    expect(stage({ exposure: 0 }).act()).toEqual([]);
  });

  test('opens where the risk of the first lot is worth its cost, to the dollar', () => {
    const only = (series: number): boolean => series === AT_THE_MONEY;
    const { view } = stage();
    const exposure = view.theo.exposures[4 * AT_THE_MONEY] ?? 0;
    const fee = SETUP.feePerUnit(CHAIN.options[AT_THE_MONEY]?.id ?? (1 as never), ticks(100), 'taker', TEST_SPOT);
    const delta = ((view.theo.delta[AT_THE_MONEY] ?? 0) * TEST_SPOT * 5) / 10_000;
    const price = view.theo.price[AT_THE_MONEY] ?? 0;
    const halfSpread = Math.max(price - Math.floor((price - HALF_SPREAD) / 5) * 5, 0);
    const width = (Math.ceil((price + HALF_SPREAD) / 5) * 5 - Math.floor((price - HALF_SPREAD) / 5) * 5) / 2;
    const cost = Math.max(halfSpread, width) + fee + delta;
    // ½ γ h σ² per squared dollar of exposure; gamma's own part is below a cent.
    const scale = 0.002 * (30 / 525_600) * 0.5;
    const edge = cost / (scale * exposure) + 0.05 * exposure;
    expect(stage({ exposure: edge - 0.02 * exposure, shown: only }).act()).toEqual([]);
    expect(lotsOf(stage({ exposure: edge + 0.15 * exposure, shown: only }).act())).toBe(1);
    expect(lotsOf(stage({ exposure: edge + 0.55 * exposure, shown: only }).act())).toBe(5);
  });

  test('does not count what is held because of a forecast', () => {
    const { act } = stage();
    expect(act(0, Float64Array.from([LARGE, 0, 0, 0]))).toEqual([]);
    expect(act(1, Float64Array.from([0, 0, 0, 0]))).toHaveLength(1);
  });

  test('takes a price that is away from its own value for what it costs', () => {
    const only = (series: number): boolean => series === AT_THE_MONEY;
    const { view, bid, desk, hedger, budget } = stage({ shown: only });
    const cheap = bid.slice();
    cheap[AT_THE_MONEY] = (bid[AT_THE_MONEY] ?? 0) - 2000;
    desk.show(
      CHAIN.options[AT_THE_MONEY]?.id ?? (1 as never),
      (cheap[AT_THE_MONEY] ?? 0) / 5,
      (view.ask[AT_THE_MONEY] ?? 0) / 5 - 400,
      100,
    );
    hedger.act(desk, { ...view, bid: cheap, ask: view.ask.map((ask) => ask - 2000) }, budget, undefined);
    expect(desk.heard()).toEqual([]);
  });
});

test('chooses the series whose cost is the smallest share of what it saves', () => {
  const { act, view, hedger } = stage({ params: { deltaCostBp: 0 } });
  const chosen = (act()[0]?.instrument ?? 0) - 1;
  const share = (series: number): number => {
    const single = stage({ params: { deltaCostBp: 0 }, shown: (each) => each === series });
    if (single.act().length === 0) return Number.POSITIVE_INFINITY;
    const [, saved = '0', cost = '0'] = /saves ([\d.]+).*for ([\d.]+):/.exec(single.hedger.last?.reason ?? '') ?? [];
    return Number(cost) / Number(saved);
  };
  const shares = CHAIN.options.map((_, i) => share(i));
  expect(shares[chosen]).toBe(Math.min(...shares));
  expect(hedger.last).toBeDefined();
  expect(view.theo.vega[chosen]).toBeGreaterThan(0);
});

describe('an order', () => {
  test('is no larger than its size, what the others show, and the position that a series may have', () => {
    expect(lotsOf(stage({ exposure: 1e7, params: { size: 3, dollarsPerMinute: 1e6 } }).act())).toBe(30);
    expect(lotsOf(stage({ exposure: 1e7, params: { size: 3, dollarsPerMinute: 1e6 }, lots: 7 }).act())).toBe(7);
    expect(lotsOf(stage({ exposure: 1e7, params: { size: 3, dollarsPerMinute: 1e6 }, limits: { positionPerSeries: 0.4 } }).act())).toBe(4);
  });

  test('stays inside the limits of vega, gamma, delta and theta, open quotes counted', () => {
    const { act, budget, view } = stage();
    const full = stage({ limits: { vega: 1 } });
    expect(full.act()).toEqual([]);
    budget.hold(1, Float64Array.from([0, 0, -6000, 0]));
    expect(act()).toEqual([]);
    expect(view.exposures[0]).toBe(LARGE);
  });

  test('does not trade through a quote of its own', () => {
    const through = stage({ own: (series, side) => (side === 'buy' ? ticks((stage().bid[series] ?? 0) / 5) : undefined) });
    expect(through.act()).toEqual([]);
    const behind = stage({ own: (series, side) => (side === 'buy' ? ticks((stage().bid[series] ?? 0) / 5 - 1) : ticks(1)) });
    expect(behind.act()).toHaveLength(1);
  });

  test('needs a book with two sides', () => {
    const { desk, hedger, view, budget } = stage();
    hedger.act(desk, { ...view, ask: new Float64Array(CHAIN.options.length).fill(Number.NaN) }, budget, undefined);
    expect(desk.heard()).toEqual([]);
  });

  test('is the only one under way, and has the next behind it by some seconds', () => {
    const { act, hedger } = stage({ params: { dollarsPerMinute: 1e6 } });
    const first = act()[0];
    expect(first).toBeDefined();
    for (const second of [1, 10, 20]) expect(act(second)).toEqual([]);
    hedger.hear(report('removed', first?.order ?? 0, first?.instrument ?? (1 as never), 'sell', { lots: lots(3) }));
    expect(act(21)).toHaveLength(1);
    hedger.hear(report('fill', 2, first?.instrument ?? (1 as never), 'sell', { remaining: lots(0) }));
    expect(act(25)).toEqual([]);
    expect(act(31)).toHaveLength(1);
  });
});

test('spends no more in a minute than it may', () => {
  const { act, hedger } = stage({ exposure: 1e7, params: { dollarsPerMinute: 100, size: 1, everySeconds: 1 } });
  let order = 0;
  const traded = (seconds: number): number => {
    const messages = act(seconds);
    if (messages.length > 0) {
      order += 1;
      hedger.hear(report('fill', order, messages[0]?.instrument ?? (1 as never), 'sell', { remaining: lots(0) }));
    }
    return lotsOf(messages);
  };
  const seconds = Array.from({ length: 60 }, (_, n) => n);
  const first = seconds.reduce((sum, second) => sum + traded(second), 0);
  const [, cost = '1'] = /for ([\d.]+):/.exec(hedger.last?.reason ?? '') ?? [];
  expect(first * 0.1 * Number(cost)).toBeLessThan(101);
  expect(first).toBeGreaterThan(10);
  expect(traded(60)).toBeGreaterThan(0);
});
