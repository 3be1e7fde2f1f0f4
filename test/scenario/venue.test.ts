import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { TINY, tinyScenario } from '../support/tiny.ts';

/** `path: message` of all issues of `tiny` with these changes; none when it is accepted. */
function issues(...changes: readonly string[]): string[] {
  try {
    tinyScenario(changes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

const bands = (text: string): string => `market.options.tickBands=[${text}]`;
const listings = (text: string): string => `market.listings=[${text}]`;
const outages = (text: string): string => `agents.maker.outages=[${text}]`;

test('without a word the venue asks for nothing', () => {
  const { venue, orderLimits, chain, fees, agents } = tinyScenario();
  expect(venue).toEqual({
    selfTrade: 'cancel-oldest',
    priceBand: undefined,
    settlementAverageSeconds: 0,
    dayEndsSeconds: 86_400,
    listings: [],
  });
  expect(orderLimits).toEqual({ lotsPerOrder: 100_000, ordersPerAgent: 10_000, requestRate: undefined });
  expect(chain.options.every(({ tickTable }) => tickTable.length === 0)).toBe(true);
  expect(fees.option.delivery).toBe(0.00015);
  expect(agents.every(({ outages: none }) => none.length === 0)).toBe(true);
});

describe('what it is told it does', () => {
  test('tick bands, in ticks; decimal ones too; the underlying has none', () => {
    const { chain } = tinyScenario([bands('{ from: 50, tickSize: 10 }, { from: 200, tickSize: 50 }')]);
    for (const { tickTable } of chain.options) {
      expect(tickTable).toEqual([
        { from: 10, step: 2 },
        { from: 40, step: 10 },
      ]);
    }
    expect(chain.underlying.tickTable).toEqual([]);
    const tenths = tinyScenario([
      'market.options={ tickSize: 0.1, tickBands: [{ from: 0.3, tickSize: 0.3 }, { from: 1.8, tickSize: 0.6 }] }',
    ]);
    expect(tenths.chain.options[0]?.tickTable).toEqual([
      { from: 3, step: 3 },
      { from: 18, step: 6 },
    ]);
  });

  test('listings by time, each with its series: all strikes of an expiry, or those named', () => {
    const { venue, chain } = tinyScenario([
      listings('{ at: 2 min, expiry: 30d, strikes: [80000] }, { at: 10, expiry: 7d }, { at: 1 h, expiry: 30d, strikes: [60000] }'),
    ]);
    const symbols = venue.listings.map(({ atSeconds, series }) => [atSeconds, ...series.map((id) => chain.instruments[id]?.symbol)]);
    expect(symbols).toEqual([
      [10, 'BTC-7d-66000-C', 'BTC-7d-66000-P', 'BTC-7d-70000-C', 'BTC-7d-70000-P', 'BTC-7d-74000-C', 'BTC-7d-74000-P'],
      [120, 'BTC-30d-80000-C', 'BTC-30d-80000-P'],
      [3600, 'BTC-30d-60000-C', 'BTC-30d-60000-P'],
    ]);
  });

  test.each<[string, (scenario: ReturnType<typeof tinyScenario>) => unknown, unknown]>([
    ['market.priceBand={ fraction: 0.1 }', ({ venue }) => venue.priceBand, { fraction: 0.1, ticksMinimum: 10 }],
    ['market.priceBand={ fraction: 2.5, ticksMinimum: 1 }', ({ venue }) => venue.priceBand, { fraction: 2.5, ticksMinimum: 1 }],
    ['limits.requestRate={ perSecond: 0.5 }', ({ orderLimits }) => orderLimits.requestRate, { perSecond: 0.5, burst: 20 }],
    ['limits.requestRate={ perSecond: 5, burst: 1 }', ({ orderLimits }) => orderLimits.requestRate, { perSecond: 5, burst: 1 }],
    ['market.selfTrade=cancel-both', ({ venue }) => venue.selfTrade, 'cancel-both'],
    ['market.selfTrade=cancel-newest', ({ venue }) => venue.selfTrade, 'cancel-newest'],
    ['market.settlement.average=30 min', ({ venue }) => venue.settlementAverageSeconds, 1800],
    ['market.dayEnds=8', ({ venue }) => venue.dayEndsSeconds, 28_800],
    ['market.dayEnds=90 min', ({ venue }) => venue.dayEndsSeconds, 5_400],
    ['market.fees.option.delivery=0', ({ fees }) => fees.option.delivery, 0],
    [
      outages('{ at: 1 min, lasts: 30 s }, { at: 91, lasts: 1 h }'),
      ({ agents }) => agents.find(({ name }) => name === 'maker')?.outages,
      [
        { fromSeconds: 60, toSeconds: 90 },
        { fromSeconds: 91, toSeconds: 3691 },
      ],
    ],
  ])('%s', (change, field, value) => {
    expect(field(tinyScenario([change]))).toEqual(value);
  });
});

const TIME = ', as a number or with a unit (ns, us, ms, s, min, h, d)';

describe('what it cannot do is told with the path, what was found and what was expected', () => {
  test.each<[string, string, string]>([
    [bands('{ from: 70, tickSize: 7 }'), '[0].tickSize', 'found 7, expected a whole multiple of the 5 below it, at least twice'],
    [bands('{ from: 50, tickSize: 5 }'), '[0].tickSize', 'found 5, expected a whole multiple of the 5 below it, at least twice'],
    [
      bands('{ from: 50, tickSize: 10 }, { from: 210, tickSize: 15 }'),
      '[1].tickSize',
      'found 15, expected a whole multiple of the 10 below it, at least twice',
    ],
    [bands('{ from: 55, tickSize: 10 }'), '[0].from', "found 55, expected a multiple of the band's own tickSize 10"],
    [bands('{ from: 2, tickSize: 10 }'), '[0].from', "found 2, expected a multiple of the band's own tickSize 10"],
    [bands('{ from: 60, tickSize: 10 }, { from: 60, tickSize: 20 }'), '[1].from', 'found 60, expected more than the 60 before it'],
    [bands('{ from: 1e10, tickSize: 10 }'), '[0].from', 'found 10000000000, expected a number above 0 and at most 1000000000'],
    [bands('{ from: 0, tickSize: 10 }'), '[0].from', 'found 0, expected a number above 0 and at most 1000000000'],
    [bands('{ from: 50 }'), '[0].tickSize', 'missing; expected a number above 0 and at most 1000000000'],
    [bands('{ from: 50, tickSize: 10, to: 90 }'), '[0].to', 'unknown key `to`; known here: `from`, `tickSize`'],
    ['market.underlying={ tickBands: [] }', 'market.underlying.tickBands', 'unknown key `tickBands`; did you mean `tickSize`?'],
    ['market.priceBand={ fraction: 0 }', '.fraction', 'found 0, expected a number above 0 and at most 100'],
    ['market.priceBand={ ticksMinimum: 3 }', '.fraction', 'missing; expected a number above 0 and at most 100'],
    ['market.priceBand={ fraction: 0.1, ticksMinimum: 0 }', '.ticksMinimum', 'found 0, expected a whole number of at least 1'],
    ['limits.requestRate={ burst: 3 }', '.perSecond', 'missing; expected a number above 0 and at most 1000000000'],
    ['limits.requestRate={ perSecond: 0 }', '.perSecond', 'found 0, expected a number above 0 and at most 1000000000'],
    ['limits.requestRate={ perSecond: 1, burst: 1.5 }', '.burst', 'found 1.5, expected a whole number of at least 1'],
    ['market.selfTrade=decrement', '', 'found "decrement", expected one of `cancel-oldest`, `cancel-newest`, `cancel-both`'],
    ['market.settlement.average=2 d', '', `found "2 d", expected a time in seconds from 0 to 86400${TIME}`],
    ['market.settlement.average=-1', '', `found -1, expected a time in seconds from 0 to 86400${TIME}`],
    ['market.dayEnds=0', '', `found 0, expected a time in hours above 0${TIME}`],
    [listings('{ at: 60, expiry: 31d }'), '[0].expiry', 'found "31d", expected one of 7d, 30d'],
    [listings('{ at: 60, expiry: 30d, strikes: [70000, 71000] }'), '[0].strikes[1]', 'found 71000, which 30d does not have'],
    [listings('{ at: 60, expiry: 30d, strikes: [] }'), '[0].strikes', 'found an empty list, expected a list of at least 1 elements'],
    [
      listings('{ at: 60, expiry: 30d }, { at: 9, expiry: 30d, strikes: [70000] }'),
      '[1]',
      'lists BTC-30d-70000-C, which another entry lists already',
    ],
    [listings('{ expiry: 30d }'), '[0].at', `missing; expected a time in seconds of at least 0${TIME}`],
    [listings('{ at: -1, expiry: 30d }'), '[0].at', `found -1, expected a time in seconds of at least 0${TIME}`],
    [outages('{ at: 1, lasts: 2 }, { at: 3, lasts: 1 }'), '[1].at', 'found 3 s, expected more than 3 s, when the outage before it ends'],
    [outages('{ at: 5, lasts: 2 }, { at: 1, lasts: 1 }'), '[1].at', 'found 1 s, expected more than 7 s, when the outage before it ends'],
    [outages('{ at: 1, lasts: 0 }'), '[0].lasts', `found 0, expected a time in seconds above 0${TIME}`],
    [outages('{ at: 1 }'), '[0].lasts', `missing; expected a time in seconds above 0${TIME}`],
    ['market.fees.option.delivery=0.02', '', 'found 0.02, expected a number of at most 0.01'],
    ['market.fees.option.delivery=-0.001', '', 'found -0.001, expected a number of at least 0'],
  ])('%s', (change, within, message) => {
    const path = within.startsWith('market') ? within : `${change.slice(0, change.indexOf('='))}${within}`;
    expect(issues(change)).toEqual([`${path}: ${message}`]);
  });

  test('all at once, with their lines', () => {
    const text = TINY.replace(
      'symbol: BTC',
      'symbol: BTC\n  options:\n    tickBands:\n      - { from: 50, tickSize: 10 }\n      - { from: 45, tickSize: 25 }',
    );
    try {
      tinyScenario([], [], text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const line = text.split('\n').findIndex((each) => each.includes('from: 45')) + 1;
      expect((error as InputError).issues.map((issue) => [issue.line, issue.path])).toEqual([
        [line, 'market.options.tickBands[1].from'],
        [line, 'market.options.tickBands[1].tickSize'],
        [line, 'market.options.tickBands[1].from'],
      ]);
    }
  });
});
