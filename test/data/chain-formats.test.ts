import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { type ChainChoice, chainFormat, readChain } from '../../src/data/chain-formats.ts';
import { deribitCsv, deribitRow } from '../support/deribit-csv.ts';

/** Files of two options or so in every layout. No number in them is from a market. */
const FILES = {
  deribit: deribitCsv([deribitRow({ days: 14, strike: 90_000, right: 'call', bid: 0.01, ask: 0.011, future: 90_000 })]),
  'deribit-hourly': [
    'date,instrument_name,expiry_name,expiry_date,strike,type,volume,open_interest,rho,theta,vega,gamma,delta,bid_iv,ask_iv,mark_iv',
    '2026-01-23T01:00:00.000000,BTC-30JAN26-90000-C,30JAN26,2026-01-30,90000.0,call,1.5,2.5,0,0,0,0,0.5,39.0,41.0,40.0',
    '2026-01-23T02:00:00.000000,BTC-30JAN26-90000-C,30JAN26,2026-01-30,90000.0,call,1.5,2.5,0,0,0,0,0.5,0.0,41.0,40.0',
    '2026-01-23T02:00:00.000000,BTC-30JAN26-90000-P,30JAN26,2026-01-30,90000.0,put,0,0,0,0,0,0,-0.5,40.5,41.0,40.0',
  ].join('\n'),
  'deribit-depth': [
    ',expiration_timestamp,option_type,instrument_name,strike,underlying_price,underlying_index,timestamp,open_interest,mark_iv,index_price,best_bid_price,best_bid_amount,best_ask_price,best_ask_amount',
    '0,1590134400000,put,BTC-22MAY20-9250-P,9250.0,9000,X,1590100000000,4.0,80,9001,0.02,9.0,0.023,9.0',
    '1,1590134400000,call,BTC-22MAY20-9250-C,9250.0,9010,X,1590100160000,4.0,80,9003,0.0,0.0,0.023,9.0',
  ].join('\n'),
  'spx-eod': [
    'underlying,underlying_last, exchange,optionroot,type,expiration,quotedate,strike,bid,ask,volume,openinterest',
    'SPXW,2700.5,W,A,call,01/31/2018,01/02/2018,2700,30,31,5,7',
    'SPXW,2710.5,W,A,call,01/31/2018,01/03/2018,2700,0,31,5,7',
  ].join('\n'),
  'spx-tidy': [
    'PBid,PAsk,Type,Strike,dtExpiry,dtTrade,Spot',
    '10,11,C,1300.0,2011-02-19,2011-01-24,1290',
    '1,2,P,1300.0,2011-01-19,2011-01-24,1290',
  ].join('\n'),
  'spx-iv': [
    'PBid,PAsk,Type,Strike,dtExpiry,dtTrade,Spot,IVBid,IVAsk,IVMid,QuickDelta,iRate,iDiv,ATMVol,Fwd,TTM,CP',
    '34,38,C,1290,2012-01-24,2011-01-24,1290,0.19,0.19,0.19,0.4,0.01,0.02,0.19,1286,1,1',
  ].join('\n'),
  'cboe-page': [
    'SPX (S&P 500 INDEX),1290.50,+7.24,',
    'Jan 24 2011 @ 14:03 ET,',
    'Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,Puts,Last Sale,Net,Bid,Ask,Vol,Open Int,',
    '11 Jan 1300.00 (SPXW1128A1300-E),0.0,0.0,3.20,3.60,1,2,11 Jan 1300.00 (SPXW1128M1300-E),0.05,-0.10,11.80,12.80,10,15,',
    '11 Mar 1300.00 (SPX1119C1300-E),0.0,0.0,20.20,23.60,1,2,11 Mar 1300.00 (SPX1119O1300-E),0.05,-0.10,33.00,36.80,10,15,',
  ].join('\n'),
  'us-etf': [
    'contractSymbol,expiry,type,strike,lastPrice,bid,ask,volume,openInterest,impliedVolatility,inTheMoney,lastTradeDate,spot,session',
    'SPY260814C00700500,2026-08-14,C,700.5,7,6.9,7.1,,1,0.2,True,2026-08-13 15:02:08+00:00,705,2026-08-12',
    'SPY260814P00700500,2026-08-14,P,700.5,7,,7.1,3,1,0.2,True,2026-08-10 15:02:08+00:00,705,2026-08-12',
  ].join('\n'),
} as const;
const formats = Object.keys(FILES) as (keyof typeof FILES)[];

function reading(text: string, choice: ChainChoice = {}): string {
  try {
    return `read ${readChain('chain.csv', text, chainFormat('chain.csv', text), choice).quotes.length}`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}
const read = (format: keyof typeof FILES, choice: ChainChoice = {}) => readChain('chain.csv', FILES[format], format, choice);

test.each(formats)('%s is known by its header, whatever the order of its columns, the line ends, or a byte-order mark', (format) => {
  const text = FILES[format];
  expect(chainFormat('x', text)).toBe(format);
  expect(chainFormat('x', `\uFEFF${text.replaceAll('\n', '\r\n')}`)).toBe(format);
  expect(readChain('x', `\uFEFF${text.replaceAll('\n', '\r\n')}`, format)).toEqual(readChain('x', text, format));
  if (format === 'cboe-page') return;
  const turned = text
    .split('\n')
    .map((line) => line.split(',').reverse().join(','))
    .join('\n');
  expect(readChain('x', turned, chainFormat('x', turned))).toEqual(readChain('x', text, format));
});

test('any other header is one error that names the layouts', () => {
  const message = reading('a,b,c\n1,2,3\n');
  expect(message.split('\n')).toHaveLength(1);
  expect(message).toMatch(/^chain\.csv:1:1 {2}is in no known layout/);
  for (const format of formats) expect(message).toContain(format);
  expect(reading(FILES['us-etf'].replace('openInterest', 'oi'))).toMatch(/openInterest {2}column is missing/);
  expect(reading('')).toContain('is empty');
});

describe('what is read', () => {
  test('hourly: the first time, or the one asked for; prices and forward from vols and deltas', () => {
    const first = read('deribit-hourly');
    expect(first).toMatchObject({ at: '2026-01-23T01:00:00.000000Z', symbol: 'BTC', settlement: 'coin' });
    // Delta ½ means d₁ = 0: the strike is e^(σ²T/2) times the forward.
    const years = (7 * 24 + 7) / 8760;
    expect(first.index).toBeCloseTo(90_000 * Math.exp((-0.16 * years) / 2), 6);
    expect(first.quotes[0]).toMatchObject({ label: '30JAN26', volume: 1.5, openInterest: 2.5, markVol: 0.4 });
    expect(first.quotes[0]?.years).toBeCloseTo(years, 12);
    const second = read('deribit-hourly', { at: '2026-01-23T02' });
    expect(second.quotes.map(({ bidCoin }) => bidCoin === undefined)).toEqual([true, false]);
    expect(reading(FILES['deribit-hourly'], { at: '2026-01-24' })).toMatch(
      /--at {2}no snapshot '2026-01-24'; the file holds 2026-01-23T01:00:00\.000000, 2026-01-23T02/,
    );
    expect(reading(FILES['deribit-hourly'], { at: '2026-01-23' })).toMatch(/fits 2 snapshots/);
  });

  test('depth: each quote knows its age, and 0 is no quote', () => {
    const { at, index, quotes } = read('deribit-depth');
    expect([at, index]).toEqual(['2020-05-21T22:29:20Z', 9002]);
    expect(quotes[0]).toMatchObject({ ageSeconds: 160, bidCoin: 0.02, bid: 180, forwardHint: 9000, expiry: '2020-05-22T08:00:00Z' });
    expect(quotes[1]?.bidCoin).toBeUndefined();
    expect(quotes[0]?.years).toBe(quotes[1]?.years);
  });

  test('end of day: the first day, or the one asked for, from close to close', () => {
    expect(read('spx-eod')).toMatchObject({ at: '2018-01-02T21:00:00Z', index: 2700.5, symbol: 'SPXW', settlement: 'dollar' });
    const { quotes } = read('spx-eod', { date: '2018-01-03' });
    expect(quotes[0]).toMatchObject({ bid: 0, ask: 31, years: 28 / 365, volume: 5, openInterest: 7 });
    expect(reading(FILES['spx-eod'], { date: '2018-02-30' })).toMatch(/the file holds 2018-01-02, 2018-01-03/);
  });

  test('tidy: whole days; what is over is left to the filter; forward and rate where the file has them', () => {
    expect(read('spx-tidy').quotes.map(({ years }) => Math.round(365 * years))).toEqual([26, -5]);
    const [quote] = read('spx-iv').quotes;
    expect(quote).toMatchObject({ forwardHint: 1286, markVol: 0.19, years: 1 });
    expect(quote?.discountHint).toBeCloseTo(Math.exp(-0.01), 12);
    expect(reading(FILES['spx-tidy'], { date: '2011-01-25' })).toMatch(/no snapshot/);
  });

  test('the page of Cboe: expiry, right and settlement from the symbol', () => {
    const { at, index, quotes } = read('cboe-page');
    expect([at, index, quotes.length]).toEqual(['2011-01-24T19:03:00Z', 1290.5, 4]);
    expect(quotes.map(({ label, right, expiry }) => `${label} ${right} ${expiry}`)).toEqual([
      '28JAN11 call 2011-01-28T21:00:00Z',
      '28JAN11 put 2011-01-28T21:00:00Z',
      '18MAR11am call 2011-03-18T13:30:00Z',
      '18MAR11am put 2011-03-18T13:30:00Z',
    ]);
  });

  test('a fund: American, at the time of the latest trade', () => {
    const chain = read('us-etf');
    expect(chain).toMatchObject({ at: '2026-08-13T15:02:08Z', exercise: 'american', indicative: true, symbol: 'SPY', index: 705 });
    expect(chain.quotes[0]).toMatchObject({ strike: 700.5, volume: 0, expiry: '2026-08-14T20:00:00Z' });
    expect(chain.quotes[1]?.bid).toBeUndefined();
  });
});

describe('what is refused, with line and column', () => {
  test.each<[keyof typeof FILES, string, string, RegExp]>([
    ['deribit-hourly', ',0.5,39.0', ',1.5,39.0', /chain\.csv:2:1 {2}delta {2}expected a number from -1 to 1/],
    ['deribit-hourly', ',39.0,', ',x,', /:2:1 {2}bid_iv {2}expected a number or a blank, found 'x'/],
    ['deribit-hourly', '2026-01-30,90000', '2026-01-31,90000', /instrument_name {2}expected BTC-31JAN26-90000-C/],
    ['deribit-depth', '1590134400000,put', '15901344,put', /:2:1 {2}expiration_timestamp {2}expected milliseconds/],
    ['deribit-depth', 'BTC-22MAY20-9250-P', 'BTC-22MAY20-9250-C', /instrument_name {2}expected BTC-22MAY20-9250-P/],
    ['spx-eod', 'call,01/31/2018', 'call,31/01/2018', /:2:1 {2}expiration {2}expected a day that exists/],
    ['spx-eod', ',call,', ',calls,', /:2:1 {2}type {2}expected call or put/],
    ['spx-tidy', '10,11', '-10,11', /:2:1 {2}PBid {2}expected no negative number/],
    ['spx-tidy', 'P,1300.0,2011-01-19', 'C,1300.0,2011-02-19', /:3:1 {2}Strike {2}expected each option once \(it is on line 2 too\)/],
    ['spx-iv', ',1286,', ',,', /Fwd {2}expected a number above 0/],
    ['cboe-page', 'SPXW1128A1300-E', 'SPXW1128B1300-E', /:4:1 {2}Calls {2}expected a symbol with the month/],
    ['cboe-page', '3.20', '', /:4:1 {2}Calls Bid {2}expected two prices/],
    ['cboe-page', 'Jan 24 2011 @', 'Foo 24 2011 @', /:2:1 {2}expected a time like/],
    ['us-etf', 'SPY260814C00700500', 'SPY260814C00700501', /:2:1 {2}contractSymbol {2}expected SPY260814C00700500/],
    ['us-etf', '2026-08-13 15:02:08+00:00', 'yesterday', /lastTradeDate {2}expected a time in UTC/],
  ])('%s: %s as %s', (format, from, to, message) => {
    expect(FILES[format]).toContain(from);
    expect(reading(FILES[format].replace(from, to))).toMatch(message);
  });

  test('options that a layout has no use for', () => {
    expect(reading(FILES['spx-eod'], { at: '12', currency: 'ETH' })).toMatch(/--currency .*\n.*--at {2}has no meaning for .* spx-eod/);
    expect(reading(FILES.deribit, { date: '2026-01-02' })).toMatch(/--date {2}has no meaning/);
  });
});

test.each(formats)('%s: whatever happens to the text, it is read or refused, and never anything else', (format) => {
  const good: string = FILES[format];
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 12 }), (at, cut, insert) => {
      expect(reading(good.slice(0, at) + insert + good.slice(at + cut))).toMatch(/^(read \d|chain\.csv)/);
    }),
    { numRuns: 150, endOnFailure: true },
  );
});
