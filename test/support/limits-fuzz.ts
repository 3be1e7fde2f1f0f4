import { contractMeasures, MEASURE_COUNT, MEASURES, scopeOf, WHOLE } from '../../src/agents/maker/exposures.ts';
import { maker } from '../../src/agents/maker/maker.ts';
import { limitParams, measureLimits } from '../../src/agents/maker/measure-limits.ts';
import { streams } from '../../src/core/rng.ts';
import { ticksAbove, ticksBelow } from '../../src/market/instrument.ts';
import { FakeOracle, fakeSetup, TEST_FACTORS, TEST_SPOT } from './fake-desk.ts';
import { FuzzedVenue, type VenueFill } from './fuzzed-venue.ts';
import { smallChain } from './small-chain.ts';

const CHAIN = smallChain();

/** What came of one case. */
export interface LimitsCase {
  readonly fills: number;
  /** How often a fill took a measure within 15 % of its limit. */
  readonly hits: number;
  /** The largest excess over a limit after a fill, as a share of the limit, and where; below 0 where none was passed. */
  readonly excess: number;
  /** The same without the fill that hit it. */
  readonly beyond: number;
  readonly told: string;
  /** Looks at which quotes stood. */
  readonly quoted: number;
}

/**
 * A maker with small limits at a venue that fills its quotes at random, in crowds, while messages are under way either way: what it truly holds is
 * held against each limit after every fill.
 *
 * @param moves whether spot and vol move between looks. Then limits are counted at the values of any look of the last seconds: what the market made
 * of a position is no fill.
 */
export function limitsCase(seed: string, moves: boolean): LimitsCase {
  const chance = streams(seed).stream('limits');
  const draw = (low: number, high: number): number => low + (high - low) * chance.uniform();
  const size = [0.1, 0.5, 1, 2][Math.floor(draw(0, 4))] ?? 1;
  const limits = limitParams.parse({
    positionPerSeries: size * draw(1, 8),
    vega: draw(50, 1500) * size,
    gamma: draw(0.1, 2) * size,
    theta: draw(300, 6000) * size,
    delta: draw(0.5, 6) * size,
    openDelta: draw(2, 20) * size,
    perExpiry: { vega: draw(50, 1000) * size, delta: draw(1, 10) * size },
    lossDollars: 1e12,
  });
  const params = { forecaster: 'rw', size, seriesMaximum: 5 + Math.floor(draw(0, 25)), requoteMillis: 1000, limits };
  const latency = draw(0, 3);
  const venue = new FuzzedVenue(chance, latency, Math.floor(limits.positionPerSeries / 0.1 + 1e-9));
  const agent = maker.build(params, fakeSetup(CHAIN));
  venue.agent = agent;
  const oracle = new FakeOracle(CHAIN);
  const factors = [...TEST_FACTORS];
  let spot = TEST_SPOT;

  const table = measureLimits(limits, CHAIN);
  /** What one contract of each series has of each measure, at each of the latest looks. */
  const looks: Float64Array[] = [];
  const found = { fills: 0, hits: 0, excess: Number.NEGATIVE_INFINITY, beyond: Number.NEGATIVE_INFINITY, told: '', quoted: 0 };
  venue.onFill = ({ instrument, signed }: VenueFill) => {
    found.fills += 1;
    const option = CHAIN.options[instrument - 1];
    // A hedge is no quote, and takes delta toward zero.
    if (option === undefined) return;
    for (const scope of [WHOLE, scopeOf(option.expiry)]) {
      for (let m = 0; m < MEASURE_COUNT; m += 1) {
        const limit = table[scope * MEASURE_COUNT + m] ?? Number.POSITIVE_INFINITY;
        const over = looks.map((worth) => {
          let held = scope === WHOLE && m === 0 ? (venue.truth.get(CHAIN.underlying.id) ?? 0) * CHAIN.underlying.lotSize : 0;
          for (const one of CHAIN.options) {
            if (scope !== WHOLE && one.expiry !== option.expiry) continue;
            held += (venue.truth.get(one.id) ?? 0) * one.lotSize * (worth[(one.id - 1) * MEASURE_COUNT + m] ?? 0);
          }
          const fill = signed * option.lotSize * (worth[(option.id - 1) * MEASURE_COUNT + m] ?? 0);
          return Math.sign(held) === Math.sign(fill) ? [Math.abs(held) - limit, Math.abs(fill)] : [Number.NEGATIVE_INFINITY, 0];
        });
        if (over.some(([past = 0]) => past > -0.15 * limit)) found.hits += 1;
        const excess = Math.min(...over.map(([past = 0]) => past)) / limit;
        found.beyond = Math.max(found.beyond, Math.min(...over.map(([past = 0, fill = 0]) => past - fill)) / limit);
        if (excess > found.excess) {
          found.excess = excess;
          found.told = `${MEASURES[m]} in scope ${scope} at ${venue.now / 1e9} s`;
        }
      }
    }
  };

  const show = (): void => {
    const { fair } = oracle;
    venue.show(CHAIN.underlying.id, Math.floor(fair.spot) - 1, Math.floor(fair.spot) + 1);
    for (const option of CHAIN.options) {
      const price = fair.price[option.id - 1] ?? 0;
      const bid = ticksBelow(option, price - 15);
      venue.show(option.id, bid >= 1 ? bid : undefined, ticksAbove(option, price + 15));
    }
  };
  agent.onOpen(venue);
  show();
  const one = new Float64Array(MEASURE_COUNT);
  for (let look = 0; look < 40; look += 1) {
    if (moves) {
      spot *= Math.exp(0.0008 * (chance.uniform() - 0.5) + (chance.uniform() < 0.01 ? 0.02 * (chance.uniform() - 0.5) : 0));
      factors[0] = (factors[0] ?? 0) + 0.01 * (chance.uniform() - 0.5);
      oracle.move(spot, factors);
      show();
    }
    venue.until(look);
    const worth = new Float64Array(CHAIN.options.length * MEASURE_COUNT);
    agent.onWake?.(venue);
    for (const option of CHAIN.options) worth.set(contractMeasures(oracle.fair, option.id - 1, one), (option.id - 1) * MEASURE_COUNT);
    looks.push(worth);
    // A message, and the report of what it ended, take twice the latency; the look before it is the oldest that can have sized a quote.
    while (looks.length > (moves ? 2 + Math.ceil(2 * latency) : 1)) looks.shift();
    if (CHAIN.options.some(({ id }) => venue.openLots(id, 'buy') + venue.openLots(id, 'sell') > 0)) found.quoted += 1;
    // Now and then all at once, as in a sweep, else one by one.
    const crowd = chance.uniform() < 0.2 ? 60 : Math.floor(6 * chance.uniform());
    for (let trade = 0; trade < crowd; trade += 1) {
      if (crowd < 60) venue.until(look + (trade + chance.uniform()) / (crowd + 1));
      if (!venue.trade()) break;
    }
    if (chance.uniform() < 0.02) venue.freeze();
  }
  return found;
}
