import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { marketFormat } from '../../src/data/market-formats.ts';
import { tableTime } from '../../src/data/table-time.ts';
import { readTradeTable } from '../../src/data/trade-table.ts';
import { readVolTable } from '../../src/data/vol-table.ts';

/** 2026-01-02 00:00 in UTC, by hand: 56 years with 14 leap days, and a day. */
const SECOND_OF_JANUARY = (56 * 365 + 14 + 1) * 86_400;

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

describe('times of tables', () => {
  test.each([
    ['2026-01-02T00:00:00Z', 0],
    ['2026-01-02 01:00:00', 3600],
    ['2026-01-02T00:01', 60],
    ['2026-01-02T00:00:01.25+00:00', 1.25],
    ['2026-01-02', 86_400],
    ['1/2/2026', 86_400],
    [String(SECOND_OF_JANUARY), 0],
    [String(SECOND_OF_JANUARY * 1000 + 500), 0.5],
    [`${SECOND_OF_JANUARY}000000`, 0],
    [`${SECOND_OF_JANUARY}000000000`, 0],
  ])('%s', (text, after) => {
    expect((tableTime(text) ?? 0) - SECOND_OF_JANUARY).toBeCloseTo(after, 6);
  });

  test.each(['', 'noon', '2026-13-01', '2026-01-02T25:00:00Z', '-5', '2026-01-02T00:00:00+01:00'])('%j is none', (text) => {
    expect(tableTime(text)).toBeUndefined();
  });
});

describe('a table of trades', () => {
  test('is read under other names, in any order of columns and of time, and the matches of one order keep their order', () => {
    const text = 'price,Timestamp,amount,direction\n5,1767312001000,2,sell\n7,1767312000000,1,buy\n8,1767312000000,3,B\n';
    expect(readTradeTable('t.csv', text)).toEqual([
      { seconds: SECOND_OF_JANUARY, side: 'buy', size: 1, price: 7 },
      { seconds: SECOND_OF_JANUARY, side: 'buy', size: 3, price: 8 },
      { seconds: SECOND_OF_JANUARY + 1, side: 'sell', size: 2, price: 5 },
    ]);
  });

  const header = 'time,side,size,price,iv,strike,expiry,right,index_price';

  test('says what was traded where it can, and takes vols in percentage points', () => {
    const rows = [
      '2026-01-02T00:00:00Z,buy,1,0.02,60,90000,2027-01-02T00:00:00Z,C,88000',
      '2026-01-02T00:00:01Z,sell,1,0.02,,90000,,C,88000',
    ];
    const [first, second] = readTradeTable('t.csv', [header, ...rows, ''].join('\n'));
    expect(first?.option).toEqual({ strike: 90_000, right: 'call', years: 1, vol: 0.6, spot: 88_000 });
    expect(second).not.toHaveProperty('option');
    expect(readTradeTable('t.csv', `${header}\n${(rows[0] ?? '').replace(',60,', ',0.6,')}\n`)[0]?.option?.vol).toBe(0.6);
  });

  test.each([
    ['x,buy,1,1', /line 2.*time.*expected a time|time {2}expected a time/s],
    ['2026-01-02,hold,1,1', /side.*expected buy or sell, found 'hold'/],
    ['2026-01-02,buy,0,1', /size.*expected a number above 0/],
    ['2026-01-02,buy,1,-1', /price.*expected no negative number/],
    ['2026-01-02,buy,1', /has 3 cells, the header has 4/],
  ])('refuses %s', (row, says) => {
    expect(refusal(() => readTradeTable('t.csv', `time,side,size,price\n${row}\n`))).toMatch(says);
  });

  test('names the columns that are missing', () => {
    expect(refusal(() => readTradeTable('t.csv', 'time,side,price\n1,buy,2\n'))).toMatch(/no column size or amount/);
  });
});

describe('a table of vols', () => {
  test('has a column per tenor, in fractions or percentage points, and blanks', () => {
    const text = 'date,vix9d,vix,vix3m,spy\n2026-01-01,10,12,,600\n2026-01-02,,,,601\n2026-01-03,11,13,15,\n';
    expect(readVolTable('v.csv', text).map(({ seconds, vols, spot }) => [seconds - SECOND_OF_JANUARY, [...vols], spot])).toEqual([
      [
        0,
        [
          [9, 0.1],
          [30, 0.12],
        ],
        600,
      ],
      [
        2 * 86_400,
        [
          [9, 0.11],
          [30, 0.13],
          [91, 0.15],
        ],
        undefined,
      ],
    ]);
  });

  test('of one currency, with risk reversals of either sign', () => {
    const text =
      'timestamp_utc,currency,index_price,atm_30d,rr25_30d\n2026-01-02T00:00:00Z,BTC,9,0.5,-0.03\n2026-01-02T00:00:00Z,ETH,1,0.7,0.01\n';
    const rows = readVolTable('v.csv', text);
    expect(rows).toHaveLength(1);
    expect([...(rows[0]?.riskReversals ?? [])]).toEqual([[30, -0.03]]);
    expect([...(rows[0]?.vols ?? [])]).toEqual([[30, 0.5]]);
  });

  test.each([
    ['2026-01-02,-5', /vix.*expected no negative number/],
    ['soon,5', /date.*expected a time/],
    ['2026-01-02,abc', /vix.*expected a number or a blank/],
  ])('refuses %s', (row, says) => {
    expect(refusal(() => readVolTable('v.csv', `date,vix\n${row}\n`))).toMatch(says);
  });
});

describe('the layout of a file', () => {
  test.each([
    ['time,side,size,price\n1,buy,1,1\n', 'trades'],
    ['date,30d,90d\n2026-01-01,0.4,0.5\n', 'vols'],
    ['timestamp_ms,dvol_open,dvol_close\n1,40,41\n', 'vols'],
    ['34200.1,1,11,100,990000,1\n', 'lobster-messages'],
    ['Time,Type,OrderId,Size,Price,Direction\n34200.1,1,11,100,990000,1\n', 'lobster-messages'],
    ['1000000,50,990000,100\n', 'lobster-book'],
    ['BestAsk,BestAskVolume,BestBid,BestBidVolume\n1,1,1,1\n', 'lobster-book'],
    ['PBid,PAsk,Type,Strike,dtExpiry,dtTrade,Spot\n', 'spx-tidy'],
    ['\uFEFF"time","side","size","price"\n', 'trades'],
  ])('%j is %s', (text, format) => {
    expect(marketFormat('x.csv', text)).toBe(format);
  });

  test('that is none of them is refused with their names', () => {
    const message = refusal(() => marketFormat('x.csv', 'a,b\n1,2\n'));
    for (const name of ['trades (time, side', 'vols (time', 'LOBSTER', 'us-etf']) expect(message).toContain(name);
    expect(refusal(() => marketFormat('x.csv', ''))).toMatch(/is empty/);
  });
});
