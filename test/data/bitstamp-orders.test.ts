import { expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { readBitstampOrders } from '../../src/data/bitstamp-orders.ts';

const HEADER = 'id,timestamp,exchange.timestamp,price,volume,action,direction';
const ROW = '65595247,1430438404518,1430438404000,236.47,200000000,created,bid';
const read = (text: string) => readBitstampOrders('o.csv', text);

/** The faults of a reading, as they are shown. */
function faultsOf(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('with and without a header, columns in any order, cells in quotes; prices are whole cents', () => {
  const event = {
    order: 65_595_247,
    receivedMillis: 1_430_438_404_518,
    action: 'created',
    side: 'buy',
    price: 23_647,
    volume: 200_000_000,
  };
  expect(read(`${HEADER}\n${ROW}`)).toEqual([event]);
  expect(read(`${ROW}\r\n`)).toEqual([event]);
  expect(
    read(
      '"direction","id","timestamp","price","exchange.timestamp","volume","action"\n"bid",65595247,1430438404518,236.47,1,200000000,"created"',
    ),
  ).toEqual([event]);
  expect(['236', '236.4', '0.05'].map((price) => read(ROW.replace('236.47', price))[0]?.price)).toEqual([23_600, 23_640, 5]);
});

test.each([
  ['65595247,1430438404518,1430438404000,236.47,200000000,created', 'o.csv:3:1  has 6 cells, expected 7'],
  [ROW.replace('65595247', '-1'), "o.csv:3:1  id  expected a whole number from 1 up, found '-1'"],
  [
    ROW.replace('404518', '404517'),
    "o.csv:3:1  timestamp  expected milliseconds, not before those of the row above (1430438404518), found '1430438404517'",
  ],
  [ROW.replace('236.47', '236.475'), "o.csv:3:1  price  expected a price in dollars with at most two decimals, found '236.475'"],
  [ROW.replace('236.47', '0.00'), "o.csv:3:1  price  expected a price above 0, found '0.00'"],
  [ROW.replace('200000000', '0'), "o.csv:3:1  volume  expected a whole number from 1 up, found '0'"],
  [ROW.replace('200000000', '2e-3'), "o.csv:3:1  volume  expected a whole number from 1 up, found '2e-3'"],
  [ROW.replace('created', 'made'), "o.csv:3:1  action  expected created, changed, deleted, found 'made'"],
  [ROW.replace('bid', 'buy'), "o.csv:3:1  direction  expected bid or ask, found 'buy'"],
])('%s is refused', (row, fault) => {
  expect(faultsOf(`${HEADER}\n${ROW}\n${row}`)).toEqual([fault]);
});

test('a deleted order may have nothing left; a header with a column missing is refused', () => {
  expect(read(ROW.replace('200000000', '0').replace('created', 'deleted'))[0]?.volume).toBe(0);
  expect(faultsOf(`${HEADER.replace('action', 'event')}\n${ROW}`)[0]).toMatch(
    /^o\.csv:1:1 {2}has the header 'id,.*', expected the columns id/,
  );
  expect(faultsOf(`${HEADER}\n`)).toEqual(['o.csv  has a header and no rows']);
});
