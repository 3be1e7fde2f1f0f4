import { describe, expect, test } from 'vitest';
import { NANOS_PER_YEAR } from '../../src/core/units.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { finished, simulation, tinyScenario } from '../support/tiny.ts';

const RATE = 0.05;
const CARRIES = [0.02, 0.12];
/** Expiries whose forwards lie 27 and 700 dollars above the spot; discounting to the second takes 0.4 % off. */
const CARRIED = [
  `market.rate=${RATE}`,
  `market.expiries.0.carry=${CARRIES[0]}`,
  `market.expiries.1.carry=${CARRIES[1]}`,
  'world.timeline=[]',
];

interface Pair {
  readonly call: OptionSeries;
  readonly put: OptionSeries;
  readonly years: number;
  readonly carry: number;
}

/** Calls and puts at one strike. */
function pairs(sim: Simulation): Pair[] {
  const { chain } = sim.scenario;
  return chain.options
    .filter(({ right }) => right === 'call')
    .map((call): Pair => {
      const put = chain.options.find((other) => other.right === 'put' && other.strike === call.strike && other.expiry === call.expiry);
      const expiry = chain.expiries[call.expiry];
      if (put === undefined || expiry === undefined) throw new Error('a call without a put');
      return { call, put, years: expiry.years - (sim.world.step * sim.world.stepNanos) / NANOS_PER_YEAR, carry: CARRIES[call.expiry] ?? 0 };
    });
}

/** What a call is worth above the put: e^(−rT) · (S e^(cT) − K). */
const parity = ({ call, years, carry }: Pair, spot: number): number =>
  Math.exp(-RATE * years) * (spot * Math.exp(carry * years) - call.strike);

describe.each(['1', '2', '3'])('a market with carry, seed %s', (seed) => {
  const sim = simulation(tinyScenario(CARRIED), seed, true);
  sim.advance(120 - 1e-9);
  const spot = sim.world.spot();

  test('has forwards at spot · e^(carry · years), and fair values at parity', () => {
    for (const pair of pairs(sim)) {
      const { call, put, years, carry } = pair;
      expect(sim.clock.fair.forward[call.expiry]).toBeCloseTo(spot * Math.exp(carry * years), 6);
      const { price } = sim.clock.fair;
      expect((price[call.id - 1] ?? 0) - (price[put.id - 1] ?? 0)).toBeCloseTo(parity(pair, spot), 6);
    }
  });

  test('is quoted at parity, within the spreads; without the carry it would be far outside', () => {
    let checked = 0;
    for (const pair of pairs(sim)) {
      const [call, put] = [pair.call, pair.put].map(({ id, tickSize }) => {
        const book = sim.exchange.book(id);
        const [bid, ask] = [book.best('buy'), book.best('sell')];
        return bid === undefined || ask === undefined ? undefined : { bid: bid * tickSize, ask: ask * tickSize };
      });
      if (call === undefined || put === undefined) continue;
      const worth = parity(pair, spot);
      // What it costs to buy the call and sell the put, and what the opposite brings.
      expect(call.ask - put.bid).toBeGreaterThan(worth);
      expect(call.bid - put.ask).toBeLessThan(worth);
      if (pair.call.expiry === 1) expect(call.bid - put.ask).toBeGreaterThan(parity({ ...pair, carry: 0 }, spot));
      checked += 1;
    }
    expect(checked).toBe(6);
  });

  test('is tracked at its forwards: the maker finds the surface, and its own values are at parity', () => {
    const inspection = sim.subject.agent.inspect?.();
    expect(Math.abs((inspection?.factors?.[0] ?? 0) - (sim.clock.factorsNow[0] ?? 0))).toBeLessThan(0.01);
    // The spot that makes the difference of a call and its put: one and the same for all pairs, and that of the last second or two.
    const spots = pairs(sim).flatMap(({ call, put, years, carry }) => {
      const [one, other] = [inspection?.theo(call.id), inspection?.theo(put.id)];
      if (one === undefined || other === undefined) return [];
      return [((one - other) * Math.exp(RATE * years) + call.strike) * Math.exp(-carry * years)];
    });
    expect(spots.length).toBeGreaterThan(1);
    for (const each of spots) {
      expect(each).toBeCloseTo(spots[0] ?? 0, 2);
      expect(Math.abs(each - spot)).toBeLessThan(40);
    }
  });
});

test.each([
  ['without carry', []],
  ['with carry', CARRIED],
] as const)(
  'causes explain what is held of it %s: theta has all of the time, and a thousandth of its size is more than what is left',
  (_name, changes) => {
    const sims = ['1', '2', '3', '4'].map((seed) => finished(tinyScenario(['world.timeline=[]', ...changes]), seed));
    const sum = (cause: 'residual' | 'theta'): number =>
      sims.flatMap((sim) => sim.desks.map((desk) => Math.abs(sim.attribution.amount(desk.id, cause)))).reduce((a, b) => a + b);
    expect(sum('theta')).toBeGreaterThan(0);
    expect(sum('residual')).toBeLessThan(1e-3 * sum('theta'));
  },
);
