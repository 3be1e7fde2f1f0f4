import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MarketWatch } from '../../../../src/agents/maker/market-watch.ts';
import { makerSchema } from '../../../../src/agents/maker/params.ts';
import { BUILT_IN_PARTS } from '../../../../src/agents/maker/parts.ts';
import { blankRisk } from '../../../../src/agents/maker/position-risk.ts';
import { MakerView } from '../../../../src/agents/maker/quoting/maker-view.ts';
import { oneFactor } from '../../../../src/agents/maker/quoting/one-factor.ts';
import { QuoteBoard } from '../../../../src/agents/maker/quoting/quote-board.ts';
import { blankQuote, type Quote } from '../../../../src/agents/maker/quoting/quoter.ts';
import { value } from '../../../../src/agents/maker/selection/value.ts';
import { streams } from '../../../../src/core/rng.ts';
import { lots, money, orderId, ticks } from '../../../../src/core/units.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../../../../src/market/instrument.ts';
import type { Report } from '../../../../src/market/order.ts';
import { isOnTick, steppedDown, steppedUp } from '../../../../src/market/tick-table.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';
import { FakeDesk, FakeOracle, fakeSetup } from '../../../support/fake-desk.ts';
import { plainTerms, smallChain } from '../../../support/small-chain.ts';

/** With a far call that is worth next to nothing. */
const CHAIN = smallChain([
  { days: 7, strikes: [64_000, 67_000, 70_000, 73_000, 120_000] },
  { days: 30, strikes: [58_000, 64_000, 70_000, 76_000, 84_000] },
  { days: 90, strikes: [50_000, 60_000, 70_000, 82_000, 96_000] },
]);
const makerParams = makerSchema(BUILT_IN_PARTS);

function stage(params: Record<string, unknown> = {}) {
  const parsed = makerParams.parse(params);
  const setup = fakeSetup(CHAIN);
  const desk = new FakeDesk();
  const { fair } = new FakeOracle(CHAIN);
  desk.show(CHAIN.underlying.id, 69_999, 70_001);
  for (const option of CHAIN.options) {
    const price = fair.price[option.id - 1] ?? 0;
    const bid = ticksBelow(option, price - 15);
    desk.show(option.id, bid >= 1 ? bid : undefined, ticksAbove(option, price + 15));
  }
  const watch = new MarketWatch({ chain: CHAIN, valuation: plainTerms(CHAIN), hasBasis: false }, parsed.tracker);
  watch.look(desk);
  const view = new MakerView(parsed, setup, watch, blankRisk());
  view.look(desk);
  const board = new QuoteBoard(parsed, view, {
    quoter: oneFactor.build({}),
    staticQuoter: oneFactor.build({}),
    selector: value.build({}, streams('1').stream('selector')),
  });
  return { desk, watch, view, board, setup };
}

const series = (expiry: number, strike: number, right: 'call' | 'put'): OptionSeries =>
  CHAIN.options.find((option) => option.expiry === expiry && option.strike === strike && option.right === right) as OptionSeries;
const CALL = series(1, 70_000, 'call');
const WORTHLESS = series(0, 120_000, 'call');

describe('prices to send', () => {
  const made = (bid: number, ask: number): Quote => ({ ...blankQuote(), bid, ask });
  const { board } = stage();

  function sendable(quoted: Quote, others: readonly [number | undefined, number | undefined]) {
    const desk = new FakeDesk();
    desk.show(CALL.id, ...others);
    const { bid, ask } = board.sendable(desk, CALL, quoted);
    return [bid, ask];
  }

  test('are never nearer to the value than the quote, whatever the bands of ticks and the others', () => {
    const banded = {
      ...CALL,
      tickTable: [
        { from: ticks(40), step: 4 },
        { from: ticks(200), step: 20 },
      ],
    };
    const prices = fc.double({ min: 1, max: 2000, noNaN: true });
    const other = fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined });
    fc.assert(
      fc.property(
        prices,
        fc.double({ min: 0.01, max: 300, noNaN: true }),
        other,
        fc.integer({ min: 1, max: 60 }),
        (middle, half, bid, width) => {
          const desk = new FakeDesk();
          const others =
            bid === undefined
              ? [undefined, undefined]
              : ([steppedDown(banded.tickTable, bid), steppedUp(banded.tickTable, bid + width)] as const);
          desk.show(CALL.id, others[0], others[1]);
          const quoted = made(middle - half, middle + half);
          const sent = board.sendable(desk, banded, quoted);
          const near = 1e-6;
          if (sent.bid !== undefined) {
            expect(5 * sent.bid).toBeLessThanOrEqual(quoted.bid + near);
            expect(isOnTick(banded.tickTable, sent.bid)).toBe(true);
            expect(sent.bid).toBeLessThan(others[1] ?? Number.POSITIVE_INFINITY);
          }
          expect(5 * (sent.ask ?? Number.NaN)).toBeGreaterThanOrEqual(quoted.ask - near);
          expect(isOnTick(banded.tickTable, sent.ask ?? 0)).toBe(true);
          expect(sent.ask).toBeGreaterThan(others[0] ?? 0);
        },
      ),
    );
  });

  test('are rounded away from the fair value, to ticks of 5 dollars', () => {
    expect(sendable(made(4004.9, 4016.1), [undefined, undefined])).toEqual([800, 804]);
    expect(sendable(made(4005, 4015), [undefined, undefined])).toEqual([801, 803]);
  });

  test('never meet the best price of the others', () => {
    expect(sendable(made(4050, 4090), [790, 805])).toEqual([804, 818]);
    expect(sendable(made(3900, 3950), [790, 805])).toEqual([780, 791]);
    expect(sendable(made(4004, 4016), [800, 804])).toEqual([800, 804]);
  });

  test('without a bid where there is no room for one', () => {
    expect(sendable(made(-3, 9), [undefined, undefined])).toEqual([undefined, 2]);
    expect(sendable(made(4, 4), [undefined, undefined])).toEqual([undefined, 1]);
    // Others bid and offer on neighbouring ticks: ours join them, and do not cross.
    expect(sendable(made(4300, 3800), [800, 801])).toEqual([800, 801]);
  });

  test('and never cross each other', () => {
    for (const bid of [3990, 4000, 4010]) {
      for (const ask of [3990, 4000, 4010]) {
        const [lower, upper] = sendable(made(bid, ask), [undefined, undefined]);
        if (lower !== undefined) expect(lower).toBeLessThan(upper ?? 0);
      }
    }
  });
});

describe('the view', () => {
  test('has the uncertainty of the tracked values, the maker’s fees, the books of the others and the position', () => {
    const { desk, view, watch, setup } = stage();
    const i = CALL.id - 1;
    const { theo } = watch.tracker;
    const variance = [0, 1, 2, 3].reduce((sum, f) => {
      const part = (theo.exposures[i * FACTOR_COUNT + f] ?? 0) * watch.tracker.sd(f);
      return sum + part * part;
    }, 0);
    expect(view.valueSd[i]).toBeCloseTo(Math.sqrt(variance), 9);
    expect(view.valueSd[i]).toBeGreaterThan(0);
    expect(view.fee[i]).toBe(setup.feePerUnit(CALL.id, ticksBelow(CALL, theo.price[i] ?? 0), 'maker', theo.spot));
    expect(view.fee[i]).toBeCloseTo(21, 2);
    expect([view.bid[i], view.ask[i]]).toEqual([(desk.bbo(CALL.id).bid ?? 0) * 5, (desk.bbo(CALL.id).ask ?? 0) * 5]);
    desk.hold(CALL.id, -3);
    view.look(desk);
    expect(view.units[i]).toBeCloseTo(-3 * CALL.lotSize, 12);
  });

  test('believes the forecast’s own scale of moves once there is one', () => {
    const { desk, view } = stage({ tracker: { dailySd: [0.06, 0.045, 0.06, 0.04] } });
    expect(view.covariance[0]).toBeCloseTo(0.06 * 0.06 * 365, 9);
    const scale = new Float64Array(2 * FACTOR_COUNT).fill(0.5);
    scale[FACTOR_COUNT] = 0.01;
    view.forecast = { horizonsSeconds: [30, 1800], change: new Float64Array(2 * FACTOR_COUNT), scale };
    view.look(desk);
    expect(view.covariance[0]).toBeCloseTo((0.01 * 0.01 * 31_536_000) / 1800, 9);
    expect(view.covariance[1]).toBe(0);
  });

  test('learns from forecast steps how the factors move together', () => {
    const { desk, view, watch } = stage({ factorMoves: { lagSteps: 1, priorMoves: 2 } });
    for (let n = 0; n < 6; n += 1) {
      for (let f = 0; f < 2; f += 1)
        watch.tracker.factors[f] = (watch.tracker.factors[f] ?? 0) + (n % 2 === 0 ? 1 : -1) * (f === 0 ? 1e-4 : -2e-4);
      view.step();
    }
    view.look(desk);
    const [level = 0, , , , , slope = 0] = view.covariance;
    // Five moves, opposite each time: −1, shrunk by two that were taken for granted; the weights are a little below five.
    expect(view.covariance[1]).toBeLessThan(0);
    expect(view.covariance[1] ?? 0).toBeCloseTo((-5 / 7) * Math.sqrt(level * slope), 2);
    expect(view.covariance[4]).toBe(view.covariance[1]);
  });

  test('learns from what follows its fills how much its quotes should be wider', () => {
    const { desk, view, watch } = stage({ toxicity: { priorFills: 0 } });
    const fill: Report = {
      kind: 'fill',
      order: orderId(1),
      instrument: CALL.id,
      side: 'buy',
      price: ticks(800),
      lots: lots(10),
      remaining: lots(0),
      liquidity: 'maker',
      fee: money(0),
      reason: undefined,
    };
    view.hearReport({ ...fill, liquidity: 'taker' }, desk);
    view.hearReport({ ...fill, kind: 'removed' }, desk);
    view.hearReport(fill, desk);
    const i = CALL.id - 1;
    const { theo } = watch.tracker;
    const [before, vega, sd] = [theo.price[i] ?? 0, theo.vega[i] ?? 0, view.valueSd[i] ?? 0];
    watch.tracker.factors[0] = (watch.tracker.factors[0] ?? 0) - 0.02;
    desk.at(60);
    watch.tracker.revalue(theo.spot, desk.nowYears);
    view.look(desk);
    const priced = (0.8 * (view.beta[i] ?? 0) * sd * sd) / (vega * vega);
    expect(priced).toBeGreaterThan(0);
    expect(view.toxicity[i]).toBeCloseTo((before - (theo.price[i] ?? 0)) / vega - priced, 5);
    for (const { id, expiry } of CHAIN.options) expect((view.toxicity[id - 1] ?? 0) > 0).toBe(expiry === CALL.expiry);
  });

  test('learns from prints who comes more often, and forgets it with the night', () => {
    const { desk, view } = stage({ flowBalance: { priorPrints: 10 } });
    for (let n = 0; n < 10; n += 1) view.hear(1, 'buy');
    view.look(desk);
    const i = CALL.id - 1;
    expect(view.buyers[i]).toBeCloseTo(0.5 + (0.5 * (10 + 10 * 0.5)) / 20, 9);
    expect(view.balanceDecay).toBeCloseTo((Math.LN2 * 31_536_000) / 1200, 6);
    view.forget();
    view.look(desk);
    expect(view.buyers[i]).toBe(0.5);
  });
});

describe('the quote of a series', () => {
  test('is the quoter’s', () => {
    const { board, view, desk } = stage();
    board.choose(desk);
    const quoter = oneFactor.build({});
    // As at the first choice: every series counts.
    view.isQuoted.fill(1);
    quoter.prepare(view);
    const expected = blankQuote();
    quoter.quote(view, CALL.id - 1, expected);
    expect(board.price(CALL)).toEqual(expected);
    expect(board.quotes[CALL.id - 1]).toEqual(expected);
  });

  test('there is none where a vol point is worth less than half a tick', () => {
    const { board, watch } = stage();
    const { vega } = watch.tracker.theo;
    for (const option of CHAIN.options) {
      expect(board.price(option) !== undefined).toBe((vega[option.id - 1] ?? 0) / 100 >= 2.5);
    }
    expect((vega[WORTHLESS.id - 1] ?? 0) / 100).toBeLessThan(2.5);
  });
});

describe('choice', () => {
  test('the best series by expected gain are chosen, and each other one told why not', () => {
    const { board, desk } = stage({ seriesMaximum: 6 });
    board.choose(desk);
    expect(board.selections.filter(({ selected }) => selected)).toHaveLength(6);
    expect(board.selections[WORTHLESS.id - 1]).toMatchObject({ selected: false, reason: 'a vol point is worth less than 0.5 ticks' });
    const gain = (reason: string): number => Number(/expected gain ([\d.]+)/.exec(reason)?.[1] ?? Number.NaN);
    const [inside, outside] = [true, false].map((is) =>
      board.selections.filter(({ selected, reason }) => selected === is && reason.startsWith('expected')).map(({ reason }) => gain(reason)),
    );
    expect(Math.min(...(inside ?? []))).toBeGreaterThanOrEqual(Math.max(...(outside ?? [])));
  });

  test('expected gain is candidates per hour times size and value of both sides', () => {
    const { board, desk, view } = stage({ flowPerHour: 1200, size: 2, costs: { marginPerYear: 0 } });
    board.choose(desk);
    for (const option of CHAIN.options) {
      const { bidValue, askValue } = board.quotes[option.id - 1] ?? blankQuote();
      const { reason } = board.selections[option.id - 1] ?? { reason: '' };
      const wanted = ((view.perYear[option.id - 1] ?? 0) / 8760) * 2 * (bidValue + askValue);
      if (reason.startsWith('expected')) expect(reason).toContain(`expected gain ${wanted.toFixed(1)} $/h`);
    }
  });

  test('inventory is worked off in the series that are quoted', () => {
    const { board, desk, view } = stage({ seriesMaximum: 4 });
    expect([...view.isQuoted].every((is) => is === 1)).toBe(true);
    board.choose(desk);
    expect([...view.isQuoted].flatMap((is, i) => (is === 1 ? [i] : []))).toEqual(
      board.selections.flatMap(({ selected }, i) => (selected ? [i] : [])),
    );
  });

  test('expired series are not chosen', () => {
    const { board, watch, desk, view } = stage();
    board.choose(desk);
    desk.at(7.1 * 86_400);
    watch.look(desk);
    view.look(desk);
    for (let n = 0; n < 60; n += 1) board.choose(desk.at(7.1 * 86_400 + 30 * n));
    for (const option of CHAIN.options.filter(({ expiry }) => expiry === 0)) {
      expect(board.selections[option.id - 1]).toMatchObject({ selected: false, reason: 'expired' });
    }
  });
});
