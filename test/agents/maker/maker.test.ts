import { describe, expect, test } from 'vitest';
import { instrumentId, lots, ticks } from '../../../src/core/units.ts';
import { FEATURES } from '../../../src/forecast/features.ts';
import { FakeOracle, type Message, sidesOf, TEST_SPOT } from '../../support/fake-desk.ts';
import { MAKER_CHAIN as CHAIN, expects, pricesOf as prices, makerStage as stage } from '../../support/maker-stage.ts';
import { simulation, tinyScenario } from '../../support/tiny.ts';

describe('cycle', () => {
  test('waits for a surface, then quotes both sides of each chosen series', () => {
    const { agent, desk, show, wake, inspection } = stage({ seriesMaximum: 5 });
    for (const option of CHAIN.options) desk.show(option.id, undefined, undefined);
    expect(wake(0)).toEqual([]);
    expect(inspection()).toMatchObject({ state: 'warming-up: no two-sided books yet', factors: undefined, warmup: { seen: 0, needed: 3 } });
    show();
    const sent = wake(1);
    expect(agent.inspect?.().state).toBe('quoting');
    expect(sent.map(({ kind }) => kind)).toEqual(['quote']);
    const [bids, asks] = [prices(sent, 'buy'), prices(sent, 'sell')];
    expect(bids.size).toBe(5);
    expect([...asks.keys()]).toEqual([...bids.keys()]);
    for (const [instrument, bid] of bids) {
      expect(bid).toBeLessThan(asks.get(instrument) ?? 0);
      expect(inspection().selection(instrument).selected).toBe(true);
      const theo = inspection().theo(instrument) ?? 0;
      expect(5 * bid).toBeLessThan(theo);
      expect(5 * (asks.get(instrument) ?? 0)).toBeGreaterThan(theo);
    }
    // Nothing new, nothing sent.
    expect(wake(2)).toEqual([]);
  });

  test('wakes at its interval, and at once when the spot moves by the trigger', () => {
    const { agent, desk, oracle, show, wake } = stage({ requoteMillis: 500, moveTriggerBp: 5 });
    wake(1);
    expect(desk.wakes.at(-1)).toBe(1.5e9);
    for (const [move, times] of [
      [1.0004, 0],
      [1.0007, 1],
    ] as const) {
      oracle.move(TEST_SPOT * move);
      show();
      agent.onData?.(CHAIN.underlying.id, desk);
      expect(desk.heard().length > 0).toBe(times > 0);
    }
  });

  test('a quote stands that would move by no more than the share of its half-spread', () => {
    // 3 bp of the index: some 10 dollars at the money, a third of the half-spread or so.
    const moved = (requoteShare: number): number => {
      const { oracle, show, wake } = stage({ requoteShare });
      wake(1);
      oracle.move(TEST_SPOT * 1.0003);
      show();
      return sidesOf(wake(2)).length;
    };
    expect(moved(0)).toBeGreaterThan(20);
    expect(moved(0.3)).toBeLessThan(moved(0) / 2);
    expect(moved(3)).toBe(0);
  });

  test('a forecast step is closed once per step of its grid', () => {
    const { wake, rows, inspection } = stage();
    for (let seconds = 0; seconds <= 125; seconds += 1) wake(seconds);
    expect(rows).toHaveLength(5);
    expect(inspection().warmup).toEqual({ seen: 5, needed: 3 });
  });
});

describe('forecast', () => {
  /** The quotes of a first look with this forecast. */
  const quoted = (change: number | undefined): Message[] =>
    stage({ leanCap: 5 }, { forecast: change === undefined ? undefined : expects(change) }).wake(0);

  test('moves all quotes toward where it sees the level', () => {
    const none = quoted(0);
    for (const sign of [1, -1]) {
      const leaning = quoted(sign * 0.02);
      for (const side of ['buy', 'sell'] as const) {
        const [before, after] = [prices(none, side), prices(leaning, side)];
        const moved = [...after].map(([instrument, price]) => sign * (price - (before.get(instrument) ?? price)));
        expect(Math.min(...moved)).toBeGreaterThanOrEqual(0);
        expect(moved.filter((by) => by > 0).length).toBeGreaterThan(moved.length / 2);
      }
    }
  });

  test('without one it quotes around the tracked value', () => {
    expect(prices(quoted(undefined), 'buy').size).toBeGreaterThan(10);
  });

  test('is shown with its origin and its time', () => {
    const { wake, inspection } = stage({}, { forecast: expects(0.01) });
    wake(0);
    wake(31);
    const { forecast, factors, forecaster } = inspection();
    expect(forecaster).toBe('scripted');
    expect(forecast).toMatchObject({ madeSeconds: 31, horizonsSeconds: [30, 300], origin: factors });
    expect(forecast?.change.slice(0, 4)).toEqual([0.01, 0, 0, 0]);
    expect(forecast?.scale).toHaveLength(8);
  });
});

describe('limits', () => {
  test('a loss beyond the limit stops it for good: quotes out, delta closed', () => {
    const { desk, wake, inspection } = stage({
      limits: { lossDollars: 500, delta: 8 },
      hedger: { kind: 'whalley-wilmott', bandMaximum: 8 },
    });
    expect(sidesOf(wake(0)).length).toBeGreaterThan(10);
    // A short position of 0.6 units for which it never got any money: a loss of 42,000 $, well inside the band of delta.
    desk.hold(CHAIN.underlying.id, -60);
    const sent = wake(1);
    expect(inspection().state).toBe('flattening: loss of 42000 $ beyond the limit of 500 $');
    expect(inspection().limits.find(({ name }) => name === 'loss')).toEqual({ name: 'loss', unit: '$', value: 42_000, limit: 500 });
    expect(sent).toMatchObject([
      { kind: 'cancel-all', scope: {} },
      { kind: 'submit', instrument: 0, side: 'buy', type: 'ioc', lots: 59 },
    ]);
    desk.hold(CHAIN.underlying.id, 0);
    for (let seconds = 2; seconds < 100; seconds += 1) expect(wake(seconds)).toEqual([]);
    expect(inspection().state).toBe('stopped: loss of 42000 $ beyond the limit of 500 $');
  });

  test('position, vega and gamma keep their limits with all open quotes filled, at every moment of a run', () => {
    for (const seed of ['1', '2', '3']) {
      const scenario = tinyScenario([
        'agents.maker.limits={ positionPerSeries: 1, vega: 80, gamma: 0.3, delta: 8 }',
        'flow.rate=15000',
        'agents.maker.latency={ orderMillis: 0, dataMillis: 0 }',
      ]);
      const sim = simulation(scenario, seed);
      const lots = Math.floor(1 / (scenario.chain.options[0]?.lotSize ?? 1) + 1e-9);
      let used = 0;
      for (let t = 1; t < 300; t += 1) {
        sim.advance(t);
        const found = sim.subject.agent.inspect?.();
        for (const { name, value, limit } of found?.limits ?? []) {
          if (name === 'vega' || name === 'gamma') {
            // A position inside the limits may be carried past them by the market alone, never by much within a second.
            expect(value, `${name} at ${t} s of seed ${seed}`).toBeLessThan(1.15 * limit);
            used = Math.max(used, value / limit);
          }
        }
        for (const { id } of scenario.chain.options) {
          const held = sim.subject.position(id);
          for (const side of ['buy', 'sell'] as const) {
            const worst = (side === 'buy' ? held : -held) + sim.subject.openLots(id, side);
            expect(worst).toBeLessThanOrEqual(lots);
          }
        }
      }
      // The limits did bind.
      expect(used).toBeGreaterThan(0.7);
    }
  });
});

test('hears prints in options in its features, once it has a surface', () => {
  const { agent, desk, wake, rows } = stage();
  const print = (instrument: number, size: number, aggressor: 'buy' | 'sell') =>
    agent.onTrade?.({ instrument: instrumentId(instrument), price: ticks(100), lots: lots(size), aggressor, at: desk.now }, desk);
  print(3, 5, 'buy');
  wake(0);
  print(0, 500, 'buy');
  wake(30);
  print(3, 5, 'sell');
  print(3, 2, 'buy');
  wake(60);
  const flow = rows.map((row) => row[FEATURES.indexOf('levelFlow10')] ?? Number.NaN);
  const exposure = new FakeOracle(CHAIN).fair.exposures;
  const typical = Math.sqrt(
    CHAIN.options.reduce((sum, _, i) => sum + (exposure[4 * i] ?? 0) * (exposure[4 * i] ?? 0), 0) / CHAIN.options.length,
  );
  expect(flow.slice(0, 2)).toEqual([0, 0]);
  // 5 lots of 0.1 sold, 2 bought.
  expect(flow[2]).toBeCloseTo((-0.3 * (exposure[8] ?? 0)) / typical, 1);
  expect(Math.sign(flow[2] ?? 0)).toBe(-1);
});

describe('where the perpetual stands away from the index', () => {
  test('its account marks the perpetual at its mid, takes funding in, and hedges trade there', () => {
    const { agent, desk, wake, inspection } = stage({ limits: { lossDollars: 1e9, delta: 1 } }, undefined, true);
    desk.show(CHAIN.underlying.id, 70_399, 70_401);
    desk.indexDollars = TEST_SPOT;
    // 10 units short, for nothing: a loss of all that they are worth.
    desk.hold(CHAIN.underlying.id, -1000);
    const sent = wake(0);
    const loss = (): number => inspection().limits.find(({ name }) => name === 'loss')?.value ?? 0;
    expect(loss()).toBeCloseTo(704_000, 6);
    const hedge = sent.find(({ instrument }) => instrument === CHAIN.underlying.id);
    expect(hedge?.side).toBe('buy');
    expect(hedge?.price).toBeGreaterThan(70_400);
    agent.onFunding?.(-500, desk);
    wake(1);
    expect(loss()).toBeCloseTo(704_500, 6);
  });
});

describe('between two sessions', () => {
  test('it has withdrawn all, looks at nothing, and begins afresh', () => {
    const { agent, desk, oracle, show, wake, inspection, rows } = stage({ seriesMaximum: 5 });
    expect(sidesOf(wake(0)).length).toBeGreaterThan(5);
    wake(30);
    expect([rows.length, inspection().warmup.seen]).toEqual([2, 2]);
    desk.isOpen = false;
    agent.onClosed?.(desk);
    expect(desk.heard()).toEqual([{ kind: 'cancel-all', order: undefined, scope: {} }]);
    expect([inspection().state, inspection().factors, inspection().warmup.seen]).toEqual(['waiting for the next session', undefined, 0]);
    oracle.move(1.1 * TEST_SPOT, undefined, 1 / 365);
    show();
    agent.onData?.(CHAIN.underlying.id, desk);
    expect(desk.heard()).toEqual([]);
    desk.isOpen = true;
    agent.onReopened?.(desk);
    expect(inspection().state).toBe('warming-up: no two-sided books yet');
    wake(86_400);
    expect(inspection().state).toBe('quoting');
    // The first row of the session knows of no move overnight.
    expect([rows.length, rows.at(-1)?.[FEATURES.indexOf('return')]]).toEqual([3, 0]);
  });
});
