import { describe, expect, test } from 'vitest';
import { MarketWatch } from '../../../src/agents/maker/market-watch.ts';
import { ticksAbove, ticksBelow } from '../../../src/market/instrument.ts';
import { TheoChain } from '../../../src/pricing/theo.ts';
import { FakeDesk } from '../../support/fake-desk.ts';
import { plainTerms, smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
const TRUTH = [Math.log(0.5), 0.05, -0.15, -0.05];

function valued(factors: readonly number[], nowYears = 0): TheoChain {
  const theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  theo.move(factors, 70_000, nowYears);
  theo.valueAll();
  return theo;
}

/** Shows books of `half` dollars on each side around these factors. */
function show(desk: FakeDesk, theo: TheoChain, half = 15): void {
  desk.show(CHAIN.underlying.id, 69_998, 70_002);
  for (const option of CHAIN.options) {
    const price = theo.price[option.id - 1] ?? 0;
    const bid = ticksBelow(option, price - half);
    const ask = ticksAbove(option, price + half);
    desk.show(option.id, bid >= 1 ? bid : undefined, ask);
  }
}

function watching(): { readonly desk: FakeDesk; readonly watch: MarketWatch } {
  const desk = new FakeDesk();
  const watch = new MarketWatch(
    { chain: CHAIN, valuation: plainTerms(CHAIN), hasBasis: false },
    { dailySd: [0.09, 0.012, 0.05, 0.06], noisePerWidth: 0.14, rejectSd: 5 },
  );
  watch.open(desk);
  show(desk, valued(TRUTH));
  watch.look(desk);
  return { desk, watch };
}

describe('watching the market', () => {
  test('opens every book', () => {
    expect(new Set(watching().desk.watched).size).toBe(CHAIN.instruments.length);
  });

  test('finds spot and surface in the books', () => {
    const { watch } = watching();
    expect([watch.spot, watch.lastSpot, watch.tracker.ready]).toEqual([70_000, 70_000, true]);
    TRUTH.forEach((value, f) => {
      expect(Math.abs((watch.tracker.factors[f] ?? 0) - value)).toBeLessThan(4 * watch.tracker.sd(f) + 1e-3);
    });
  });

  test('takes each mark in once: books that stand still say nothing new', () => {
    const { desk, watch } = watching();
    const [factors, sd] = [Float64Array.from(watch.tracker.factors), watch.tracker.sd(0)];
    for (let n = 1; n < 5; n += 1) watch.look(desk);
    expect(watch.tracker.factors).toEqual(factors);
    expect(watch.tracker.sd(0)).toBe(sd);
    // Once they move they are news.
    desk.at(60);
    show(desk, valued([Math.log(0.501), 0.05, -0.15, -0.05]));
    watch.look(desk);
    expect(watch.tracker.factors).not.toEqual(factors);
  });

  /** The book of one series, moved by so many ticks on each side, and what that makes of its value. */
  function afterMoves(bidTicks: number, askTicks: number): number {
    const { desk, watch } = watching();
    const option = CHAIN.options.find((series) => series.strike === 70_000 && series.expiry === 1);
    if (option === undefined) throw new Error('a series at the money');
    const { bid, ask } = desk.bbo(option.id);
    const before = watch.tracker.theo.price[option.id - 1] ?? 0;
    desk.at(60);
    desk.show(option.id, (bid ?? 0) + bidTicks, (ask ?? 0) + askTicks);
    watch.look(desk);
    return (
      (watch.tracker.theo.price[option.id - 1] ?? 0) -
      before -
      (valued(TRUTH, desk.nowYears).price[option.id - 1] ?? 0) +
      (valued(TRUTH).price[option.id - 1] ?? 0)
    );
  }

  test('believes the side of a book that came nearer: somebody quotes there now', () => {
    const [both, bidOnly, askOnly] = [afterMoves(2, 2), afterMoves(2, 0), afterMoves(0, -2)];
    expect(both).toBeGreaterThan(0);
    // A risen bid says as much as a whole book that has risen, and a mid of old and new would say half.
    expect(bidOnly).toBeGreaterThan(0.8 * both);
    expect(askOnly).toBeLessThan(-0.8 * both);
  });

  test('learns nothing from a side that went away: what is left was there before', () => {
    const none = afterMoves(0, 0);
    expect(afterMoves(-2, 0)).toBeCloseTo(none, 9);
    expect(afterMoves(0, 3)).toBeCloseTo(none, 9);
    expect(afterMoves(-2, 2)).toBeCloseTo(none, 9);
  });

  test('remembers the spot while its book is one-sided, and says that it is', () => {
    const { desk, watch } = watching();
    desk.show(CHAIN.underlying.id, 69_000, undefined);
    watch.look(desk);
    expect([watch.spot, watch.lastSpot]).toEqual([undefined, 70_000]);
  });

  test('does nothing before it has seen a spot', () => {
    const desk = new FakeDesk();
    const watch = new MarketWatch(
      { chain: CHAIN, valuation: plainTerms(CHAIN), hasBasis: false },
      { dailySd: [1, 1, 1, 1], noisePerWidth: 0.14, rejectSd: 5 },
    );
    show(desk, valued(TRUTH));
    desk.show(CHAIN.underlying.id, undefined, 70_000);
    watch.look(desk);
    expect([watch.tracker.ready, watch.lastSpot]).toEqual([false, undefined]);
  });

  test('leaves out expired series', () => {
    const { desk, watch } = watching();
    desk.at(7.5 * 86_400);
    const theo = valued(TRUTH, 7.5 / 365);
    show(desk, theo);
    const near = CHAIN.options.filter((option) => option.expiry === 0);
    // Nonsense in a book that is over must not be heard.
    for (const option of near) desk.show(option.id, 4000, 4001);
    const before = watch.tracker.rejected;
    watch.look(desk);
    expect(watch.tracker.rejected).toBe(before);
  });
});

describe('where the perpetual may stand away from the index', () => {
  const terms = { dailySd: [0.09, 0.012, 0.05, 0.06], noisePerWidth: 0.14, rejectSd: 5 };

  test('options are valued on the index that was published, hedges at the mid', () => {
    const desk = new FakeDesk();
    const watch = new MarketWatch({ chain: CHAIN, valuation: plainTerms(CHAIN), hasBasis: true }, terms);
    watch.open(desk);
    show(desk, valued(TRUTH));
    desk.show(CHAIN.underlying.id, 70_398, 70_402);
    // No index yet: nothing to value options on.
    watch.look(desk);
    expect([watch.spot, watch.lastPerpetual, watch.tracker.ready]).toEqual([undefined, 70_400, false]);
    desk.indexDollars = 70_000;
    watch.look(desk);
    expect([watch.spot, watch.lastSpot, watch.lastPerpetual, watch.tracker.theo.spot]).toEqual([70_000, 70_000, 70_400, 70_000]);
    expect(Math.abs((watch.tracker.factors[0] ?? 0) - (TRUTH[0] ?? 0))).toBeLessThan(4 * watch.tracker.sd(0) + 1e-3);
  });

  test('and the index is not read where there is no basis', () => {
    const { desk, watch } = watching();
    desk.indexDollars = 50_000;
    watch.look(desk);
    expect([watch.spot, watch.lastPerpetual]).toEqual([70_000, 70_000]);
  });
});

describe('after it has forgotten', () => {
  test('nothing is known until both a spot and enough books are there again', () => {
    const { desk, watch } = watching();
    watch.forget();
    expect([watch.spot, watch.lastSpot, watch.lastPerpetual, watch.tracker.ready]).toEqual([undefined, undefined, undefined, false]);
    const books = CHAIN.instruments.map(({ id }) => [id, desk.bbo(id)] as const);
    for (const { id } of CHAIN.instruments) desk.show(id, undefined, undefined);
    desk.at(86_400);
    watch.look(desk);
    expect(watch.tracker.ready).toBe(false);
    for (const [id, { bid, ask }] of books.slice(0, 3)) desk.show(id, bid, ask);
    watch.look(desk);
    expect([watch.lastSpot, watch.tracker.ready]).toEqual([70_000, false]);
    // A surface that is far from the last one is found at once, as at the start.
    show(desk, valued([Math.log(0.8), 0.05, -0.15, -0.05], 1 / 365));
    watch.look(desk);
    expect(watch.tracker.ready).toBe(true);
    expect(Math.abs((watch.tracker.factors[0] ?? 0) - Math.log(0.8))).toBeLessThan(0.01);
  });
});
