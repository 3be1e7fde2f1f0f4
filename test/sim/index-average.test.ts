import { describe, expect, test } from 'vitest';
import { NANOS_PER_SECOND } from '../../src/core/units.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import { IndexAverage } from '../../src/sim/index-average.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

test('the mean of what comes after the moment on which it begins', () => {
  const average = new IndexAverage(100);
  expect(average.value).toBeUndefined();
  average.note(7, 99);
  average.note(8, 100);
  expect(average.value).toBeUndefined();
  average.note(1, 101);
  average.note(2, 150);
  average.note(6, 500);
  expect(average.value).toBe(3);
});

/** `tiny` whose first expiry is this many seconds after the opening, with strikes on both sides of where the index can be. */
function settling(seconds: number, averageSeconds: number, strikes = '[60000, 70000, 80000]'): Simulation {
  const changes = [
    `market.expiries.0.days=${seconds / 86_400}`,
    `market.expiries.0.strikes=${strikes}`,
    `market.settlement.average=${averageSeconds}`,
    'flow.rate=15000',
  ];
  return simulation(tinyScenario(changes));
}

/** Runs past the expiry; gives the index at each step of the world up to it, and what each series paid, per lot. */
function settled(sim: Simulation, seconds: number) {
  const index = [sim.world.spot()];
  const paid = new Map<number, number>();
  sim.trace.observe({
    onRecord: (kind, at, instrument, _agent, _order, _price, _lots, extra) => {
      if (kind !== TRACE.settled) return;
      expect(at).toBe(seconds * NANOS_PER_SECOND);
      paid.set(instrument, extra);
    },
  });
  for (let second = 1; second <= seconds; second += 1) {
    sim.advance(second);
    index.push(sim.world.spot());
  }
  sim.advance(seconds + 1);
  return { index, paid };
}

const worth = (option: OptionSeries, at: number): number =>
  Math.round(Math.max(0, option.right === 'call' ? at - option.strike : option.strike - at) * option.lotSize * 1e6);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('options settle at the mean of the index at the steps of the world', () => {
  test.each([
    // [expiry, window, first and last step that count]
    ['the last minute', 150, 60, 91, 150],
    // 61 s of a year, times the nanoseconds of a year, is a little less than 61 s in doubles: the step at 31 s does not count for that.
    ['a window that begins on a step', 61, 30, 32, 61],
    ['an expiry between two steps', 90.25, 30, 61, 90],
    ['a window between two steps with one in it', 90.25, 0.5, 90, 90],
    ['a window without a step: as the index stands', 90.25, 0.1, 90, 90],
    ['no window: as the index stands', 90, 0, 90, 90],
    ['a window longer than its life: from the opening on', 60, 3600, 0, 60],
  ])('%s', (_name, seconds, averageSeconds, first, last) => {
    const sim = settling(seconds, averageSeconds);
    const { index, paid } = settled(sim, seconds);
    const at = mean(index.slice(first, last + 1));
    const series = sim.scenario.chain.options.filter(({ expiry }) => expiry === 0);
    // To a millionth of a dollar, all legs by one price: the mean is summed in another order here, and rounds once.
    for (const option of series) expect(Math.abs((paid.get(option.id) ?? Number.NaN) - worth(option, at))).toBeLessThanOrEqual(1);
    expect(paid.size).toBe(series.length);
    // One step more or less would show.
    if (last > first) {
      expect(Math.abs(worthOf(series, mean(index.slice(first + 1, last + 1))) - worthOf(series, at))).toBeGreaterThan(100);
      if (first > 0) expect(Math.abs(worthOf(series, mean(index.slice(first - 1, last + 1))) - worthOf(series, at))).toBeGreaterThan(100);
    }
    sim.ledger.verify();
    for (const desk of sim.desks) for (const { id } of series) expect(sim.ledger.position(desk.id, id)).toBe(0);
  });
});

const worthOf = (series: readonly OptionSeries[], at: number): number =>
  series.reduce((sum, option) => sum + worth(option, at) * option.id, 0);

test('what the average takes or gives stands under settlement; profit and loss stay explained', () => {
  // At the money people trade to the end.
  const sim = settling(150, 60, '[69900, 69950, 70000, 70050, 70100]');
  sim.advance(300);
  let moved = 0;
  for (const desk of sim.desks) {
    expect(sim.attribution.total(desk.id)).toBeCloseTo(sim.attribution.equity(desk.id, sim.ledger), 6);
    moved += Math.abs(sim.attribution.amount(desk.id, 'settlement'));
  }
  expect(moved).toBeGreaterThan(0.01);
});
