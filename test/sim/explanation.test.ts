import { beforeAll, describe, expect, test } from 'vitest';
import type { QuoteExplanation } from '../../src/agents/explanation.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { takeSnapshot } from '../../src/sim/take-snapshot.ts';
import { explanationText } from '../../src/study/explanation-text.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

function explained(sim: Simulation, symbol: string): QuoteExplanation {
  const option = sim.scenario.chain.options.find((one) => one.symbol === symbol);
  const explanation = option === undefined ? undefined : sim.subject.agent.inspect?.().explain?.(option.id);
  if (explanation === undefined) throw new RangeError(`no reasons for ${symbol}`);
  return explanation;
}

describe('the chain of reasons', () => {
  let sim: Simulation;
  let all: readonly QuoteExplanation[];
  beforeAll(() => {
    sim = simulation(tinyScenario(['agents.maker.forecaster=ewma']));
    sim.advance(120.5);
    all = sim.scenario.chain.options.map(({ symbol }) => explained(sim, symbol));
  });

  test('leads from the value to the prices wanted, with nothing left over', () => {
    for (const { quote, sides } of all) {
      if (quote === undefined) continue;
      expect(quote.fair + quote.forecastLean + quote.flowLean).toBeCloseTo(quote.theo, 9);
      if (!quote.isForecastCapped) {
        expect(quote.forecast.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(quote.forecastLean, 9);
      }
      expect(quote.halfSpread.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(quote.halfSpreadTotal, 9);
      const [bid, ask] = sides.map(({ wanted }) => wanted ?? Number.NaN);
      expect(((ask ?? 0) - (bid ?? 0)) / 2).toBeCloseTo(quote.halfSpreadTotal, 9);
    }
    expect(all.filter(({ quote }) => quote !== undefined).length).toBeGreaterThan(6);
  });

  test('speaks of the quotes that stand', () => {
    let standing = 0;
    for (const { instrument, sides } of all) {
      const series = takeSnapshot(sim, instrument).series.find(({ id }) => id === instrument);
      const [bid, ask] = sides;
      // What was sent at the last look has arrived by half a second later.
      expect([bid?.price, ask?.price]).toEqual([series?.ourBid, series?.ourAsk]);
      expect([bid?.size, ask?.size]).toEqual([series?.ourBidSize, series?.ourAskSize]);
      standing += bid?.price === undefined ? 0 : 1;
    }
    expect(standing).toBeGreaterThan(4);
  });

  test('says why a price is not the one wanted, and only then', () => {
    for (const { sides, instrument, selection } of all) {
      const option = sim.scenario.chain.instruments[instrument];
      for (const { side, wanted, price, reasons } of sides) {
        if (!selection.selected || wanted === undefined) continue;
        const tick = option?.tickSize ?? 1;
        const rounded = (side === 'buy' ? Math.floor(wanted / tick + 1e-9) : Math.ceil(wanted / tick - 1e-9)) * tick;
        const isAsWanted = price !== undefined && Math.abs(price - rounded) < 1e-6;
        if (!isAsWanted) expect(reasons.length, `${side} ${option?.symbol}: ${wanted} ${price}`).toBeGreaterThan(0);
      }
    }
  });

  test('reads only: a run is the same whether it is asked or not', () => {
    const asked = simulation(tinyScenario());
    for (let seconds = 1; seconds <= 60; seconds += 1) {
      asked.advance(seconds);
      for (const { symbol } of asked.scenario.chain.options) explained(asked, symbol);
    }
    const left = simulation(tinyScenario());
    left.advance(60);
    expect(asked.trace.hash()).toBe(left.trace.hash());
  });

  test('is in the snapshot of the series that is looked at, and of no underlying', () => {
    const id = sim.scenario.chain.options[3]?.id;
    if (id === undefined) throw new RangeError('no series');
    expect(takeSnapshot(sim, id).explanation).toEqual(all[3]);
    expect(takeSnapshot(sim, sim.scenario.chain.underlying.id).explanation).toBeUndefined();
  });
});

test('a limit is named', () => {
  const full = simulation(tinyScenario(['agents.maker.limits.vega=1']));
  full.advance(60);
  const symbols = full.scenario.chain.options.map(({ symbol }) => symbol);
  const reasons = symbols.flatMap((symbol) => explained(full, symbol).sides.flatMap((side) => side.reasons));
  expect(reasons.length).toBeGreaterThan(10);
  for (const reason of reasons) expect(reason).toMatch(/limit.*vega|vega.*limit/);
});

test('a quoter that goes by the mid of the others says how far that is from its value', () => {
  const told = (quoter: string): string => {
    const sim = simulation(tinyScenario([`agents.maker.quoter=${quoter}`]));
    sim.advance(60);
    const run = { scenario: 'tiny', seed: '1', subject: 'maker', symbol: 'BTC-30d-70000-C', regime: 'normal' };
    return explanationText(run, explained(sim, 'BTC-30d-70000-C'));
  };
  const text = told('{ kind: fixed-width }');
  const [, fair, others, centre] = /value +([\d.]+)[\s\S]*others +([+-][\d.]+)[\s\S]*centre +([\d.]+)/.exec(text) ?? [];
  expect(Number(fair) + Number(others)).toBeCloseTo(Number(centre), 1);
  expect(told('{ kind: factors }')).not.toContain('others  ');
});

test('as text every number stands behind its name', () => {
  const sim = simulation(tinyScenario());
  sim.advance(60);
  const explanation = explained(sim, 'BTC-30d-70000-C');
  const run = { scenario: 'tiny', seed: '1', subject: 'maker', symbol: 'BTC-30d-70000-C', regime: 'normal' };
  const text = explanationText(run, explanation);
  expect(text).toMatch(new RegExp(`value +${explanation.quote?.fair.toFixed(2)}  vol `));
  expect(text).toContain(explanation.selection.reason);
  expect(text).toMatch(/half-spread +\d.* neutral \d/);
  for (const width of [60, 80, 120]) {
    for (const line of explanationText(run, explanation, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  }
  for (const side of explanation.sides) expect(text).toContain(side.wanted?.toFixed(2));
  const unpriced: QuoteExplanation = { ...explanation, quote: undefined, worth: undefined, sides: [] };
  expect(explanationText(run, unpriced)).toContain('no value yet');
});
