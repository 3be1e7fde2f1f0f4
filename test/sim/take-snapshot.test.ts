import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/core/hash.ts';
import { instrumentId } from '../../src/core/units.ts';
import type { ForecasterModel } from '../../src/forecast/forecaster.ts';
import type { Instrument } from '../../src/market/instrument.ts';
import type { Side } from '../../src/market/order.ts';
import { forecasterCatalog } from '../../src/sim/forecasters.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import type { BookLevelView } from '../../src/sim/snapshot.ts';
import { takeSnapshot } from '../../src/sim/take-snapshot.ts';
import { finished, kindOf, simulation, tinyScenario } from '../support/tiny.ts';
import { TraceBooks } from '../support/trace-books.ts';

/** A book as a snapshot should show it, from the trace. */
function levelsOf(books: TraceBooks, listing: Instrument, side: Side, me: number): BookLevelView[] {
  const levels = new Map<number, { size: number; orders: number; ours: number; ahead: number | undefined }>();
  for (const order of books.queue(listing.id, side)) {
    const level = levels.get(order.price) ?? { size: 0, orders: 0, ours: 0, ahead: undefined };
    if (order.agent === me) {
      level.ahead ??= level.size;
      level.ours += order.lots;
    }
    level.size += order.lots;
    level.orders += 1;
    levels.set(order.price, level);
  }
  return [...levels].slice(0, 12).map(([price, { size, orders, ours, ahead }]) => ({
    price: price * listing.tickSize,
    size: size * listing.lotSize,
    orders,
    ours: ours * listing.lotSize,
    ahead: ahead === undefined ? undefined : ahead * listing.lotSize,
  }));
}

const scenario = tinyScenario();

/** A run of tiny with its books rebuilt from the trace beside it. */
function traced(seed: string): { readonly sim: Simulation; readonly books: TraceBooks; readonly me: number } {
  const sim = simulation(scenario, seed);
  const books = new TraceBooks();
  sim.trace.observe(books);
  return { sim, books, me: hashText(sim.subject.name) };
}

describe('the books in a snapshot', () => {
  test('are those that the trace tells, level by level, with our part and what is ahead of it', () => {
    const { sim, books, me } = traced('1');
    let ours = 0;
    let behind = 0;
    for (let second = 0; second <= 300; second += 0.5) {
      sim.advance(second);
      const listing = scenario.chain.instruments[(second * 2) % scenario.chain.instruments.length];
      if (listing === undefined) throw new Error('no such listing');
      const { book } = takeSnapshot(sim, listing.id);
      expect(book).toMatchObject({ id: listing.id, symbol: listing.symbol });
      expect(book.bids).toEqual(levelsOf(books, listing, 'buy', me));
      expect(book.asks).toEqual(levelsOf(books, listing, 'sell', me));
      const levels = [...book.bids, ...book.asks];
      ours += levels.filter((level) => level.ours > 0).length;
      behind += levels.filter((level) => (level.ahead ?? 0) > 0).length;
    }
    // The test has seen what it is about.
    expect(ours).toBeGreaterThan(100);
    expect(behind).toBeGreaterThan(0);
  });

  test('and the best of each series, with our own quotes', () => {
    const { sim, books, me } = traced('2');
    let quoted = 0;
    for (let second = 5; second <= 300; second += 5) {
      sim.advance(second);
      const { series } = takeSnapshot(sim, instrumentId(0));
      expect(series.map(({ id }) => id)).toEqual(scenario.chain.options.map(({ id }) => id));
      for (const view of series) {
        const listing = scenario.chain.instruments[view.id];
        if (listing === undefined) throw new Error('no such listing');
        for (const [side, price, size, ourPrice, ourSize] of [
          ['buy', view.bid, view.bidSize, view.ourBid, view.ourBidSize],
          ['sell', view.ask, view.askSize, view.ourAsk, view.ourAskSize],
        ] as const) {
          const [best] = levelsOf(books, listing, side, me);
          expect([price, size]).toEqual([best?.price, best?.size ?? 0]);
          const [own] = books.queue(view.id, side).filter((order) => order.agent === me);
          expect(ourPrice).toBe(own === undefined ? undefined : own.price * listing.tickSize);
          expect(ourSize).toBe((own?.lots ?? 0) * listing.lotSize);
          if (own !== undefined) quoted += 1;
        }
        expect(view.position).toBe(sim.ledger.position(sim.subject.id, view.id) * listing.lotSize);
        expect(view.fair).toBe(sim.clock.fair.price[view.id - 1]);
      }
    }
    expect(quoted).toBeGreaterThan(200);
  });
});

describe('a snapshot', () => {
  test('is a copy: what happens afterwards does not change it', () => {
    const sim = simulation(scenario, '3');
    sim.advance(90);
    const snapshot = takeSnapshot(sim, instrumentId(3));
    const text = JSON.stringify(snapshot);
    sim.advance(250);
    expect(JSON.stringify(snapshot)).toBe(text);
    expect(JSON.stringify(takeSnapshot(sim, instrumentId(3)))).not.toBe(text);
  });

  test('agrees with the accounts, in dollars, units and seconds', () => {
    const sim = finished(scenario, '1');
    const { subject, market, log, ...rest } = takeSnapshot(sim, instrumentId(1));
    expect(rest).toMatchObject({
      scenario: 'tiny',
      seed: '1',
      nowSeconds: 300,
      horizonSeconds: 300,
      done: true,
      events: sim.kernel.events,
    });
    const sum = subject.pnl.byCause.reduce((total, { amount }) => total + amount, 0);
    expect(subject.pnl.total).toBeCloseTo(sum, 9);
    expect(subject.pnl.total).toBeCloseTo(sim.attribution.equity(sim.subject.id, sim.ledger), 6);
    expect(subject.fees).toBeCloseTo(-(subject.pnl.byCause.find(({ cause }) => cause === 'fees')?.amount ?? 0), 9);
    expect(subject.fills).toBe(sim.ledger.fills(sim.subject.id));
    expect(subject).toMatchObject({ name: 'maker', kind: 'maker', state: 'quoting' });
    expect(subject.history.length).toBe(300);
    expect(market.spot).toBe(sim.world.spot());
    expect(market.bid).toBeLessThan(market.ask ?? 0);
    expect(Math.abs((market.bid ?? 0) / market.spot - 1)).toBeLessThan(0.001);
    expect(market.prints).toBeGreaterThan(20);
    expect(log.length).toBeLessThanOrEqual(60);
    expect(log.some((line) => line.kind === 'regime' && line.text === 'regime changes to stressed')).toBe(true);
  });

  test('lists the last trades of the selected book only, latest last', () => {
    const sim = finished(scenario, '1');
    const all = sim.records.recorder.lastPrints;
    for (const { id } of scenario.chain.instruments) {
      const { lastTrades } = takeSnapshot(sim, id).book;
      const mine = all.filter((print) => print.instrument === id).slice(-10);
      expect(lastTrades.map(({ seconds, price, size, aggressor }) => [seconds, price, size, aggressor])).toEqual(
        mine.map(({ seconds, price, size, aggressor }) => [seconds, price, size, aggressor]),
      );
    }
    expect(takeSnapshot(sim, instrumentId(0)).book.lastTrades.length).toBeGreaterThan(0);
  });

  test('shows the vols of the world beside those that the subject tracks and expects', () => {
    const sim = simulation(scenario, '1');
    sim.advance(100);
    const { expiries, forecast } = takeSnapshot(sim, instrumentId(0));
    for (const expiry of expiries) {
      expect(expiry.trackedAtmVol ?? 0).toBeCloseTo(expiry.worldAtmVol, 2);
      // The random walk expects no change.
      expect(expiry.forecastAtmVol).toBe(expiry.trackedAtmVol);
      expect(expiry.smile).toHaveLength(9);
      expect(expiry.smile[4]).toMatchObject({ strike: expiry.forward, world: expiry.worldAtmVol, tracked: expiry.trackedAtmVol });
    }
    expect(expiries.map(({ label }) => label)).toEqual(['7d', '30d']);
    expect(forecast).toMatchObject({ kind: 'rw', horizonsSeconds: [10, 50] });
    expect(forecast.factors.map(({ name, change }) => [name, ...change])).toEqual(
      ['level', 'slope', 'skew', 'curvature'].map((name) => [name, 0, 0]),
    );
    for (const { scale } of forecast.factors) expect(Math.min(...scale)).toBeGreaterThan(0);
  });

  test('shows at the money what the forecast expects at its longest horizon', () => {
    const rising: ForecasterModel = {
      kind: 'rising',
      stepSeconds: 10,
      horizonsSeconds: [10, 50],
      features: [],
      warmupSteps: 0,
      start: () => ({
        observe: () => {},
        // Of the level alone: a little soon, more later.
        forecast: () => ({
          horizonsSeconds: [10, 50],
          change: Float64Array.of(0.01, 0, 0, 0, 0.03, 0, 0, 0),
          scale: new Float64Array(8).fill(0.1),
        }),
      }),
    };
    const changed = tinyScenario(['agents.maker.forecaster=rising']);
    const sim = new Simulation(changed, { seed: '1', forecasters: forecasterCatalog(changed.forecast, [rising]) });
    sim.advance(100);
    const { expiries, forecast } = takeSnapshot(sim, instrumentId(0));
    const month = expiries[1];
    expect(month?.forecastAtmVol).toBeCloseTo((month?.trackedAtmVol ?? 0) * Math.exp(0.03), 6);
    expect(forecast).toMatchObject({ kind: 'rising', horizonsSeconds: [10, 50] });
    expect(forecast.factors[0]).toMatchObject({ name: 'level', change: [0.01, 0.03], scale: [0.1, 0.1] });
  });

  test('of a subject that tells nothing of itself has only what can be seen from outside', () => {
    const mute = kindOf('mute', () => ({ onOpen: () => {} }));
    const sim = finished(tinyScenario(['agents.mute={ kind: mute }', 'subject=mute'], [mute]));
    const { subject, forecast, expiries, series } = takeSnapshot(sim, instrumentId(99));
    expect(subject).toMatchObject({ name: 'mute', kind: 'mute', state: 'running', limits: [], fills: 0, volume: 0 });
    expect(forecast).toMatchObject({ kind: 'none', horizonsSeconds: [], warmup: { seen: 0, needed: 0 } });
    expect(expiries[0]?.trackedAtmVol).toBeUndefined();
    expect(series.every(({ selected, theo, ourBid }) => !selected && theo === undefined && ourBid === undefined)).toBe(true);
  });
});
