import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { readLobsterBook } from '../../src/data/lobster-book.ts';
import { readLobsterMessages } from '../../src/data/lobster-messages.ts';

const MESSAGES = '34200.01746,5,0,1,2238200,-1\n34200.18961,1,11885113,21,2238100,1\n34200.19023,4,11885113,21,2238100,1';

/** The faults of a reading, as they are shown. */
function faultsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('messages', () => {
  const read = (text: string) => readLobsterMessages('m.csv', text);

  test('with and without a header, with line ends of any system, and without the last one', () => {
    const plain = read(MESSAGES);
    expect(plain).toEqual([
      { seconds: 34_200.01746, kind: 'hidden', order: 0, lots: 1, price: 2_238_200, side: 'sell' },
      { seconds: 34_200.18961, kind: 'submission', order: 11_885_113, lots: 21, price: 2_238_100, side: 'buy' },
      { seconds: 34_200.19023, kind: 'execution', order: 11_885_113, lots: 21, price: 2_238_100, side: 'buy' },
    ]);
    for (const header of ['Time,Type,OrderId,Size,Price,Direction', 'time,event type,Order ID,shares,price,trade direction']) {
      expect(read(`\uFEFF${header}\r\n${MESSAGES.replaceAll('\n', '\r\n')}\r\n\r\n`)).toEqual(plain);
    }
  });

  test('every type; halts and crosses are not asked for more than numbers', () => {
    const kinds = [1, 2, 3, 4, 5].map((type) => `34200,${type},7,1,100,1`);
    expect(read([...kinds, '34200,6,-1,1,100,-1', '34200,7,0,0,-1,-1'].join('\n')).map(({ kind }) => kind)).toEqual([
      'submission',
      'reduction',
      'deletion',
      'execution',
      'hidden',
      'cross',
      'halt',
    ]);
  });

  test.each([
    ['34200,1,7,1,100', 'm.csv:4:1  has 5 cells, expected 6'],
    ['34200,1,7,1,100,1,1', 'm.csv:4:1  has 7 cells, expected 6'],
    ['34201,8,7,1,100,1', "m.csv:4:1  type  expected a type from 1 to 7, found '8'"],
    ['34201,1,0,1,100,1', "m.csv:4:1  order id  expected a whole number from 1 up, found '0'"],
    ['34201,1,7,1.5,100,1', "m.csv:4:1  size  expected a whole number from 1 up, found '1.5'"],
    ['34201,1,7,,100,1', "m.csv:4:1  size  expected a whole number from 1 up, found ''"],
    ['34201,1,7,1,-100,1', "m.csv:4:1  price  expected a whole number from 1 up, found '-100'"],
    ['34201,1,7,1,0x64,1', "m.csv:4:1  price  expected a whole number from 1 up, found '0x64'"],
    ['34201,1,7,1,100,0', "m.csv:4:1  direction  expected 1 or -1, found '0'"],
    [
      '34200.1,1,7,1,100,1',
      "m.csv:4:1  time  expected seconds after midnight, not before those of the row above (34200.19023), found '34200.1'",
    ],
    [
      '86401,1,7,1,100,1',
      "m.csv:4:1  time  expected seconds after midnight, not before those of the row above (34200.19023), found '86401'",
    ],
  ])('%s is refused', (row, fault) => {
    expect(faultsOf(() => read(`${MESSAGES}\n${row}`))).toEqual([fault]);
  });

  test('no text, no rows, a header of something else', () => {
    expect(faultsOf(() => read(' \n'))).toEqual(['m.csv  is empty; expected rows of time, type, order id, size, price, direction']);
    expect(faultsOf(() => read('Time,Type,OrderId,Size,Price,Direction\n'))).toEqual(['m.csv  has a header and no rows']);
    expect(faultsOf(() => read(`${MESSAGES}\0`))).toEqual(['m.csv  is not a text file (it holds bytes that are not UTF-8 text)']);
    expect(faultsOf(() => read(`Type,Time,OrderId,Size,Price,Direction\n${MESSAGES}`))[0]).toMatch(
      /^m\.csv:1:1 {2}has the header 'Type,Time/,
    );
  });

  test('reading ends after 20 faults', () => {
    expect(faultsOf(() => read('x,1\n'.repeat(3) + '1,1\n'.repeat(100)))[0]).toMatch(/header/);
    expect(faultsOf(() => read('1,1\n'.repeat(100)))).toHaveLength(20);
  });
});

describe('book', () => {
  const read = (text: string, messages: number) => readLobsterBook('b.csv', text, messages);

  test('of any number of levels, with and without a header; a level that there is not has no price', () => {
    const one = read('2239500,100,2231800,50\n2239500,100,-9999999999,0', 2);
    expect([one.levels, one.rows]).toEqual([1, 2]);
    expect([one.price(0, 'sell', 0), one.lots(0, 'sell', 0), one.price(0, 'buy', 0), one.lots(0, 'buy', 0)]).toEqual([
      2_239_500, 100, 2_231_800, 50,
    ]);
    expect([one.price(1, 'buy', 0), one.lots(1, 'buy', 0)]).toEqual([undefined, 0]);
    const header = 'ask price 1,ask size 1,bid price 1,bid size 1,ask price 2,ask size 2,bid price 2,bid size 2';
    const two = read(`${header}\n2239500,100,2231800,50,2239600,7,2231700,8`, 1);
    expect([two.levels, two.rows]).toEqual([2, 1]);
    expect([two.price(0, 'sell', 1), two.lots(0, 'sell', 1), two.price(0, 'buy', 1), two.lots(0, 'buy', 1)]).toEqual([
      2_239_600, 7, 2_231_700, 8,
    ]);
  });

  test.each([
    ['2239500,100,2231800', 'b.csv:2:1  has 3 cells, expected 4'],
    ['2239500,100,2231800,-1', "b.csv:2:1  bid size  expected a whole number from 0 up, found '-1'"],
    ['2239500,0,2231800,1', "b.csv:2:1  ask price  expected 9999999999 or -9999999999 for a level of size 0, found '2239500'"],
    ['9999999999,1,2231800,1', "b.csv:2:1  ask price  expected a price in 1/10,000 dollar, found '9999999999'"],
    ['2239500,100,a,1', "b.csv:2:1  bid price  expected a price in 1/10,000 dollar, found 'a'"],
  ])('%s is refused', (row, fault) => {
    expect(faultsOf(() => read(`2239500,100,2231800,50\n${row}`, 2))).toEqual([fault]);
  });

  test('another number of rows than messages, or of cells than four per level', () => {
    expect(faultsOf(() => read('2239500,100,2231800,50', 2))).toEqual([
      'b.csv  has 1 rows, the message file has 2: they belong together row by row',
    ]);
    expect(faultsOf(() => read('2239500,100,2231800,50,1', 1))[0]).toMatch(/^b\.csv:1:1 {2}has 5 cells, expected four per level/);
    expect(faultsOf(() => read('bid,bid size,ask,ask size\n2239500,100,2231800,50', 1))[0]).toMatch(/expected per level ask price/);
  });
});
