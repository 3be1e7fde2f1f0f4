import { describe, expect, test } from 'vitest';
import { instrumentId } from '../../../../src/core/units.ts';
import type { OptionSeries } from '../../../../src/market/instrument.ts';
import { type Message, report, sidesOf, TEST_SPOT } from '../../../support/fake-desk.ts';
import { MAKER_CHAIN as CHAIN, expects, makerStage, pricesOf } from '../../../support/maker-stage.ts';

const PULLED = [{ kind: 'cancel-all', order: undefined, scope: { quotes: true } }];
const at = (expiry: number, strike = 70_000) =>
  CHAIN.options.find((option) => option.expiry === expiry && option.strike === strike && option.right === 'call') as OptionSeries;
const expiryOf = (instrument: number) => CHAIN.options[instrument - 1]?.expiry;
const isMass = ({ kind }: Message) => kind === 'quote' || kind === 'cancel-all';

describe('at the opening', () => {
  test('sets the protection of the venue, unless there is to be none', () => {
    expect(makerStage({ size: 2 }).opened).toMatchObject([{ kind: 'protect', settings: { units: 16, delta: 4, vega: 600 } }]);
    expect(makerStage({ protection: { enabled: false } }).opened).toEqual([]);
    expect(makerStage({ protection: { venue: { enabled: false } } }).opened).toEqual([]);
  });
});

describe('a jump of the spot', () => {
  const jump = (stage: ReturnType<typeof makerStage>, seconds: number): Message[] => {
    stage.oracle.move(1.01 * stage.oracle.fair.spot);
    stage.show();
    return stage.wake(seconds);
  };

  test('takes all quotes out in one message, until it has been calm for so long', () => {
    const stage = makerStage();
    stage.wake(0);
    expect(jump(stage, 1)).toEqual(PULLED);
    expect(stage.inspection().state).toMatch(/^pulled: spot moved 100 bp in 5 s, \d+ standard deviations$/);
    // Five seconds of window and ten of calm.
    const sent: number[] = [];
    for (let second = 2; second < 60; second += 1) if (stage.wake(second).some(isMass)) sent.push(second);
    expect(sent).toEqual([15]);
    expect(stage.inspection().state).toBe('quoting');
    expect(stage.notes).toMatchObject([/^pull \(fast-market\): spot moved 100 bp/, 'normal (fast-market): calm again']);
    const { guards, secondsAt } = stage.inspection().protection ?? {};
    expect(guards).toEqual([{ guard: 'fast-market', activations: 1, highest: 'pull' }]);
    expect(secondsAt?.['pull']).toBe(14);
  });

  test('is quoted through where the guard, or all protection, is off', () => {
    for (const protection of [{ enabled: false }, { fastMarket: { enabled: false } }]) {
      const stage = makerStage({ protection });
      stage.wake(0);
      expect(jump(stage, 1)).toMatchObject([{ kind: 'quote' }]);
    }
  });

  test('is seen between two looks as well', () => {
    const stage = makerStage();
    stage.wake(0);
    stage.oracle.move(1.01 * TEST_SPOT);
    stage.show();
    stage.agent.onData?.(CHAIN.underlying.id, stage.desk.at(0.2));
    expect(stage.desk.heard()).toEqual(PULLED);
  });
});

describe('what is held of vega', () => {
  /** Quotes of a first look with so many contracts at the money in 30 days: some 80 dollars per vol point each. */
  const quoted = (contracts: number, limits: object): ReturnType<typeof makerStage> & { readonly sent: Message[] } => {
    const stage = makerStage({
      limits: { lossDollars: 1e9, positionPerSeries: 1000, delta: 1e6, gamma: 1e6, ...limits },
      seriesMaximum: 30,
    });
    stage.desk.hold(at(1).id, contracts * 10);
    return { ...stage, sent: stage.wake(0) };
  };

  test('near its limit widens the sides that add, at it leaves only those that lower it, beyond it none', () => {
    const free = quoted(50, { vega: 1e6 });
    const [bids, asks] = [pricesOf(free.sent, 'buy'), pricesOf(free.sent, 'sell')];
    expect(bids.size).toBeGreaterThan(20);
    const near = quoted(50, { vega: 4500 });
    expect(near.inspection().state).toMatch(/^widened: vega \d+ at a limit of 4500 \$ per vol point$/);
    const wider = [...pricesOf(near.sent, 'buy')].map(([id, price]) => (bids.get(id) ?? 0) - price);
    expect(Math.min(...wider)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...wider)).toBeGreaterThan(0);
    expect([...pricesOf(near.sent, 'sell')]).toEqual([...asks]);

    const over = quoted(50, { vega: 3500 });
    expect(over.inspection().state).toMatch(/^reduce-only: vega \d+ at/);
    expect([pricesOf(over.sent, 'buy').size, pricesOf(over.sent, 'sell').size]).toEqual([0, asks.size]);
    expect(over.inspection().decision?.(at(1).id)).toMatchObject({
      bid: { price: undefined, reason: expect.stringMatching(/^reduce-only \(vega\): vega \d+ at/) },
      ask: { size: 1, reason: 'quoted in full' },
    });

    const beyond = quoted(50, { vega: 3000 });
    expect(beyond.inspection().state).toMatch(/^pulled: vega/);
    expect(sidesOf(beyond.sent)).toEqual([]);
  });

  test('of one expiry pulls the quotes of that one', () => {
    const { sent, inspection } = quoted(50, { vega: 1e6, perExpiry: { vega: 3000 } });
    expect(inspection().state).toMatch(/^pulled in 30d: vega of 30d \d+ at/);
    const expiries = new Set(sidesOf(sent).map(({ instrument }) => expiryOf(instrument)));
    expect([...expiries].sort()).toEqual([0, 2]);
  });

  test('short, the other way round', () => {
    const { sent } = quoted(-50, { vega: 3500 });
    expect(pricesOf(sent, 'sell').size).toBe(0);
    expect(pricesOf(sent, 'buy').size).toBeGreaterThan(20);
  });
});

test('a limit of margin leaves what lowers positions, and then nothing', () => {
  const states = [1e9, 40_000, 30_000].map((marginDollars) => {
    const stage = makerStage({ limits: { marginDollars, lossDollars: 1e9, delta: 1e6 } });
    // Ten calls sold, and hedged: more than 30,000 dollars by the grid of Deribit.
    stage.desk.hold(at(1).id, -100);
    stage.desk.hold(CHAIN.underlying.id, 500);
    stage.wake(0);
    stage.wake(1);
    return stage.inspection().state;
  });
  expect(states.map((state) => state.split(':')[0])).toEqual(['quoting', 'reduce-only', 'pulled']);
});

test('no quotes without a book of the underlying, which could not be hedged in', () => {
  const { desk, show, wake, inspection } = makerStage();
  wake(0);
  desk.show(CHAIN.underlying.id, undefined, undefined);
  expect([wake(1), wake(2)]).toEqual([[], []]);
  expect(wake(3)).toEqual(PULLED);
  expect(inspection().state).toBe('pulled: the book of the underlying has lacked a side for 3 s');
  show();
  for (let second = 4; second < 13; second += 1) expect(wake(second)).toEqual([]);
  expect(wake(13)).toMatchObject([{ kind: 'quote' }]);
});

test('a forecaster that stops giving numbers: its last forecast is used for a while, then dropped, and quotes are wider', () => {
  const says = { forecast: expects(0.02) };
  const { wake, inspection } = makerStage({ leanCap: 5, protection: { staleForecast: { steps: 2 } } }, says);
  wake(0);
  const leaning = inspection().theo(at(2).id) ?? 0;
  says.forecast = { ...expects(0.02), change: new Float64Array(8).fill(Number.NaN) };
  for (let second = 1; second < 90; second += 1) wake(second);
  expect(inspection().state).toBe('quoting');
  expect(inspection().theo(at(2).id)).toBeCloseTo(leaning, 0);
  wake(90);
  expect(inspection().state).toBe('widened: no forecast for 3 steps');
  expect(inspection().theo(at(2).id)).toBeLessThan(leaning - 5);
  expect(inspection().decision?.(at(2).id)?.bid.reason).toBe('widen (stale-forecast): no forecast for 3 steps');
  says.forecast = expects(0.02);
  for (let second = 91; second <= 120; second += 1) wake(second);
  expect(inspection().state).toBe('quoting');
  expect(inspection().theo(at(2).id)).toBeCloseTo(leaning, 0);
});

test("the venue's freeze is waited for, and then all is quoted again", () => {
  const { agent, desk, wake, inspection } = makerStage({ protection: { venue: { frozenSeconds: 7 } } });
  const quotes = sidesOf(wake(0)).length;
  agent.onReport?.(report('frozen', 0, instrumentId(0), 'buy'), desk.at(0.5));
  expect(wake(1)).toEqual(PULLED);
  expect(inspection().state).toBe("pulled: the venue's protection has taken all quotes out, for 7 s");
  for (let second = 2; second <= 7; second += 1) expect(wake(second)).toEqual([]);
  expect(sidesOf(wake(8))).toHaveLength(quotes);
});

test('a freeze that waits for a reset is ended by asking for it', () => {
  const { agent, desk, wake } = makerStage({ protection: { venue: { frozenSeconds: 0, restartSeconds: 5 } } });
  const quotes = sidesOf(wake(0)).length;
  agent.onReport?.(report('frozen', 0, instrumentId(0), 'buy'), desk.at(0.5));
  wake(1);
  for (let second = 2; second <= 5; second += 1) expect(wake(second)).toEqual([]);
  expect(wake(6)).toMatchObject([{ kind: 'reset-protection' }]);
  expect(wake(7)).toEqual([]);
  agent.onReport?.(report('thawed', 0, instrumentId(0), 'buy'), desk.at(7.5));
  expect(sidesOf(wake(8))).toHaveLength(quotes);
});

test('values that have left the market are not quoted, and the surface is looked for afresh', () => {
  const { oracle, show, wake, inspection } = makerStage();
  wake(0);
  // A third of the vol is gone, at the same spot: the tracker does not believe it.
  oracle.move(TEST_SPOT, [Math.log(0.33), 0.05, -0.15, -0.05]);
  show();
  const quoted: number[] = [];
  for (let second = 1; second <= 60; second += 1) if (sidesOf(wake(second)).length > 0) quoted.push(second);
  expect(Math.exp(inspection().factors?.[0] ?? 0)).toBeCloseTo(0.33, 2);
  expect(quoted[0]).toBeGreaterThan(5);
  expect(quoted[0]).toBeLessThan(40);
  expect(inspection().state).toBe('quoting');
});

describe('the kill switch', () => {
  const killed = (protection: object = {}) => {
    const stage = makerStage({
      limits: { lossDollars: 500, delta: 8 },
      hedger: { kind: 'whalley-wilmott', bandMaximum: 8, riskAversion: 1e-9 },
      protection,
    });
    stage.wake(0);
    // Bought for nothing it would be a gain: ten calls sold for nothing are a loss, and a short delta.
    stage.desk.hold(at(1).id, -100);
    return stage;
  };

  test('in one look: everything out in one message, delta hedged, and an option closed', () => {
    const { wake, inspection, notes } = killed();
    const sent = wake(1);
    // All of the delta of some 5.4 units but a lot: the band would leave it all open.
    expect(sent[1]?.lots).toBeGreaterThan(500);
    expect(sent).toMatchObject([
      { kind: 'cancel-all', scope: {} },
      { kind: 'submit', instrument: 0, side: 'buy', type: 'ioc' },
      { kind: 'submit', instrument: at(1).id, side: 'buy', type: 'ioc', lots: 10 },
    ]);
    expect(inspection().state).toMatch(/^flattening: loss of \d+ \$ beyond the limit of 500 \$$/);
    expect(notes.some((note) => /^flatten \(loss\): loss of/.test(note))).toBe(true);
  });

  test('is for good unless a restart is wanted; then it comes back, and may lose as much again', () => {
    for (const restart of ['never', '60 s']) {
      const { desk, wake, inspection } = killed({ restart });
      wake(1);
      desk.hold(at(1).id, 0);
      const quoted: number[] = [];
      for (let second = 2; second < 110; second += 1) if (sidesOf(wake(second)).length > 0) quoted.push(second);
      if (restart === 'never') expect([quoted, inspection().state.split(':')[0]]).toEqual([[], 'stopped']);
      else {
        expect(quoted[0]).toBeGreaterThanOrEqual(61);
        expect(quoted[0]).toBeLessThanOrEqual(80);
        expect(inspection().state).toBe('quoting');
      }
    }
  });
});

test('a lost connection has no quotes; back again, protection is set anew', () => {
  const { agent, desk, wake, inspection } = makerStage();
  wake(0);
  agent.onDisconnected?.(desk.at(0.5));
  wake(1);
  expect(inspection().state).toBe('pulled: no connection to the exchange');
  agent.onConnected?.(desk.at(1.5));
  expect(desk.heard()).toMatchObject([{ kind: 'protect' }]);
});
