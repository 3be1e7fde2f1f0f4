import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { readDeribitChain } from '../../src/data/deribit-chain.ts';
import { AT, DERIBIT_COLUMNS, type DeribitRow, deribitCsv, deribitRow } from '../support/deribit-csv.ts';

const call = deribitRow({ days: 14, strike: 88000, right: 'call', bid: 0.041, ask: 0.043, future: 90100 });
const put = deribitRow({ days: 14, strike: 88000, right: 'put', bid: undefined, ask: 0.021, future: 90100 });
const far = deribitRow({ days: 84, strike: 100000, right: 'call', bid: 0.0505, ask: undefined, future: 91000 });
const ether = deribitRow({ currency: 'ETH', days: 14, strike: 3000, right: 'put', bid: 0.03, ask: 0.031, future: 3100 });
const rows = [call, put, far];

/** The faults of a text, one per line, or what was read. */
function reading(text: string, currency?: 'BTC' | 'ETH'): string {
  try {
    return `read ${readDeribitChain('chain.csv', text, currency === undefined ? {} : { currency }).quotes.length}`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

const changed = (row: DeribitRow, change: Partial<DeribitRow>): string => deribitCsv([call, { ...row, ...change }]);

describe('reads', () => {
  test('quotes with their units', () => {
    const chain = readDeribitChain('chain.csv', deribitCsv(rows));
    expect(chain).toMatchObject({ source: 'chain.csv', symbol: 'BTC', at: AT, index: 90000, settlement: 'coin' });
    expect(chain.quotes[0]).toEqual({
      expiry: '2026-01-16T08:00:00+00:00',
      label: '16JAN26',
      years: 14 / 365,
      strike: 88000,
      right: 'call',
      bidCoin: 0.041,
      bid: 0.041 * 90100,
      askCoin: 0.043,
      ask: 0.043 * 90100,
      forwardHint: 90100,
      markVol: 0.5,
      openInterest: 12.5,
    });
  });

  test('a blank price as no quote', () => {
    const [, second, third] = readDeribitChain('chain.csv', deribitCsv(rows)).quotes;
    expect(second).not.toHaveProperty('bid');
    expect(second).not.toHaveProperty('bidCoin');
    expect(third).not.toHaveProperty('ask');
  });

  test('the underlying where no future is listed, and neither as no hint', () => {
    const text = deribitCsv([
      { ...call, futures_price: '' },
      { ...put, futures_price: '', underlying: '' },
    ]);
    const [first, second] = readDeribitChain('chain.csv', text).quotes;
    expect(first?.forwardHint).toBe(90100);
    expect(second).not.toHaveProperty('forwardHint');
    expect(second?.ask).toBeCloseTo(0.021 * 90000, 9);
  });

  test.each([
    ['columns in another order', deribitCsv(rows, [...DERIBIT_COLUMNS].reverse())],
    ['a byte order mark', `\uFEFF${deribitCsv(rows)}`],
    ['CRLF', deribitCsv(rows).replaceAll('\n', '\r\n')],
    ['no line end at the end', deribitCsv(rows).trimEnd()],
    ['blank lines', deribitCsv(rows).replace('\n', '\n\n')],
    ['quoted cells', deribitCsv(rows).replaceAll('call', '"call"')],
    ['Z for UTC and fractions of a second', deribitCsv(rows).replaceAll(AT, '2026-01-02T08:00:00.250Z')],
  ])('%s', (_, text) => {
    const { quotes } = readDeribitChain('chain.csv', text);
    expect(quotes.map((quote) => [quote.label, quote.strike, quote.right, quote.bidCoin, quote.askCoin])).toEqual([
      ['16JAN26', 88000, 'call', 0.041, 0.043],
      ['16JAN26', 88000, 'put', undefined, 0.021],
      ['27MAR26', 100000, 'call', 0.0505, undefined],
    ]);
  });

  test('the calendar: days up to 2099 are as far from the snapshot as the clock of the machine says', () => {
    const start = Date.UTC(2026, 0, 2, 8) / 86_400_000;
    for (let day = 1; day < 27_000; day += 13) {
      const iso = new Date((start + day) * 86_400_000).toISOString();
      const row = deribitRow({ days: day, strike: 88000, right: 'call', bid: 0.04, ask: 0.05, future: 90000 });
      const [quote] = readDeribitChain('c', deribitCsv([row])).quotes;
      expect([quote?.expiry.slice(0, 10), quote?.years]).toEqual([iso.slice(0, 10), day / 365]);
    }
    const leap = deribitRow({ days: 788, strike: 1, right: 'call', bid: 0.04, ask: 0.05, future: 90000 });
    expect(readDeribitChain('c', deribitCsv([leap])).quotes[0]?.label).toBe('29FEB28');
  });

  test('the currency that is asked for, BTC among several, and the only one where there is one', () => {
    const both = deribitCsv([call, ether]);
    expect(readDeribitChain('c', both).symbol).toBe('BTC');
    expect(readDeribitChain('c', both, { currency: 'ETH' }).quotes.map((quote) => quote.strike)).toEqual([3000]);
    expect(readDeribitChain('c', deribitCsv([ether])).symbol).toBe('ETH');
  });
});

describe('refuses, naming line and column', () => {
  const good = deribitCsv(rows);
  test.each<[string, string, string]>([
    ['an empty file', '', 'chain.csv  is empty; expected a CSV file with a header line'],
    ['blanks only', ' \n\n', 'chain.csv  is empty; expected a CSV file with a header line'],
    ['a header alone', deribitCsv([]), 'chain.csv  has a header and no rows'],
    ['a binary file', 'PAR1\0\x01\x02', 'chain.csv  is not a text file'],
    ['bytes that are not UTF-8', `${good}\uFFFD`, 'chain.csv  is not a text file'],
    ['UTF-16 read as UTF-8', [...good].join('\0'), 'chain.csv  is not a text file'],
    [
      'a missing column',
      deribitCsv(
        rows,
        DERIBIT_COLUMNS.filter((c) => c !== 'strike'),
      ),
      'chain.csv:1:1  strike  column is missing; expected',
    ],
    [
      'a renamed column',
      good.replace('ask_price', 'Ask Price'),
      "chain.csv:1:1  ask_price  column is missing; found 'Ask Price'; expected",
    ],
    ['a duplicated column', good.replace('mark_price', 'ask_price'), 'chain.csv:1:1  ask_price  is in the header 2 times'],
    ['no header', good.slice(good.indexOf('\n') + 1), 'chain.csv:1:1  timestamp  column is missing'],
    ['a short row', `${good}2026,BTC\n`, 'chain.csv:5:1  has 2 cells, the header has 23'],
    ['a long row', good.replace(/\n$/, ',1\n'), 'chain.csv:4:1  has 24 cells, the header has 23'],
    ['a quote never closed', good.replace('put', '"put'), 'chain.csv:3:1  a quote opens on this line and is never closed'],
    ['a quote inside a cell', good.replace('put', 'p"u"t'), 'chain.csv  is not well-formed CSV'],
    ['words for a number', changed(put, { bid_price: 'n/a' }), "chain.csv:3:1  bid_price  expected a number or a blank, found 'n/a'"],
    ['NaN', changed(put, { ask_price: 'NaN' }), "ask_price  expected a number or a blank, found 'NaN'"],
    ['a hexadecimal number', changed(put, { ask_price: '0x1' }), "ask_price  expected a number or a blank, found '0x1'"],
    ['a decimal comma', changed(put, { ask_price: '"0,021"' }), "ask_price  expected a number or a blank, found '0,021'"],
    ['an infinite number', changed(put, { ask_price: '1e999' }), "ask_price  expected a number or a blank, found '1e999'"],
    ['a negative price', changed(put, { ask_price: '-0.01' }), "ask_price  expected no negative number, found '-0.01'"],
    ['a strike of 0', changed(put, { strike: '0' }), "chain.csv:3:1  strike  expected a number above 0, found '0'"],
    ['a blank strike', changed(put, { strike: '' }), "strike  expected a number above 0, found ''"],
    ['a blank index', changed(put, { index_price: '' }), "index_price  expected a number above 0, found ''"],
    ['a future at 0', changed(put, { futures_price: '0' }), "futures_price  expected a price above 0, found '0'"],
    ['another right', changed(put, { option_type: 'P' }), "option_type  expected call or put, found 'P'"],
    [
      'mixed times',
      changed(put, { timestamp: '2026-01-02T08:00:01+00:00' }),
      'chain.csv:3:1  timestamp  expected the time of the first row',
    ],
    ['a time without a zone', deribitCsv(rows).replaceAll(AT, '2026-01-02T08:00:00'), 'timestamp  expected a time in UTC like'],
    ['a local time', changed(put, { expiry_datetime: '2026-01-16T08:00:00+05:30' }), 'expiry_datetime  expected a time in UTC like'],
    [
      'a day that does not exist',
      changed(put, { expiry_datetime: '2026-02-30T08:00:00Z' }),
      'expiry_datetime  expected a time that exists',
    ],
    [
      'an option that is over',
      changed(put, { expiry_datetime: '2026-01-02T08:00:00Z' }),
      'expiry_datetime  expected a time after the snapshot',
    ],
    [
      'a name of another right',
      changed(put, { option_type: 'call' }),
      "instrument_name  expected BTC-16JAN26-88000-C, as the row's other columns say",
    ],
    ['a name of another day', changed(put, { expiry_datetime: '2026-01-17T08:00:00Z' }), 'instrument_name  expected BTC-17JAN26-88000-P'],
    [
      'an instrument twice',
      deribitCsv([call, put, call]),
      'chain.csv:4:1  instrument_name  expected each instrument once (it is on line 2 too)',
    ],
    [
      'an unknown currency',
      deribitCsv([call, { ...put, currency: 'XRP' }]),
      "chain.csv:3:1  currency  expected one of BTC, ETH, found 'XRP'",
    ],
    ['no currency at all', deribitCsv([{ ...call, currency: '' }]), 'chain.csv:2:1  currency  expected one of BTC, ETH'],
  ])('%s', (_, text, message) => {
    expect(reading(text)).toContain(message);
  });

  test('a currency that the file has not, with the choices', () => {
    expect(reading(deribitCsv([call]), 'ETH')).toBe('chain.csv  currency  no rows of ETH: the file holds BTC');
  });

  test('all faults at once, and the rest of many as a number', () => {
    const text = deribitCsv(
      Array.from({ length: 30 }, (_, i) => deribitRow({ days: 14, strike: 80000 + i, right: 'put', bid: -1, ask: 1, future: 9e4 })),
    );
    expect(reading(text).split('\n')).toHaveLength(21);
    expect(reading(text)).toMatch(/and 10 more faults$/);
  });
});

test('whatever happens to the text, it is read or refused, and never anything else', () => {
  const good = deribitCsv([...rows, ether]);
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 12 }), (at, cut, insert) => {
      expect(reading(good.slice(0, at) + insert + good.slice(at + cut))).toMatch(/^(read \d|chain\.csv)/);
    }),
    { numRuns: 500 },
  );
});
