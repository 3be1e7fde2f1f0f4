import { describe, expect, test } from 'vitest';
import { MarketWatch } from '../../../src/agents/maker/market-watch.ts';
import { makerParams } from '../../../src/agents/maker/params.ts';
import { blankRisk } from '../../../src/agents/maker/position-risk.ts';
import { QuoteBoard } from '../../../src/agents/maker/quote-board.ts';
import { acceptanceSlope, blankQuote, inventoryPrice, type Quote, quote } from '../../../src/agents/maker/quoter.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../../../src/market/instrument.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { strikeWeight, tenorWeight } from '../../../src/pricing/flow-shape.ts';
import { FakeDesk, FakeOracle, fakeSetup } from '../../support/fake-desk.ts';
import { plainTerms, smallChain } from '../../support/small-chain.ts';

/** With a far call that is worth next to nothing. */
const CHAIN = smallChain([
  { days: 7, strikes: [64_000, 67_000, 70_000, 73_000, 120_000] },
  { days: 30, strikes: [58_000, 64_000, 70_000, 76_000, 84_000] },
  { days: 90, strikes: [50_000, 60_000, 70_000, 82_000, 96_000] },
]);
const NO_LEAN = new Float64Array(FACTOR_COUNT);
const LEVEL_VARIANCE = 0.6;

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
  const board = new QuoteBoard(parsed, setup);
  return { desk, watch, board, setup };
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

describe('the quote of a series', () => {
  test('is the quoter’s, with the uncertainty of the tracked value and the maker’s fee', () => {
    const { board, watch, setup } = stage();
    const { theo } = watch.tracker;
    const risk = { ...blankRisk(), levelExposure: 9000 };
    board.inventory = { m: 3e-6, kappa: 4000 };
    const lean = Float64Array.of(0.002, 0, -0.001, 0);
    const i = CALL.id - 1;
    const sd = Math.sqrt(
      [0, 1, 2, 3].reduce((sum, f) => {
        const part = (theo.exposures[i * FACTOR_COUNT + f] ?? 0) * watch.tracker.sd(f);
        return sum + part * part;
      }, 0),
    );
    expect(sd).toBeGreaterThan(0);
    const fee = setup.feePerUnit(CALL.id, ticksBelow(CALL, theo.price[i] ?? 0), 'maker', theo.spot);
    expect(fee).toBeCloseTo(21, 2);
    const terms = board.terms(LEVEL_VARIANCE);
    const expected = quote(theo, i, 1, terms, board.inventory, 9000, lean, sd, fee, blankQuote());
    expect(board.price(CALL, watch, risk, lean, terms)).toEqual(expected);
    expect(board.quotes[i]).toEqual(expected);
  });

  test('there is none where a vol point is worth less than half a tick', () => {
    const { board, watch } = stage();
    const { vega } = watch.tracker.theo;
    for (const option of CHAIN.options) {
      const isQuoted = board.price(option, watch, blankRisk(), NO_LEAN, board.terms(LEVEL_VARIANCE)) !== undefined;
      expect(isQuoted).toBe((vega[option.id - 1] ?? 0) / 100 >= 2.5);
    }
    expect((vega[WORTHLESS.id - 1] ?? 0) / 100).toBeLessThan(2.5);
  });
});

describe('choice', () => {
  test('the best series by expected gain are chosen, and each other one told why not', () => {
    const { board, watch, desk } = stage({ seriesMaximum: 6 });
    board.choose(desk, watch, blankRisk(), NO_LEAN, LEVEL_VARIANCE);
    expect(board.selections.filter(({ selected }) => selected)).toHaveLength(6);
    expect(board.selections[WORTHLESS.id - 1]).toMatchObject({ selected: false, reason: 'a vol point is worth less than 0.5 ticks' });
    const gain = (reason: string): number => Number(/expected gain ([\d.]+)/.exec(reason)?.[1] ?? Number.NaN);
    const [inside, outside] = [true, false].map((is) =>
      board.selections.filter(({ selected, reason }) => selected === is && reason.startsWith('expected')).map(({ reason }) => gain(reason)),
    );
    expect(Math.min(...(inside ?? []))).toBeGreaterThanOrEqual(Math.max(...(outside ?? [])));
  });

  test('expected gain is candidates per hour, by the usual shape of demand, times size and value of both sides', () => {
    const { board, watch, desk } = stage({ flowPerHour: 1200, size: 2 });
    board.choose(desk, watch, blankRisk(), NO_LEAN, LEVEL_VARIANCE);
    const { theo } = watch.tracker;
    const weights = CHAIN.expiries.map((expiry) => {
      const sd = theo.surface.vol(expiry.index, 0) * Math.sqrt(expiry.years);
      const mine = CHAIN.options.filter((option) => option.expiry === expiry.index);
      const raw = mine.map((option) => {
        const k = Math.log(option.strike / 70_000);
        return strikeWeight(k / sd, option.right === 'call' ? k >= 0 : k <= 0);
      });
      const sum = raw.reduce((a, b) => a + b, 0);
      return { tenor: tenorWeight(expiry.years * 365), shares: new Map(mine.map((option, n) => [option.id, (raw[n] ?? 0) / sum])) };
    });
    const tenors = weights.reduce((sum, { tenor }) => sum + tenor, 0);
    for (const option of CHAIN.options) {
      const { tenor, shares } = weights[option.expiry] ?? { tenor: 0, shares: new Map() };
      const perHour = (0.5 * 1200 * tenor * (shares.get(option.id) ?? 0)) / tenors;
      const { bidValue, askValue } = board.quotes[option.id - 1] ?? blankQuote();
      const { reason } = board.selections[option.id - 1] ?? { reason: '' };
      if (reason.startsWith('expected')) expect(reason).toContain(`expected gain ${(perHour * 2 * (bidValue + askValue)).toFixed(1)} $/h`);
    }
  });

  test('the price of inventory rests on the series that can be quoted, then on those that are', () => {
    const { board, watch, desk, setup } = stage({ seriesMaximum: 4 });
    const { theo } = watch.tracker;
    const terms = board.terms(LEVEL_VARIANCE);
    const perYear = new Map<number, number>();
    board.choose(desk, watch, blankRisk(), NO_LEAN, LEVEL_VARIANCE);
    // Candidates per year follow from the gains, which the test above has checked.
    for (const option of CHAIN.options) {
      const { bidValue, askValue } = board.quotes[option.id - 1] ?? blankQuote();
      const gain = Number(/expected gain ([\d.]+)/.exec(board.selections[option.id - 1]?.reason ?? '')?.[1] ?? 0);
      perYear.set(option.id, (gain * 8760) / (bidValue + askValue));
    }
    const priceOf = (options: readonly OptionSeries[]) =>
      inventoryPrice(
        terms,
        options.map((option) => {
          const i = option.id - 1;
          const vega = theo.vega[i] ?? 0;
          return {
            perYear: perYear.get(option.id) ?? 0,
            vega,
            exposure: theo.exposures[i * FACTOR_COUNT] ?? 0,
            beta: acceptanceSlope(theo, option.expiry, 0.0063),
            feeVol: setup.feePerUnit(option.id, ticksBelow(option, theo.price[i] ?? 0), 'maker', theo.spot) / vega,
          };
        }),
      );
    const able = CHAIN.options.filter((option) => option !== WORTHLESS && (theo.vega[option.id - 1] ?? 0) >= 250);
    expect(board.inventory.m / priceOf(able).m).toBeCloseTo(1, 2);
    expect(board.inventory.kappa / priceOf(able).kappa).toBeCloseTo(1, 2);
    board.choose(desk, watch, blankRisk(), NO_LEAN, LEVEL_VARIANCE);
    const quoted = CHAIN.options.filter((option) => board.selections[option.id - 1]?.selected === true);
    expect(board.inventory.m / priceOf(quoted).m).toBeCloseTo(1, 2);
    expect(board.inventory.m).toBeGreaterThan(priceOf(able).m);
  });

  test('expired series are not chosen, and their share of demand goes to the others', () => {
    const { board, watch, desk } = stage();
    board.choose(desk, watch, blankRisk(), NO_LEAN, LEVEL_VARIANCE);
    const before = board.inventory.m;
    desk.at(7.1 * 86_400);
    watch.look(desk);
    for (let n = 0; n < 60; n += 1) board.choose(desk.at(7.1 * 86_400 + 30 * n), watch, blankRisk(), NO_LEAN, LEVEL_VARIANCE);
    for (const option of CHAIN.options.filter(({ expiry }) => expiry === 0)) {
      expect(board.selections[option.id - 1]).toMatchObject({ selected: false, reason: 'expired' });
    }
    expect(board.inventory.m).toBeGreaterThan(0);
    expect(board.inventory.m).toBeLessThan(10 * before);
  });
});
